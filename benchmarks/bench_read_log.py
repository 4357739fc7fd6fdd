"""Reading a tracking log: from bytes to canonical events, beside a bare ``orjson.loads`` of every line."""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path

import orjson
from smartpd_analytics import pipeline

from benchmarks.figure import Figure, ratio

SHIPPED = Path(__file__).resolve().parents[1] / "demo" / "tracking" / "tracking.log.gz"
LINES = 40_000
TIME = re.compile(rb'"time": "(\d{4})')


def grown(target: Path) -> list[bytes]:
    """The demo's log copied under later years until it has ``LINES`` lines: copies differ, so none is a duplicate."""
    lines = gzip.decompress(SHIPPED.read_bytes()).splitlines()
    copies: list[bytes] = []
    year = 2000
    while len(copies) < LINES:
        copies += [TIME.sub(b'"time": "%d' % year, line) for line in lines]
        year += 1
    copies = copies[:LINES]
    target.write_bytes(b"\n".join(copies) + b"\n")
    return copies


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "tracking.log"
        lines = grown(log)

        def bare() -> None:
            for line in lines:
                orjson.loads(line)

        account = pipeline.read_event_log([log]).account
        assert account.read == LINES
        assert account.accepted > 0
        events = pipeline.read_event_log([log]).table
        return [
            Figure(
                "read_log_over_bare_orjson",
                ratio(lambda: pipeline.read_event_log([log]), bare),
                must=20,
                aim=8,
                unit="times the wall time of a bare orjson loop over the same lines, one core each",
            ),
            Figure(
                "features_over_reading",
                ratio(lambda: pipeline.learner_activity(events), lambda: pipeline.read_event_log([log])),
                must=1.5,
                aim=0.5,
                unit="times the wall time of reading the same log",
            ),
        ]
