"""Grades and certificates. The learner is ``event.user_id``, a string; points are weighted.

``earned`` and ``possible`` are points for problems and subsections, and share of 1.0 for courses.
``edx.grades.problem.submitted`` also comes from blocks that are no problems.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import astuple

from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_named, learner_of
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip, nothing_more

_COURSE = PayloadFields("user_id", "percent_grade")


def _graded(key_field: str, earned_field: str, possible_field: str) -> EventType:
    wanted = PayloadFields("user_id", key_field, earned_field, possible_field)

    def extract(record: Record) -> Fields:
        user_id, key, earned, possible = astuple(record.sent(wanted))
        return Fields(
            record.usage_key(key),
            earned=number(earned),
            possible=number(possible),
            learner=learner_named(record, user_id),
        )

    return EventType("grade", extract, SERVER)


def _course(record: Record) -> Fields:
    sent = record.sent(_COURSE)
    share = number(sent.percent_grade)
    return Fields(earned=share, possible=None if share is None else 1.0, learner=learner_named(record, sent.user_id))


def _passing(record: Record) -> Fields:
    return Fields(learner=learner_of(record))


_PASSING = EventType("grade", _passing, SERVER)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.grades.problem.submitted": _graded("problem_id", "weighted_earned", "weighted_possible"),
    "edx.grades.subsection.grade_calculated": _graded("block_id", "weighted_total_earned", "weighted_total_possible"),
    "edx.grades.course.grade_calculated": EventType("grade", _course, SERVER),
    "edx.course.grade.passed.first_time": _PASSING,
    "edx.course.grade.now_passed": _PASSING,
    "edx.course.grade.now_failed": _PASSING,
    "edx.certificate.created": _PASSING,
    "edx.certificate.shared": EventType("other", nothing_more),
    "edx.certificate.evidence_visited": Skip("companion"),
}
