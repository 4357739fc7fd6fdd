"""Finding the events that are there already: in the same wave, or in files committed before.

Copies of one event have the same course and time, so only files of the same course and month whose times
overlap are looked into, and of these only the digests of the row groups that overlap.

Whether the first halves of two digests are equal is asked of all at once; only where they are, which without
duplicates they never are, digests are compared one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from smartpd_analytics.store._arrow import numbers_of
from smartpd_analytics.store._manifest import DataFile, overlapping

#: A digest as two numbers.
_DIGEST = np.dtype([("first", "<u8"), ("second", "<u8")])
_WIDTH = _DIGEST.itemsize
Span = tuple[int, int]


class Duplicates:
    """The duplicates of one wave."""

    def __init__(self) -> None:
        #: Events held, copies as well.
        self.events = 0
        self._blocks: dict[int, bytes] = {}
        self._spans: dict[tuple[str, str], Span] = {}

    def add(self, block: int, digests: bytes, spans: Mapping[tuple[str, str], Span]) -> None:
        """Take a block in."""
        self._blocks[block] = digests
        self.events += len(digests) // _WIDTH
        for where, (low, high) in spans.items():
            lowest, highest = self._spans.get(where, (low, high))
            self._spans[where] = (min(lowest, low), max(highest, high))

    def against(self, store: Path, data: Iterable[DataFile]) -> dict[int, bytes]:
        """Block -> places of its duplicates (int32): of events committed before, or in the wave before them."""
        blocks = sorted(self._blocks)
        wave = _digests_in(b"".join(self._blocks[block] for block in blocks))
        firsts = np.sort(wave["first"])
        seen = self._committed(store, data, firsts)
        again = firsts[1:][firsts[1:] == firsts[:-1]]
        if not seen and not len(again):
            return {}
        suspects = np.isin(wave["first"], np.concatenate([again, _digests_in(b"".join(seen))["first"]]))
        drops = []
        for at in np.flatnonzero(suspects):
            each = wave[at].tobytes()
            if each in seen:
                drops.append(at)
            seen.add(each)
        return self._by_block(blocks, np.array(drops, np.int64))

    def _by_block(self, blocks: list[int], drops: np.ndarray) -> dict[int, bytes]:
        """Places in the wave as places in its blocks."""
        found, start = {}, 0
        for block in blocks:
            end = start + len(self._blocks[block]) // _WIDTH
            mine = drops[np.searchsorted(drops, start) : np.searchsorted(drops, end)] - start
            if len(mine):
                found[block] = mine.astype(np.int32).tobytes()
            start = end
        return found

    def _committed(self, store: Path, data: Iterable[DataFile], firsts: np.ndarray) -> set[bytes]:
        """The digests in files committed before whose first halves are among ``firsts`` (in order)."""
        partitions: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
        for each in data:
            if (each.course_key, each.month) in self._spans:
                partitions[each.course_key, each.month].append(each)
        found: set[bytes] = set()
        for where, files in partitions.items():
            low, high = self._spans[where]
            for file in overlapping(files, low, high):
                for digests in _digests(store / file.path, low, high):
                    places = np.searchsorted(firsts, digests["first"]).clip(max=len(firsts) - 1)
                    same = digests[firsts[places] == digests["first"]].tobytes()
                    found.update(same[at : at + _WIDTH] for at in range(0, len(same), _WIDTH))
        return found


def _digests_in(data: bytes) -> np.ndarray:
    return np.frombuffer(data, _DIGEST)


def _digests(path: Path, low: int, high: int) -> Iterable[np.ndarray]:
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
            yield np.frombuffer(digests.buffers()[1], _DIGEST, len(digests), digests.offset * _WIDTH)[inside]
