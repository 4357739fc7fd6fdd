"""What the engines do differently, in one place: where a table comes from, where a step is kept, how it ends."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

__all__ = [
    "copied",
    "engine",
    "flag",
    "kept",
    "lazy",
    "on_duckdb",
    "pushed",
    "read_parquet",
    "remainder",
    "share",
    "union",
]

#: What DuckDB may use, and beyond which it works on disk.
MEMORY = "600MB"
_BATCH = 65_536
_serial = itertools.count()


@dataclass(slots=True)
class _Run:
    """The DuckDB of one run, in which it keeps its tables."""

    con: Any = None


_run: ContextVar[_Run | None] = ContextVar("_run", default=None)


@contextmanager
def engine(*, memory: str = MEMORY) -> Iterator[None]:
    """Inside it steps may be kept; at its end they are let go.

    DuckDB keeps them in memory up to ``memory``, and what is more in a folder that is removed.
    """
    with tempfile.TemporaryDirectory(prefix="smartpd-features-") as folder:
        mine = _Run()
        token = _run.set(mine)
        try:
            import duckdb

            config = {"memory_limit": memory, "temp_directory": folder, "preserve_insertion_order": False}
            mine.con = duckdb.connect(config=config)
            # It would write into the standard output of whoever calls.
            mine.con.execute("SET enable_progress_bar = false")
            yield
        finally:
            _run.reset(token)
            if mine.con is not None:
                mine.con.close()


def _current() -> _Run:
    mine = _run.get()
    if mine is None:
        raise RuntimeError("a step is kept outside of engine()")
    return mine


def lazy(table: Any, columns: Sequence[str]) -> Any:
    """A lazy frame with these columns of ``table``.

    Files in Parquet (their paths), a pyarrow table and a relation of DuckDB are put on the run's DuckDB; any
    other frame stays on its engine.
    """
    con = _current().con
    if isinstance(table, (list, tuple)):
        return read_parquet(table).select(*columns)
    frame = nw.from_native(table).lazy() if nw.from_native(table).implementation.is_duckdb() else nw.from_native(table)
    frame = frame.select(*columns)
    if frame.implementation.is_duckdb():
        # Another connection's relation cannot be joined with our tables.
        return nw.from_native(copied(frame.to_native(), con, "events"))
    if frame.implementation.is_pyarrow():
        return nw.from_native(con.from_arrow(frame.to_native()))
    return frame.lazy()


def on_duckdb(table: Any) -> bool:
    """Whether DuckDB computes on ``table``."""
    if isinstance(table, (list, tuple)):
        return True
    kind = nw.from_native(table).implementation
    return bool(kind.is_duckdb() or kind.is_pyarrow())


def read_parquet(paths: Sequence[Path]) -> Any:
    """Files in Parquet on the run's DuckDB."""
    con = _current().con
    return nw.from_native(con.read_parquet([str(path) for path in paths], hive_partitioning=False)).lazy()


def copied(relation: Any, con: Any, name: str) -> Any:
    """A relation of some connection as a new table of another one."""
    # Its name in DuckDB 1 is the second.
    read = getattr(relation, "to_arrow_reader", None) or relation.fetch_record_batch
    con.register("given", read(_BATCH))
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
    con.unregister("given")
    return con.table(name)


def union(first: Any, second: Any) -> Any:
    """The rows of both, with the columns and types of the first."""
    typed = [nw.col(name).cast(kind) for name, kind in first.collect_schema().items()]
    return nw.concat([first, second.select(*typed)], how="vertical")


def kept(frame: Any) -> Any:
    """The same frame, computed once where its engine would else compute it anew for every question."""
    mine = _current()
    native = frame.to_native()
    if frame.implementation.is_duckdb():
        name = f"kept_{next(_serial)}"
        mine.con.execute(f"CREATE TABLE {name} AS {native.sql_query()}")
        return nw.from_native(mine.con.table(name))
    if frame.implementation.is_pyspark():
        # Only a checkpoint cuts the plan short, which else doubles with every join of a step with itself.
        return nw.from_native(native.localCheckpoint(eager=False))
    return frame


def pushed(beside: Any, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str]) -> Any:
    """A small table on the engine of the frame ``beside``; ``kinds`` are SQL types: BIGINT, DOUBLE or VARCHAR."""
    rows = list(zip(*(columns[name] for name in kinds), strict=True))
    native = beside.to_native()
    if beside.implementation.is_duckdb():
        con, name = _current().con, f"kept_{next(_serial)}"
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in kinds.items())})")
        if rows:
            values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
            con.execute(f"INSERT INTO {name} VALUES {values}")  # noqa: S608
        return nw.from_native(con.table(name))
    if beside.implementation.is_pyspark():
        spark = {"BIGINT": "bigint", "DOUBLE": "double", "VARCHAR": "string"}
        schema = ", ".join(f"{name} {spark[kind]}" for name, kind in kinds.items())
        return nw.from_native(native.sparkSession.createDataFrame(rows, schema))
    import pandas as pd
    import pyarrow as pa

    arrow = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "VARCHAR": pa.string()}
    table = pa.table({name: pa.array(columns[name], arrow[kind]) for name, kind in kinds.items()})
    return nw.from_native(table.to_pandas(types_mapper=pd.ArrowDtype)).lazy()


def arrow_beside(beside: Any, table: Any) -> Any:
    """An Arrow table on the engine of the frame ``beside``."""
    if beside.implementation.is_duckdb():
        con, name = _current().con, f"kept_{next(_serial)}"
        con.register("given", table)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
        con.unregister("given")
        return nw.from_native(con.table(name))
    if beside.implementation.is_pyspark():
        return nw.from_native(beside.to_native().sparkSession.createDataFrame(table))
    import pandas as pd

    return nw.from_native(table.to_pandas(types_mapper=pd.ArrowDtype)).lazy()


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def flag(condition: Any) -> Any:
    """1 where ``condition`` holds, else 0 (also where it is unknown)."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int32)


def remainder(value: Any, of: int) -> Any:
    """What is left of a whole number; pandas has no modulo for Arrow's."""
    return value - value // of * of


def share(part: Any, of: Any) -> Any:
    """``part / of`` as a floating point number; null where ``of`` is 0 or null."""
    return nw.when(of > 0).then(part.cast(nw.Float64) / of.cast(nw.Float64))
