"""Grades and certificates. The learner is ``event.user_id``, a string; points are weighted.

``earned`` and ``possible`` are points for problems and subsections, and share of 1.0 for courses.
``edx.grades.problem.submitted`` also comes from blocks that are no problems.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_of
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip, nothing_more


def _graded(key_field: str, earned_field: str, possible_field: str) -> EventType:
    def extract(record: Record) -> Fields:
        event = record.event
        fields = learner_of(record)
        fields["usage_key"] = record.usage_key(event.get(key_field))
        fields["earned"] = number(event.get(earned_field))
        fields["possible"] = number(event.get(possible_field))
        return fields

    return EventType("grade", extract, SERVER)


def _course(record: Record) -> Fields:
    share = number(record.event.get("percent_grade"))
    return {**learner_of(record), "earned": share, "possible": None if share is None else 1.0}


_PASSING = EventType("grade", learner_of, SERVER)

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
