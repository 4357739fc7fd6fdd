"""What the page of the class's results says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ._page import PHASES, percent, words
from .data import ClassChangeData, ClassResultData

__all__ = ["result_context", "results_csv"]

#: Needs that stand open on the page; the others can be unfolded.
_SHOWN = 5
#: Below so many learners a mean says little, and the page says so.
_FEW = 5
#: A competency whose answers go with the rest less than this is to be looked at (Ebel & Frisbie 1991, ch. 13).
_WEAK = 0.2
_Z95 = 1.96


def result_context(found: ClassResultData) -> dict[str, Any]:
    most = max((count for _level, count in found.levels), default=0)
    needs = [
        {
            "id": need.competency_id,
            "title": words(need.title),
            "mean": percent(need.mean),
            "gap": percent(need.gap),
            "below": need.below,
            "learners": need.learners,
            "weak": need.with_rest is not None and need.with_rest < _WEAK and need.learners >= 4 * _FEW,
            "with_rest": "–" if need.with_rest is None else f"{need.with_rest:.2f}",
        }
        for need in found.needs
    ]
    return {
        "title": words(found.title) or found.usage_key.rpartition("@")[2],
        "link": found.link,
        "phase": str(PHASES.get(found.phase, found.phase)),
        "version": found.instrument_version,
        "begun": found.begun,
        "finished": found.finished,
        "few": 0 < found.finished < _FEW,
        "mean": percent(found.mean),
        "range": _range(found.mean, found.error),
        "target": percent(found.target),
        "levels": [
            {"level": level, "count": count, "part": round(count / most, 3) if most else 0}
            for level, count in found.levels
        ],
        "areas": [
            {
                "title": words(area.title),
                "mean": percent(area.mean),
                "range": _range(area.mean, area.error),
                "gap": max(0, (percent(found.target) or 0) - (percent(area.mean) or 0)),
            }
            for area in found.areas
        ],
        "needs": needs[:_SHOWN],
        "more_needs": needs[_SHOWN:],
        "change": _change(found.change) if found.change else "",
    }


def _range(mean: float | None, error: float | None) -> str:
    if mean is None or error is None:
        return ""
    low, high = (percent(min(1.0, max(0.0, mean + sign * _Z95 * error))) for sign in (-1, 1))
    return _("%(low)s to %(high)s%%") % {"low": low, "high": high}


def _change(change: ClassChangeData) -> str:
    text = _(
        "Learners with a result before and now: %(learners)s. On average %(before)s%% before and %(after)s%% now; "
        "%(higher)s are higher, %(lower)s lower."
    ) % {
        "learners": change.learners,
        "before": percent(change.before),
        "after": percent(change.after),
        "higher": change.higher,
        "lower": change.lower,
    }
    if change.error is None:
        return text
    low, high = (round(100 * (change.change + sign * _Z95 * change.error)) for sign in (-1, 1))
    return f"{text} " + _("With 95%% confidence the mean change is between %(low)s and %(high)s points.") % {
        "low": low,
        "high": high,
    }


def results_csv(rows: Iterable[Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each diagnosis; shares of areas in per cent."""
    header = [
        pgettext("smartpd", "Username"),
        pgettext("smartpd", "Block"),
        pgettext("smartpd", "Phase"),
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
    ]
    return header, (_csv_row(row) for row in rows)


def _csv_row(row: Any) -> list[Any]:
    shares = ((each["area_id"], each["points"] / each["max_points"]) for each in row.areas if each["answered"])
    return [
        row.profile.user.get_username(),
        str(row.usage_key),
        row.phase,
        row.instrument_id,
        row.instrument_version,
        int(row.complete),
        row.answered,
        row.total,
        row.points,
        row.max_points,
        row.level,
        "; ".join(f"{area}: {percent(share)}" for area, share in shares),
        row.modified.date().isoformat(),
    ]
