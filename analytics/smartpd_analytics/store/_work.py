"""What a worker does, wherever it runs: parse blocks, then write the events that were not there before.

A wave is some blocks that are committed together. For each block a worker answers what is needed to find
duplicates; the events stay with it until it is told which of them to leave out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from smartpd_analytics.store._arrow import bytes_of, column, texts
from smartpd_analytics.store._columns import Rows, Values, concatenated
from smartpd_analytics.store._data_files import month_named, months_of, write_events
from smartpd_analytics.store._forgotten import forgotten_rows, line_names
from smartpd_analytics.store._layout import CHANGES, PEOPLE, QUARANTINE, private, sync_all
from smartpd_analytics.store._manifest import DataFile, SideFile
from smartpd_analytics.store._parsing import ParsedBlock, parse_block
from smartpd_analytics.tracking import Identity

#: Of the lines of a run that cannot be read, so many are named one by one.
NAMED = 20
#: Reasons of the store for lines that are sound but not kept, beside those of ``tracking``.
LEFT_OUT_REASONS = NOT_ASKED, FORGOTTEN = "not_asked", "forgotten"

PEOPLE_SCHEMA: pa.Schema = pa.schema(
    [
        pa.field("user_id", pa.int64()),
        pa.field("username", pa.string()),
        pa.field("seen_us", pa.int64()),
        pa.field("generation", pa.int64()),
    ]
)
CHANGES_SCHEMA: pa.Schema = pa.schema(
    [
        pa.field("user_id", pa.int64()),
        pa.field("username", pa.string()),
        pa.field("course_key", pa.string()),
        pa.field("day", pa.int64()),
        pa.field("events", pa.int64()),
        pa.field("generation", pa.int64()),
    ]
)
QUARANTINE_SCHEMA: pa.Schema = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("reason", pa.string()),
        pa.field("data", pa.binary()),
    ]
)

DAY_US = 86_400_000_000
#: More days since 1970 than there are until 2101.
_DAYS = 50_000
_NEVER = np.iinfo(np.int64).min


class Selection(msgspec.Struct, frozen=True):
    """Which events to keep: from ``since_us``, before ``until_us``, of ``courses`` (all when empty)."""

    since_us: int | None = None
    until_us: int | None = None
    courses: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The same as text; ``""`` where everything is kept."""
        if self == Selection():
            return ""
        return f"{self.since_us},{self.until_us},{'|'.join(sorted(self.courses))}"


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run has to know."""

    store: str
    #: Makes the names of this run's files unlike those of any other.
    run: str
    #: The site's key; learners are pseudonymised by it unless ``identified``.
    key: bytes = field(repr=False)
    identified: bool
    selection: Selection
    keep_quarantined: bool
    forgotten: frozenset[str]
    #: Blocks hold xAPI statements instead of lines of tracking logs.
    statements: bool = False


class Parsed(msgspec.Struct):
    """What a block holds, without its events: enough to find duplicates and to keep the account."""

    block: int
    read: int
    ignored: Mapping[str, int]
    quarantined: Mapping[str, int]
    #: The first of them: place in the block from 0, and reason.
    named: tuple[tuple[int, str], ...]
    #: Bytes of quarantined lines that wait to be written.
    kept_bytes: int
    #: Digests of the events, 16 bytes each, one after the other.
    digests: bytes
    #: (course key, month) -> first and last time.
    spans: Mapping[tuple[str, str], tuple[int, int]]
    #: Hashes of people found to be one with somebody who is forgotten.
    also_forgotten: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True):
    """What to do with a parsed block."""

    source: str
    first_line: int
    #: Places of the events to leave out, as int32.
    drop: bytes = b""


class Written(msgspec.Struct):
    """The files that a worker wrote for a wave."""

    data: list[DataFile] = []
    people: list[SideFile] = []
    changes: list[SideFile] = []
    quarantine: list[SideFile] = []

    def __iadd__(self, other: Written) -> Written:
        self.data += other.data
        self.people += other.people
        self.changes += other.changes
        self.quarantine += other.quarantine
        return self


class Block(msgspec.Struct):
    """A parsed block that waits."""

    rows: Rows
    #: (place in the block from 0, reason, bytes or None)
    quarantine: list[tuple[int, str, bytes | None]]


class Worker:
    """Parses blocks and writes waves of them."""

    def __init__(self, job: Job, number: int = 0) -> None:
        self._job = job
        self._number = number
        self._identity = None if job.identified else Identity(job.key)
        self._values = Values()
        self._blocks: dict[int, Block] = {}
        self._fresh: set[Path] = set()

    def parse(self, block: int, data: bytes, *, statements: bool | None = None) -> Parsed:
        """Parse the lines of ``data`` and keep what is in them until ``write``; ``statements`` as the job has it."""
        if self._values.are_many:
            self._values = Values()
        statements = self._job.statements if statements is None else statements
        found = parse_block(data, identity=self._identity, values=self._values, statements=statements)
        return self._take(block, found)

    def _take(self, block: int, found: ParsedBlock) -> Parsed:
        ignored = Counter(found.ignored)
        rows = found.rows
        also: tuple[str, ...] = ()
        if self._job.forgotten:
            rows, also = self._without_forgotten(rows, ignored)
        rows = self._selected(rows, ignored)
        quarantine = self._quarantine(found, ignored)
        self._blocks[block] = Block(rows, quarantine)
        return Parsed(
            block=block,
            read=found.read,
            ignored=dict(ignored),
            quarantined=dict(Counter(reason for _, reason, _ in quarantine)),
            named=tuple((at, reason) for at, reason, _ in quarantine[:NAMED]),
            kept_bytes=sum(len(line) for _, _, line in quarantine if line),
            digests=rows.digests,
            spans=_spans(rows),
            also_forgotten=also,
        )

    def _selected(self, rows: Rows, ignored: Counter[str]) -> Rows:
        wanted = self._job.selection
        if wanted == Selection():
            return rows
        times = rows.columns["time_us"]
        keep = np.ones(len(rows), dtype=bool)
        if wanted.since_us is not None:
            keep &= times >= wanted.since_us
        if wanted.until_us is not None:
            keep &= times < wanted.until_us
        if wanted.courses:
            numbers, names = rows.courses()
            keep &= np.isin(numbers, [at for at, name in enumerate(names) if name in wanted.courses])
        ignored[NOT_ASKED] += len(rows) - int(keep.sum())
        return rows.where(keep)

    def _without_forgotten(self, rows: Rows, ignored: Counter[str]) -> tuple[Rows, tuple[str, ...]]:
        gone, also = forgotten_rows(self._job.key, self._job.forgotten, rows.table())
        ignored[FORGOTTEN] += int(gone.sum())
        return rows.where(~gone), also

    def _quarantine(self, found: ParsedBlock, ignored: Counter[str]) -> list[tuple[int, str, bytes | None]]:
        kept: list[tuple[int, str, bytes | None]] = []
        for number, reason in found.quarantine:
            line = found.broken[number]
            if self._job.forgotten and self.names_forgotten(line):
                ignored[FORGOTTEN] += 1
                continue
            kept.append((number - 1, reason, line if self._job.keep_quarantined else None))
        return kept

    def names_forgotten(self, line: bytes) -> bool:
        """Whether a line that cannot be read names somebody who is forgotten."""
        return line_names(line, self._job.key, self._identity, self._job.forgotten)

    def write(self, wave: int, generation: int, blocks: Mapping[int, Kept], at: int | None = None) -> Written:
        """Write what is kept of some blocks; the files last, but no manifest names them yet."""
        parts, lines = [], []
        for block, kept in blocks.items():
            held = self._blocks.pop(block)
            rows = held.rows
            if kept.drop:
                keep = np.ones(len(rows), dtype=bool)
                keep[np.frombuffer(kept.drop, dtype=np.int32)] = False
                rows = rows.where(keep)
            if len(rows):
                parts.append(rows)
            lines += [(kept.source, kept.first_line + place, why, line) for place, why, line in held.quarantine]
        name = f"{self._job.run}-{wave}-{self._number}.parquet"
        written = Written()
        if parts:
            rows = concatenated(parts)
            parts.clear()
            written.data = write_events(
                Path(self._job.store), rows, name=name, generation=generation, fresh=self._fresh
            )
            written.people = self._side(PEOPLE, name, generation, people_of(rows, generation))
            written.changes = self._side(CHANGES, name, generation, changes_of(rows, generation))
        if lines:
            with private():
                sources, numbers, reasons, data = zip(*lines, strict=True)
                columns = [texts(sources), column(np.array(numbers, np.int64)), texts(reasons), bytes_of(data)]
                table = pa.Table.from_arrays(columns, schema=QUARANTINE_SCHEMA)
                written.quarantine = self._side(QUARANTINE, name, generation, table)
        sync_all(self._fresh)
        self._fresh.clear()
        return written

    def _side(self, folder: str, name: str, generation: int, table: pa.Table) -> list[SideFile]:
        return [
            write_side(Path(self._job.store), folder, name, table, span=(generation, generation), fresh=self._fresh)
        ]


def write_side(
    store: Path, folder: str, name: str, table: pa.Table, *, span: tuple[int, int], fresh: set[Path]
) -> SideFile:
    """Write a file beside the events, with the rows of the commits ``span`` (first, last).

    ``fresh`` gets what is to be made to last before a manifest names it.
    """
    path = store / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=3)
    fresh.update((path, path.parent))
    return SideFile(f"{folder}/{name}", table.num_rows, *span)


def people_of(rows: Rows, generation: int) -> pa.Table:
    """Each pair of id and name in some events, and when it was last seen."""
    numbers, times = rows.columns["person"], rows.columns["time_us"]
    last = np.full(len(rows.values.person), _NEVER)
    np.maximum.at(last, numbers, times)
    seen = np.flatnonzero(last > _NEVER)
    return pa.table([*rows.people(seen), column(last[seen]), _same(generation, len(seen))], schema=PEOPLE_SCHEMA)


def changes_of(rows: Rows, generation: int) -> pa.Table:
    """Which learner has how many events in which course on which day (days since 1970-01-01, UTC)."""
    courses, names = rows.courses()
    people, days = rows.columns["person"].astype(np.int64), rows.columns["time_us"] // DAY_US
    keys, counts = np.unique((people * len(names) + courses) * _DAYS + days, return_counts=True)
    keys, days = np.divmod(keys, _DAYS)
    people, courses = np.divmod(keys, len(names))
    of_course = texts([names[course] for course in courses.tolist()])
    columns = [*rows.people(people), of_course, column(days), column(counts.astype(np.int64))]
    return pa.table([*columns, _same(generation, len(keys))], schema=CHANGES_SCHEMA)


def _same(value: int, count: int) -> pa.Array:
    return column(np.full(count, value, dtype=np.int64))


def _spans(rows: Rows) -> dict[tuple[str, str], tuple[int, int]]:
    if not len(rows):
        return {}
    codes, names = rows.courses()
    times = rows.columns["time_us"]
    months = months_of(times)
    keys, where = np.unique(codes.astype(np.int64) * 100_000 + months, return_inverse=True)
    lowest, highest = np.full(len(keys), 2**62), np.full(len(keys), -(2**62))
    np.minimum.at(lowest, where, times)
    np.maximum.at(highest, where, times)
    return {
        (names[key // 100_000], month_named(key % 100_000)): (int(low), int(high))
        for key, low, high in zip(keys.tolist(), lowest, highest, strict=True)
    }
