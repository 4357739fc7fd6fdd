"""Writing to a store: ingest, retry what could not be read. One writer at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

from smartpd_analytics.errors import InputError, SourceError, StoreError
from smartpd_analytics.sources import STANDARD_INPUT, find_files, mark_of
from smartpd_analytics.store._duplicates import Duplicates
from smartpd_analytics.store._ingest import Engine, IngestReport, Progress, Run, new_run, tally_of
from smartpd_analytics.store._inside import Inside
from smartpd_analytics.store._key import key_check, site_key
from smartpd_analytics.store._layout import KEY, LOCK
from smartpd_analytics.store._lock import writer
from smartpd_analytics.store._manifest import Manifest, SideFile, Tally, read_manifest, write_manifest
from smartpd_analytics.store._pool import Pool
from smartpd_analytics.store._tidy import remove_unnamed, tidy
from smartpd_analytics.store._work import QUARANTINE_SCHEMA, Job, Kept, Selection, Worker, Written

__all__ = ["Opened", "StoreOptions", "ingest", "opened", "retry_quarantined"]

#: So much is read without starting workers: until they are ready it is done.
INSIDE_BYTES = 24 * 1_048_576
#: How many bytes one packed byte makes, about.
_UNPACKED = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How a store is written to.

    ``identified`` keeps learners under their own ids and names: None for what the store does already, else
    pseudonyms. ``wait`` is how many seconds to wait for another run; ``on_wait`` hears who that is, and
    ``on_key`` the path of a key that was made because there was none.
    """

    identified: bool | None = None
    key_file: Path | None = None
    wait: float = 0.0
    on_wait: Callable[[str], None] | None = None
    on_key: Callable[[Path], None] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that is locked for writing."""

    path: Path
    manifest: Manifest
    key: bytes
    run: str

    def job(self, selection: Selection | None = None, *, keep_quarantined: bool = True) -> Job:
        """What workers have to know."""
        return Job(
            store=str(self.path),
            run=self.run,
            key=self.key,
            identified=self.manifest.identified,
            selection=selection or Selection(),
            keep_quarantined=keep_quarantined,
            forgotten=frozenset(self.manifest.forgotten),
        )


@contextmanager
def opened(store: str | Path, options: StoreOptions, *, make: bool) -> Iterator[Opened]:
    """Lock a store, check that it is written to as before, and clear away what a killed run left.

    Raises:
        StoreBusyError: another run is writing.
        StoreError: there is no store (and ``make`` is false), it is kept in the other mode, or by another key.
    """
    path = Path(store)
    if read_manifest(path) is None:
        if not make:
            raise StoreError("there is no store of events in this folder", store=str(path), accepted="a store's folder")
        if path.exists() and any(
            each.name not in ("lock", "site.key") and not _is_ours(each) for each in path.iterdir()
        ):
            raise StoreError("the folder has other files in it", store=str(path), accepted="a new or empty folder")
    with writer(path, wait=options.wait, on_wait=options.on_wait):
        manifest = read_manifest(path)
        key, made = site_key(path, options.key_file, make=manifest is None)
        if made and options.on_key:
            options.on_key(path / KEY)
        check = key_check(key)
        if manifest is None:
            manifest = Manifest(identified=bool(options.identified), key_check=check)
            write_manifest(path, manifest)
        if options.identified is not None and options.identified != manifest.identified:
            has, asked = ("identified", "pseudonymised") if manifest.identified else ("pseudonymised", "identified")
            raise StoreError(
                f"learners in this store are {has}; they cannot be {asked} in the same store",
                store=str(path),
                accepted="the same mode, or another store",
            )
        if check != manifest.key_check:
            raise StoreError("this is not the key that the store was made with", store=str(path), accepted="its key")
        remove_unnamed(path, manifest)
        yield Opened(path, manifest, key, new_run())


def _is_ours(path: Path) -> bool:
    """What may be there before the first manifest: a key, and what a killed run leaves."""
    return path.name in (LOCK, KEY) or (path.name.startswith(".") and path.name.endswith(".new"))


def ingest(
    paths: Sequence[str | Path],
    store: str | Path,
    *,
    stdin: BinaryIO | None = None,
    workers: int = 2,
    since: datetime | None = None,
    until: datetime | None = None,
    courses: Sequence[str] = (),
    keep_quarantined: bool = True,
    spark_master: str | None = None,
    options: StoreOptions | None = None,
    on_problem: Callable[[SourceError], None] | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read what is new in ``paths`` into a store.

    Every line read is accepted, a duplicate of an event that is there, ignored or quarantined. What was
    read is committed in waves, each as a whole: a run that is killed loses its last wave, and the next one
    reads it again.

    Args:
        paths: files (plain, gz, zst), folders, globs, URLs that fsspec knows, ``"-"`` for ``stdin``.
        store: the store's folder; it is made where it is not there.
        stdin: an open binary stream.
        workers: processes that parse and write, 1 or more.
        since, until: only events from this time, before that, with a time zone.
        courses: only events of these course keys; all when empty.
        keep_quarantined: keep the bytes of lines that cannot be read, for ``retry_quarantined``.
        spark_master: read on this Spark cluster (``""`` for what Spark is configured to) instead of in
            ``workers``; the store and plain local files must be where its executors reach them.
        options: who writes, and how.
        on_problem: hears of each source that cannot be read; the rest goes on.
        progress: hears (bytes done, bytes in all or 0), as stored.

    Raises:
        StoreError: the store cannot be written as asked; ``StoreBusyError`` where another run writes.
        InputError: ``workers`` is below 1 or a time has no time zone.
        OSError: the disk is full or fails; the store holds what was committed.
    """
    if workers < 1:
        raise InputError(f"{workers} workers cannot read anything", accepted="1 or more workers")
    selection = Selection(_us(since), _us(until), tuple(sorted(set(courses))))
    problems: list[str] = []

    def report(error: SourceError) -> None:
        problems.append(str(error))
        if on_problem:
            on_problem(error)

    with opened(store, options or StoreOptions(), make=True) as target:
        job = target.job(selection, keep_quarantined=keep_quarantined)
        names = list(dict.fromkeys(find_files(paths, report)))
        engine = _engine(job, workers, spark_master, _new_bytes(names, target.manifest))
        try:
            run = Run(target.path, target.manifest, job, engine, report=report, progress=progress)
            run.run(names, stdin)
        finally:
            engine.close()
        manifest = _without_also_forgotten(target, run)
        manifest = tidy(target.path, manifest, target.run)
        return _report(run, manifest, problems)


