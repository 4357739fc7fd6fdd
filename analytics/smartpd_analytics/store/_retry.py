"""Trying quarantined lines again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from smartpd_analytics.sources import is_table
from smartpd_analytics.store._duplicates import Duplicates
from smartpd_analytics.store._forget import write_quarantine
from smartpd_analytics.store._ingest import IngestReport, tally_of
from smartpd_analytics.store._manifest import Manifest, SideFile, Tally, write_manifest
from smartpd_analytics.store._opened import Opened, StoreOptions, opened
from smartpd_analytics.store._tidy import remove_unnamed, tidy
from smartpd_analytics.store._work import QUARANTINE_SCHEMA, Kept, Worker, Written

__all__ = ["retry_quarantined"]


def retry_quarantined(store: str | Path, *, options: StoreOptions | None = None) -> IngestReport:
    """Try the lines again that could not be read, as after an update that reads more.

    What can be read now leaves the quarantine: the report's ``lines`` counts it as accepted, duplicate or
    ignored, and what stays as quarantined; ``read`` is how many were tried.

    Raises:
        StoreError: there is no store, or it cannot be written as asked.
        OSError: the disk is full or fails; the store holds what was committed.
    """
    total = Tally()
    with opened(store, options or StoreOptions(), make=False) as target:
        manifest = target.manifest
        for number, file in enumerate(target.manifest.quarantine):
            manifest, tally = _retry(replace(target, manifest=manifest), file, number)
            total += tally
        manifest = tidy(target.path, manifest, target.run)
        remove_unnamed(target.path, manifest)
    return IngestReport(
        lines=total.account(),
        sources_read=0,
        sources_unchanged=0,
        unfinished=0,
        generation=manifest.generation,
        events=sum(each.rows for each in manifest.data),
    )


def _retry(target: Opened, file: SideFile, number: int) -> tuple[Manifest, Tally]:
    """Try one file of quarantined lines again and commit what came of it."""
    rows = pq.read_table(target.path / file.path, schema=QUARANTINE_SCHEMA, partitioning=None).to_pylist()
    kept = [row for row in rows if row["data"] is not None]
    worker = Worker(replace(target.job(), run=f"{target.run}-retry"), number)
    duplicates = Duplicates()
    parsed, blocks = [], {}
    for at, row in enumerate(kept):
        found = worker.parse(at, row["data"] + b"\n", statements=is_table(row["source"]))
        duplicates.add(at, found.digests, found.spans)
        parsed.append(found)
        blocks[at] = Kept(row["source"], row["line"])
    drops = duplicates.against(target.path, target.manifest.data)
    blocks = {at: msgspec.structs.replace(each, drop=drops.get(at, b"")) for at, each in blocks.items()}
    tally = tally_of(parsed, sum(len(drop) // 4 for drop in drops.values()))
    if tally.quarantined == dict(sorted(Counter(row["reason"] for row in kept).items())):
        return target.manifest, tally
    written = worker.write(number, target.manifest.generation + 1, blocks)
    written.quarantine = _with_lost(target, rows, written, number)
    before = Tally(0, 0, 0, {}, {reason: -count for reason, count in Counter(row["reason"] for row in kept).items()})
    now = target.manifest
    manifest = now.committed(
        datetime.now(UTC).isoformat(timespec="seconds"),
        msgspec.structs.replace(tally, read=0) + before,
        data=(*now.data, *written.data),
        people=(*now.people, *written.people),
        changes=(*now.changes, *written.changes),
        quarantine=(*(each for each in now.quarantine if each != file), *written.quarantine),
    )
    write_manifest(target.path, manifest)
    return manifest, tally


def _with_lost(target: Opened, rows: Sequence[dict[str, object]], written: Written, number: int) -> list[SideFile]:
    """Lines whose bytes were not kept cannot be tried; they stay."""
    lost = [row for row in rows if row["data"] is None]
    if not lost:
        return written.quarantine
    name = f"{target.run}-lost-{number}.parquet"
    return [*written.quarantine, write_quarantine(target.path, name, lost, target.manifest.generation + 1)]
