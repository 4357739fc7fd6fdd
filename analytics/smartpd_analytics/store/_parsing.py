"""From a run of lines to a batch of events: what every worker does, in a local process pool or on a cluster."""

from __future__ import annotations

import gc
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa

from smartpd_analytics.data import Event
from smartpd_analytics.store._columns import Rows, Values
from smartpd_analytics.tracking import FUTURE, Identity, Ignored, Read, Row, line_reader, row_of, to_us

#: Clocks of a site's machines differ, and time zones are mistaken for each other.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """The events of some lines, in their order, and what became of every line.

    ``len(rows) + sum(ignored.values()) + len(quarantine) == read``. Copies of one event are all in ``rows``:
    whoever puts blocks together keeps the first of each ``digest``.
    """

    #: One for each accepted line.
    rows: Rows
    #: Number of lines.
    read: int
    #: Reason (a key of ``tracking.IGNORED_REASONS``) -> number of lines.
    ignored: Mapping[str, int]
    #: Number of the line and reason (a key of ``tracking.QUARANTINE_REASONS``), in order.
    quarantine: tuple[tuple[int, str], ...]
    #: Number -> these lines themselves, without their line feeds.
    broken: Mapping[int, bytes]

    @property
    def batch(self) -> pa.RecordBatch:
        """The events as rows of ``store.SCHEMA``."""
        return self.rows.batch()


def batch_of(events: Iterable[Event]) -> pa.RecordBatch:
    """Events, in the order given, as rows of ``store.SCHEMA``."""
    return Values().rows([row_of(event) for event in events]).batch()


@lru_cache(maxsize=4)
def _reader(identity: Identity | None, statements: bool) -> Read:
    """The same reader for all blocks of a run: it remembers what it worked out for addresses, learners and sessions."""
    if statements:
        from smartpd_analytics.tracking import statement_reader

        return statement_reader(identity)
    return line_reader(identity)


def parse_block(
    block: bytes,
    *,
    first_line: int = 1,
    identity: Identity | None = None,
    values: Values | None = None,
    statements: bool = False,
) -> ParsedBlock:
    """What the lines of ``block`` say.

    A line of tomorrow or later cannot be: it is quarantined (``FUTURE``), because one wrong clock would make all
    learners look as if they had been away for years.

    Args:
        block: whole lines of a tracking log, with line feeds between them; one after the last line is no
            further line.
        first_line: number of the first line in its file.
        identity: the site's pseudonyms for learners and sessions; without it, ids and usernames stay.
        values: what the blocks before have numbered; it grows.
        statements: the lines are xAPI statements.
    """
    read = _reader(identity, statements)
    number = first_line - 1
    rows: list[Row] = []
    numbers: list[int] = []
    ignored: list[Ignored] = []
    quarantine: list[tuple[int, str]] = []
    broken: dict[int, bytes] = {}
    take = rows.append
    collects = gc.isenabled()
    # Nothing here makes cycles, and looking for them among the rows takes a third of the time.
    gc.disable()
    try:
        # One line at a time, and not all at once: their memory is taken again for the next one.
        for number, line in enumerate(io.BytesIO(block), first_line):
            found = read(line)
            if type(found) is tuple:
                take(found)
                numbers.append(number)
            elif type(found) is Ignored:
                ignored.append(found)
            else:
                quarantine.append((number, found.reason))  # type: ignore[union-attr]
                broken[number] = line.removesuffix(b"\n")
        columns = (values or Values()).rows(rows)
    finally:
        if collects:
            gc.enable()
    late = columns.columns["time_us"] > to_us(datetime.now(UTC) + _AHEAD)
    if late.any():
        found_late = [numbers[at] for at in np.flatnonzero(late).tolist()]
        quarantine = sorted([*quarantine, *((number, FUTURE) for number in found_late)])
        lines = block.split(b"\n")
        broken |= {number: lines[number - first_line] for number in found_late}
        columns = columns.where(~late)
    reasons = Counter(each.reason for each in ignored)
    return ParsedBlock(columns, number - first_line + 1, dict(sorted(reasons.items())), tuple(quarantine), broken)
