"""Whose event it is, where that may be someone else than who made the request."""

from __future__ import annotations

from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import integer
from smartpd_analytics.tracking.entry import Person

_WHO = PayloadFields("user_id")


def learner_of(record: Record) -> Person | None:
    """The learner that the payload names by ``user_id``; None where that is who made the request, or nobody."""
    return learner_named(record, record.sent(_WHO).user_id)


def learner_named(record: Record, user_id: object) -> Person | None:
    """The learner whom a payload names by ``user_id``; None where that is who made the request, or nobody.

    The line's username belongs to who made the request (for grades it may be staff or empty), so it is
    kept only where both are the same person.
    """
    if user_id == record.context.user_id:
        return None
    named = integer(user_id)
    if named is None or named == record.user_id:
        return None
    return named, ""
