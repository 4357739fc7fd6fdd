"""The features of a million events, beside the same features written by hand in plain Polars, results compared."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from smartpd_analytics import pipeline

from benchmarks import plain_polars
from benchmarks.figure import Figure, ratio

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "demo" / "tracking" / "tracking.log.gz"
EVENTS = 1_000_000
#: Copies of the log that share a course.
RUNS = 20
_RUN_OF = {"demo": "demo", "platform": "2026"}


def _source() -> tuple[Path, str]:
    """A log of a real platform where the shared data lies, else the demo's; and what names its run in the keys."""
    places = [os.environ.get("SMARTPD_SHARED", ""), *(str(parent / "shared") for parent in ROOT.parents)]
    for place in filter(None, places):
        log = Path(place) / "data" / "tracking" / "platform" / "lms"
        if log.exists():
            return log, _RUN_OF["platform"]
    print("the shared data is not there: the demo's log is multiplied instead", file=sys.stderr)
    return SHIPPED, _RUN_OF["demo"]


def multiplied(target: Path, events: int) -> None:
    """A real log again and again, each time with other learners at another time, in ``RUNS`` courses."""
    log, run = _source()
    table = pipeline.read_event_log([log]).table
    writer = pq.ParquetWriter(target, table.schema, compression="zstd")
    written = copy = 0
    with writer:
        while written < events:
            part = _copy(table, copy, run).slice(0, events - written)
            writer.write_table(part)
            written, copy = written + part.num_rows, copy + 1


def _copy(table: pa.Table, copy: int, run: str) -> pa.Table:
    def put(name: str, values: pa.ChunkedArray) -> None:
        nonlocal table
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), values)

    for name in ("course_key", "usage_key", "unit_key"):
        put(name, pc.replace_substring(table[name], run, f"{run}c{copy % RUNS}"))
    named = pc.binary_join_element_wise(table["username"], str(copy), "-")
    put("username", pc.if_else(pc.equal(table["username"], ""), "", named))
    put("user_id", pc.add(table["user_id"], copy * 100_000))
    put("time_us", pc.add(table["time_us"], copy * 3_607_000_000))
    return table


def assert_equal(ours: pa.Table, peer: pa.Table) -> None:
    """The same rows and columns, to the last digit but one."""
    assert ours.num_rows == peer.num_rows
    for name in set(ours.column_names) - {"as_of"}:
        for mine, other in zip(ours[name].to_pylist(), peer[name].to_pylist(), strict=True):
            near = isinstance(mine, float) and isinstance(other, float) and math.isclose(mine, other, rel_tol=1e-12)
            assert near or mine == other, (name, mine, other)


def _peak_memory(log: Path) -> float:
    """Bytes resident at most, in a process of its own.

    Of Linux's two marks the one that begins anew with a program: ``ru_maxrss`` takes over that of whoever started it.
    """
    code = (
        "import sys; from pathlib import Path; from smartpd_analytics import pipeline; "
        "pipeline.feature_tables([sys.argv[1]]); print(Path('/proc/self/status').read_text())"
    )
    done = subprocess.run([sys.executable, "-c", code, str(log)], capture_output=True, text=True, check=True)
    mark = next(line for line in done.stdout.splitlines() if line.startswith("VmHWM:"))
    return float(mark.split()[1]) * 1024


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "events.parquet"
        multiplied(log, EVENTS)
        assert_equal(pipeline.learner_features([log]), plain_polars.learners(log).to_arrow())
        times = ratio(lambda: pipeline.learner_features([log]), lambda: plain_polars.learners(log), pairs=3)
        many = Path(folder) / "many.parquet"
        multiplied(many, 4 * EVENTS)
        return [
            Figure(
                "features_over_plain_polars",
                times,
                must=1.5,
                aim=1.0,
                unit="times the wall time of the same features in plain Polars, 1 million events",
            ),
            Figure(
                "features_peak_memory",
                _peak_memory(many) / 1e9,
                must=1.0,
                aim=0.8,
                unit="GB resident at most, all tables of 4 million events",
            ),
        ]
