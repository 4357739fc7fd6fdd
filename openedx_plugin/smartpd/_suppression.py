"""Figures of a class without those of fewer than five learners, for readers outside the course team."""

from __future__ import annotations

from dataclasses import replace

from smartpd_analytics.api import SMALLEST_GROUP, hidden_groups

from .data import ClassChangeData, ClassNeedData, ClassResultData

__all__ = ["suppressed"]


def suppressed(result: ClassResultData, smallest: int = SMALLEST_GROUP) -> ClassResultData:
    """``result`` as whoever may not see single learners gets it."""
    finished, begun = result.finished or 0, result.begun or 0
    result = replace(result, doubtful=None)
    # How many are still on the way is a group as well.
    shown_begun = begun if begun >= smallest and not 0 < begun - finished < smallest else None
    if finished < smallest:
        nothing = {"levels": (), "mean": None, "error": None, "areas": (), "needs": (), "change": None}
        # That nobody has finished is no group.
        return replace(result, begun=shown_begun, finished=None if finished else 0, hidden=True, **nothing)
    sizes = {level: count or 0 for level, count in result.levels}
    hidden = hidden_groups(sizes, smallest)
    # That nobody has a level is told: it is no group.
    levels = tuple((level, None if level in hidden and count else count) for level, count in result.levels)
    return replace(
        result,
        begun=shown_begun,
        levels=levels,
        areas=tuple(area for area in result.areas if area.learners >= smallest),
        needs=tuple(_need(need, smallest) for need in result.needs if need.learners >= smallest),
        change=_change(result.change, smallest),
        hidden=True,
    )


def _need(need: ClassNeedData, smallest: int) -> ClassNeedData:
    below = need.below or 0
    small = 0 < below < smallest or 0 < need.learners - below < smallest
    return replace(need, below=None) if small else need


def _change(change: ClassChangeData | None, smallest: int) -> ClassChangeData | None:
    if change is None or change.learners < smallest:
        return None
    higher, lower = change.higher or 0, change.lower or 0
    small = any(0 < count < smallest for count in (higher, lower, change.learners - higher - lower))
    return replace(
        change,
        higher=None if small else change.higher,
        lower=None if small else change.lower,
        areas=tuple(area for area in change.areas if area.learners >= smallest),
    )
