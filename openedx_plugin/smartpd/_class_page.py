"""What the page of the class's results says, and the tables of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from smartpd_analytics.api import (
    SMALLEST_GROUP,
    BarRow,
    ChangeRow,
    CourseMap,
    MeanRow,
    Text,
    bars_svg,
    changes_svg,
    means_svg,
    whole_percent,
)

from ._diagnoses import cautions_of, instrument_words
from ._page import PHASES, percent, words
from ._results import doubts
from .data import ClassAreaChangeData, ClassAreaData, ClassChangeData, ClassNeedData, ClassResultData
from .team_data import DiagnosisKey

__all__ = ["KEY_NAMES", "UNTOLD", "key_query", "result_context", "results_csv", "summary_csv", "title_of"]

#: What names a diagnosis in an address.
KEY_NAMES = ("block", "phase", "instrument", "version")
#: Stands where a figure would be one of fewer than five people.
UNTOLD = "–"
#: Needs that stand open on the page; the others can be unfolded.
_SHOWN = 5
#: A competency whose answers go with the rest less than this is to be looked at (Ebel & Frisbie 1991, ch. 13).
_WEAK = 0.2
_Z95 = 1.96


def key_query(found: ClassResultData | DiagnosisKey) -> dict[str, str]:
    values = (found.usage_key, found.phase, found.instrument_id, found.instrument_version)
    return dict(zip(KEY_NAMES, values, strict=True))


def title_of(key: DiagnosisKey, course_map: CourseMap) -> str:
    """Name of a diagnosis: its block's title in the course map."""
    return _title(next((unit.title for unit in course_map.units if unit.usage_key == key.usage_key), {}), key.usage_key)


def _title(title: Text, usage_key: str) -> str:
    return words(title) or usage_key.rpartition("@")[2]


def result_context(found: ClassResultData) -> dict[str, Any]:
    needs = [_need(need) for need in found.needs]
    finished = found.finished
    return {
        "title": _title(found.title, found.usage_key),
        "link": found.link,
        "phase": str(PHASES.get(found.phase, found.phase)),
        "version": found.instrument_version,
        "begun": _told(found.begun),
        "finished": _told(finished),
        "nobody": finished == 0,
        # Finished by some, and nothing of them may be told.
        "too_few": finished is None,
        "doubtful": found.doubtful,
        "few": not found.hidden and 0 < (finished or 0) < SMALLEST_GROUP,
        "hidden": found.hidden,
        "mean": percent(found.mean),
        "likely": _likely(found.mean, found.error),
        "target": percent(found.target) if found.levels else None,
        "levels": [{"level": level, "count": _told(count)} for level, count in found.levels],
        "levels_picture": _levels_picture(found.levels, found.target_level),
        "areas": [_area(area) for area in found.areas],
        "areas_picture": _areas_picture(found.areas, found.target if found.levels else None),
        "needs": needs[:_SHOWN],
        "more_needs": needs[_SHOWN:],
        "change": _change(found.change) if found.change else "",
        "changes": [_area_change(area) for area in found.change.areas] if found.change else [],
        "change_picture": _change_picture(found.change) if found.change else "",
    }


def _told(count: int | None) -> int | str:
    return UNTOLD if count is None else count


def _need(need: ClassNeedData) -> dict[str, Any]:
    return {
        "id": need.competency_id,
        "title": words(need.title),
        "mean": percent(need.mean),
        "gap": percent(need.gap),
        "below": _told(need.below),
        "learners": need.learners,
        "weak": need.with_rest is not None and need.with_rest < _WEAK and need.learners >= 4 * SMALLEST_GROUP,
        "with_rest": UNTOLD if need.with_rest is None else number_format(need.with_rest, 2),
    }


def _area(area: ClassAreaData) -> dict[str, Any]:
    return {
        "title": words(area.title),
        "mean": percent(area.mean),
        "range": _range(area.mean, area.error),
        "gap": percent(area.gap),
    }


def _area_change(area: ClassAreaChangeData) -> dict[str, Any]:
    low, high = _points(area.change, area.error)
    return {
        "title": words(area.title),
        "before": percent(area.before),
        "after": percent(area.after),
        "learners": area.learners,
        # Of the rounded numbers, so that a reader who subtracts gets what is written.
        "change": f"{whole_percent(area.after) - whole_percent(area.before):+d}".replace("-", "−"),
        "range": "" if area.error is None else _("%(low)s to %(high)s") % {"low": low, "high": high},
        # The whole interval lies on one side of zero.
        "clear": area.error is not None and abs(area.change) > _Z95 * area.error,
    }


