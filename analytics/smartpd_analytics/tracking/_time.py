"""When an event happened: dates and times of the years in which there are tracking logs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

__all__ = ["FIRST_YEAR", "LAST_YEAR", "from_us", "in_time", "time_of", "to_us"]

FIRST_YEAR, LAST_YEAR = 2000, 2100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: A date without a time of day would put an event hours away from where it was.
_SHORTEST = len("2000-01-01T00")


def time_of(value: object) -> datetime | None:
    """The date and time that a text gives by RFC 3339 or ISO 8601, with a zone (UTC where it gives none).

    None for anything else, and outside of the years 2000 to 2100.
    """
    if not isinstance(value, str) or len(value) < _SHORTEST:
        return None
    for read in (_as_rfc_3339, datetime.fromisoformat):
        try:
            time = read(value.strip())
        except (ValueError, msgspec.ValidationError):
            continue
        return time.replace(tzinfo=time.tzinfo or UTC) if in_time(time) else None
    return None


def _as_rfc_3339(value: str) -> datetime:
    """As a whole line is read, so that a time is the same whoever reads it."""
    return msgspec.convert(value, datetime)


def in_time(time: datetime) -> bool:
    """Whether it is in the years 2000 to 2100 in UTC."""
    try:
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return False
    return FIRST_YEAR <= time.year <= LAST_YEAR


def to_us(time: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z."""
    return (time - _EPOCH) // _MICROSECOND


def from_us(time_us: int) -> datetime:
    """The time that is so many microseconds after 1970-01-01T00:00Z."""
    return _EPOCH + time_us * _MICROSECOND
