"""Whose event it is, where that may be someone else than who made the request."""

from __future__ import annotations

from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record, user_id_of
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
    requested = record.context.user_id
    # The platform writes the one as a text and the other as a number.
    if type(user_id) is str:
        return _LEARNER[user_id, requested]
    return None if user_id == requested else _learner((user_id, requested))


def _learner(named: tuple[object, int | str | None]) -> Person | None:
    user_id, requested = named
    found = integer(user_id)
    return None if user_id == requested or found is None or found == user_id_of(requested) else (found, "")


_LEARNER: Memo[tuple[str, int | str | None], Person | None] = Memo(_learner)
