"""Enrolments. The learner is who is enrolled, which may be someone else than who made the request."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_of
from smartpd_analytics.tracking._values import identifier
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip


def _enrolment(record: Record) -> Fields:
    mode = identifier(record.event.get("mode"))
    return Fields(learner=learner_of(record), payload={"mode": mode} if mode else {})


_ENROLMENT = EventType("enrolment", _enrolment, SERVER)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.course.enrollment.activated": _ENROLMENT,
    "edx.course.enrollment.deactivated": _ENROLMENT,
    "edx.course.enrollment.mode_changed": _ENROLMENT,
    "edx.course.enrollment.upgrade.clicked": EventType("enrolment", _enrolment),
    "edx.course.enrollment.upgrade.succeeded": _ENROLMENT,
}
