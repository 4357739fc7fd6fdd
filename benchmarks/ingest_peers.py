"""What others take for the lines that ingestion is measured on, in seconds a line: pandas and event-routing-backends.

Neither does what ingestion does: the one makes a frame of each chunk and drops it, the other statements.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import orjson

from benchmarks.bench_parse import PEERS, ROOT

#: Lines that event-routing-backends gets: it takes hundreds of microseconds for each.
SAMPLE = 3_000

PANDAS = """
import sys, time
import pandas as pd
began = time.perf_counter()
lines = 0
with pd.read_json(sys.argv[1], lines=True, chunksize=10_000) as chunks:
    for chunk in chunks:
        lines += len(chunk)
print((time.perf_counter() - began) / lines)
"""


def readable(log: Path, to: Path) -> Path:
    """The lines of a log that are JSON, for who stops at the first that is none."""
    with log.open("rb") as lines, to.open("wb") as stream:
        for line in lines:
            try:
                orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            stream.write(line)
    return to


def with_pandas(log: Path) -> float:
    """Seconds a line by the clock of ``pandas.read_json`` in chunks, as it is by default."""
    command = [sys.executable, "-c", PANDAS, str(log)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def with_xapi(log: Path) -> float | None:
    """Seconds a line of event-routing-backends' transformation, or None where it is not installed.

    Lines that it has no transformer for count as lines and take no time.
    """
    if not PEERS.is_dir():
        print("event-routing-backends is not there: make bench puts it into build/peers", file=sys.stderr)
        return None
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder, "sample.log")
        with log.open("rb") as lines:
            sample.write_bytes(b"".join(islice(lines, SAMPLE)))
        command = [sys.executable, "-m", "benchmarks.xapi_peer", str(sample), str(Path(folder, "kept.log"))]
        there = {**os.environ, "PYTHONPATH": str(PEERS)}
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=there).stdout
    seconds, kept = answer.split()
    assert int(kept) > SAMPLE / 10
    return float(seconds) / SAMPLE