# --- pictures -----------------------------------------------------------------------------------


def _picture(svg: str) -> str:
    # Drawn and escaped by the analytics.
    return mark_safe(svg)  # noqa: S308


def _levels_picture(levels: Sequence[tuple[str, int | None]], aim: str) -> str:
    if not levels:
        return ""
    names = [level for level, _count in levels]
    return _picture(
        bars_svg(
            [BarRow(level, count or 0, str(_told(count))) for level, count in levels],
            title=_("Learners at each level"),
            description="; ".join(f"{level}: {_told(count)}" for level, count in levels),
            mark=names.index(aim) if aim in names else None,
            words=_("Target: %(level)s") % {"level": aim},
        )
    )


def _areas_picture(areas: Sequence[ClassAreaData], target: float | None) -> str:
    if not areas:
        return ""
    rows = []
    for area in areas:
        low, high = _ends(area.mean, area.error) if area.error is not None else (None, None)
        rows.append(MeanRow(words(area.title), area.mean, low, high))
    return _picture(
        means_svg(
            rows,
            title=_("Means of the areas"),
            description="; ".join(f"{row.label}: {percent(row.mean)}%" for row in rows),
            target=target,
            words="" if target is None else _("Target: %(percent)s%%") % {"percent": percent(target)},
        )
    )


def _change_picture(change: ClassChangeData) -> str:
    rows = [ChangeRow(pgettext("smartpd", "Altogether"), change.before, change.after)]
    rows += [ChangeRow(words(area.title), area.before, area.after) for area in change.areas]
    return _picture(
        changes_svg(
            rows,
            title=_("Before and after"),
            description="; ".join(f"{row.label}: {percent(row.before)}% → {percent(row.after)}%" for row in rows),
            before=pgettext("smartpd", "before"),
            after=pgettext("smartpd", "now"),
        )
    )


# --- words --------------------------------------------------------------------------------------


def _ends(mean: float, error: float) -> tuple[float, float]:
    return max(0.0, mean - _Z95 * error), min(1.0, mean + _Z95 * error)


def _range(mean: float | None, error: float | None) -> str:
    if mean is None or error is None:
        return ""
    low, high = (percent(end) for end in _ends(mean, error))
    return _("%(low)s to %(high)s%%") % {"low": low, "high": high}


def _likely(mean: float | None, error: float | None) -> str:
    """The same as a sentence's part, where no heading says that the range is a likely one."""
    if mean is None or error is None:
        return ""
    low, high = (percent(end) for end in _ends(mean, error))
    return _("probably between %(low)s%% and %(high)s%%") % {"low": low, "high": high}


def _points(change: float, error: float | None) -> tuple[str, str]:
    low, high = (change + sign * _Z95 * (error or 0.0) for sign in (-1, 1))
    return f"{whole_percent(low):+d}".replace("-", "−"), f"{whole_percent(high):+d}".replace("-", "−")


def _change(change: ClassChangeData) -> str:
    values = {
        "learners": change.learners,
        "before": percent(change.before),
        "after": percent(change.after),
        "higher": change.higher,
        "lower": change.lower,
    }
    if change.higher is None or change.lower is None:
        text = _(
            "Learners with a result before and now: %(learners)s. On average %(before)s%% before, %(after)s%% now."
        )
    else:
        text = _(
            "Learners with a result before and now: %(learners)s. On average %(before)s%% before and %(after)s%% now; "
            "%(higher)s are higher, %(lower)s lower."
        )
    said = text % values
    if change.error is None:
        return said
    low, high = (whole_percent(change.change + sign * _Z95 * change.error) for sign in (-1, 1))
    return f"{said} " + _("With 95%% confidence the mean change is between %(low)s and %(high)s points.") % {
        "low": low,
        "high": high,
    }


# --- tables -------------------------------------------------------------------------------------


