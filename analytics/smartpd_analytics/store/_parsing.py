"""From a run of lines to a batch of events: what every worker does, in a local process pool or on a cluster."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from smartpd_analytics.store._schema import batch_of_rows
from smartpd_analytics.tracking import Identity, Ignored, Row, line_reader


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """The events of some lines, in their order, and what became of every line.

    ``batch.num_rows + sum(ignored.values()) + len(quarantine) == read``. Copies of one event are all in
    ``batch``: whoever puts blocks together keeps the first of each ``digest``.
    """

    #: Rows of ``store.SCHEMA``, one for each accepted line.
    batch: pa.RecordBatch
    #: Number of lines.
    read: int
    #: Reason (a key of ``tracking.IGNORED_REASONS``) -> number of lines.
    ignored: Mapping[str, int]
    #: Number of the line and reason (a key of ``tracking.QUARANTINE_REASONS``), in order.
    quarantine: tuple[tuple[int, str], ...]


def parse_block(block: bytes, *, first_line: int = 1, identity: Identity | None = None) -> ParsedBlock:
    """What the lines of ``block`` say.

    Args:
        block: whole lines of a tracking log, with line feeds between them; one after the last line is no
            further line.
        first_line: number of the first line in its file.
        identity: the site's pseudonyms for learners and sessions; without it, ids and usernames stay.
    """
    lines = block.split(b"\n")
    if not lines[-1]:
        del lines[-1]
    read = line_reader(identity)
    rows: list[Row] = []
    ignored: Counter[str] = Counter()
    quarantine: list[tuple[int, str]] = []
    collects = gc.isenabled()
    # Nothing here makes cycles, and looking for them among the rows takes a third of the time.
    gc.disable()
    try:
        for number, line in enumerate(lines, first_line):
            found = read(line)
            if isinstance(found, tuple):
                rows.append(found)
            elif isinstance(found, Ignored):
                ignored[found.reason] += 1
            else:
                quarantine.append((number, found.reason))
        batch = batch_of_rows(rows)
    finally:
        if collects:
            gc.enable()
    return ParsedBlock(batch, len(lines), dict(sorted(ignored.items())), tuple(quarantine))
