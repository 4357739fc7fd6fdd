"""Competency frameworks and instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .answers import points_of, spelling
from .irt import ItemParameters
from .text import Text

__all__ = [
    "INSTRUMENT_KINDS",
    "ITEM_KINDS",
    "SEPARATOR",
    "Area",
    "AreaNorm",
    "Competency",
    "Framework",
    "Instrument",
    "Item",
    "Level",
    "MissingAnswers",
    "Option",
    "Scale",
]

#: What an instrument is for. The first two are tied to a framework, the others have scales of their own.
INSTRUMENT_KINDS = ("self_assessment", "knowledge_test", "needs_survey", "motivation")
#: How an item is answered; see ``Item``.
ITEM_KINDS = ("choice", "rating", "multiple", "order", "number", "text")
#: Between the option ids of an answer that has several.
SEPARATOR = "+"


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
class Scale:
    """A part of an instrument that has no framework: a scale of a questionnaire, a section of a survey."""

    id: str
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; ``points`` is what it scores, 0 in a survey and in an ``order``."""

    id: str
    points: int
    text: Text
    #: Of a ``multiple`` item: may not be chosen together with others ("none of these").
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument, tied to one competency of a framework or to one scale of the instrument.

    An answer is a text. To a ``choice`` or a ``rating`` it is the id of an option. To a ``multiple`` it is the ids of
    all options chosen, in the item's order, with ``SEPARATOR`` between them; to an ``order`` the ids of all options in
    the learner's order; to a ``number`` a number such as ``2.5``; to a ``text`` words.
    """

    id: str
    #: The scale's id where the instrument has scales of its own.
    competency_id: str
    text: Text
    #: Empty where there is none.
    help: Text
    #: In the order of the file, which is the right order of an ``order``: **never to be shown so**. None for
    #: ``number`` and ``text``. Points of options are what is right: **never to be sent to a browser**.
    options: tuple[Option, ...]
    #: Worded the other way round: an option scores lowest + highest - its points. Of ``choice`` and ``rating`` alone.
    reverse: bool = False
    #: One of ``ITEM_KINDS``.
    kind: str = "choice"
    #: A case that stands before the question; empty for none.
    scenario: Text = field(default_factory=dict)
    #: By item response theory; None where nobody has an idea of them.
    parameters: ItemParameters | None = None
    #: Whether the parameters were set by judgement, not yet estimated from real answers.
    provisional: bool = True
    #: The framework's area of the competency, or the scale; ``""`` where it was read from no file.
    area_id: str = ""
    #: The framework's level that the item is meant to tell from the one below it; ``""`` for none.
    level: str = ""
    #: What a ``multiple`` or an ``order`` of a knowledge test is worth when all is right.
    worth: int = 1
    #: Of these two: ``all_or_nothing`` or ``partial``; see ``points_of``.
    scoring: str = "all_or_nothing"
    #: Name of the option set that the file has for this item and others, or ``""``.
    option_set: str = ""
    #: Range of a ``number``; fewest and most options of a ``multiple``; most characters of a ``text``.
    least: float | None = None
    most: float | None = None
    #: Whether the instrument is complete only with an answer to it.
    required: bool = True
    #: Switched off: kept in the file, neither asked nor scored.
    active: bool = True
    #: Place in the file, from 1; 0 where it was read from none.
    number: int = 0

    @property
    def max_points(self) -> int:
        if self.kind in ("multiple", "order"):
            return self.worth
        return max((option.points for option in self.options), default=0)

    @property
    def min_points(self) -> int:
        return min((option.points for option in self.options), default=0) if self.kind in ("choice", "rating") else 0

    @property
    def top_category(self) -> int:
        """The highest category of an answer by item response theory, the lowest being 0."""
        if self.kind in ("multiple", "order"):
            return self.worth if self.scoring == "partial" else 1
        return max(len({option.points for option in self.options}) - 1, 0)

    @property
    def private(self) -> bool:
        """Whether the answer is in the learner's own words, which are told to nobody."""
        return self.kind == "text"

    def scored(self, option: Option) -> int:
        """What ``option`` of a choice counts, from the other end for a reverse item."""
        return self.min_points + self.max_points - option.points if self.reverse else option.points

    def canonical(self, answer: object) -> str | None:
        """The one spelling of an answer, or None for what is no answer to this item."""
        spelt = spelling(self, answer)
        return spelt if isinstance(spelt, str) else None

    def points_of(self, answer: str) -> int:
        """What a canonical answer counts, ``min_points`` to ``max_points``; see ``data.answers.points_of``."""
        return points_of(self, answer)

    def category_of(self, answer: str) -> int:
        """The category of a canonical answer for ``next_item`` and ``estimate_ability``, 0..``top_category``."""
        points = points_of(self, answer)
        if self.kind in ("multiple", "order"):
            return points if self.scoring == "partial" else int(points > 0)
        return sorted({option.points for option in self.options} or {0}).index(points)


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
    """A versioned set of items, with the cut scores that turn points into levels where it has a framework."""

    id: str
    version: str
    #: One of ``INSTRUMENT_KINDS``.
    kind: str
    #: ``""`` for none.
    framework_id: str
    title: Text
    intro: Text
    minutes: int
    items: tuple[Item, ...]
    #: Lowest total of points for each level, lowest level first (its cut is 0); empty where there are no levels.
    cut_scores: tuple[int, ...]
    missing: MissingAnswers = MissingAnswers()
    #: Of some or all areas; where they come from stands in ``norms_source``.
    norms: tuple[AreaNorm, ...] = ()
    norms_source: str = ""
    #: Of an instrument without a framework, in the order in which they are shown.
    scales: tuple[Scale, ...] = ()
    #: Lowest ability (in units of the items' calibration) of each level but the lowest, ascending; empty where
    #: levels are read from points alone.
    ability_cuts: tuple[float, ...] = ()
    #: Items that the file has but that are not asked; ``items`` has all others.
    switched_off: tuple[Item, ...] = ()
    #: Options that several items share, by name.
    option_sets: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)

    @property
    def max_points(self) -> int:
        return sum(item.max_points for item in self.items)

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The items in the order of the file, those that are switched off among them."""
        return tuple(sorted((*self.items, *self.switched_off), key=lambda item: item.number))
