"""Which groups are too small to be shown, and which others would give them away."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["hidden_groups"]


def hidden_groups(sizes: Mapping[str, int], smallest: int) -> frozenset[str]:
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
