"""From a store to the tables of features, on DuckDB or Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import InputError
from ..features import TABLES, feature_tables
from ..frameworks import load_framework
from ..planning import read_course_map
from ..store import open_store, spark_errors, spark_session
from ._recommend import FRAMEWORK

__all__ = ["ENGINES", "store_features"]

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

    Raises:
        StoreError: there is no store, or ``state`` is something else.
        InputError: a table, course or engine is not known, ``as_of`` has no time zone.
        CourseMapError: the course map as a whole cannot be used.
        MissingExtraError: Spark is not installed.
        SmartPDError: Spark does not start, or could not do its part.
    """
    if engine not in ENGINES:
        raise InputError(f"there is no engine {engine!r}", accepted=", ".join(ENGINES))
    if engine != "duckdb" and state is not None:
        raise InputError("counts are remembered on DuckDB only", accepted="engine duckdb, or no state")
    opened = open_store(store)
    known = [course.course_key for course in opened.courses()]
    for course in courses:
        if course not in known:
            raise InputError(f"the store has no course {course!r}", accepted=", ".join(known) or "none: it is empty")
    course_map = None
    if course_map_path is not None:
        course_map = read_course_map(course_map_path, load_framework(FRAMEWORK))
    options: dict[str, Any] = {
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
