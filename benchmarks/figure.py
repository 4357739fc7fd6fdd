"""One measured figure, and how often something is run before its median counts."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in (
        "duckdb",
        "pyarrow",
        "narwhals",
        "orjson",
        "msgspec",
        "pandas",
        "polars",
        "pyspark",
        "numpy",
        "scipy",
        "scikit-learn",
        "catsim",
        "pyBKT",
        "edx-event-routing-backends",
        "Django",
        "XBlock",
    ):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@dataclass(frozen=True)
class Figure:
    """``measured`` must not exceed ``must`` (or fall below it where more is better); ``aim`` is where we want to be."""

    name: str
    measured: float
    must: float
    aim: float
    #: What the number is, as "times the bare orjson loop" or "bytes, gzip".
    unit: str
    #: ``less`` or ``more``
    better: str = "less"
    versions: Mapping[str, str] = field(default_factory=_versions)

    @property
    def holds(self) -> bool:
        return self.measured >= self.must if self.better == "more" else self.measured <= self.must


def ratio(
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    pairs: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Median over pairs of runs of our time divided by the peer's, run in turn so that drift cancels.

    For what runs on one core in this process, ``clock`` may be ``time.process_time``: that counts no other program.
    """
    ours(), peer()  # warm caches
    ratios = []
    for _pair in range(pairs):
        started = clock()
        ours()
        between = clock()
        peer()
        ratios.append((between - started) / (clock() - between))
    return statistics.median(ratios)
