"""Times as events have them: whole microseconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smartpd_analytics.errors import N_, InputError

__all__ = ["from_us", "to_us"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(time: datetime) -> int:
    """Microseconds since the epoch.

    Raises:
        InputError: ``time`` has no time zone.
    """
    if time.tzinfo is None:
        raise InputError(
            N_("the time {time} has no time zone"),
            accepted=N_("a time such as 2026-10-11T18:00Z"),
            time=time.isoformat(),
        )
    return (time - _EPOCH) // timedelta(microseconds=1)


def from_us(time_us: int) -> datetime:
    """A time in UTC."""
    return _EPOCH + timedelta(microseconds=time_us)
