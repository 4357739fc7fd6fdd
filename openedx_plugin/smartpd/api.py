"""The door of the plugin: what the blocks and our own pages may call.

Frozen data in, frozen data out. ``user_id`` is the platform's integer id; keys are strings or opaque
keys. All may raise ``InvalidRecordError`` for a key that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.urls import reverse
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd_analytics.api import CourseMap, DiagnosisScore, Instrument

from . import _choosing, _learners, _reading, _writing, compat, instruments
from ._block_states import states_of_block
from ._class_items import class_diagnoses, class_items, cohorts, single_answers
from ._class_results import class_results
from ._from_log import store_activities, store_activity, store_course_map
from ._keys import block_key, course_key_of, usage_key_of
from ._profiles import learner_turn
from ._suppression import suppressed
from ._team_acts import LearnerTurn, learners_of_block, team_turn
from .consents import PURPOSES, usernames_of_refusers
from .data import (
    ActionData,
    ActivityData,
    AnsweredData,
    AreaData,
    AreaResultData,
    ClassAreaChangeData,
    ClassAreaData,
    ClassChangeData,
    ClassNeedData,
    ClassResultData,
    CompetencyData,
    CourseOverviewData,
    DiagnosisData,
    GoalData,
    LearnerLogData,
    LearnerRowData,
    LoggedDiagnosisData,
    ProfileData,
    SourceData,
    StatedNeedsData,
    StoredActivityData,
)
from .errors import (
    InvalidRecordError,
    NotAllowedError,
    NotPossibleHereError,
    RefreshRunningError,
    SmartPDPluginError,
    UnknownLearnerError,
)
from .facts import DIAGNOSTIC_BLOCK, CourseContext
from .targets import TargetsData
from .team_data import (
    BlockStateData,
    BlockStatesData,
    ClassItemsData,
    CohortData,
    DiagnosisKey,
    LearnerStandingData,
    SingleAnswersData,
)

__all__ = [
    "PURPOSES",
    "ActionData",
    "ActivityData",
    "AnsweredData",
    "AreaData",
    "AreaResultData",
    "BlockStateData",
    "BlockStatesData",
    "ClassAreaChangeData",
    "ClassAreaData",
    "ClassChangeData",
    "ClassItemsData",
    "ClassNeedData",
    "ClassResultData",
    "CohortData",
    "CompetencyData",
    "CourseOverviewData",
    "DiagnosisData",
    "DiagnosisKey",
    "GoalData",
    "InvalidRecordError",
    "LearnerLogData",
    "LearnerRowData",
    "LearnerStandingData",
    "LearnerTurn",
    "LoggedDiagnosisData",
    "NotAllowedError",
    "NotPossibleHereError",
    "ProfileData",
    "RefreshRunningError",
    "SingleAnswersData",
    "SmartPDPluginError",
    "SourceData",
    "StatedNeedsData",
    "StoredActivityData",
    "TargetsData",
    "UnknownLearnerError",
    "answered_versions",
    "asked_items",
    "class_diagnoses",
    "class_items",
    "class_results",
    "class_results_url",
    "cohorts",
    "consent",
    "course_exists",
    "course_map",
    "course_overview",
    "finished",
    "goals",
    "is_read_only",
    "keep_instrument",
    "learner_turn",
    "learners_of_block",
    "log_read",
    "mapped_courses",
    "my_development_url",
    "profile",
    "recommendations",
    "record_answers",
    "record_asked",
    "record_consent",
    "record_diagnosis",
    "record_goal",
    "record_needs",
    "record_progress",
    "record_targets",
    "refresh",
    "series_names",
    "single_answers",
    "stated_needs",
    "states_of_block",
    "store_activities",
    "store_activity",
    "store_course_map",
    "suppressed",
    "team_learners",
    "team_turn",
]

Course: TypeAlias = str | CourseKey


# --- what blocks record -------------------------------------------------------------------------


def record_diagnosis(
    user_id: int,
    course_key: Course,
    *,
    usage_key: str | UsageKey,
    phase: str,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None = None,
    again_until: datetime | None = None,
    terms: str = "",
) -> None:
    """Keep a diagnosis and the estimates it gives; of one just begun or complete recompute recommendations as well.

    All or nothing. What is recommended after an answer on the way is computed when it is next read. Recording the
    same again changes nothing. Call it inside the transaction that saves the block's state.

    Args:
        phase: ``entry``, ``interim`` or ``exit``.
        score: what ``smartpd_analytics.api.score_answers`` gives.
        answers: the answers themselves, item id -> answer; those in the learner's own words are not kept.
        again_until: until when the learner may answer all of it once more, with a zone; None for any time. In the past
            where no attempt is left.
        terms: all that the caller says with an answer beside the answer, as any text. With it the answers that follow
            may go to ``record_answers``.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: unknown phase, no course, or a block of another course.
    """
    course = course_key_of(course_key)
    _writing.record_diagnosis(
        user_id,
        CourseContext(course),
        usage_key=usage_key_of(usage_key, course),
        phase=phase,
        score=score,
        answers=answers,
        again_until=again_until,
        terms=terms,
        now=timezone.now(),
    )


def record_answers(
    user_id: int,
    course_key: Course,
    *,
    usage_key: str | UsageKey,
    phase: str,
    instrument: Instrument,
    answers: Mapping[str, str],
    terms: str,
) -> bool:
    """Keep all answers of a diagnosis that goes on, in one statement; False where they go to ``record_diagnosis``.

    Results and estimates count them as soon as anybody asks. True where ``record_diagnosis`` has recorded this
    diagnosis on the same ``terms``, can score it itself, and the learner has answered in no other since. Call it inside
    the transaction that saves the block's state.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: no course, or a block of another course.
    """
    course = course_key_of(course_key)
    return _writing.record_answers(
        user_id,
        course,
        usage_key=usage_key_of(usage_key, course),
        phase=phase,
        instrument=instrument,
        answers=answers,
        terms=terms,
        now=timezone.now(),
    )


def keep_instrument(course_key: Course, document: Mapping[str, Any]) -> None:
    """Keep a course's own questionnaire, so that results that name it can be read; the same again changes nothing.

    Args:
        document: as ``smartpd_analytics.api.instrument_to_document`` gives it.

    Raises:
        InvalidRecordError: it is not valid.
    """
    instruments.keep_instrument(course_key_of(course_key), document, now=timezone.now())


def record_progress(user_id: int, course_key: Course, *, usage_key: str | UsageKey, status: str) -> None:
    """Keep what a learner says of one unit or block, and recompute their recommendations, all or nothing.

    Args:
        usage_key: of the unit or block, or its bare block id.
        status: ``planned``, ``doing``, ``done``, or ``none``, which takes the mark back.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: unknown status, no course, or a block of another course.
    """
    course = course_key_of(course_key)
    _writing.record_progress(
        user_id, CourseContext(course), usage_key=block_key(usage_key, course), status=status, now=timezone.now()
    )


def record_consent(user_id: int, course_key: Course, choices: Mapping[str, bool], *, wording: str = "") -> None:
    """Keep which uses of their answers a learner allows, and undo at once what is refused now.

    Without ``advice`` estimates and level from answers go; without any purpose the results themselves go.

    Args:
        choices: purpose (one of ``PURPOSES``) -> allowed.
        wording: a digest of the words that the learner was shown, to prove what was agreed to.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: unknown purpose, or no course.
    """
    course = CourseContext(course_key_of(course_key))
    _choosing.record_consent(user_id, course, choices, wording=wording, now=timezone.now())


def usernames_refusing(course_key: Course, purpose: str) -> frozenset[str]:
    """Who of a course has refused a use of their answers (one of ``PURPOSES``)."""
    return usernames_of_refusers(course_key_of(course_key), purpose)


def record_needs(
    user_id: int,
    course_key: Course,
    *,
    usage_key: str | UsageKey,
    instrument: Instrument,
    answers: Mapping[str, str],
) -> None:
    """Keep the answers to a needs survey, those in the learner's own words left out; nothing without ``advice``.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: no needs survey, no course, or a block of another course.
        AnswerError: an answer is none to its item.
    """
    course = course_key_of(course_key)
    _choosing.record_needs(
        user_id,
        CourseContext(course),
        usage_key=usage_key_of(usage_key, course),
        instrument=instrument,
        answers=answers,
        now=timezone.now(),
    )


def record_targets(user_id: int, course_key: Course, targets: TargetsData, *, acted: bool = True) -> None:
    """Keep which levels a learner is to reach, and where that changes recompute; nothing without ``advice``.

    Those of the block count in which the learner has acted last.

    Args:
        acted: the learner has answered or chosen a role there. Else only what this block has said before is brought up
            to date.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    course = CourseContext(course_key_of(course_key))
    _choosing.record_targets(user_id, course, targets, acted=acted, now=timezone.now())


