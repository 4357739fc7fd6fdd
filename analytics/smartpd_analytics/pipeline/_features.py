"""From a store to the tables of features, on DuckDB or Spark."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ..errors import N_, InputError
from ..features import TABLES, feature_tables
from ..frameworks import load_framework
from ..planning import read_course_map
from ..progress import Progress
from ..store import open_store, spark_errors, spark_session
from ._recommend import FRAMEWORK

__all__ = ["ENGINES", "DayFeatures", "day_features", "store_features"]

ENGINES = ("duckdb", "spark")


def store_features(
    store: str | Path,
    tables: Sequence[str] = tuple(TABLES),
    *,
    as_of: datetime | None = None,
    course_map_path: str | Path | None = None,
    courses: Sequence[str] = (),
    utc_offset: timedelta = timedelta(0),
    state: Path | None = None,
    engine: str = "duckdb",
    master: str = "local[*]",
    progress: Progress | None = None,
) -> Mapping[str, pa.Table]:
    """The tables of features of a store (docs/features.md).

    Args:
        store: the store's folder.
        tables: of ``features.TABLES``.
        as_of: the day, with a time zone; nothing later counts. None for the newest event of each course.
        course_map_path: a course map in YAML or CSV.
        courses: course keys; all when empty.
        utc_offset: added to UTC for days, weekdays and hours.
        state: a folder that remembers what was counted, for the next run (DuckDB only).
        engine: of ``ENGINES``.
        master: address of Spark.
        progress: called with (steps done, steps in all).

    Raises:
        StoreError: there is no store, or ``state`` is something else.
        InputError: a table, course or engine is not known, ``as_of`` has no time zone.
        CourseMapError: the course map as a whole cannot be used.
        MissingExtraError: Spark is not installed.
        SmartPDError: Spark does not start, or could not do its part.
    """
    if engine not in ENGINES:
        raise InputError(N_("there is no engine '{engine}'"), accepted=", ".join(ENGINES), engine=engine)
    if engine != "duckdb" and state is not None:
        raise InputError(N_("counts are remembered on DuckDB only"), accepted=N_("the engine duckdb, or no state"))
    opened = open_store(store)
    _check_courses(courses, [course.course_key for course in opened.courses()])
    course_map = None
    if course_map_path is not None:
        course_map = read_course_map(course_map_path, load_framework(FRAMEWORK))
    options: dict[str, Any] = {
        "progress": progress,
        "as_of": as_of,
        "course_map": course_map,
        "utc_offset": utc_offset,
        # Nothing that was not known on that day.
        "ties": opened.ties(until=None if as_of is None else as_of + timedelta(microseconds=1)),
    }
    files = opened.parquet_files(courses=courses)
    if not files:
        return feature_tables(opened.arrow(), tables, **options)
    if engine == "duckdb":
        return feature_tables(files, tables, state=state, **options)
    spark, new = spark_session("smartpd features", master)
    try:
        with spark_errors():
            events = spark.read.parquet(*(str(path.resolve()) for path in files))
            return feature_tables(events, tables, **options)
    finally:
        if new:
            spark.stop()


@dataclass(frozen=True, slots=True)
class DayFeatures:
    """Tables of the same days of several course runs.

    ``without_start`` are courses of the store that the table of runs does not have; ``not_reached`` are (course, day)
    that begin after the newest event of the store or after the end of the run.
    """

    tables: Mapping[str, pa.Table]
    without_start: tuple[str, ...]
    not_reached: tuple[tuple[str, int], ...]


def day_features(
    store: str | Path,
    runs: str | Path | pd.DataFrame,
    days: Sequence[int],
    tables: Sequence[str] = ("learners",),
    *,
    courses: Sequence[str] = (),
    progress: Progress | None = None,
    **options: Any,
) -> DayFeatures:
    """Features of each course run on the same days of it, counted from its own start: what a model is trained on.

    Args:
        store: the store's folder.
        runs: a table with ``course_key`` and ``starts`` and, if wanted, ``ends``: days of the run. It may have many
            rows for a course, as outcomes have.
        days: from 1, the day on which a run starts. Of each day everything to its end in UTC counts.
        tables: of ``features.TABLES``, without ``site``.
        courses: course keys; all of the store that ``runs`` has when empty.
        progress: called with (steps done, steps in all).
        options: ``course_map_path``, ``utc_offset``, ``engine`` and ``master`` as of ``store_features``.

    Raises:
        InputError: as ``store_features``; ``runs`` is not what is accepted; no run has reached any of the days.
    """
    from ..prediction import read_runs

    if "site" in tables:
        raise InputError(N_("the table site is of one day of all courses"), accepted=N_("another table, or as_of"))
    if bad := [day for day in days if day < 1]:
        raise InputError(N_("a run has no day {day}"), accepted=N_("1 and later"), day=bad[0])
    known = {course.course_key: course for course in open_store(store).courses()}
    _check_courses(courses, known)
    found = read_runs(runs)
    newest = max((course.last for course in known.values()), default=None)
    wanted: list[tuple[str, datetime]] = []
    not_reached = []
    for course in courses or known:
        for day in sorted(set(days)) if course in found else ():
            starts, ends = found[course]
            begins = datetime(starts.year, starts.month, starts.day, tzinfo=UTC) + timedelta(days=day - 1)
            if newest is None or begins > newest or (ends is not None and begins.date() > ends):
                not_reached.append((course, day))
            else:
                wanted.append((course, begins + timedelta(days=1, microseconds=-1)))
    if not wanted:
        raise InputError(
            N_("no course run of the store has reached one of these days"),
            file="" if isinstance(runs, pd.DataFrame) else str(runs),
            accepted=N_("the course_key of a course of the store, and a day after its start"),
        )
    parts = []
    for number, (course, as_of) in enumerate(wanted):
        part = progress and _part_of(progress, number, len(wanted))
        parts.append(store_features(store, tables, courses=[course], as_of=as_of, progress=part, **options))
    keys = {name: [(key, "ascending") for key in (*TABLES[name][:1], "as_of", *TABLES[name][1:])] for name in tables}
    return DayFeatures(
        {name: pa.concat_tables([part[name] for part in parts]).sort_by(keys[name]) for name in tables},
        tuple(course for course in courses or known if course not in found),
        tuple(not_reached),
    )


def _part_of(progress: Progress, number: int, parts: int) -> Progress:
    return lambda done, total: progress(number * total + done, parts * total)


def _check_courses(courses: Sequence[str], known: Collection[str]) -> None:
    for course in courses:
        if course not in known:
            accepted = ", ".join(known) or N_("none: it is empty")
            raise InputError(N_("the store has no course '{course}'"), accepted=accepted, course=course)
