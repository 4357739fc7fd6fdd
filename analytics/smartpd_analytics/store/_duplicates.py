"""Finding the events that are there already: in the same wave, or in files committed before.

Copies of one event have the same course and time, so only files of the same course and month whose times
overlap are looked into, and of these only the digests of the row groups that overlap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from smartpd_analytics.store._arrow import numbers_of
from smartpd_analytics.store._manifest import DataFile, overlapping

_WIDTH = 16
Span = tuple[int, int]


class Duplicates:
    """The duplicates of one wave."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._blocks: dict[int, list[bytes]] = {}
        self._drops: dict[int, set[int]] = defaultdict(set)
        self._spans: dict[tuple[str, str], Span] = {}

    def add(self, block: int, digests: bytes, spans: Mapping[tuple[str, str], Span]) -> None:
        """Take a block in; of copies within the wave the one that came first stays."""
        mine = cut(digests)
        fresh = set(mine)
        if len(fresh) < len(mine) or not self._seen.isdisjoint(fresh):
            for at, each in enumerate(mine):
                if each in self._seen:
                    self._drops[block].add(at)
                self._seen.add(each)
        else:
            self._seen |= fresh
        self._blocks[block] = mine
        for where, (low, high) in spans.items():
            lowest, highest = self._spans.get(where, (low, high))
            self._spans[where] = (min(lowest, low), max(highest, high))

    @property
    def events(self) -> int:
        """Events held."""
        return len(self._seen)

    def against(self, store: Path, data: Iterable[DataFile]) -> dict[int, bytes]:
        """Block -> places of its duplicates (int32), once what was committed is looked into as well."""
        there = self._committed(store, data)
        if there:
            for block, mine in self._blocks.items():
                if not there.isdisjoint(mine):
                    self._drops[block].update(at for at, each in enumerate(mine) if each in there)
        return {
            block: np.fromiter(sorted(drops), dtype=np.int32, count=len(drops)).tobytes()
            for block, drops in self._drops.items()
            if drops
        }

    def _committed(self, store: Path, data: Iterable[DataFile]) -> set[bytes]:
        partitions: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
        for each in data:
            if (each.course_key, each.month) in self._spans:
                partitions[each.course_key, each.month].append(each)
        found: set[bytes] = set()
        for where, files in partitions.items():
            low, high = self._spans[where]
            for file in overlapping(files, low, high):
                for digests in _digests(store / file.path, low, high):
                    found |= self._seen.intersection(digests)
        return found


def cut(digests: bytes) -> list[bytes]:
    """Digests that stand one after the other, one by one."""
    return [digests[at : at + _WIDTH] for at in range(0, len(digests), _WIDTH)]


def _digests(path: Path, low: int, high: int) -> Iterable[list[bytes]]:
    """The digests between two times, by row group."""
    with pq.ParquetFile(path, memory_map=False) as file:
        at = file.schema_arrow.get_field_index("time_us")
        for number in range(file.num_row_groups):
            statistics = file.metadata.row_group(number).column(at).statistics
            if statistics is not None and (statistics.min > high or statistics.max < low):
                continue
            table = file.read_row_group(number, columns=["time_us", "digest"], use_threads=False)
            times, digests = (table[name].combine_chunks() for name in ("time_us", "digest"))
            inside = (numbers_of(times) >= low) & (numbers_of(times) <= high)
            found = np.frombuffer(digests.buffers()[1], f"V{_WIDTH}", len(digests), digests.offset * _WIDTH)[inside]
            yield cut(found.tobytes())
