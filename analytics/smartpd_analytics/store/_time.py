"""Times as events have them: whole microseconds since the epoch."""

from __future__ import annotations

from datetime import datetime

from smartpd_analytics import tracking
from smartpd_analytics.errors import N_, InputError
from smartpd_analytics.tracking import from_us

__all__ = ["from_us", "to_us"]


def to_us(time: datetime) -> int:
    """Microseconds since the epoch, for a time that a person has given.

    Raises:
        InputError: ``time`` has no time zone.
    """
    if time.tzinfo is None:
        raise InputError(
            N_("the time {time} has no time zone"),
            accepted=N_("a time such as 2026-10-11T18:00Z"),
            time=time.isoformat(),
        )
    return tracking.to_us(time)
