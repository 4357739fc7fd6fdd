"""What blocks tell the plugin of a learner: their part of its door (``smartpd.api``).

Each call is all or nothing, and belongs in the transaction that saves the block's state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from opaque_keys.edx.keys import UsageKey
from smartpd_analytics.api import DiagnosisScore, Instrument

from . import _choosing, _writing, instruments
from ._keys import Course, block_key, course_key_of, usage_key_of
from .data import GoalData
from .facts import CourseContext
from .targets import TargetsData

__all__ = [
    "keep_instrument",
    "record_answers",
    "record_asked",
    "record_consent",
    "record_diagnosis",
    "record_goal",
    "record_needs",
    "record_progress",
    "record_targets",
]


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
