"""The files of events: one course and one month each, in order of time, and never changed once they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from smartpd_analytics.store._arrow import numbers_of
from smartpd_analytics.store._columns import Rows
from smartpd_analytics.store._layout import partition
from smartpd_analytics.store._manifest import DataFile
from smartpd_analytics.store._schema import SCHEMA

#: Rows of one row group: what a reader of one course or one week has to unpack at a time.
_ROW_GROUP = 131_072
_PLAIN = frozenset({"time", "time_us", "digest", "earned", "possible", "position", "duration"})
WRITING: dict[str, Any] = {
    # Many files are small, and of such a one zstd takes half the time.
    "compression": "snappy",
    # Rows are in order of time, and of one course; about anything else a range tells nothing.
    "write_statistics": ["time", "time_us", "course_key"],
    "use_dictionary": [name for name in SCHEMA.names if name not in _PLAIN],
    "row_group_size": _ROW_GROUP,
    "store_schema": False,
}


def write_events(store: Path, rows: Rows, *, name: str, generation: int, fresh: set[Path]) -> list[DataFile]:
    """Write events, one file for each course and month; ``fresh`` gets what is to be made to last."""
    codes, courses = rows.courses()
    times = rows.columns["time_us"]
    months = months_of(times)
    order = np.lexsort((times, months, codes))
    codes, months = codes[order], months[order]
    cuts = np.flatnonzero((np.diff(codes) != 0) | (np.diff(months) != 0)) + 1
    files = []
    for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(times)], strict=True):
        table = rows.where(order[start:end]).table()
        where = courses[codes[start]], month_named(months[start])
        files.append(_write_file(store, table, where, name=name, generation=generation, fresh=fresh))
    return files


def write_anew(
    store: Path, table: pa.Table, where: tuple[str, str], *, name: str, generation: int, fresh: set[Path]
) -> DataFile:
    """Write events that are all of one course and month (``where``) into one file."""
    table = table.sort_by("time_us").combine_chunks()
    return _write_file(store, table, where, name=name, generation=generation, fresh=fresh)


def _write_file(
    store: Path, table: pa.Table, where: tuple[str, str], *, name: str, generation: int, fresh: set[Path]
) -> DataFile:
    """Write events of one course and month, which are in order of time."""
    folder = partition(*where)
    path = store / folder / name
    if path.parent not in fresh:
        missing = [parent for parent in (path.parent, *path.parent.parents) if not parent.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.update(parent.parent for parent in missing)
        fresh.add(path.parent)
    pq.write_table(table, path, **WRITING)
    fresh.add(path)
    times = numbers_of(table["time_us"].chunk(0))
    return DataFile(
        path=f"{folder}/{name}",
        course_key=where[0],
        month=where[1],
        rows=len(table),
        bytes=path.stat().st_size,
        min_us=int(times[0]),
        max_us=int(times[-1]),
        generation=generation,
    )


def months_of(times: np.ndarray) -> np.ndarray:
    """Months since 1970-01, UTC."""
    return times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def month_named(number: int) -> str:
    return str(np.datetime64(int(number), "M"))