def _engine(job: Job, workers: int, spark_master: str | None, new_bytes: int | None) -> Engine:
    if spark_master is not None:
        from smartpd_analytics.store._spark import SparkEngine

        return SparkEngine(job, spark_master)
    if new_bytes is not None and new_bytes <= INSIDE_BYTES:
        return Inside(job)
    return Pool(job, workers)


def _new_bytes(names: Sequence[str], manifest: Manifest) -> int | None:
    """About how many bytes of lines are new, or None where nobody knows."""
    read = {path: mark for state in manifest.sources for path, mark in state.seen.items()}
    total = 0
    for name in names:
        try:
            mark = mark_of(name) if name != STANDARD_INPUT else ()
        except OSError:
            continue
        if not mark:
            return None
        before = read.get(name, ())
        # The same file (device, inode), grown.
        known = before[2] if before[:2] == mark[:2] and before[2] <= mark[2] else 0
        total += (mark[2] - known) * (_UNPACKED if name.endswith((".gz", ".zst")) else 1)
    return total


def _without_also_forgotten(target: Opened, run: Run) -> Manifest:
    """An id or name that was found to be of somebody who is forgotten must go from what was there before."""
    if not run.also_forgotten:
        return run.manifest
    from smartpd_analytics.store._forget import take_away

    manifest = replace(run.manifest, forgotten=tuple(sorted({*run.manifest.forgotten, *run.also_forgotten})))
    return take_away(replace(target, manifest=manifest)).manifest


def _report(run: Run, manifest: Manifest, problems: Sequence[str]) -> IngestReport:
    return IngestReport(
        lines=replace(run.tally.account(), source_problems=tuple(problems)),
        sources_read=run.read,
        sources_unchanged=run.unchanged,
        unfinished=run.unfinished,
        generation=manifest.generation,
        events=sum(file.rows for file in manifest.data),
    )


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
        found = worker.parse(at, row["data"] + b"\n")
        duplicates.add(at, found.digests, found.spans)
        parsed.append(found)
        blocks[at] = Kept(row["source"], row["line"])
    drops = duplicates.against(target.path, target.manifest.data)
    blocks = {at: replace(each, drop=drops.get(at, b"")) for at, each in blocks.items()}
    tally = tally_of(parsed, sum(len(drop) // 4 for drop in drops.values()))
    if tally.quarantined == dict(sorted(Counter(row["reason"] for row in kept).items())):
        return target.manifest, tally
    written = worker.write(number, target.manifest.generation + 1, blocks)
    written.quarantine = _with_lost(target, rows, written, number)
    before = Tally(0, 0, 0, {}, {reason: -count for reason, count in Counter(row["reason"] for row in kept).items()})
    now = target.manifest
    manifest = now.committed(
        datetime.now(UTC).isoformat(timespec="seconds"),
        replace(tally, read=0) + before,
        data=(*now.data, *written.data),
        people=(*now.people, *written.people),
        changes=(*now.changes, *written.changes),
        quarantine=(*(each for each in now.quarantine if each != file), *written.quarantine),
    )
    write_manifest(target.path, manifest)
    return manifest, tally


def _with_lost(target: Opened, rows: Sequence[dict[str, object]], written: Written, number: int) -> list[SideFile]:
    """Lines whose bytes were not kept cannot be tried; they stay."""
    from smartpd_analytics.store._forget import write_quarantine

    lost = [row for row in rows if row["data"] is None]
    if not lost:
        return written.quarantine
    name = f"{target.run}-lost-{number}.parquet"
    return [*written.quarantine, write_quarantine(target.path, name, lost, target.manifest.generation + 1)]


def _us(time: datetime | None) -> int | None:
    if time is None:
        return None
    if time.tzinfo is None:
        raise InputError(f"the time {time.isoformat()} has no time zone", accepted="a time such as 2026-10-11T18:00Z")
    return (time - _EPOCH) // timedelta(microseconds=1)
