"""From tracking logs to what each learner should do next, in one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ..data import CompetencyEstimate, CourseMap, Framework, LearnerActivity, LearnerFacts
from ..diagnosis import combine_estimates, problem_estimates, score_answers, score_estimates
from ..errors import AnswerError, CourseMapError, InputError
from ..expert import RuleSet, load_rules
from ..features import ActivityReport, OwnBlocks, learner_activity
from ..frameworks import (
    framework_ids,
    framework_of,
    instrument_ids,
    instrument_minutes,
    load_framework,
    load_instrument,
)
from ..planning import read_course_map, recommend, unmet_warning
from ..progress import Progress
from ..reports.run import LearnerAdvice, RunReport
from ..store import read_event_log

__all__ = ["FRAMEWORK", "recommend_from_logs"]

#: What the competencies and levels of a course map are checked against.
FRAMEWORK = "digcompedu"
_DIAGNOSTIC = "smartpd_needs_diagnostic"


def recommend_from_logs(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    course_map_path: str | Path | None = None,
    courses: Sequence[str] = (),
    learners: Sequence[str] = (),
    rules: RuleSet | None = None,
    limit: int = 3,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Read tracking logs and say what each learner should do next.

    Args:
        paths: files (plain or gz), folders, ``"-"`` for ``stdin``.
        stdin: an open binary stream.
        course_map_path: a course map in YAML or CSV; it counts for the courses that its keys belong to.
            Elsewhere, and where it cannot be used, advice comes from the log alone.
        courses: course keys to report on; all when empty. Medians and thresholds always come from the
            whole course.
        learners: usernames (or ``user:<id>``) to report on; all when empty.
        rules: the bundled ones when None.
        limit: actions for each learner, 0 or more.
        as_of: the day of the advice, with a time zone; the newest event of each course when None.
        progress: hears (bytes done, bytes in all or 0).

    Returns:
        Learners sorted by course key and name. Whoever has left the course has no actions. Unreadable
        sources and lines, and rows of the course map that were left out, are part of the report.

    Raises:
        RuleError: the bundled rules cannot be used.
        InputError: ``as_of`` has no time zone.
    """
    course_map: CourseMap | None = None
    map_problems: tuple[str, ...] = ()
    if course_map_path is not None:
        course_map, map_problems = _course_map(course_map_path)
    rules = rules or load_rules()
    log = read_event_log(paths, stdin=stdin, progress=progress)
    report = learner_activity(log.table, course_map=course_map, as_of=as_of)
    if course_map is not None and (unmet := unmet_warning(course_map, report.unmet)):
        map_problems = (*map_problems, unmet)
    own, problems = _self_assessments(report)
    diagnostics = _diagnostics(report)
    wanted = [a for a in report.learners if not courses or a.course_key in courses]
    advice = []
    for activity in wanted:
        if learners and activity.learner not in learners:
            continue
        where = (activity.course_key, activity.learner)
        in_course = report.maps[activity.course_key]
        by_source = (*own.get(where, ()), *problem_estimates(activity, in_course))
        estimates = combine_estimates(by_source)
        facts = replace(
            _facts(activity, report.own_blocks.get(where, OwnBlocks()), diagnostics.get(activity.course_key)),
            estimates=estimates,
        )
        recommendation = recommend(facts, in_course, rules=rules, limit=limit)
        advice.append(LearnerAdvice(activity, estimates, recommendation, by_source))
    known = {summary.course_key for summary in report.courses}
    shown = {one.activity.course_key for one in advice} if learners else set(courses) or known
    return RunReport(
        account=log.account,
        courses=tuple(summary for summary in report.courses if summary.course_key in shown),
        learners=tuple(advice),
        maps=report.maps,
        frameworks=_frameworks(report),
        map_unused=course_map is not None and bool(report.courses) and not report.mapped,
        map_problems=map_problems,
        diagnosis_problems=problems,
        known_courses=tuple(sorted(known)),
        known_learners=tuple(sorted({activity.learner for activity in wanted})),
        unknown_courses=tuple(sorted(set(courses) - known)),
        unknown_learners=tuple(sorted(set(learners) - {activity.learner for activity in wanted})),
    )


def _facts(activity: LearnerActivity, own: OwnBlocks, diagnostic: tuple[str, int, int] | None) -> LearnerFacts:
    key, total, minutes = diagnostic or ("", 0, 0)
    answered = len(own.diagnosis.answers) if own.diagnosis else 0
    return LearnerFacts(
        learner=activity.learner,
        course_key=activity.course_key,
        as_of=activity.as_of,
        activity=activity,
        diagnosis_answered=min(answered, total),
        diagnosis_total=total,
        diagnosis_minutes=minutes,
        diagnosis_key=key,
        done=own.done,
    )


def _diagnostics(report: ActivityReport) -> Mapping[str, tuple[str, int, int]]:
    """Course key -> needs diagnostic, its number of items and its minutes, as the blocks' own events tell them."""
    found: dict[str, tuple[str, int, int]] = {}
    for (course_key, _), own in sorted(report.own_blocks.items()):
        if course_key not in found and (given := own.diagnosis) and given.total:
            found[course_key] = (given.usage_key, given.total, instrument_minutes(given.instrument, given.version))
    return found


def _course_map(path: str | Path) -> tuple[CourseMap | None, tuple[str, ...]]:
    """The map, and what is wrong with it or a part of it."""
    try:
        course_map = read_course_map(path, load_framework(FRAMEWORK))
    except CourseMapError as error:
        return None, (str(error),)
    return course_map, course_map.problems


def _self_assessments(
    report: ActivityReport,
) -> tuple[Mapping[tuple[str, str], tuple[CompetencyEstimate, ...]], tuple[str, ...]]:
    """(Course key, learner) -> estimates from the needs diagnostic; and what could not be scored."""
    found: dict[tuple[str, str], tuple[CompetencyEstimate, ...]] = {}
    problems: dict[str, int] = defaultdict(int)
    for where, own in sorted(report.own_blocks.items()):
        if own.diagnosis is None:
            continue
        try:
            instrument = load_instrument(own.diagnosis.instrument, own.diagnosis.version)
            score = score_answers(instrument, framework_of(instrument), own.diagnosis.answers)
        except (InputError, AnswerError) as error:
            problems[str(error)] += 1
            continue
        if estimates := score_estimates(score):
            found[where] = estimates
    return found, tuple(sorted(problems))


def _frameworks(report: ActivityReport) -> Mapping[str, Framework]:
    """Course key -> framework of its course map, else of its needs diagnostic, where it is a bundled one."""
    found: dict[str, Framework] = {}
    named = [(course_key, course_map.framework_id) for course_key, course_map in report.maps.items()]
    for (course_key, _), own in sorted(report.own_blocks.items()):
        if own.diagnosis and own.diagnosis.instrument in instrument_ids():
            named.append((course_key, load_instrument(own.diagnosis.instrument).framework_id))
    for course_key, framework_id in named:
        if course_key not in found and framework_id in framework_ids():
            found[course_key] = load_framework(framework_id)
    return found
