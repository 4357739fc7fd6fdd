"""The manifest: the one small file that says what a store holds.

Data files never change. A commit writes new files first, then replaces the manifest; whoever is killed
before that has left files that nobody names, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from smartpd_analytics.data import LineAccount
from smartpd_analytics.errors import N_, Message, StoreError, reason_of
from smartpd_analytics.store._layout import MANIFEST, replace_file
from smartpd_analytics.store._schema import SCHEMA_VERSION

#: Counts up with each change of the layout that an older program would misread, or of the digests by which copies of an
#: event are known: beside old digests new ones would let copies in.
FORMAT = 2
_OLDEST = 2
_ACCEPTED = N_("format up to {format}, schema up to {schema}")
#: Commits that are listed one by one; older ones live on in the account.
_COMMITS = 1_000


class DataFile(msgspec.Struct, frozen=True):
    """One Parquet file of events: one course, one month, in order of time."""

    path: str
    course_key: str
    #: ``2026-09``
    month: str
    rows: int
    bytes: int
    min_us: int
    max_us: int
    #: Commit that wrote it.
    generation: int


class SideFile(msgspec.Struct, frozen=True):
    """A Parquet file that a commit wrote beside the events: people, changes, or quarantined lines."""

    path: str
    rows: int
    #: The first and the last commit whose rows it holds.
    first: int
    last: int


class Tally(msgspec.Struct, frozen=True):
    """How many lines became what; adds up."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    ignored: Mapping[str, int] = {}
    quarantined: Mapping[str, int] = {}

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.read + other.read,
            self.accepted + other.accepted,
            self.duplicate + other.duplicate,
            _sum(self.ignored, other.ignored),
            _sum(self.quarantined, other.quarantined),
        )

    def account(self) -> LineAccount:
        """The same as counts for people."""
        return LineAccount(
            read=self.read,
            accepted=self.accepted,
            duplicate=self.duplicate,
            ignored=sum(self.ignored.values()),
            quarantined=sum(self.quarantined.values()),
            ignored_reasons=dict(self.ignored),
            quarantined_reasons=dict(self.quarantined),
        )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    both: Counter[str] = Counter(one)
    both.update(other)
    return {reason: count for reason, count in sorted(both.items()) if count}


class Commit(msgspec.Struct, frozen=True):
    """One commit and its account."""

    generation: int
    #: When, by the clock of the machine; for people, nothing is decided by it.
    at: str
    tally: Tally


class SourceState(msgspec.Struct, frozen=True):
    """How far a source was read, and how to know it again under another name.

    ``head`` and ``tail`` are digests of the first ``head_length`` and of the last ``tail_length`` bytes
    that were read, unpacked. ``seen`` is where it was last found: path, and for a file device, inode, size
    and time of change; it only saves opening what did not change.
    """

    name: str
    head: str
    head_length: int
    tail: str
    tail_length: int
    #: Bytes and lines that were read, unpacked.
    consumed: int
    lines: int
    #: What the run was asked to leave out; ``""`` for nothing.
    selection: str = ""
    seen: Mapping[str, tuple[int, ...]] = {}
    #: The last line had no line feed yet but was whole.
    open_line: bool = False
    #: Where a database stands, instead of bytes.
    position: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What a store holds at one moment."""

    generation: int = 0
    identified: bool = False
    #: Tells the site's key from another, without telling the key.
    key_check: str = ""
    #: Commit that last took something away; whoever read before must read all again.
    rewritten: int = 0
    data: tuple[DataFile, ...] = ()
    people: tuple[SideFile, ...] = ()
    changes: tuple[SideFile, ...] = ()
    quarantine: tuple[SideFile, ...] = ()
    sources: tuple[SourceState, ...] = ()
    #: Keyed hashes of people who must not come back.
    forgotten: tuple[str, ...] = ()
    tally: Tally = Tally()
    commits: tuple[Commit, ...] = ()

    def files(self) -> set[str]:
        """Every file that it names."""
        sides = (*self.people, *self.changes, *self.quarantine)
        return {each.path for each in self.data} | {each.path for each in sides}

    def committed(self, at: str, tally: Tally, **changes: Any) -> Manifest:
        """The next manifest, with ``changes`` and one more commit."""
        commit = Commit(self.generation + 1, at, tally)
        return replace(
            self,
            generation=commit.generation,
            tally=self.tally + tally,
            commits=(*self.commits, commit)[-_COMMITS:],
            **changes,
        )


def read_manifest(store: Path) -> Manifest | None:
    """What the store holds, or None where there is no store.

    Raises:
        StoreError: the manifest cannot be read, or is of a newer version, or of one that is too old.
    """
    try:
        data = (store / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        accepted = N_("a new or empty folder, or what smartpd ingest has written")
        raise StoreError(N_("this is a file, not a folder"), store=str(store), accepted=accepted) from error
    except OSError as error:
        problem = N_("its manifest.json cannot be read: {reason}")
        raise StoreError(problem, store=str(store), reason=reason_of(error)) from error
    try:
        read = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        version, schema = (msgspec.json.decode(read.pop(name), type=int) for name in ("format", "schema_version"))
        if version > FORMAT or schema > SCHEMA_VERSION:
            raise StoreError(
                N_("the store was written by a newer version (format {format}, schema {schema})"),
                store=str(store),
                accepted=Message(_ACCEPTED, format=FORMAT, schema=SCHEMA_VERSION),
                format=version,
                schema=schema,
            )
        if version < _OLDEST:
            raise StoreError(
                N_("the store was written by an older version (format {format}), which knows copies in another way"),
                store=str(store),
                accepted=N_("a new folder, into which the logs are ingested again"),
                format=version,
            )
        # Of what is missing the default would be taken, and files that it does not name are removed.
        if read.keys() != set(Manifest.__struct_fields__):
            raise KeyError(*read.keys() ^ set(Manifest.__struct_fields__))
        return msgspec.json.decode(data, type=Manifest)
    except (ValueError, KeyError) as error:
        raise StoreError(N_("its manifest.json is damaged; put back a copy of it"), store=str(store)) from error


def write_manifest(store: Path, manifest: Manifest) -> None:
    """Replace the manifest: from now on the store holds this.

    Raises:
        OSError: it cannot be written; the store holds what it held.
    """
    content = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **msgspec.structs.asdict(manifest)}
    replace_file(store / MANIFEST, msgspec.json.format(msgspec.json.encode(content), indent=2))


def overlapping(files: Iterable[DataFile], since: int, until: int) -> list[DataFile]:
    """The files that may have an event between two times, both included."""
    return [each for each in files if each.min_us <= until and each.max_us >= since]
