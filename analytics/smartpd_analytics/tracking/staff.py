"""What only staff do. The event's user is the member of staff; ``payload.learner_id`` is whom it was done to."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_named
from smartpd_analytics.tracking._values import integer
from smartpd_analytics.tracking.entry import EventType, Fields, Skip, nothing_more
from smartpd_analytics.tracking.problem import problem_key


def _on_learner(record: Record) -> Fields:
    learner = integer(record.event.get("user_id"))
    return Fields(
        problem_key(record),
        payload={} if learner is None else {"learner_id": learner},
        learner=learner_named(record, record.event.get("instructor_id")),
    )


def _in_studio(record: Record) -> Fields:
    return Fields(learner=learner_named(record, record.event.get("user_id")))


_ON_LEARNER = EventType("staff", _on_learner)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.grades.problem.state_deleted": _ON_LEARNER,
    "edx.grades.problem.rescored": _ON_LEARNER,
    "edx.grades.problem.score_overridden": _ON_LEARNER,
    "edx.grades.subsection.score_overridden": _ON_LEARNER,
    "problem_rescore": _ON_LEARNER,
    "edx.instructor.report.requested": EventType("staff", nothing_more),
    "edx.certificate.generation.enabled": EventType("staff", nothing_more),
    "edx.certificate.generation.disabled": EventType("staff", nothing_more),
    "edx.grades.grading_policy_changed": EventType("staff", _in_studio),
}
