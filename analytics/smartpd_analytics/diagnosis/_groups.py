"""Figures of a class: means with their error, change between two times, and groups too small to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev

from ..data import GroupMean, PairedChange

__all__ = ["SMALLEST_GROUP", "group_mean", "hidden_groups", "paired_change"]

#: Fewer learners than this are not shown as a group: figures of four people are figures of people.
SMALLEST_GROUP = 5


def group_mean(values: Sequence[float]) -> GroupMean | None:
    """The mean with its standard error, sd / sqrt(n), sd having n - 1 below it; None for no values."""
    return GroupMean(fmean(values), _error(values), len(values)) if values else None


def paired_change(pairs: Iterable[tuple[float, float]]) -> PairedChange | None:
    """The change of learners measured twice, each pair being before and after; None for no pairs.

    ``error`` is that of the mean of the differences (the paired t test's), so that what two learners differ in
    does not count.
    """
    pairs = tuple(pairs)
    if not pairs:
        return None
    differences = [after - before for before, after in pairs]
    return PairedChange(
        learners=len(pairs),
        before=fmean(before for before, _after in pairs),
        after=fmean(after for _before, after in pairs),
        change=fmean(differences),
        error=_error(differences),
        higher=sum(difference > 0 for difference in differences),
        same=sum(difference == 0 for difference in differences),
        lower=sum(difference < 0 for difference in differences),
    )


def hidden_groups(sizes: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> frozenset[str]:
    """Groups that are not shown.

    Small ones are hidden. The figures of the cohort minus those of the groups that are shown are the figures of the
    hidden ones together: where those would be one group alone, or fewer than ``smallest`` learners, the next smallest
    group is hidden as well.

    Args:
        sizes: group to number of learners.
        smallest: learners that a group must have to be shown.
    """
    order = sorted(sizes, key=lambda name: (sizes[name], name))
    hidden = [name for name in order if sizes[name] < smallest]
    rest = [name for name in order if sizes[name] >= smallest]
    # Groups without anybody give nobody away, and hide nobody.
    while rest and any(sizes[name] for name in hidden):
        people = sum(sizes[name] for name in hidden)
        if people >= smallest and sum(sizes[name] > 0 for name in hidden) > 1:
            break
        hidden.append(rest.pop(0))
    return frozenset(hidden)


def _error(values: Sequence[float]) -> float | None:
    return stdev(values) / sqrt(len(values)) if len(values) > 1 else None
