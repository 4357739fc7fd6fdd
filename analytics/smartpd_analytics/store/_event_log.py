"""Reading tracking logs into one table, with an account of the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from smartpd_analytics.data import LineAccount, QuarantinedLine
from smartpd_analytics.errors import SourceError, accepted_once
from smartpd_analytics.progress import Progress
from smartpd_analytics.sources import read_blocks, without_events
from smartpd_analytics.store._parsing import ParsedBlock, parse_block
from smartpd_analytics.store._schema import SCHEMA
from smartpd_analytics.tracking import IGNORED_REASONS, MAX_LINE_BYTES

#: What an ignored line is where it is an event.
_EVENTS = frozenset(IGNORED_REASONS) - {"blank", "comment"}


@dataclass(frozen=True, slots=True)
class EventLog:
    """The accepted events and what became of every line.

    ``table`` has the schema ``store.SCHEMA``, each event once, sorted by ``time_us`` and ``digest``: the
    same lines give the same table in whatever order and files they stand.
    """

    table: pa.Table
    account: LineAccount


def read_event_log(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> EventLog:
    """Read tracking logs.

    Every line gets one verdict, in this order: quarantined (cannot be read as a tracking event), ignored
    (no learning event), duplicate (the same event was read before), accepted. What cannot be read as a
    file is a sentence in ``account.source_problems``, and the rest goes on.

    Args:
        paths: files (plain or gz), folders, ``"-"`` for ``stdin``.
        stdin: an open binary stream.
        progress: hears (bytes done, bytes in all or 0 where unknown), as stored on disk.
    """
    account = _Account()
    batches: list[pa.RecordBatch] = []
    blocks = read_blocks(
        paths, on_problem=account.source_problem, longest=MAX_LINE_BYTES, stdin=stdin, progress=progress
    )
    for file, block in blocks:
        parsed = parse_block(block.data, first_line=block.first_line)
        batches.append(account.add(file, block.first_line, parsed))
    table = pa.Table.from_batches(batches, schema=SCHEMA)
    return EventLog(table.sort_by([("time_us", "ascending"), ("digest", "ascending")]), account.closed())


@dataclass(slots=True)
class _Account:
    """The account as it grows line by line."""

    read: int = 0
    duplicate: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    quarantine: list[QuarantinedLine] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)
    _file: str = ""
    _lines: int = 0
    _events: int = 0
    _broken: int = 0

    def add(self, file: str, first_line: int, parsed: ParsedBlock) -> pa.RecordBatch:
        """Count the lines of one block; its events that were not there before."""
        if first_line == 1:
            self._close_file()
            self._file = file
        self.read += parsed.read
        self._lines += parsed.read
        self._broken += len(parsed.quarantine)
        self.quarantine += (QuarantinedLine(file, number, reason) for number, reason in parsed.quarantine)
        self.ignored.update(parsed.ignored)
        self._events += parsed.batch.num_rows + sum(parsed.ignored.get(reason, 0) for reason in _EVENTS)
        digests = parsed.batch.column("digest").to_pylist()
        fresh = [not (digest in self._seen or self._seen.add(digest)) for digest in digests]  # type: ignore[func-returns-value]
        self.duplicate += fresh.count(False)
        return parsed.batch if all(fresh) else parsed.batch.filter(pa.array(fresh))

    def source_problem(self, error: SourceError) -> None:
        self.problems.append(error)

    def closed(self) -> LineAccount:
        """The account of all lines."""
        self._close_file()
        return LineAccount(
            read=self.read,
            accepted=len(self._seen),
            duplicate=self.duplicate,
            ignored=self.ignored.total(),
            quarantined=len(self.quarantine),
            ignored_reasons=dict(sorted(self.ignored.items())),
            quarantined_reasons=dict(sorted(Counter(line.reason for line in self.quarantine).items())),
            quarantine=tuple(self.quarantine),
            source_problems=tuple(error.without_accepted for error in self.problems),
            sources_accepted=accepted_once(self.problems),
        )

    def _close_file(self) -> None:
        """Name a file that has lines but not one event."""
        if self._lines and not self._events:
            self.source_problem(without_events(self._file, lines=self._lines, broken=bool(self._broken)))
        self._lines = self._events = self._broken = 0
