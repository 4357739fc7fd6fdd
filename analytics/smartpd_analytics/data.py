"""The frozen data that crosses the borders of the analytics.

Plain, slotted and immutable: no behaviour beyond small derived values. Times are UTC; a field that
ends in ``_us`` is an integer count of microseconds since 1970-01-01T00:00Z. A ``share`` lies in
0..1. A ``Text`` holds the same words in each language (``en``, ``ru``, ``uz``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = [
    "LANGUAGES",
    "Action",
    "Area",
    "AreaScore",
    "BlockActivity",
    "Competency",
    "CompetencyEstimate",
    "CompetencyScore",
    "ContentUnit",
    "CourseMap",
    "DiagnosisScore",
    "Event",
    "Firing",
    "Framework",
    "Instrument",
    "Item",
    "LearnerActivity",
    "LearnerFacts",
    "Level",
    "LineAccount",
    "Option",
    "QuarantinedLine",
    "Recommendation",
    "Text",
    "say",
]

Text = Mapping[str, str]

#: The languages in which every word for people exists; the first is the fallback.
LANGUAGES: tuple[str, ...] = ("en", "ru", "uz")


def say(text: Text, lang: str) -> str:
    """The words of ``text`` in ``lang`` (``"uz-Latn"`` counts as ``"uz"``), else the first language there is."""
    base = lang.replace("_", "-").split("-")[0].lower()
    for candidate in (base, *LANGUAGES):
        if text.get(candidate):
            return text[candidate]
    return next((words for words in text.values() if words), "")


# --- from log line to event -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One learning event in canonical form: what a tracking-log line says, and nothing else.

    Neither IP address, agent, session token nor free text is kept.
    """

    time_us: int
    #: The platform's ``event_type`` (``problem_check``, ``play_video``), or ``page_view`` for an implicit unit page.
    name: str
    #: ``page problem video navigation forum enrolment grade completion diagnosis matrix pres staff other``
    kind: str
    #: ``browser server mobile task``
    source: str
    #: Numeric id, or None where the line does not carry one.
    user_id: int | None
    #: Username, or ``""`` where the line does not carry one.
    username: str
    course_key: str
    usage_key: str
    block_type: str
    #: Usage key of the unit (vertical) that was on screen, or ``""``.
    unit_key: str
    #: Display name of the block where the line carries it, or ``""``.
    title: str
    earned: float | None
    possible: float | None
    attempt: int | None
    #: Fully right, or not; None where the event is no graded answer.
    correct: bool | None
    #: Seconds into a video, or the tab number of a navigation.
    position: float | None
    duration: float | None
    #: ``web`` or ``mobile``
    client: str
    #: Fields of our own blocks' events that the features need; JSON scalars only.
    payload: Mapping[str, Any]
    #: Content digest, equal for copies of one event whatever file they stand in.
    digest: str


