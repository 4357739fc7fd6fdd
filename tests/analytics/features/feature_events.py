"""Small logs for the tests of the features: events written by hand, as the table that features read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

import pyarrow as pa
from smartpd_analytics.data import Event
from smartpd_analytics.store import SCHEMA, batch_of

COURSE = "course-v1:Org+C1+R1"
START = datetime(2026, 9, 7, 6, tzinfo=UTC)
_serial = count(1)


def key(block_type: str, block_id: str, course: str = COURSE) -> str:
    return f"{course.replace('course-v1:', 'block-v1:')}+type@{block_type}+block@{block_id}"


def at(seconds: float = 0, *, days: float = 0) -> int:
    moment = START + timedelta(days=days, seconds=seconds)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def event(time_us: int, name: str, kind: str, username: str = "ona", **more) -> Event:
    usage_key = more.get("usage_key", "")
    values = {
        "source": "server",
        "user_id": None,
        "course_key": COURSE,
        "usage_key": "",
        "block_type": usage_key.partition("+type@")[2].partition("+")[0],
        "unit_key": "",
        "session": "",
        "title": "",
        "earned": None,
        "possible": None,
        "attempt": None,
        "correct": None,
        "position": None,
        "duration": None,
        "client": "web",
        "payload": {},
        "digest": next(_serial).to_bytes(16, "big"),
        **more,
    }
    return Event(time_us=time_us, name=name, kind=kind, username=username, **values)


def opened(time_us: int, unit: str, username: str = "ona", **more) -> Event:
    unit_key = key("vertical", unit)
    return event(time_us, "page_view", "page", username, usage_key=unit_key, unit_key=unit_key, **more)


def answered(time_us: int, problem: str, right: bool, username: str = "ona", *, unit: str = "u1", **more) -> Event:
    return event(
        time_us,
        "problem_check",
        "problem",
        username,
        usage_key=key("problem", problem),
        unit_key=key("vertical", unit) if unit else "",
        title=f"Problem {problem}",
        earned=float(right),
        possible=1.0,
        correct=right,
        **more,
    )


def video(time_us: int, name: str, block: str, username: str = "ona", *, unit: str = "u1", **more) -> Event:
    return event(
        time_us,
        name,
        "video",
        username,
        usage_key=key("video", block),
        unit_key=key("vertical", unit) if unit else "",
        **{"source": "browser", **more},
    )


def enrolled(time_us: int, username: str = "ona", *, still: bool = True, **more) -> Event:
    name = f"edx.course.enrollment.{'activated' if still else 'deactivated'}"
    return event(time_us, name, "enrolment", username, **more)


def staff(time_us: int, username: str = "boss", **more) -> Event:
    return event(time_us, "staff_page", "staff", username, **more)


def table_of(events: Iterable[Event]) -> pa.Table:
    """The table that the store gives for these events."""
    ordered = sorted(events, key=lambda each: (each.time_us, each.digest))
    return pa.Table.from_batches([batch_of(ordered)], schema=SCHEMA)
