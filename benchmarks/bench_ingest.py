"""Ingestion into a store: time beside a bare ``orjson.loads`` loop and other readers, growth, memory, exponent of time.

The log is a simulated one of some courses, again and again: later, with other learners, as other runs.
``SMARTPD_BENCH_LINES`` is how many lines (200,000 unless told otherwise; 1000000 is a log of about 1 GB,
10000000 takes some minutes and 12 GB of disk), ``SMARTPD_BENCH_FOLDER`` where they are put meanwhile.
"""

from __future__ import annotations

import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from smartpd_analytics import pipeline

from benchmarks.figure import Figure
from benchmarks.ingest_peers import readable, with_pandas, with_xapi

#: Lines of the simulated log that is copied.
BASE = 20_000
LINES = int(os.environ.get("SMARTPD_BENCH_LINES", "200000"))
WORKERS = 2
#: Copies of the log before they start from the first day again, with other learners and courses.
_TURNS = 100
REPEATS = 3 if LINES <= 1_000_000 else 1
GIGABYTE = 1_073_741_824

TIME = re.compile(rb'"time": "(\d{4}-\d\d-\d\d)')
WHO = re.compile(rb'("username": "[^"]+|"user_id": "?[1-9]\d*)')
RUN = re.compile(rb"(course-v1:[^+\"\\]+\+[^+\"\\]+\+[^+\"/?&\\]+|block-v1:[^+\"\\]+\+[^+\"\\]+\+[^+\"\\]+)")

BARE = """
import sys, time, orjson
began = time.perf_counter()
with open(sys.argv[1], "rb") as stream:
    for line in stream:
        try:
            orjson.loads(line)
        except ValueError:
            pass
print(time.perf_counter() - began)
"""
OURS = """
import sys, time
began = time.perf_counter()
from smartpd_analytics.store import StoreOptions, ingest
report = ingest([sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]))
print(time.perf_counter() - began, report.lines.read)
"""


def copies(lines: list[bytes]) -> Iterator[bytes]:
    """A log for ever: each copy of its lines starts where the one before ended."""
    days = sorted({found[1] for line in lines if (found := TIME.search(line))})
    first = date.fromisoformat(days[0].decode())
    length = (date.fromisoformat(days[-1].decode()) - first).days + 1
    start = date(2001, 1, 1)
    number = 0
    while True:
        # Within the past: what is later than now cannot be.
        moved = start + timedelta(days=number % _TURNS * length) - first
        later = {day: b'"time": "' + (date.fromisoformat(day.decode()) + moved).isoformat().encode() for day in days}
        mark = b"%d" % number
        for line in lines:
            found = TIME.sub(lambda match, later=later: later[match[1]], line)
            found = WHO.sub(rb"\g<1>" + mark, found)
            yield RUN.sub(rb"\g<1>R" + mark, found)
        number += 1


def write_logs(folder: Path, sizes: list[int]) -> list[Path]:
    """Logs of the sizes given, each the start of the next."""
    plan = pipeline.plan_for_lines(pipeline.SimulationPlan(weeks=8, courses=2, runs=1), BASE)
    pipeline.simulate(plan, folder / "simulated")
    source = copies((folder / "simulated" / "logs" / "tracking.log").read_bytes().splitlines(keepends=True))
    paths, written = [], 0
    largest = folder / f"{sizes[-1]}.log"
    with largest.open("wb") as stream:
        for size in sizes:
            while written < size:
                stream.write(next(source))
                written += 1
            stream.flush()
            path = folder / f"{size}.log"
            if path != largest:
                shutil.copyfile(largest, path)
            paths.append(path)
    return paths


class Took(NamedTuple):
    """Seconds by the clock and of the processors, and the most bytes in memory."""

    wall: float
    cpu: float
    peak: int = 0


