"""What the diagnoses of a course say of its learners together: levels, areas, needs, before and after."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import StatisticsError, correlation, fmean
from typing import Any

from opaque_keys.edx.keys import CourseKey
from smartpd_analytics.api import Framework, InputError, framework_of, group_mean, paired_change

from . import compat, models
from ._diagnoses import cautions_of
from ._keys import course_key_of
from ._under_way import results_of_course
from ._visibility import counted, visible_to_team
from .data import ClassAreaChangeData, ClassAreaData, ClassChangeData, ClassNeedData, ClassResultData
from .facts import DIAGNOSTIC_BLOCK, CourseContext
from .instruments import find_instrument
from .targets import LearnerTargets, Standard, learner_targets, standard

__all__ = ["class_results", "class_rows", "result_rows", "series_of_blocks"]

log = logging.getLogger(__name__)

#: Phases in the order of time.
_PHASES = ("entry", "interim", "exit")
_Key = tuple[str, str, str, str]
#: By profile.
_Targets = Mapping[int, LearnerTargets]
#: By profile, instrument and series: a self-assessment before is not compared with a test after, nor the diagnostic of
#: one part of the course with that of another.
_First = dict[tuple[int, str, str], models.DiagnosisResult]


def class_results(
    course_key: str | CourseKey, *, usage_key: str = "", cohort: int | None = None
) -> tuple[ClassResultData, ...]:
    """What the diagnostic blocks of the course have found, for the course team; earlier phases first.

    Readers outside the course team get each through ``suppressed``.

    Args:
        usage_key: of one block; all blocks without it.
        cohort: learners of this cohort alone (``cohorts`` has the ids).
    """
    course, by = CourseContext(course_key_of(course_key)), standard()
    groups: dict[_Key, list[models.DiagnosisResult]] = defaultdict(list)
    for row in counted(course.course_key, class_rows(course.course_key, cohort)):
        groups[str(row.usage_key), row.phase, row.instrument_id, row.instrument_version].append(row)
    series = series_of_blocks(course.course_key)
    before = _first_complete(groups.values(), series)
    return tuple(
        _result(key, groups[key], before, course=course, by=by, series=series.get(key[0], ""))
        for key in sorted(groups, key=lambda key: (_PHASES.index(key[1]) if key[1] in _PHASES else 9, key))
        if usage_key in ("", key[0])
    )


def series_of_blocks(course_key: CourseKey) -> Mapping[str, str]:
    """Usage key -> what the diagnostic block's series is known by, whatever its letters and spaces.

    Blocks that are gone, and all where the course cannot be read, belong to the series without a name.
    """
    try:
        names = compat.block_series(course_key, DIAGNOSTIC_BLOCK)
    except Exception:
        log.exception("the blocks of %s cannot be read, so all results count as one series", course_key)
        return {}
    return {key: " ".join(name.split()).casefold() for key, name in names.items()}


def result_rows(course_key: CourseKey, cohort: int | None = None) -> Iterable[models.DiagnosisResult]:
    """Every diagnosis that the course team may see with its learner's account, for a table."""
    rows: Iterable[models.DiagnosisResult] = visible_to_team(course_key, class_rows(course_key, cohort))
    return rows.select_related("profile__user")  # type: ignore[attr-defined,no-any-return]


def class_rows(course_key: CourseKey, cohort: int | None = None) -> Any:
    """All diagnoses of the course, or of the learners of one cohort."""
    rows = results_of_course(course_key)
    if cohort is not None:
        rows = rows.filter(profile__user__in=compat.cohort_members(course_key, cohort))
    return rows.select_related("profile").order_by("usage_key", "phase", "profile_id", "complete")


def _first_complete(groups: Iterable[Sequence[models.DiagnosisResult]], series: Mapping[str, str]) -> _First:
    """Each learner's complete result of the earliest phase with each instrument in each series."""
    found: _First = {}
    for rows in groups:
        for row in rows:
            if row.complete and row.phase in _PHASES:
                key = (row.profile_id, row.instrument_id, series.get(str(row.usage_key), ""))
                known = found.get(key)
                if known is None or _PHASES.index(row.phase) < _PHASES.index(known.phase):
                    found[key] = row
    return found


def _result(
    key: _Key,
    rows: Sequence[models.DiagnosisResult],
    before: _First,
    *,
    course: CourseContext,
    by: Standard,
    series: str,
) -> ClassResultData:
    usage_key, phase, instrument_id, version = key
    finished = [row for row in rows if row.complete]
    levels = Counter(row.level for row in finished)
    framework = _framework(course.course_key, instrument_id, version, rows[0].framework_id, by)
    ids = [level.id for level in framework.levels]
    targets = {row.profile_id: learner_targets(row.profile.targets, by) for row in finished if framework.levels}
    aims = {each.level for each in targets.values()}
    kinds: dict[tuple[str, str], str] = {}
    whole = group_mean([row.result for row in finished if row.result is not None])
    return ClassResultData(
        usage_key=usage_key,
        title=course.titles.get(usage_key, {}),
        link=compat.jump_url(course.course_key, usage_key),
        phase=phase,
        instrument_id=instrument_id,
        instrument_version=version,
        # Who answers again has a complete result and a begun one.
        begun=len({row.profile_id for row in rows}),
        finished=len({row.profile_id for row in finished}),
        levels=tuple((level, levels[level]) for level in [*ids, *sorted(set(levels) - set(ids))] if level),
        mean=whole.mean if whole else None,
        error=whole.error if whole else None,
        target=fmean(each.share for each in targets.values()) if targets else by.target if framework.levels else 0.0,
        target_level=(aims.pop() if len(aims) == 1 else "") if aims else by.target_level if framework.levels else "",
        areas=tuple(_areas(finished, framework, targets, by)),
        needs=tuple(_needs(finished, targets, by)) if framework.levels else (),
        doubtful=sum(bool(cautions_of(row, course.course_key, kinds)) for row in finished),
        change=_change(phase, finished, before, framework, series),
    )


