"""From the event table to events that belong to a person: the ground of all features.

Everything here and in the other modules of features is written once, in Narwhals' lazy expressions,
with what its pandas, DuckDB and Spark backends have in common: conditional columns first, plain
aggregations after, windows with an order, integer microseconds. Every sum is a sum of integers, so
no result depends on the order in which threads finish.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ..store import with_person

__all__ = [
    "MICRO",
    "PERSON",
    "flag",
    "lazy_frame",
    "personal_events",
    "rows",
    "settled",
    "was_there",
    "whole",
]

#: What identifies one learner in one course: a username, or the numeric id where no line tells the username.
PERSON = ("course_key", "username", "nameless_id")

#: Microseconds in a second.
MICRO = 1_000_000

_COLUMNS = (
    "time_us",
    "name",
    "kind",
    "source",
    "user_id",
    "username",
    "course_key",
    "usage_key",
    "block_type",
    "unit_key",
    "title",
    "correct",
    "earned",
    "attempt",
    "duration",
    "payload",
    "digest",
)
#: Events that say nothing about the learner being there: bookkeeping of the platform and acts of others.
_ABSENT_KINDS = ("enrolment", "grade", "staff")


def lazy_frame(table: Any) -> Any:
    """A Narwhals lazy frame over ``table``; a pyarrow table is put on DuckDB, any other frame stays on its engine."""
    frame = nw.from_native(table)
    if frame.implementation.is_pyarrow():
        import duckdb

        frame = nw.from_native(duckdb.connect().from_arrow(table))
    return frame.lazy()


def settled(frame: Any) -> Any:
    """The same frame, computed once where its engine would else compute it anew for every question."""
    if frame.implementation.is_duckdb():
        return lazy_frame(frame.collect(backend="pyarrow").to_native())
    if frame.implementation.is_pyspark():
        return nw.from_native(frame.to_native().cache())
    return frame


def rows(frame: Any) -> list[dict[str, Any]]:
    """Run a lazy frame; one dict for each row, in no particular order."""
    found: list[dict[str, Any]] = frame.collect(backend="pyarrow").to_arrow().to_pylist()
    return found


def flag(condition: Any) -> Any:
    """1 where ``condition`` holds, else 0 (also where it is unknown)."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def was_there() -> Any:
    """Whether the learner was there, by ``kind`` and ``source`` of an event."""
    return ~nw.col("kind").is_in(_ABSENT_KINDS) & (nw.col("source") != "task")


def whole(frame: Any, *names: str) -> Any:
    """Sums as 64-bit integers: DuckDB adds up in 128 bits."""
    return frame.with_columns(*(nw.col(name).cast(nw.Int64) for name in names))


def personal_events(table: Any, *, as_of_us: int | None = None) -> Any:
    """The events up to ``as_of_us`` that belong to a person and a course, as a lazy frame.

    Adds ``nameless_id`` (the numeric id where no line tells the username, else -1), ``person_id``
    (numeric id or -1), ``order`` (1, 2, … within a learner and course, by time), ``staff`` (1 for
    everything by people who acted as staff in that course), ``present`` (1 where the learner was there) and
    ``home_unit`` (the unit in which the block stands by most lines), which also fills an empty ``unit_key``.
    """
    events = lazy_frame(table).select(*_COLUMNS)
    if as_of_us is not None:
        events = events.filter(nw.col("time_us") <= as_of_us)
    events = with_person(events)
    events = events.filter(nw.col("course_key") != "", (nw.col("username") != "") | (nw.col("nameless_id") >= 0))
    events = _with_unit(events)
    events = events.with_columns(nw.lit(1).alias("one")).with_columns(
        nw.col("one").cum_sum().over(*PERSON, order_by=["time_us", "digest"]).cast(nw.Int64).alias("order"),
        flag(nw.col("kind") == "staff").max().over(*PERSON).alias("staff"),
        flag(was_there()).alias("present"),
    )
    return settled(events)


def _with_unit(events: Any) -> Any:
    """Mobile and server lines often lack the unit; the other lines of the same block tell it."""
    seen = (
        events.filter(nw.col("usage_key") != "", nw.col("unit_key") != "", nw.col("usage_key") != nw.col("unit_key"))
        .group_by("course_key", "usage_key", "unit_key")
        .agg(nw.len().alias("lines"))
    )
    block = ("course_key", "usage_key")
    home = (
        seen.filter(nw.col("lines") == nw.col("lines").max().over(*block))
        .group_by(*block)
        .agg(nw.col("unit_key").min().alias("home_unit"))
    )
    events = events.join(home, on=list(block), how="left").with_columns(
        nw.coalesce(nw.col("home_unit"), nw.lit("")).alias("home_unit")
    )
    filled = nw.when(nw.col("unit_key") != "").then(nw.col("unit_key")).otherwise(nw.col("home_unit"))
    return events.with_columns(filled.alias("unit_key"))
