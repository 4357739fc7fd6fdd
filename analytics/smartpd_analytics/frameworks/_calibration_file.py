"""The parameters of an item by item response theory, as a file has them."""

from __future__ import annotations

from itertools import pairwise

from ..data import Item, ItemParameters
from ..errors import N_, Message
from ._entry import Entry

__all__ = ["read_parameters"]

_DISCRIMINATION = N_("a number above 0, at most 10")
_DIFFICULTY = N_("a number from -10 to 10")
_GUESSING = N_("a number from 0, below 1")


def read_parameters(entry: Entry, item: Item) -> tuple[ItemParameters, bool]:
    """What ``irt`` says of ``item``, and whether it is provisional."""
    graded = item.top_category > 1
    needed = ("discrimination", "thresholds") if graded else ("discrimination", "difficulty")
    fields = entry.fields(*needed, optional=("provisional",) if graded else ("guessing", "provisional"))
    discrimination = fields["discrimination"].decimal(_DISCRIMINATION, 0, 10)
    if discrimination == 0:
        raise fields["discrimination"].error(N_("a discrimination of 0"), _DISCRIMINATION)
    guessing = fields["guessing"].decimal(_GUESSING, 0, 1) if "guessing" in fields else 0.0
    if guessing == 1:
        raise fields["guessing"].error(N_("1 is no probability of guessing"), _GUESSING)
    if graded:
        thresholds = _thresholds(fields["thresholds"], item.top_category)
    else:
        thresholds = (fields["difficulty"].decimal(_DIFFICULTY, -10, 10),)
    provisional = "provisional" not in fields or fields["provisional"].flag()
    return ItemParameters(item.id, discrimination, thresholds, guessing, item.area_id), provisional


def _thresholds(entry: Entry, count: int) -> tuple[float, ...]:
    found = tuple(
        one.decimal(_DIFFICULTY, -10, 10) for one in entry.entries(N_("threshold {number}"), under=entry.name)
    )
    accepted = Message(N_("{count} numbers, ascending"), count=count)
    if len(found) != count:
        raise entry.error(N_("there are {found} numbers"), accepted, found=len(found))
    for lower, upper in pairwise(found):
        if upper <= lower:
            raise entry.error(N_("{upper} stands after {lower}"), accepted, upper=f"{upper:g}", lower=f"{lower:g}")
    return found
