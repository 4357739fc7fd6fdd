"""What was measured, of whom, before and after: the frozen form of a file of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["AFTER", "BEFORE", "Column", "Pairs", "Person", "Scale"]

BEFORE, AFTER = "pre", "post"


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """One thing that was measured: a scale, an area of it, or an item of either; ``""`` where it is none."""

    measure: str
    area: str = ""
    item: str = ""

    def __str__(self) -> str:
        area = f"/{self.area}" if self.area else ""
        item = f".{self.item}" if self.item else ""
        return f"{self.measure}{area}{item}"


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale that gets figures of its own: a measure as a whole, or one of its areas.

    ``columns`` are summed; with one column it is the scale itself, with more its items or areas.
    ``least`` and ``most`` are the lowest and highest possible sum.
    """

    measure: str
    area: str
    columns: tuple[Column, ...]
    least: float
    most: float
    #: All columns are items, so that the reliability of the sum can be told.
    of_items: bool

    @property
    def id(self) -> str:
        return f"{self.measure}/{self.area}" if self.area else self.measure


@dataclass(frozen=True, slots=True)
class Person:
    """One learner: ``values`` by column and time, as far as they are there."""

    learner: str
    group: str
    arm: str
    values: Mapping[tuple[Column, str], float]
    #: Measure and time -> the level that the learner guessed.
    guesses: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A file of pairs.

    ``scales`` are in the order of the file, each measure before its areas. ``simulated``: a course or a learner of the
    file says that it is.
    """

    file: str
    people: tuple[Person, ...]
    scales: tuple[Scale, ...]
    simulated: bool
    encoding: str
