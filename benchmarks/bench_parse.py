"""From bytes to canonical events as Arrow batches, on one core: beside a bare ``orjson.loads`` of every line, chunked
``pandas.read_json`` and event-routing-backends' transformation to xAPI.

The log is a real platform's (``../shared/data/tracking/platform``, or ``$SMARTPD_SHARED``) copied under later years
and other learners; where that is not there, the shipped demo's.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pandas as pd
from smartpd_analytics.store import parse_block

from benchmarks.figure import Figure, ratio

ROOT = Path(__file__).resolve().parents[1]
#: Where what must not be in the environment of the demo is installed.
PEERS = ROOT / "build" / "peers"
LINES = 40_000
PEER_LINES = 3_000
TIME = re.compile(rb'"time": "\d{4}-')
USER_ID = re.compile(rb'"user_id": ("?)(\d+)')
USERNAME = re.compile(rb'"username": "(\w+)"')


def shared() -> Path | None:
    """The folder of shared data, where there is one."""
    places = [Path(os.environ["SMARTPD_SHARED"])] if "SMARTPD_SHARED" in os.environ else []
    places += [parent / "shared" for parent in ROOT.parents]
    return next((place for place in places if (place / "data/tracking/platform/lms").is_dir()), None)


def log_lines() -> list[bytes]:
    """The lines that are copied."""
    folder = shared()
    if folder is None:
        print("no shared data here: the demo's log is measured instead", file=sys.stderr)
        return gzip.decompress((ROOT / "demo/tracking/tracking.log.gz").read_bytes()).splitlines()
    found: list[bytes] = []
    for path in sorted((folder / "data/tracking/platform/lms").iterdir()):
        data = path.read_bytes()
        found += (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    return found


def grown(count: int) -> list[bytes]:
    """``count`` lines: each copy of the log in another year or with other learners, so that none is a duplicate."""
    lines = log_lines()
    copies: list[bytes] = []
    copy = 0
    while len(copies) < count:
        year, more = b'"time": "%d-' % (2000 + copy % 25), copy * 1_000
        for line in lines[: count - len(copies)]:
            other = USER_ID.sub(lambda found, more=more: b'"user_id": %s%d' % (found[1], int(found[2]) + more), line)
            other = USERNAME.sub(rb'"username": "\1_%d"' % copy, other)
            copies.append(TIME.sub(year, other, count=1))
        copy += 1
    return copies


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Median of some runs, caches warm; of the processor, for all here runs on one core and other programs may run."""
    work()
    found = []
    for _run in range(runs):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return statistics.median(found)


def with_pandas(data: bytes) -> None:
    with pd.read_json(io.BytesIO(data), lines=True, chunksize=10_000, convert_dates=False) as chunks:
        for _chunk in chunks:
            pass


def beside_xapi(lines: list[bytes]) -> float:
    """Lines a second of ours divided by event-routing-backends', on the lines that it has a transformer for."""
    with tempfile.TemporaryDirectory() as folder:
        log, kept = Path(folder, "all.log"), Path(folder, "kept.log")
        log.write_bytes(b"\n".join(lines) + b"\n")
        command = [sys.executable, "-m", "benchmarks.xapi_peer", str(log), str(kept)]
        there = {**os.environ, "PYTHONPATH": str(PEERS)}
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=there).stdout
        theirs, count = float(answer.split()[0]), int(answer.split()[1])
        data = kept.read_bytes()
    assert count > 100
    return theirs / seconds(lambda: parse_block(data))


def measure() -> list[Figure]:
    lines = grown(LINES)
    data = b"\n".join(lines) + b"\n"
    blocks = [b"\n".join(lines[at : at + 3_000]) + b"\n" for at in range(0, LINES, 3_000)]

    def ours() -> None:
        for block in blocks:
            parse_block(block)

    def bare() -> None:
        for line in lines:
            orjson.loads(line)

    parsed = [parse_block(block) for block in blocks]
    assert sum(block.read for block in parsed) == LINES
    assert sum(block.batch.num_rows for block in parsed) > LINES / 3
    found = [
        Figure(
            "parse_over_bare_orjson",
            ratio(ours, bare, clock=time.process_time),
            must=3,
            aim=2,
            unit="times the time of a bare orjson loop over the same lines, one core each",
        ),
        Figure(
            "parse_lines_per_second_over_pandas",
            seconds(lambda: with_pandas(data)) / seconds(ours),
            must=10,
            aim=20,
            unit="times the lines a second of pandas.read_json in chunks, one core each",
            better="more",
        ),
    ]
    if not PEERS.is_dir():
        print("event-routing-backends is not there: make bench puts it into build/peers", file=sys.stderr)
        return found
    return [
        *found,
        Figure(
            "parse_lines_per_second_over_xapi",
            beside_xapi(lines[:PEER_LINES]),
            must=60,
            aim=120,
            unit="times the lines a second of event-routing-backends, on the lines it transforms, one core each",
            better="more",
        ),
    ]
