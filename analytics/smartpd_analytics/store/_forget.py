"""Taking one person out of a store, so that nothing of them is left and nothing comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from smartpd_analytics.errors import N_, InputError
from smartpd_analytics.store._data_files import write_anew
from smartpd_analytics.store._forgotten import forgotten_rows, line_names, mark_of_forgotten
from smartpd_analytics.store._layout import CHANGES, PEOPLE, QUARANTINE, private, sync_all
from smartpd_analytics.store._manifest import DataFile, Manifest, SideFile, Tally, write_manifest
from smartpd_analytics.store._opened import Opened, StoreOptions, opened
from smartpd_analytics.store._tidy import read_events, remove_unnamed
from smartpd_analytics.store._work import (
    CHANGES_SCHEMA,
    FORGOTTEN,
    PEOPLE_SCHEMA,
    QUARANTINE_SCHEMA,
    write_side,
)
from smartpd_analytics.tracking import Identity

__all__ = ["ForgetReport", "forget_learner", "take_away", "write_quarantine"]


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was taken away. Zero everywhere where the store had nothing of the person; they stay forgotten."""

    events: int
    courses: int
    quarantined: int
    #: Ids and usernames that will not be taken in again.
    marks: int


@dataclass(frozen=True, slots=True)
class _Away:
    manifest: Manifest
    events: int
    courses: int
    quarantined: int


def forget_learner(
    learner: str,
    store: str | Path,
    *,
    user_id: int | None = None,
    options: StoreOptions | None = None,
) -> ForgetReport:
    """Take one person out of a store: events, ties between id and name, quarantined lines that name them.

    What stays is a keyed hash of each of their ids and usernames, by which their lines are left out when the
    same logs are read again. Copies of the store, and logs, are not touched.

    Args:
        learner: username, ``user:<id>``, or a pseudonym as the store's readers show it.
        store: the store's folder.
        user_id: the numeric id as well, where it is known.
        options: the site's key, and how long to wait for another run.

    Raises:
        InputError: ``learner`` is empty.
        StoreError: there is no store, or it cannot be written as asked.
        OSError: the disk is full or fails; the store holds what it held.
    """
    if not learner.strip():
        raise InputError(N_("no learner is named"), accepted=N_("a username, or user:<id>"))
    with opened(store, options or StoreOptions(), make=False) as target:
        marks = {mark_of_forgotten(target.key, *one) for one in _names(learner.strip(), user_id, target)}
        marks |= _tied(target, marks)
        forgotten = tuple(sorted({*target.manifest.forgotten, *marks}))
        gone = take_away(replace(target, manifest=msgspec.structs.replace(target.manifest, forgotten=forgotten)))
        return ForgetReport(gone.events, gone.courses, gone.quarantined, len(marks))


def _names(learner: str, user_id: int | None, target: Opened) -> set[tuple[int | None, str]]:
    """Every id and name, as it would stand in this store, that the caller may have meant."""
    identity = None if target.manifest.identified else Identity(target.key)
    number = learner.removeprefix("user:")
    ids = {user_id} if user_id is not None else set()
    found: set[tuple[int | None, str]] = set()
    if learner.startswith("user:") and number.isdecimal():
        ids.add(int(number))
        # The id as the store's readers show it, already a pseudonym.
        found.add((int(number), ""))
    else:
        found.add((None, learner))
        found.add((None, identity.username(learner) if identity else learner))
    found |= {(identity.user_id(one) if identity else one, "") for one in ids}
    return found


def _tied(target: Opened, marks: set[str]) -> set[str]:
    """The marks of all ids and names that are tied to the given ones, directly or by others."""
    pairs = {
        (row["user_id"], row["username"])
        for row in _side(target.path, target.manifest.people, PEOPLE_SCHEMA).to_pylist()
        if row["user_id"] is not None and row["username"]
    }
    found = set(marks)
    while True:
        more = set()
        for user_id, username in pairs:
            both = {mark_of_forgotten(target.key, user_id, ""), mark_of_forgotten(target.key, None, username)}
            if both & found:
                more |= both
        if more <= found:
            return found
        found |= more


