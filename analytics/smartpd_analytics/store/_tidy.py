"""Keeping a store in order: what a killed run left, and many small files made into few."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec.structs import replace

from smartpd_analytics.store._data_files import write_anew
from smartpd_analytics.store._layout import CHANGES, FOLDERS, PEOPLE, sync_all
from smartpd_analytics.store._manifest import DataFile, Manifest, SideFile, write_manifest
from smartpd_analytics.store._schema import SCHEMA
from smartpd_analytics.store._work import CHANGES_SCHEMA, PEOPLE_SCHEMA, write_side

#: A course's month with so many small files is written anew as one.
_MANY = 8
#: So many files of people, or of changes, are written anew as one. They are small, and opening them costs little beside
#: what grouping them takes to load.
_MANY_SIDES = 32
#: Rows from which a file is no small one.
_LARGE = 125_000
#: Rows that are written anew at a time, for the memory they take.
_AT_ONCE = 250_000
#: Commits whose changes are kept; whoever asks for older ones must read everything.
_CHANGES_KEPT = 2_000


def remove_unnamed(store: Path, manifest: Manifest) -> int:
    """Remove files that no manifest names; how many there were."""
    named = manifest.files()
    removed = 0
    for top in FOLDERS:
        root = str(store / top)
        # From the bottom up, so that a folder whose files all go is empty when it is looked at.
        for folder, _, names in os.walk(root, topdown=False):
            below = top + folder.removeprefix(root)
            left = [name for name in names if f"{below}/{name}" not in named]
            for name in left:
                Path(folder, name).unlink()
            removed += len(left)
            if len(left) == len(names) and folder != root and not any(Path(folder).iterdir()):
                Path(folder).rmdir()
    for path in store.glob(".*.new"):
        path.unlink()
    return removed


def tidy(store: Path, manifest: Manifest, run: str) -> Manifest:
    """Put small files together, commit that, and return what the store holds then.

    The files that were put together stay until the next run, for whoever is reading them.
    """
    fresh: set[Path] = set()
    data = _data(store, manifest.data, run, fresh)
    people = _people(store, manifest, run, fresh)
    changes = _changes(store, manifest, run, fresh)
    if (data, people, changes) == (manifest.data, manifest.people, manifest.changes):
        return manifest
    sync_all(fresh)
    tidied = replace(manifest, data=data, people=people, changes=changes)
    write_manifest(store, tidied)
    return tidied


def _data(store: Path, files: tuple[DataFile, ...], run: str, fresh: set[Path]) -> tuple[DataFile, ...]:
    small: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
    for file in files:
        if file.rows < _LARGE:
            small[file.course_key, file.month].append(file)
    gone: set[str] = set()
    new: list[DataFile] = []
    for where, together in small.items():
        if len(together) < _MANY:
            continue
        rows, group = 0, []
        for file in together:
            if rows + file.rows > _AT_ONCE:
                break
            rows += file.rows
            group.append(file)
        table = read_events(store, group)
        name = f"{run}-tidy-{len(new)}.parquet"
        generation = max(file.generation for file in group)
        new.append(write_anew(store, table, where, name=name, generation=generation, fresh=fresh))
        gone.update(file.path for file in group)
    return tuple(file for file in files if file.path not in gone) + tuple(new)


def read_events(store: Path, files: Iterable[DataFile]) -> pa.Table:
    """The events of some files."""
    return pa.concat_tables(
        [pq.read_table(store / file.path, partitioning=None, use_threads=False).cast(SCHEMA) for file in files]
    )


def _read(store: Path, files: Iterable[SideFile], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([pq.read_table(store / file.path, schema=schema, partitioning=None) for file in files])


def _people(store: Path, manifest: Manifest, run: str, fresh: set[Path]) -> tuple[SideFile, ...]:
    """One row for each pair: when it was first committed, and when last seen."""
    if len(manifest.people) < _MANY_SIDES:
        return manifest.people
    table = _read(store, manifest.people, PEOPLE_SCHEMA)
    found = table.group_by(["user_id", "username"]).aggregate([("seen_us", "max"), ("generation", "min")])
    columns = [found[name] for name in ("user_id", "username", "seen_us_max", "generation_min")]
    merged = pa.table(columns, schema=PEOPLE_SCHEMA)
    return (write_side(store, PEOPLE, f"{run}-tidy.parquet", merged, span=(1, manifest.generation), fresh=fresh),)


def _changes(store: Path, manifest: Manifest, run: str, fresh: set[Path]) -> tuple[SideFile, ...]:
    if len(manifest.changes) < _MANY_SIDES:
        return manifest.changes
    import pyarrow.compute as pc

    table = _read(store, manifest.changes, CHANGES_SCHEMA)
    oldest = manifest.generation - _CHANGES_KEPT
    table = table.filter(pc.greater(table["generation"], oldest))
    first = max(min(file.first for file in manifest.changes), oldest + 1)
    name = f"{run}-tidy.parquet"
    return (write_side(store, CHANGES, name, table, span=(first, manifest.generation), fresh=fresh),)
