"""Whose ids stand in statements, where Aspects knows: ties between that id, the user id and the username.

With them the events of one person are one learner's, whether they come from logs or from statements, and whoever is
forgotten is forgotten in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from smartpd_analytics.store._forgotten import forgotten_rows
from smartpd_analytics.store._layout import PEOPLE, sync_all
from smartpd_analytics.store._manifest import Manifest, Tally, write_manifest
from smartpd_analytics.store._work import PEOPLE_SCHEMA, Job, write_side
from smartpd_analytics.tracking import Identity

__all__ = ["with_ties"]

_AT_ONCE = 50_000
_PAIR = ["user_id", "username"]
#: Times that are no times: a name from a log always counts as newer, and that of a person as newer than an id's.
_OF_ID, _OF_NAME = 0, 1


def with_ties(
    store: Path, manifest: Manifest, job: Job, people: Iterable[tuple[str, int, str]]
) -> tuple[Manifest, frozenset[str]]:
    """Commit the ties that the store does not have; the manifest, and hashes of ids and names found to be forgotten.

    Args:
        people: the id in statements, the user id and the username of each learner.

    Raises:
        OSError: the disk is full or fails; the store holds what it held.
    """
    identity = None if job.identified else Identity(job.key)
    ties = pa.Table.from_batches(_batches(people, identity), schema=PEOPLE_SCHEMA)
    also: set[str] = set()
    if job.forgotten and len(ties):
        payload = pa.array(["{}"] * len(ties), pa.string())
        while True:
            gone, more = forgotten_rows(job.key, job.forgotten | also, ties.append_column("payload", payload))
            if not more:
                break
            also.update(more)
        ties = ties.filter(pa.array(~gone))
    for file in manifest.people:
        if not len(ties):
            break
        there = pq.read_table(store / file.path, schema=PEOPLE_SCHEMA, partitioning=None)
        # Rows without an id have nothing to tie.
        ties = ties.join(there.select(_PAIR), keys=_PAIR, join_type="left anti")
    if not len(ties):
        return manifest, frozenset(also)
    generation = manifest.generation + 1
    generations = pa.array([generation] * len(ties), pa.int64())
    ties = pa.table([ties["user_id"], ties["username"], ties["seen_us"], generations], schema=PEOPLE_SCHEMA)
    fresh: set[Path] = set()
    side = write_side(store, PEOPLE, f"{job.run}-ties.parquet", ties, span=(generation, generation), fresh=fresh)
    sync_all(fresh)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = manifest.committed(now, Tally(), people=(*manifest.people, side))
    write_manifest(store, manifest)
    return manifest, frozenset(also)


def _batches(people: Iterable[tuple[str, int, str]], identity: Identity | None) -> Iterator[pa.RecordBatch]:
    """Two rows for each learner: their id in statements, and their username, both with the user id."""
    rest = iter(people)
    while some := list(islice(rest, _AT_ONCE)):
        ids, names, seen = [], [], []
        for own, user_id, username in some:
            number = identity.user_id(user_id) if identity else user_id
            for name, time in ((own, _OF_ID), (username, _OF_NAME)):
                if name:
                    ids.append(number)
                    names.append(identity.username(name) if identity else name)
                    seen.append(time)
        yield pa.RecordBatch.from_arrays(
            [
                pa.array(ids, pa.int64()),
                pa.array(names, pa.string()),
                pa.array(seen, pa.int64()),
                pa.nulls(len(ids), pa.int64()),
            ],
            schema=PEOPLE_SCHEMA,
        )
