"""The tables of features, from the events of any engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import CourseMap
from ..errors import N_, InputError
from ..progress import Progress, Steps
from ..store import to_us
from ._counts import Counts, counts
from ._course_tables import courses, items, site, units, weeks
from ._encoded import Encoded, encoded
from ._frames import engine, kept, on_duckdb
from ._learners import competencies, learner_rows
from ._memory import Memory
from ._structure import Structure, structure

__all__ = ["TABLES", "feature_tables", "learner_features"]

#: Before the tables: looking keys up, four of counting, the shape of the courses.
_STEPS = 6
#: The tables there are, and by which columns their rows are sorted.
TABLES = {
    "learners": ("course_key", "learner"),
    "competencies": ("course_key", "learner", "competency"),
    "items": ("course_key", "usage_key"),
    "units": ("course_key", "place", "unit_key"),
    "courses": ("course_key",),
    "weeks": ("course_key", "monday"),
    "site": ("monday",),
}


def learner_features(
    events: Any,
    *,
    as_of: datetime | None = None,
    course_map: CourseMap | None = None,
    utc_offset: timedelta = timedelta(0),
) -> pa.Table:
    """What every learner did in every course by one day, in numbers (``FEATURES``, docs/features.md).

    Args:
        events: columns of ``store.SCHEMA``, as a pyarrow table or DuckDB relation (DuckDB computes), a pandas frame
            with Arrow types, or a Spark frame.
        as_of: the day, with a time zone; nothing later counts. None for the newest event of each course.
        course_map: which unit trains what and is due when; it counts for the courses that its keys belong to.
        utc_offset: added to UTC for days, weekdays and hours.

    Returns:
        One row for each learner and course, staff left out, sorted by both: ``course_key``, ``learner``,
        ``as_of``, ``stopped_at`` and a column for each feature.

    Raises:
        InputError: ``as_of`` has no time zone.
    """
    return feature_tables(events, ("learners",), as_of=as_of, course_map=course_map, utc_offset=utc_offset)["learners"]


def feature_tables(
    events: Any,
    tables: Sequence[str] = tuple(TABLES),
    *,
    as_of: datetime | None = None,
    course_map: CourseMap | None = None,
    utc_offset: timedelta = timedelta(0),
    ties: pa.Table | None = None,
    state: Path | None = None,
    progress: Progress | None = None,
) -> Mapping[str, pa.Table]:
    """The tables named, of ``TABLES``; for other arguments see ``learner_features``.

    Args:
        ties: which username goes with which id, beside what the events tell: ``EventStore.ties()``.
        state: a folder that remembers the counts of this run: the next one, at any day, counts again only the
            learners whose events have changed. The result is that of a run without it. DuckDB only.
        progress: called with (steps done, steps in all).

    Raises:
        InputError: a table is not known, ``as_of`` has no time zone, or ``state`` is given with another engine.
        StoreError: ``state`` is something else.
        OSError: ``state`` cannot be written.
    """
    for name in tables:
        if name not in TABLES:
            raise InputError(N_("there is no table '{name}'"), accepted=", ".join(TABLES), name=name)
    if state is not None and not on_duckdb(events):
        problem = N_("counts are remembered on DuckDB only")
        raise InputError(problem, accepted=N_("events for DuckDB, or no state"))
    as_of_us = None if as_of is None else to_us(as_of)
    offset_us = utc_offset // timedelta(microseconds=1)
    steps = Steps(progress, _STEPS + len(tables))
    with engine():
        memory = None if state is None else Memory(state, offset_us=offset_us)
        if memory is None:
            known, same = encoded(events, as_of_us=as_of_us, ties=ties)
        else:
            known, same = encoded(events, as_of_us=as_of_us, ties=ties, known=memory.known)
        steps.done()
        found = counts(known.events, offset_us=offset_us, done=steps.done)
        if memory is not None:
            found = memory.merged(known, found, same)
            memory.save(known, found)
        shape = structure(known, found, course_map)
        steps.done()
        return _tables(tables, known, found, shape, offset_us, steps.done)


def _tables(  # noqa: PLR0917
    tables: Sequence[str], known: Encoded, found: Counts, shape: Structure, offset_us: int, done: Callable[[], None]
) -> Mapping[str, pa.Table]:
    learners = None
    if {"learners", "courses"} & set(tables):
        learners = kept(learner_rows(known, found, shape, offset_us=offset_us))
    makers: Mapping[str, Callable[[], Any]] = {
        "learners": lambda: learners,
        "competencies": lambda: competencies(known, found, shape),
        "items": lambda: items(known, found),
        "units": lambda: units(known, found, shape),
        "courses": lambda: courses(known, learners),
        "weeks": lambda: weeks(known, found),
        "site": lambda: site(known, found),
    }
    made = {}
    for name in tables:
        made[name] = _table(name, makers[name]())
        done()
    return made


def _table(name: str, frame: Any) -> pa.Table:
    """The rows, sorted; ``as_of`` as a time."""
    table = frame.collect(backend="pyarrow").to_native()
    at = table.schema.get_field_index("end_us")
    as_of = table["end_us"].cast(pa.timestamp("us", tz="UTC"))
    table = table.set_column(at, pa.field("as_of", as_of.type), as_of)
    if "monday" in table.column_names:
        at = table.schema.get_field_index("monday")
        table = table.set_column(at, "monday", table["monday"].cast(pa.int32()).cast(pa.date32()))
    return table.sort_by([(key, "ascending") for key in TABLES[name]])
