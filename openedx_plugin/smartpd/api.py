"""The door of the plugin: what the blocks and our own pages may call.

Frozen data in, frozen data out. ``user_id`` is the platform's integer id; keys are strings or opaque
keys. All may raise ``InvalidRecordError`` for a key that is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from smartpd_analytics.api import CourseMap

from . import _choosing, _learners, _reading, _writing, compat
from ._block_states import states_of_block
from ._class_items import class_diagnoses, class_items, cohorts, single_answers
from ._class_results import class_results
from ._from_log import store_activities, store_activity, store_course_map
from ._keys import Course, course_key_of
from ._profiles import learner_turn
from ._recording import (
    keep_instrument,
    record_answers,
    record_asked,
    record_consent,
    record_diagnosis,
    record_goal,
    record_needs,
    record_progress,
    record_targets,
)
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

# --- what is known of a learner -----------------------------------------------------------------


def usernames_refusing(course_key: Course, purpose: str) -> frozenset[str]:
    """Who of a course has refused a use of their answers (one of ``PURPOSES``)."""
    return usernames_of_refusers(course_key_of(course_key), purpose)


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