def processors() -> float:
    """Seconds that the processors worked for processes that were started here, and theirs, and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bare(log: Path) -> Took:
    """A bare loop over a log."""
    before = processors()
    command = [sys.executable, "-c", BARE, str(log)]
    wall = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Took(wall, processors() - before)


def resident(process: int) -> int:
    """Bytes in memory of a process and its children, what they share counted each time."""
    total = 0
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1]) * 1024
        for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split():
            total += resident(int(child))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def ingest(log: Path, store: Path) -> Took:
    """Ingesting a log."""
    before = processors()
    command = [sys.executable, "-c", OURS, str(log), str(store), str(WORKERS)]
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.02)
        assert process.returncode == 0
        assert process.stdout is not None
        wall = float(process.stdout.read().split()[0])
    return Took(wall, processors() - before, peak)


def measure() -> list[Figure]:
    sizes = [LINES // 10, LINES, LINES + LINES // 100]
    with tempfile.TemporaryDirectory(dir=os.environ.get("SMARTPD_BENCH_FOLDER")) as name:
        folder = Path(name)
        small, whole, grown = write_logs(folder, sizes)
        with grown.open("rb") as stream:
            stream.seek(whole.stat().st_size)
            growth_of = stream.read()
        grown.unlink()
        some = readable(small, folder / "readable.log")
        over_pandas: list[float] = []
        over_xapi: list[float] = []
        bares: list[Took] = []
        runs: dict[Path, list[Took]] = {small: [], whole: []}
        growths: list[float] = []
        kept = 0.0
        size = whole.stat().st_size
        for turn in range(REPEATS):
            bares.append(bare(whole))
            for log in (small, whole):
                store = folder / f"store-{log.stem}-{turn}"
                runs[log].append(ingest(log, store))
            a_line = runs[whole][-1].wall / LINES
            over_pandas.append(with_pandas(some) / a_line)
            if (xapi := with_xapi(some)) is not None:
                over_xapi.append(xapi / a_line)
            kept = sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / size
            with whole.open("ab") as stream:
                stream.write(growth_of)
            growths.append(ingest(whole, store).wall / runs[whole][-1].wall)
            os.truncate(whole, size)
            shutil.rmtree(store)
    ratios = [ours.wall / peer.wall for ours, peer in zip(runs[whole], bares, strict=True)]
    cpus = [ours.cpu / peer.cpu for ours, peer in zip(runs[whole], bares, strict=True)]
    peaks = {log: max(each.peak for each in took) for log, took in runs.items()}
    fastest = {log: min(each.wall for each in took) for log, took in runs.items()}
    exponent = math.log(fastest[whole] / fastest[small]) / math.log(sizes[1] / sizes[0])
    lines = f"{LINES:,} lines"
    return [
        Figure(
            "ingest_over_bare_orjson",
            median(ratios),
            must=1.5,
            aim=1.0,
            unit=f"times a bare orjson loop on one core; {WORKERS} workers, {lines}; least {min(ratios):.2f}",
        ),
        Figure(
            "ingest_cpu_over_bare_orjson",
            median(cpus),
            must=3.0,
            aim=2.0,
            unit="the same in seconds of the processors, which other programs disturb less; "
            f"{lines}; least {min(cpus):.2f}",
        ),
        Figure(
            "ingest_after_growth",
            median(growths),
            must=0.05,
            aim=0.02,
            unit=f"of the first ingest's time, after {lines} grew by 1%; least {min(growths):.3f}",
        ),
        Figure(
            "ingest_lines_per_second_over_pandas",
            median(over_pandas),
            must=10,
            aim=20,
            unit=f"times the lines a second of pandas.read_json in chunks, by the clock; {lines}",
            better="more",
        ),
        Figure(
            "ingest_memory", peaks[whole] / GIGABYTE, must=1.0, aim=0.7, unit=f"GB resident, all processes; {lines}"
        ),
        Figure(
            "ingest_memory_growth",
            peaks[whole] / peaks[small],
            must=2.0,
            aim=1.0,
            unit="times the memory for ten times the lines",
        ),
        *(
            [
                Figure(
                    "ingest_lines_per_second_over_xapi",
                    median(over_xapi),
                    must=60,
                    aim=120,
                    unit=f"times the lines a second of event-routing-backends' transformation; {lines}",
                    better="more",
                )
            ]
            if over_xapi
            else []
        ),
        Figure("ingest_disk", kept, must=0.1, aim=0.05, unit=f"of the log's bytes are the store's; {lines}"),
        Figure("ingest_exponent", exponent, must=1.05, aim=1.0, unit=f"of time against size, up to {lines}"),
    ]
