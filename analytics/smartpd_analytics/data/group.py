"""What the answers of many learners say together: means, changes, levels, and the items themselves."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GroupMean", "ItemFigures", "ItemStatistics", "OptionUse", "PairedChange"]


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A mean of ``learners`` values and its standard error; None for fewer than two."""

    mean: float
    error: float | None
    learners: int


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Before and after of the same learners; ``error`` is the mean change's standard error, None for one learner."""

    learners: int
    before: float
    after: float
    change: float
    error: float | None
    higher: int
    same: int
    lower: int


@dataclass(frozen=True, slots=True)
class OptionUse:
    """How many chose one option, and how they did on all other items.

    ``rest`` is their mean share of the points of the other items, 0..1; None where nobody chose it or nothing
    else is scored.
    """

    option_id: str
    learners: int
    rest: float | None
    #: Whether it scores most, alone or as a part of what is right.
    best: bool = False


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item in classical test theory; a figure is None where it is not defined.

    ``difficulty`` is the mean share of the points that the item can give, 0..1: high for an easy item.
    ``discrimination`` is the correlation with the points of all other items, -1..1. ``alpha_without`` is Cronbach's
    alpha of the instrument without the item. ``flags`` are the names in ``ITEM_FLAGS`` that apply.
    """

    item_id: str
    learners: int
    difficulty: float | None
    sd: float | None
    discrimination: float | None
    alpha_without: float | None
    options: tuple[OptionUse, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """The items of an instrument in its order.

    ``complete`` learners answered every scored item; alpha, discrimination and ``alpha_without`` are theirs.
    ``sem`` is the standard error of measurement of the total, in points.
    """

    instrument_id: str
    instrument_version: str
    learners: int
    complete: int
    alpha: float | None
    sem: float | None
    items: tuple[ItemFigures, ...]
