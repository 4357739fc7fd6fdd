"""Competency frameworks, instruments, and what their answers say."""

from __future__ import annotations

from dataclasses import dataclass

from .text import Text

__all__ = [
    "Area",
    "AreaScore",
    "Competency",
    "CompetencyEstimate",
    "CompetencyScore",
    "DiagnosisScore",
    "Framework",
    "Instrument",
    "Item",
    "Level",
    "Option",
]


@dataclass(frozen=True, slots=True)
class Level:
    """A proficiency level; ``index`` counts from 0 at the lowest."""

    id: str
    index: int
    name: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Area:
    id: str
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Competency:
    id: str
    area_id: str
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Framework:
    """A competency framework: areas, competencies, levels from lowest to highest."""

    id: str
    version: str
    title: Text
    source: str
    areas: tuple[Area, ...]
    competencies: tuple[Competency, ...]
    levels: tuple[Level, ...]

    def competencies_of(self, area_id: str) -> tuple[Competency, ...]:
        return tuple(c for c in self.competencies if c.area_id == area_id)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; ``points`` is what it scores."""

    id: str
    points: int
    text: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument, tied to one competency."""

    id: str
    competency_id: str
    text: Text
    help: Text
    options: tuple[Option, ...]

    @property
    def max_points(self) -> int:
        return max(option.points for option in self.options)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A versioned set of items with the cut scores that turn points into levels."""

    id: str
    version: str
    kind: str
    framework_id: str
    title: Text
    intro: Text
    minutes: int
    items: tuple[Item, ...]
    #: Lowest total of points for each level, lowest level first (its cut is 0).
    cut_scores: tuple[int, ...]

    @property
    def max_points(self) -> int:
        return sum(item.max_points for item in self.items)


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """Points on the answered items of one competency; ``share`` = points / max of the answered items."""

    competency_id: str
    area_id: str
    points: int
    max_points: int
    answered: int
    total: int
    share: float | None
    #: Indicative: one item is too little for a dependable level. None while unanswered.
    level: str | None


@dataclass(frozen=True, slots=True)
class AreaScore:
    """Points on the answered items of one area; the level is indicative, None until all are answered."""

    area_id: str
    points: int
    max_points: int
    answered: int
    total: int
    share: float | None
    level: str | None


@dataclass(frozen=True, slots=True)
class DiagnosisScore:
    """The result of an instrument so far; ``level`` is None until every item is answered."""

    instrument_id: str
    instrument_version: str
    framework_id: str
    answered: int
    total: int
    points: int
    max_points: int
    level: str | None
    areas: tuple[AreaScore, ...]
    competencies: tuple[CompetencyScore, ...]

    @property
    def complete(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True, slots=True)
class CompetencyEstimate:
    """Where a learner stands in one competency, by one source.

    ``value`` is a share of the maximum, ``error`` its standard error, both in 0..1. ``source`` is
    ``self_assessment``, ``problems`` or ``combined``; ``evidence`` counts the answers behind it.
    """

    competency_id: str
    value: float
    error: float
    source: str
    evidence: int
