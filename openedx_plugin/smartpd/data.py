"""The frozen data that leaves the plugin; models never do.

A ``Text`` holds the same words in each language. Values, targets and gaps are shares in 0..1; times
are aware datetimes. ``link`` is an address on this site, ``""`` where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from smartpd_analytics.api import LearnerActivity, Text

__all__ = [
    "ActionData",
    "ActivityData",
    "AnsweredData",
    "AreaData",
    "AreaResultData",
    "ClassAreaChangeData",
    "ClassAreaData",
    "ClassChangeData",
    "ClassNeedData",
    "ClassResultData",
    "CompetencyData",
    "CourseOverviewData",
    "DiagnosisData",
    "GoalData",
    "LearnerLogData",
    "LearnerRowData",
    "LoggedDiagnosisData",
    "ProfileData",
    "SourceData",
    "StatedNeedsData",
    "StoredActivityData",
]


@dataclass(frozen=True, slots=True)
class ActionData:
    """One thing to do next: ``target`` is what to open, ``first`` what to do before it (or ``""``).

    ``kind`` is one of the kinds of ``smartpd_analytics.api.Action``. ``unit`` is the usage key of the unit in
    which the target stands, by the course map or else the learner's log: the target itself for a unit, ``""``
    where it is not known.
    """

    rank: int
    kind: str
    target: str
    title: Text
    minutes: int
    reason: Text
    link: str
    first: str = ""
    first_title: Text = field(default_factory=dict)
    first_link: str = ""
    competencies: tuple[str, ...] = ()
    unit: str = ""
    #: Title of the rule that weighed most, which speaks of the learner; empty where no rule did.
    rule_title: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceData:
    """One source's estimate: ``self_assessment``, ``knowledge_test`` or ``problems``; ``evidence`` answers."""

    source: str
    value: float
    error: float
    evidence: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class CompetencyData:
    """One competency; value, level, gap and error are None while no source knows anything of it.

    ``error`` is the standard error of ``value``, ``evidence`` counts the answers behind it, and ``firmness`` is
    what ``smartpd_analytics.api.firmness`` makes of the two (``""`` where nothing is known).
    """

    competency_id: str
    area_id: str
    title: Text
    target: float
    value: float | None
    level: str | None
    gap: float | None
    sources: tuple[SourceData, ...]
    error: float | None = None
    evidence: int = 0
    firmness: str = ""