def take_away(target: Opened) -> _Away:
    """Write everything anew that holds somebody who is forgotten, commit, and remove the old files at once."""
    store, manifest = target.path, target.manifest
    fresh: set[Path] = set()
    generation = manifest.generation + 1
    data: list[DataFile] = []
    events, courses = 0, set()
    for number, file in enumerate(manifest.data):
        some = pq.read_table(store / file.path, columns=["user_id", "username", "payload"], partitioning=None)
        gone, _ = forgotten_rows(target.key, manifest.forgotten, some)
        if not gone.any():
            data.append(file)
            continue
        events += int(gone.sum())
        courses.add(file.course_key)
        rest = read_events(store, [file]).filter(pa.array(~gone))
        if rest.num_rows:
            name, where = f"{target.run}-forget-{number}.parquet", (file.course_key, file.month)
            data.append(write_anew(store, rest, where, name=name, generation=file.generation, fresh=fresh))
    sides = {
        name: _without(target, name, files, schema, fresh)
        for name, files, schema in (
            (PEOPLE, manifest.people, PEOPLE_SCHEMA),
            (CHANGES, manifest.changes, CHANGES_SCHEMA),
        )
    }
    quarantine, reasons = _quarantine(target, generation)
    lost = sum(reasons.values())
    tally = Tally(
        0,
        -events,
        0,
        {FORGOTTEN: events + lost} if events + lost else {},
        {reason: -count for reason, count in reasons.items()},
    )
    sync_all(fresh)
    manifest = manifest.committed(
        datetime.now(UTC).isoformat(timespec="seconds"),
        tally,
        data=tuple(data),
        people=sides[PEOPLE],
        changes=sides[CHANGES],
        quarantine=quarantine,
        # Where nothing went, nobody has to read anew.
        rewritten=generation if events else manifest.rewritten,
    )
    write_manifest(store, manifest)
    remove_unnamed(store, manifest)
    return _Away(manifest, events, len(courses), lost)


def _without(
    target: Opened, name: str, files: Sequence[SideFile], schema: pa.Schema, fresh: set[Path]
) -> tuple[SideFile, ...]:
    kept: list[SideFile] = []
    for number, file in enumerate(files):
        table = _side(target.path, [file], schema)
        payload = table.append_column("payload", pa.array(["{}"] * len(table), pa.string()))
        gone, _ = forgotten_rows(target.key, target.manifest.forgotten, payload)
        if not gone.any():
            kept.append(file)
            continue
        rest = table.filter(pa.array(~gone))
        path = f"{target.run}-forget-{number}.parquet"
        kept.append(write_side(target.path, name, path, rest, span=(file.first, file.last), fresh=fresh))
    return tuple(kept)


def _quarantine(target: Opened, generation: int) -> tuple[tuple[SideFile, ...], Mapping[str, int]]:
    """The quarantine without lines that name somebody who is forgotten; reasons of those that went."""
    identity = None if target.manifest.identified else Identity(target.key)
    kept: list[SideFile] = []
    reasons: Counter[str] = Counter()
    for number, file in enumerate(target.manifest.quarantine):
        rows = _side(target.path, [file], QUARANTINE_SCHEMA).to_pylist()
        stay = [
            row
            for row in rows
            if row["data"] is None or not line_names(row["data"], target.key, identity, target.manifest.forgotten)
        ]
        if len(stay) == len(rows):
            kept.append(file)
            continue
        reasons.update(row["reason"] for row in rows)
        reasons.subtract(row["reason"] for row in stay)
        if stay:
            kept.append(write_quarantine(target.path, f"{target.run}-forget-{number}.parquet", stay, generation))
    return tuple(kept), {reason: count for reason, count in reasons.items() if count}


def write_quarantine(store: Path, name: str, rows: Sequence[Mapping[str, Any]], generation: int) -> SideFile:
    """Write quarantined lines, for their owner's eyes only."""
    fresh: set[Path] = set()
    with private():
        table = pa.Table.from_pylist(list(rows), schema=QUARANTINE_SCHEMA)
        file = write_side(store, QUARANTINE, name, table, span=(generation, generation), fresh=fresh)
    sync_all(fresh)
    return file


def _side(store: Path, files: Iterable[SideFile], schema: pa.Schema) -> pa.Table:
    tables = [pq.read_table(store / file.path, schema=schema, partitioning=None) for file in files]
    return pa.concat_tables(tables) if tables else schema.empty_table()