def record_asked(user_id: int, course_key: Course, *, instrument_id: str, items: Iterable[str]) -> None:
    """Remember that a learner has seen these items of a test, in this order.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    _choosing.record_asked(user_id, course_key_of(course_key), instrument_id=instrument_id, items=items)


def record_goal(user_id: int, course_key: Course, goal: GoalData) -> None:
    """Keep a learner's goal in one competency; a goal there is changed.

    A goal that is new starts where the learner stands by all sources together, or else where it says.

    Raises:
        UnknownLearnerError: no account has this id.
        InvalidRecordError: what of the goal cannot be used, and what can.
    """
    _choosing.record_goal(user_id, course_key_of(course_key), goal, now=timezone.now())


def is_read_only(course_key: Course) -> bool:
    """Whether nothing may be written: staff are looking at the course as a specific learner."""
    return compat.is_read_only(course_key_of(course_key))


# --- what pages and blocks show -----------------------------------------------------------------


def recommendations(user_id: int, course_key: Course) -> tuple[ActionData, ...]:
    """The learner's next actions, best first; empty where nothing is recommended.

    Where a diagnosis has gone on since, they are computed first. Three queries for a learner who is known, a fourth
    where the course map lacks a target; first steps, from the course map, for one who is not known.
    """
    course = course_key_of(course_key)
    if _reading.is_behind(user_id, course):
        _writing.refresh(user_id, CourseContext(course), now=timezone.now())
    return _reading.recommendations(user_id, course)


def profile(user_id: int, course_key: Course) -> ProfileData:
    """Where the learner stands; an empty profile for one of whom nothing is known yet.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    return _reading.profile(user_id, course_key_of(course_key))