@dataclass(frozen=True, slots=True)
class AreaData:
    """One area: the mean of its estimated competencies, ``estimated`` of ``total``; the level is indicative.

    It is None while fewer than half of the competencies are estimated.

    ``error`` is the mean of the competencies' standard errors: what it comes to when all are wrong in the same
    direction, as the opinions of one person tend to be, and never less than the mean's true standard error.
    ``sources`` has one entry for each source behind it: the mean of its values and of their errors over the
    competencies that it knows, all its answers, and the time of the newest. ``evidence`` and ``firmness`` as in
    ``CompetencyData``.
    """

    area_id: str
    title: Text
    target: float
    value: float | None
    level: str | None
    gap: float | None
    estimated: int
    total: int
    error: float | None = None
    evidence: int = 0
    firmness: str = ""
    sources: tuple[SourceData, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaResultData:
    """One area or scale of a diagnosis: share of the maximum and its standard error; None where nothing is answered."""

    area_id: str
    share: float | None
    error: float | None
    title: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiagnosisData:
    """One diagnosis, begun or complete; ``phase`` is ``entry``, ``interim`` or ``exit``.

    ``error`` is the standard error of ``share``; None where it is not known. ``title`` and ``kind``
    are those of the instrument, empty where this site has it no more. ``cautions`` are what
    ``smartpd_analytics.api.answering_cautions`` found; ``seconds`` went by from the first answer to the last, None
    where that is not known.
    """

    usage_key: str
    phase: str
    instrument_id: str
    instrument_version: str
    answered: int
    total: int
    points: int
    max_points: int
    level: str
    complete: bool
    modified: datetime
    link: str
    framework_id: str = ""
    areas: tuple[AreaResultData, ...] = ()
    error: float | None = None
    title: Text = field(default_factory=dict)
    kind: str = ""
    seconds: float | None = None
    cautions: tuple[str, ...] = ()
    #: The whole as a share of the maximum, 0..1; None for a survey, which is not scored.
    share: float | None = None


@dataclass(frozen=True, slots=True)
class StatedNeedsData:
    """What a learner has answered to a needs survey: item id to answer, without answers in their own words."""

    answers: Mapping[str, str]
    modified: datetime
    instrument_id: str = ""
    instrument_version: str = ""

    @property
    def hours(self) -> float | None:
        """Hours a week that the learner can give to the course; None where that is not said."""
        try:
            return float(self.answers["hours"])
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class GoalData:
    """A goal in one competency: from the share ``start`` to ``target`` (0..1), where ``level`` begins, by ``due``.

    ``hours`` a week; ``words`` are the learner's own, ``""`` for none. ``status`` is ``accepted`` or ``declined``.
    ``title`` and ``level_name`` are filled in where a goal is read.
    """

    framework_id: str
    competency_id: str
    level: str
    start: float
    target: float
    hours: float
    due: date
    status: str
    words: str = ""
    title: Text = field(default_factory=dict)
    level_name: Text = field(default_factory=dict)
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnsweredData:
    """How many learners have answered a version of an instrument in one block, begun or complete."""

    usage_key: str
    phase: str
    instrument_id: str
    instrument_version: str
    learners: int


@dataclass(frozen=True, slots=True)
class ClassAreaData:
    """The mean share of the maximum (0..1) of ``learners`` in one area; ``error`` is the mean's standard error.

    ``gap`` is the mean of what each is still away from the target, as for a competency.
    """

    area_id: str
    title: Text
    mean: float
    error: float | None
    learners: int
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class ClassNeedData:
    """One competency of a class: mean share, mean gap to the target (0..1), and how many are below the target.

    ``with_rest`` is the correlation with the points of all other competencies, -1..1; None where it cannot be
    computed. A low one says that the answers here tell little of the rest.
    """

    competency_id: str
    area_id: str
    title: Text
    mean: float
    gap: float
    below: int | None
    learners: int
    with_rest: float | None


@dataclass(frozen=True, slots=True)
class ClassAreaChangeData:
    """One area before and after, of ``learners`` who have both; shares 0..1, ``error`` is that of the mean change."""

    area_id: str
    title: Text
    before: float
    after: float
    change: float
    error: float | None
    learners: int


@dataclass(frozen=True, slots=True)
class ClassChangeData:
    """From an earlier phase to this one, of the learners who have both.

    Shares 0..1; ``error`` is the standard error of the mean change.
    """

    learners: int
    before: float
    after: float
    change: float
    error: float | None
    #: None where so few are not told.
    higher: int | None
    lower: int | None
    areas: tuple[ClassAreaChangeData, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassResultData:
    """What one diagnostic block has found in its course, in one phase and one version of its instrument.

    For readers who may not see small groups (``hidden`` says so) a figure of fewer than five learners is None or left
    out, and so is any other from which it could be worked out.
    """

    usage_key: str
    title: Text
    link: str
    phase: str
    instrument_id: str
    instrument_version: str
    begun: int | None
    finished: int | None
    #: Level and how many finished with it, every level of the framework.
    levels: tuple[tuple[str, int | None], ...]
    mean: float | None
    error: float | None
    target: float
    areas: tuple[ClassAreaData, ...]
    needs: tuple[ClassNeedData, ...]
    change: ClassChangeData | None
    hidden: bool = False
    #: How many finished with answers that look hasty (``answering_cautions``); None for readers who see no single ones.
    doubtful: int | None = None
    #: ``target`` is the mean of what the learners are to reach; its level where all have the same one, else ``""``.
    target_level: str = ""


@dataclass(frozen=True, slots=True)
class ActivityData:
    """What the log knows of a learner, and where they stopped.

    ``last_active`` also counts answers and marks that came in after the log was read.
    """

    summary: LearnerActivity
    last_active: datetime | None
    stopped_title: Text
    stopped_link: str


@dataclass(frozen=True, slots=True)
class ProfileData:
    """All that is known of one learner in one course.

    ``level`` is that of the last complete diagnosis, ``""`` before the first. ``diagnosis_link`` leads to
    the course's needs diagnostic. ``as_of`` is the time of the newest thing known, None where nothing is.
    """

    user_id: int
    username: str
    course_key: str
    level: str
    level_name: Text
    target_level: str
    target_level_name: Text
    areas: tuple[AreaData, ...]
    competencies: tuple[CompetencyData, ...]
    diagnoses: tuple[DiagnosisData, ...]
    diagnosis_answered: int
    diagnosis_total: int
    diagnosis_link: str
    activity: ActivityData | None
    as_of: datetime | None
    #: The share at which ``target_level`` begins; single competencies may have targets of their own.
    target: float = 0.0
    #: Name of the role whose targets these are; empty for those of everybody.
    target_role: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnerRowData:
    """One line of the course team's table; ``action`` is the learner's first next action.

    ``need`` is the mean distance to the learner's targets of all that is known (0..1), None where nothing is;
    ``cautions`` are what ``smartpd_analytics.api.answering_cautions`` found in the newest results. ``enrolled`` is
    False where the log says that the learner has left the course, None where it does not say.
    """

    user_id: int
    username: str
    full_name: str
    level: str
    last_active: datetime | None
    enrolled: bool | None
    action: ActionData | None
    #: The learner does not want the course team to see results: ``level``, ``need`` … are left out.
    private: bool = False
    need: float | None = None
    cautions: tuple[str, ...] = ()
    #: Whether anything is known of the learner; False for who is enrolled and no more.
    begun: bool = True


@dataclass(frozen=True, slots=True)
class CourseOverviewData:
    """One page of a course's learners: those of whom something is known, then those who have not begun.

    The first are ordered by username, or the largest need first where ``sort`` is ``need``; the others by username.
    ``total`` counts those that the search found, ``waiting`` all of the course who are enrolled and have not begun;
    with ``waiting_only`` these alone are listed.
    """

    course_key: str
    search: str
    page: int
    pages: int
    page_size: int
    total: int
    learners: tuple[LearnerRowData, ...]
    #: Level -> learners of the whole course, lowest level first; ``""`` is "no complete diagnosis".
    levels: tuple[tuple[str, int], ...]
    as_of: datetime | None
    sort: str = ""
    waiting: int = 0
    waiting_only: bool = False


# --- what the nightly run stores ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoggedDiagnosisData:
    """The answers to one instrument as the log tells them: item id to option id."""

    usage_key: str
    phase: str
    instrument_id: str
    instrument_version: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LearnerLogData:
    """All that the log tells of one learner; ``done`` are the usage keys marked done in a learning matrix."""

    activity: LearnerActivity
    diagnosis: LoggedDiagnosisData | None = None
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StoredActivityData:
    """What became of one learner's activity.

    ``outcome`` is ``updated``, ``unknown`` (no account has this id and name), ``team`` (the account teaches or
    runs the course), ``older`` (something newer is stored already) or ``failed``. ``problem`` says what failed, or
    what of an update could not be used.
    """

    learner: str
    course_key: str
    outcome: str
    problem: str = ""