def _framework(course_key: CourseKey, instrument_id: str, version: str, framework_id: str, by: Standard) -> Framework:
    """What the areas of a result are named by: of a survey or a motivation questionnaire its own scales."""
    if framework_id == by.framework.id:
        return by.framework
    try:
        return framework_of(find_instrument(course_key, instrument_id, version))
    except InputError:
        return by.framework


def _together(values: Sequence[float], others: Sequence[float]) -> float | None:
    """Their correlation; None for too few, or where one of the two is the same for everybody."""
    try:
        return correlation(values, others)
    except StatisticsError:
        return None


def _shares(
    rows: Sequence[models.DiagnosisResult], part: Callable[[Any], Any], name: str
) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows:
        for each in part(row):
            share = each.get("share")
            if each["answered"] and share is not None:
                found[each[name]][row.profile_id] = share
    return found


def _areas(
    rows: Sequence[models.DiagnosisResult], framework: Framework, targets: _Targets, by: Standard
) -> Iterable[ClassAreaData]:
    shares = _shares(rows, lambda row: row.areas, "area_id")
    for area in framework.areas:
        own = shares.get(area.id, {})
        found = group_mean(list(own.values()))
        if found:
            inside = [each.id for each in by.framework.competencies if each.area_id == area.id]
            aims = {learner: _aim(targets[learner], inside) if targets else 0.0 for learner in own}
            gap = fmean(max(0.0, aims[learner] - share) for learner, share in own.items())
            yield ClassAreaData(area.id, area.title, found.mean, found.error, found.learners, gap)


def _aim(targets: LearnerTargets, competencies: Sequence[str]) -> float:
    """What a learner is to reach in an area; of an area that the site's framework does not have, overall."""
    return fmean(map(targets.of, competencies)) if competencies else targets.share


def _needs(rows: Sequence[models.DiagnosisResult], targets: _Targets, by: Standard) -> Iterable[ClassNeedData]:
    """Competencies, the largest mean of what each learner is away from their target first.

    Who is above it makes up for nobody below.
    """
    shares = _shares(rows, lambda row: row.competencies, "competency_id")
    totals = {row.profile_id: row.points for row in rows}
    points = {
        (each["competency_id"], row.profile_id): (each["points"], each["max_points"])
        for row in rows
        for each in row.competencies
    }
    found = []
    for competency in by.framework.competencies:
        own = shares.get(competency.id, {})
        if not own:
            continue
        gaps = [targets[learner].of(competency.id) - share for learner, share in own.items()]
        rest = [totals[learner] - points[competency.id, learner][0] for learner in own]
        found.append(
            ClassNeedData(
                competency_id=competency.id,
                area_id=competency.area_id,
                title=competency.title,
                mean=fmean(own.values()),
                gap=fmean(max(0.0, gap) for gap in gaps),
                below=sum(gap > 0 for gap in gaps),
                learners=len(gaps),
                with_rest=_together(list(own.values()), rest),
            )
        )
    return sorted(found, key=lambda need: (-need.gap, need.competency_id))


def _change(
    phase: str, finished: Sequence[models.DiagnosisResult], before: _First, framework: Framework, series: str
) -> ClassChangeData | None:
    """Those who have a result here and one of an earlier phase of the series; None before the first such learner."""
    if phase not in _PHASES[1:]:
        return None
    pairs = [
        (first, row)
        for row in finished
        if (first := before.get((row.profile_id, row.instrument_id, series))) is not None
        and first.phase in _PHASES[: _PHASES.index(phase)]
        and first.result is not None
        and row.result is not None
    ]
    found = paired_change((first.result, row.result) for first, row in pairs)
    if found is None:
        return None
    return ClassChangeData(
        learners=found.learners,
        before=found.before,
        after=found.after,
        change=found.change,
        error=found.error,
        higher=found.higher,
        lower=found.lower,
        areas=tuple(_area_changes(pairs, framework)),
    )


def _area_changes(
    pairs: Sequence[tuple[models.DiagnosisResult, models.DiagnosisResult]], framework: Framework
) -> Iterable[ClassAreaChangeData]:
    before, after = (_shares([pair[at] for pair in pairs], lambda row: row.areas, "area_id") for at in (0, 1))
    for area in framework.areas:
        first, last = before.get(area.id, {}), after.get(area.id, {})
        found = paired_change((first[learner], last[learner]) for learner in first if learner in last)
        if found:
            yield ClassAreaChangeData(
                area.id, area.title, found.before, found.after, found.change, found.error, found.learners
            )