def finished(user_id: int, course_key: Course) -> frozenset[str]:
    """Usage keys of the units and blocks that the learner has finished, whatever they have marked themselves.

    By the platform's completion, as the course outline shows it; where that is switched off or does not exist, by the
    course's log as it was last read. Empty for somebody of whom nothing is known.
    """
    return _reading.finished(user_id, course_key_of(course_key))


def consent(user_id: int, course_key: Course) -> Mapping[str, bool]:
    """Purpose -> whether the learner allows it, of those that the learner was asked about."""
    return _choosing.consent(user_id, course_key_of(course_key))


def stated_needs(user_id: int, course_key: Course) -> StatedNeedsData | None:
    """The learner's newest answers to a needs survey of the course; None before the first."""
    return _choosing.stated_needs(user_id, course_key_of(course_key))


def asked_items(user_id: int, course_key: Course, instrument_id: str) -> tuple[str, ...]:
    """Ids of the items of a test that the learner has seen in this course, those seen longest ago first."""
    return _choosing.asked_items(user_id, course_key_of(course_key), instrument_id)


def goals(user_id: int, course_key: Course) -> tuple[GoalData, ...]:
    """The learner's goals, accepted and declined, the next due first."""
    return _choosing.goals(user_id, course_key_of(course_key))


def class_results_url(course_key: Course) -> str:
    """Address of the course team's page with the results of the class."""
    address: str = reverse("smartpd:class_results", args=[str(course_key)])
    return address


def my_development_url(course_key: Course) -> str:
    """The address of the learner's own page in this course, as a path on this site."""
    return str(reverse("smartpd:my_development", args=[str(course_key_of(course_key))]))


def course_overview(
    course_key: Course, *, search: str = "", page: int = 1, sort: str = "", waiting_only: bool = False
) -> CourseOverviewData:
    """One page of the course's learners for the course team; a page out of range is the nearest one.

    Args:
        search: words that all occur in the username or the name.
        page: from 1; its size is ``SMARTPD_PAGE_SIZE``.
        sort: ``need`` for the largest need first; else by username. Who has not begun comes last, by username.
        waiting_only: only those who are enrolled and have not begun.
    """
    asked = _learners.LearnersAsked(search, sort, waiting_only)
    return _learners.course_overview(course_key_of(course_key), asked, page=page)


def log_read(course_key: Course) -> datetime | None:
    """Up to when the course's log was read; None where it was not read yet."""
    return _reading.log_read(course_key_of(course_key))


def series_names(course_key: Course) -> tuple[str, ...]:
    """The names of series that diagnostic blocks of the course have now, sorted, each once."""
    names = compat.block_series(course_key_of(course_key), DIAGNOSTIC_BLOCK).values()
    return tuple(sorted({" ".join(name.split()) for name in names} - {""}))


def answered_versions(course_key: Course) -> tuple[AnsweredData, ...]:
    """Which versions of which instruments learners of the course have answered, in which blocks; one query."""
    return _reading.answered_versions(course_key_of(course_key))


def team_learners(
    course_key: Course, *, search: str = "", sort: str = "", waiting_only: bool = False
) -> Iterator[LearnerRowData]:
    """All learners that ``course_overview`` would page through, read in portions."""
    return _learners.team_learners(course_key_of(course_key), _learners.LearnersAsked(search, sort, waiting_only))


# --- what the nightly run asks, beside what it stores -------------------------------------------


def course_map(course_key: Course) -> CourseMap:
    """The course's units as they are stored, in course order; empty where there are none."""
    return CourseContext(course_key_of(course_key)).course_map


def mapped_courses() -> tuple[str, ...]:
    """The keys of the courses that have a map, sorted."""
    return _reading.mapped_courses()


def course_exists(course_key: Course) -> bool:
    """Whether this site has the course."""
    return compat.course_title(course_key_of(course_key)) is not None


def refresh(user_id: int, course_key: Course) -> None:
    """Recompute estimates and recommendations from what is stored.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    _writing.refresh(user_id, CourseContext(course_key_of(course_key)), now=timezone.now())
