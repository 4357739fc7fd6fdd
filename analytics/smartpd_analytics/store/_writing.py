"""Ingestion: what is new in files and tables into a store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from smartpd_analytics.errors import N_, InputError, SourceError, accepted_once
from smartpd_analytics.progress import Progress
from smartpd_analytics.sources import STANDARD_INPUT, find_files, is_table, mark_of
from smartpd_analytics.store._ingest import Engine, IngestReport, Run, new_run
from smartpd_analytics.store._inside import Inside
from smartpd_analytics.store._manifest import Manifest, Tally
from smartpd_analytics.store._opened import Opened, StoreOptions, opened
from smartpd_analytics.store._tidy import tidy
from smartpd_analytics.store._time import to_us
from smartpd_analytics.store._work import NAMED, Job, Selection

if TYPE_CHECKING:
    from smartpd_analytics.sources import TableAddress

__all__ = ["ingest"]

#: So much is read without starting workers: until they are ready it is done.
INSIDE_BYTES = 24 * 1_048_576
#: How many bytes one packed byte makes, about, and a row of a table.
_UNPACKED, _ROW_BYTES = 12, 2_048


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
        paths: files (plain, gz, zst), folders, globs, URLs that fsspec knows, ``"-"`` for ``stdin``, and tables of
            xAPI statements as ``clickhouse://USER:PASSWORD@HOST:PORT/DATABASE``.
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
        progress: hears (bytes done, bytes in all or 0), as stored; of a table, as read.

    Raises:
        StoreError: the store cannot be written as asked; ``StoreBusyError`` where another run writes.
        InputError: ``workers`` is below 1 or a time has no time zone.
        OSError: the disk is full or fails; the store holds what was committed.
    """
    if workers < 1:
        raise InputError(
            N_("{workers} workers cannot read anything"), accepted=N_("1 or more workers"), workers=workers
        )
    since_us, until_us = (None if time is None else to_us(time) for time in (since, until))
    selection = Selection(since_us, until_us, tuple(sorted(set(courses))))
    problems: list[SourceError] = []

    def report(error: SourceError) -> None:
        problems.append(error)
        if on_problem:
            on_problem(error)

    files, tables = _told_apart(paths, report)
    with opened(store, options or StoreOptions(), make=True) as found:
        target, before = found, _kinds(found.manifest)
        how = _How(report, progress, keep_quarantined, workers, spark_master, [])
        if files:
            target = _read_files(target, files, stdin, selection, how)
        if tables:
            target = _read_tables(target, tables, selection, how)
        if len(_kinds(target.manifest)) > max(len(before), 1):
            report(SourceError(_BOTH, file=str(target.path)))
        manifest = tidy(target.path, target.manifest, target.run)
        return _report(how.runs, manifest, problems)


#: Said once, when it becomes so.
_BOTH = N_(
    "it has events from tracking logs and from Aspects now: what both tell of the same time is in it twice, unless "
    "--since and --until keep the two apart"
)


@dataclass(frozen=True, slots=True)
class _How:
    """What the runs of one ingestion share."""

    report: Callable[[SourceError], None]
    progress: Progress | None
    keep_quarantined: bool
    workers: int
    spark_master: str | None
    #: What was run so far.
    runs: list[Run]


def _told_apart(
    paths: Sequence[str | Path], report: Callable[[SourceError], None]
) -> tuple[list[str | Path], list[TableAddress]]:
    """Files and the like, and tables."""
    files, tables = [], {}
    for path in paths:
        if not is_table(str(path)):
            files.append(path)
            continue
        from smartpd_analytics.sources import table_address

        try:
            address = table_address(str(path), os.environ)
            tables[address.name] = address
        except SourceError as error:
            report(error)
    return files, list(tables.values())


def _kinds(manifest: Manifest) -> set[bool]:
    """Of what a store was made: of files (False), of tables (True)."""
    return {bool(state.position) for state in manifest.sources if state.lines}


def _read_files(
    target: Opened, paths: Sequence[str | Path], stdin: BinaryIO | None, selection: Selection, how: _How
) -> Opened:
    job = target.job(selection, keep_quarantined=how.keep_quarantined)
    names = list(dict.fromkeys(find_files(paths, how.report)))
    engine = _engine(job, how.workers, how.spark_master, _new_bytes(names, target.manifest))
    try:
        run = Run(target.path, target.manifest, job, engine, report=how.report, progress=how.progress)
        run.run(names, stdin)
    finally:
        engine.close()
    how.runs.append(run)
    return _without_also_forgotten(replace(target, manifest=run.manifest), run.also_forgotten)


def _read_tables(target: Opened, tables: Sequence[TableAddress], selection: Selection, how: _How) -> Opened:
    from smartpd_analytics.store._tables import TableRun, plans_of
    from smartpd_analytics.store._ties import with_ties

    # Files of its own, beside those of the run before.
    target = replace(target, run=new_run())
    # The times asked for are those of the rows, which say when the event was.
    courses = Selection(courses=selection.courses)
    since_us, until_us = selection.since_us, selection.until_us
    with ExitStack() as connections:
        plans = plans_of(
            tables,
            target.manifest,
            courses.text,
            since_us=since_us,
            until_us=until_us,
            connections=connections,
            report=how.report,
        )
        for plan in plans:
            job = target.job(courses)
            try:
                manifest, also = with_ties(target.path, target.manifest, job, plan.table.people())
            except SourceError as error:
                how.report(error)
                continue
            target = _without_also_forgotten(replace(target, manifest=manifest, run=new_run()), also)
        job = replace(target.job(courses, keep_quarantined=how.keep_quarantined), statements=True)
        rows = sum(plan.rows for plan in plans)
        engine = _engine(job, how.workers, how.spark_master, rows * _ROW_BYTES)
        try:
            run = TableRun(target.path, target.manifest, job, engine, plans, report=how.report, progress=how.progress)
            run.run_plans()
        finally:
            engine.close()
    how.runs.append(run)
    return _without_also_forgotten(replace(target, manifest=run.manifest), run.also_forgotten)


def _engine(job: Job, workers: int, spark_master: str | None, new_bytes: int | None) -> Engine:
    if spark_master is not None:
        from smartpd_analytics.store._spark import SparkEngine

        return SparkEngine(job, spark_master)
    if new_bytes is not None and new_bytes <= INSIDE_BYTES:
        return Inside(job)
    from smartpd_analytics.store._pool import Pool

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


def _without_also_forgotten(target: Opened, also_forgotten: Iterable[str]) -> Opened:
    """An id or name that was found to be of somebody who is forgotten must go from what was there before."""
    if not also_forgotten:
        return target
    from smartpd_analytics.store._forget import take_away

    forgotten = tuple(sorted({*target.manifest.forgotten, *also_forgotten}))
    manifest = msgspec.structs.replace(target.manifest, forgotten=forgotten)
    return replace(target, manifest=take_away(replace(target, manifest=manifest)).manifest)


def _report(runs: Sequence[Run], manifest: Manifest, problems: Sequence[SourceError]) -> IngestReport:
    lines = sum((run.tally for run in runs), Tally()).account()
    return IngestReport(
        lines=replace(
            lines,
            source_problems=tuple(error.without_accepted for error in problems),
            sources_accepted=accepted_once(problems),
            quarantine=tuple(line for run in runs for line in run.outcome.quarantine)[:NAMED],
        ),
        sources_read=sum(run.read for run in runs),
        sources_unchanged=sum(run.unchanged for run in runs),
        unfinished=sum(run.unfinished for run in runs),
        generation=manifest.generation,
        events=sum(file.rows for file in manifest.data),
    )
