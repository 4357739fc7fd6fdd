"""Before and after: what has changed, and whether it is more than the error of measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from smartpd_analytics.api import DiagnosisScore, whole_percent

__all__ = ["CLEAR", "AreaChange", "Comparison", "Standing", "comparison", "standing"]

#: A difference of two scores is called clear when it exceeds this many of its standard errors: the reliable
#: change index of Jacobson & Truax (1991, doi:10.1037/0022-006X.59.1.12), 5% of chance.
CLEAR = 1.96


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stood at one time: shares of the maximum with their standard errors, 0..1.

    ``day`` is ISO 8601; ``areas`` has area id -> (share, standard error or None).
    """

    day: str
    phase: str
    level: str
    share: float
    error: float | None
    areas: Mapping[str, tuple[float, float | None]]


def standing(score: DiagnosisScore, *, day: str, phase: str) -> Standing | None:
    """A complete score as a standing; None for one with open questions."""
    if not score.complete or score.share is None:
        return None
    areas = {area.area_id: (area.share, area.error) for area in score.areas if area.share is not None}
    return Standing(day, phase, score.level or "", score.share, score.error, areas)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One line of the table, in whole percentages; ``clear`` when the change exceeds the error of measurement."""

    area_id: str
    before: int
    after: int
    change: int
    clear: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole, then the areas that both times have, then the area that has risen most (``""`` where none has)."""

    before: Standing
    after: Standing
    whole: AreaChange
    areas: tuple[AreaChange, ...]
    most: str


def comparison(before: Standing, after: Standing) -> Comparison:
    """What has changed between two results of one framework."""
    areas = tuple(
        _change(area_id, before.areas[area_id], share)
        for area_id, share in after.areas.items()
        if area_id in before.areas
    )
    risen = [area for area in areas if area.change > 0]
    return Comparison(
        before=before,
        after=after,
        whole=_change("", (before.share, before.error), (after.share, after.error)),
        areas=areas,
        most=max(risen, key=lambda area: (area.clear, area.change)).area_id if risen else "",
    )


def _change(area_id: str, before: tuple[float, float | None], after: tuple[float, float | None]) -> AreaChange:
    first, last = whole_percent(before[0]), whole_percent(after[0])
    errors = [error for _share, error in (before, after) if error is not None]
    clear = len(errors) == 2 and abs(after[0] - before[0]) > CLEAR * sqrt(sum(error**2 for error in errors))
    return AreaChange(area_id, first, last, last - first, clear)