@dataclass(frozen=True, slots=True)
class QuarantinedLine:
    """A line that could not be read as a tracking event, and why (a code of ``tracking``)."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What became of every line: ``accepted + duplicate + ignored + quarantined == read``."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    ignored: int = 0
    quarantined: int = 0
    #: Reason code -> count, for ignored lines.
    ignored_reasons: Mapping[str, int] = field(default_factory=dict)
    #: Reason code -> count, for quarantined lines.
    quarantined_reasons: Mapping[str, int] = field(default_factory=dict)
    #: Every quarantined line, in the order read.
    quarantine: tuple[QuarantinedLine, ...] = ()
    #: Sources that could not be read, or not to the end, each as a message for people.
    source_problems: tuple[str, ...] = ()


# --- competency frameworks and instruments ----------------------------------------------------


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


# --- what a course offers ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContentUnit:
    """One thing to do in a course: a unit, or a block inside one.

    ``position`` is the place in course order from 0. ``unit_key`` is the unit that holds the block
    (its own key for a unit). ``minutes`` is None where unknown.
    """

    usage_key: str
    title: Text
    block_type: str = ""
    unit_key: str = ""
    position: int = 0
    competencies: tuple[str, ...] = ()
    level: str = ""
    minutes: int | None = None
    activity: str = ""
    modes: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseMap:
    """Which unit trains what. ``problems`` are the messages for rows that were left out."""

    units: tuple[ContentUnit, ...] = ()
    framework_id: str = ""
    problems: tuple[str, ...] = ()

    def get(self, usage_key: str) -> ContentUnit | None:
        return next((unit for unit in self.units if unit.usage_key == usage_key), None)


# --- what a learner did -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BlockActivity:
    """What one learner did with one block or unit, up to the day of the features."""

    usage_key: str
    block_type: str
    unit_key: str
    title: str
    #: Graded answers given, and how many of them fully right and not fully right.
    answers: int = 0
    right: int = 0
    wrong: int = 0
    first_try_right: bool | None = None
    #: Wrong answers since the last right one: what is still failing.
    failing: int = 0
    solved: bool = False
    #: Answers given too fast for the question to have been read (``features`` documents the threshold).
    fast_answers: int = 0
    answers_shown: int = 0
    plays: int = 0
    completions: int = 0
    views: int = 0
    seconds: int = 0
    first_us: int = 0
    last_us: int = 0


@dataclass(frozen=True, slots=True)
class LearnerActivity:
    """One learner in one course at ``as_of``, from the tracking log alone.

    ``enrolled`` is None where the log has no enrolment event. ``pace`` is units opened for each week
    since the learner started, divided by the median of the course's learners (1.0 = the median; None
    where there is no median). ``minutes`` is time on task by sessions with a 30-minute gap.
    """

    learner: str
    user_id: int | None
    course_key: str
    as_of: datetime
    enrolled: bool | None
    first_seen: datetime
    last_seen: datetime
    active_days: int
    sessions: int
    minutes: float
    answers: int
    right: int
    wrong: int
    fast_answers: int
    answers_shown: int
    first_try_right: int
    problems_tried: int
    problems_solved: int
    videos_played: int
    videos_completed: int
    units_opened: int
    units_in_course: int
    pace: float | None
    #: Usage key of the unit last on screen, or ``""``.
    stopped_at: str
    blocks: tuple[BlockActivity, ...]

    @property
    def days_silent(self) -> float:
        """Days from the last event to ``as_of``."""
        return (self.as_of - self.last_seen).total_seconds() / 86400


# --- what to do next --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """All that the expert system and the ranking may know of one learner in one course."""

    learner: str
    course_key: str
    as_of: datetime
    activity: LearnerActivity | None = None
    #: One combined estimate for each competency (``diagnosis.combine_estimates``).
    estimates: tuple[CompetencyEstimate, ...] = ()
    #: Competency id -> target share in 0..1; ``default_target`` stands for the rest.
    targets: Mapping[str, float] = field(default_factory=dict)
    default_target: float = 0.57
    #: Items of the entry diagnosis answered and in all; 0 of 0 where the course has none.
    diagnosis_answered: int = 0
    diagnosis_total: int = 0
    #: Usage key of the needs diagnostic of this course, or ``""``.
    diagnosis_key: str = ""
    #: Usage keys the learner has marked done in the learning matrix or completed otherwise.
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired: what it saw and what it concluded."""

    rule_id: str
    target: str
    title: Text
    saw: Mapping[str, Any]
    concluded: Mapping[str, Any]
    certainty: float


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do next, with the reason in a sentence in each language."""

    rank: int
    #: ``retry practise read_first resume come_back start review take_diagnosis prepare stretch``
    kind: str
    #: Usage key to open.
    target: str
    title: Text
    minutes: int
    reason: Text
    #: Usage key of what to do before the target (the video before a failed problem), or ``""``.
    first: str = ""
    first_title: Text = field(default_factory=dict)
    competencies: tuple[str, ...] = ()
    score: float = 0.0
    #: Ids of the rules that weighed on it, strongest first.
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Up to three actions for one learner in one course, and the trace that explains them."""

    learner: str
    course_key: str
    as_of: datetime
    actions: tuple[Action, ...]
    trace: tuple[Firing, ...]