def summary_csv(results: Iterable[ClassResultData]) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each figure of each diagnosis; shares and errors in per cent."""
    header = [
        pgettext("smartpd", "Diagnosis"),
        pgettext("smartpd", "Phase"),
        pgettext("smartpd", "Block"),
        pgettext("smartpd", "Phase id"),
        pgettext("smartpd", "Instrument"),
        pgettext("smartpd", "Version"),
        pgettext("smartpd", "Part"),
        pgettext("smartpd", "Id"),
        pgettext("smartpd", "Title"),
        pgettext("smartpd", "Learners"),
        pgettext("smartpd", "Mean, %"),
        pgettext("smartpd", "Error, %"),
        pgettext("smartpd", "Below the target"),
        pgettext("smartpd", "Before, %"),
    ]
    return header, ([*_named(each), *key_query(each).values(), *row] for each in results for row in _summary(each))


def _named(found: ClassResultData) -> tuple[str, str]:
    """Of which diagnosis a row is, in words."""
    return _title(found.title, found.usage_key), str(PHASES.get(found.phase, found.phase))


def _summary(found: ClassResultData) -> Iterator[list[Any]]:
    yield [pgettext("smartpd", "Started"), "", "", _told(found.begun), None, None, None, None]
    finished = [_told(found.finished), _per_cent(found.mean), _per_cent(found.error), None, None]
    yield [pgettext("smartpd", "Finished"), "", "", *finished]
    if found.doubtful is not None:
        yield [pgettext("smartpd", "Perhaps in haste"), "", "", found.doubtful, None, None, None, None]
    for level, count in found.levels:
        yield [pgettext("smartpd", "Level"), level, "", _told(count), None, None, None, None]
    for area in found.areas:
        figures = [area.learners, _per_cent(area.mean), _per_cent(area.error), None, None]
        yield [pgettext("smartpd", "Area"), area.area_id, words(area.title), *figures]
    for need in found.needs:
        told = [need.learners, _per_cent(need.mean), None, _told(need.below), None]
        yield [pgettext("smartpd", "Competency"), need.competency_id, words(need.title), *told]
    change = found.change
    if change is None:
        return
    figures = [change.learners, _per_cent(change.after), _per_cent(change.error), None, _per_cent(change.before)]
    yield [pgettext("smartpd", "Change"), "", "", *figures]
    for each in change.areas:
        figures = [each.learners, _per_cent(each.after), _per_cent(each.error), None, _per_cent(each.before)]
        yield [pgettext("smartpd", "Change"), each.area_id, words(each.title), *figures]


def _per_cent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def results_csv(rows: Iterable[Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each diagnosis; shares of areas in per cent."""
    header = [
        pgettext("smartpd", "Username"),
        pgettext("smartpd", "Questionnaire"),
        pgettext("smartpd", "Phase"),
        pgettext("smartpd", "Block"),
        pgettext("smartpd", "Phase id"),
        pgettext("smartpd", "Instrument"),
        pgettext("smartpd", "Version"),
        pgettext("smartpd", "Complete"),
        pgettext("smartpd", "Questions answered"),
        pgettext("smartpd", "Questions"),
        pgettext("smartpd", "Points"),
        pgettext("smartpd", "Most points"),
        pgettext("smartpd", "Level"),
        pgettext("smartpd", "Areas, %"),
        pgettext("smartpd", "Date"),
        pgettext("smartpd", "Doubtful because"),
    ]
    return header, _csv_rows(rows)


def _csv_rows(rows: Iterable[Any]) -> Iterator[list[Any]]:
    known: dict[tuple[str, str], tuple[Text, Mapping[str, Text]]] = {}
    for row in rows:
        version = (row.instrument_id, row.instrument_version)
        if version not in known:
            known[version] = instrument_words(row, row.profile.course_key)
        yield _csv_row(row, *known[version])


def _csv_row(row: Any, title: Text, areas: Mapping[str, Text]) -> list[Any]:
    shares = ((each["area_id"], each["points"] / each["max_points"]) for each in row.areas if each["answered"])
    return [
        row.profile.user.get_username(),
        words(title),
        str(PHASES.get(row.phase, row.phase)),
        str(row.usage_key),
        row.phase,
        row.instrument_id,
        row.instrument_version,
        pgettext("smartpd", "yes") if row.complete else pgettext("smartpd", "no"),
        row.answered,
        row.total,
        row.points,
        row.max_points,
        row.level,
        "; ".join(f"{words(areas.get(area, {})) or area}: {percent(share)}" for area, share in shares),
        row.modified.date().isoformat(),
        doubts(cautions_of(row, row.profile.course_key)),
    ]
