"""Duplicates of a wave, found by halves of digests, are those that comparing one by one finds."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.store._duplicates import Duplicates
from smartpd_analytics.store._manifest import DataFile

WHERE = ("course-v1:A+B+C", "2026-09")
#: Few halves, so that digests are often equal, and often in one half only.
DIGESTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=12).map(
    lambda pairs: [bytes([first] * 8 + [second] * 8) for first, second in pairs]
)


def committed(folder, digests):
    """A file of events with these digests."""
    table = pa.table(
        {"time_us": pa.array(range(len(digests)), pa.int64()), "digest": pa.array(digests, pa.binary(16))},
    )
    pq.write_table(table, folder / "events.parquet", row_group_size=3)
    return DataFile("events.parquet", *WHERE, len(digests), 1, 0, max(len(digests) - 1, 0), 1)


def one_by_one(blocks, there):
    seen, found = set(there), {}
    for number in sorted(blocks):
        drops = []
        for at, digest in enumerate(blocks[number]):
            if digest in seen:
                drops.append(at)
            seen.add(digest)
        if drops:
            found[number] = drops
    return found


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.integers(0, 9), DIGESTS, max_size=4), DIGESTS)
def test_as_one_by_one(tmp_path_factory, blocks, there):
    folder = tmp_path_factory.mktemp("store")
    wave = Duplicates()
    # Answers come in any order.
    for number, digests in sorted(blocks.items(), reverse=True):
        wave.add(number, b"".join(digests), {WHERE: (0, 1_000)} if digests else {})
    found = wave.against(folder, [committed(folder, there)] if there else [])
    assert {number: np.frombuffer(drops, np.int32).tolist() for number, drops in found.items()} == one_by_one(
        blocks, there
    )
    assert wave.events == sum(map(len, blocks.values()))


def test_only_files_of_the_same_time_are_looked_into(tmp_path):
    digest = bytes(16)
    file = committed(tmp_path, [digest] * 3)
    wave = Duplicates()
    wave.add(0, digest, {WHERE: (500, 1_000)})
    assert wave.against(tmp_path, [file]) == {}
