"""Competency frameworks, instruments, and what their answers say."""

from __future__ import annotations

from dataclasses import dataclass, field

from .irt import ItemParameters
from .text import Text

__all__ = [
    "SEPARATOR",
    "Area",
    "AreaNorm",
    "AreaScore",
    "Competency",
    "CompetencyEstimate",
    "CompetencyScore",
    "DiagnosisScore",
    "Framework",
    "Instrument",
    "Item",
    "Level",
    "MissingAnswers",
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


#: Between the option ids of an answer that has several.
SEPARATOR = "+"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument, tied to one competency.

    An answer is a text. To a ``choice`` it is the id of an option. To a ``multiple`` it is the ids of all options
    chosen, in the item's order, with ``SEPARATOR`` between them; to an ``order`` the ids of all options in the
    learner's order.
    """

    id: str
    competency_id: str
    text: Text
    help: Text
    #: Of an ``order``, in the right order.
    options: tuple[Option, ...]
    #: Worded the other way round: an option scores lowest + highest - its points. Of a ``choice`` alone.
    reverse: bool = False
    #: ``choice``, ``multiple`` or ``order``.
    kind: str = "choice"
    #: A case that stands before the question; empty for none.
    scenario: Text = field(default_factory=dict)
    #: By item response theory; None where nobody has an idea of them.
    parameters: ItemParameters | None = None

    @property
    def max_points(self) -> int:
        return max(option.points for option in self.options) if self.kind == "choice" else 1

    @property
    def min_points(self) -> int:
        return min(option.points for option in self.options) if self.kind == "choice" else 0

    def scored(self, option: Option) -> int:
        """What ``option`` of a choice counts, from the other end for a reverse item."""
        return self.min_points + self.max_points - option.points if self.reverse else option.points

    def canonical(self, answer: object) -> str | None:
        """The one spelling of an answer, or None for what is no answer to this item."""
        if not isinstance(answer, str):
            return None
        places = {option.id: place for place, option in enumerate(self.options)}
        if self.kind == "choice":
            return answer if answer in places else None
        chosen = answer.split(SEPARATOR)
        if len(set(chosen)) < len(chosen) or not places.keys() >= set(chosen):
            return None
        if self.kind == "multiple":
            return SEPARATOR.join(sorted(chosen, key=places.__getitem__))
        return answer if len(chosen) == len(places) else None

    def points_of(self, answer: str) -> int:
        """What a canonical answer counts. Several options are right all together or not at all.

        That is dichotomous scoring, which item response models for right and wrong answers are made for.
        """
        if self.kind == "choice":
            return next(self.scored(option) for option in self.options if option.id == answer)
        wanted = [option.id for option in self.options if self.kind == "order" or option.points]
        return int(answer.split(SEPARATOR) == wanted)


@dataclass(frozen=True, slots=True)
class MissingAnswers:
    """What becomes of a part (area, competency, the whole) where answers are missing.

    ``refuse``: a share over the answered items, no level until all are answered. ``person_mean``: the same
    share, which counts each missing answer as the learner's mean, and a level once ``least_share`` of the
    items are answered. ``zero``: missing answers count 0 points, as in a knowledge test.
    """

    policy: str = "refuse"
    #: 0 < least_share <= 1; of ``person_mean`` alone.
    least_share: float = 0.5


@dataclass(frozen=True, slots=True)
class AreaNorm:
    """What is known of an area's score in a norm sample: standard deviation in points, and Cronbach's alpha."""

    area_id: str
    sd: float
    alpha: float


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
    missing: MissingAnswers = MissingAnswers()
    #: Of some or all areas; where they come from stands in ``norms_source``.
    norms: tuple[AreaNorm, ...] = ()
    norms_source: str = ""

    @property
    def max_points(self) -> int:
        return sum(item.max_points for item in self.items)


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """Points on the answered items of one competency; ``share`` = points / max of the items that count."""

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
    #: Standard error of ``share``; None while unanswered.
    error: float | None = None


@dataclass(frozen=True, slots=True)
class DiagnosisScore:
    """The result of an instrument so far; ``level`` is None until enough items are answered (``MissingAnswers``)."""

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
    #: Points / max of the items that count, and its standard error; None while unanswered.
    share: float | None = None
    error: float | None = None

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
