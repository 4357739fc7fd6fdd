"""The store as others read it: events by course and time, on any engine that reads Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from smartpd_analytics.data import LineAccount
from smartpd_analytics.errors import N_, StoreError
from smartpd_analytics.store._manifest import DataFile, Manifest, SideFile, read_manifest
from smartpd_analytics.store._people import known_people, with_known
from smartpd_analytics.store._schema import SCHEMA
from smartpd_analytics.store._time import from_us, to_us
from smartpd_analytics.store._work import CHANGES_SCHEMA, DAY_US, PEOPLE_SCHEMA

if TYPE_CHECKING:
    import duckdb

# duckdb and narwhals are loaded when something is read: workers load this package and read nothing.
__all__ = ["Changes", "EventStore", "StoredCourse", "open_store"]


#: The columns that ``relation`` adds to those of ``SCHEMA``.
ADDED = ("learner", "person_id", "nameless_id")


@dataclass(frozen=True, slots=True)
class StoredCourse:
    """What a store has of one course."""

    course_key: str
    events: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What came to a store since a token.

    ``days`` has a row for each ``learner``, ``course_key`` and ``day`` (days since 1970-01-01, UTC) that
    events came to, and for those that belong to somebody else now. Where ``everything`` is true (events
    were taken away since, or the token is too old or unknown), ``days`` is empty and all is to be read.
    """

    #: The token for the next time.
    token: int
    everything: bool
    days: pa.Table


def open_store(path: str | Path) -> EventStore:
    """The store in a folder, as it is now; later commits do not show.

    Raises:
        StoreError: there is no store, or it cannot be read.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest is None:
        raise StoreError(
            N_("there is no store of events in this folder"),
            store=str(folder),
            accepted=N_("what smartpd ingest has written"),
        )
    return EventStore(folder, manifest)


class EventStore:
    """A snapshot of a store.

    Args:
        path: the store's folder.
        manifest: what it holds.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self._manifest = manifest

    @property
    def generation(self) -> int:
        """Number of the last commit: the token for ``changed_since``."""
        return self._manifest.generation

    @property
    def identified(self) -> bool:
        """Whether learners stand in it under their own names."""
        return self._manifest.identified

    @property
    def events(self) -> int:
        """How many events it holds."""
        return sum(file.rows for file in self._manifest.data)

    def account(self) -> LineAccount:
        """What became of every line that was ever read (without the quarantined lines themselves)."""
        return self._manifest.tally.account()

    def courses(self) -> tuple[StoredCourse, ...]:
        """The courses, by key."""
        found: dict[str, list[int]] = {}
        for file in self._manifest.data:
            rows, first, last = found.get(file.course_key, (0, file.min_us, file.max_us))
            found[file.course_key] = [rows + file.rows, min(first, file.min_us), max(last, file.max_us)]
        return tuple(
            StoredCourse(key, rows, from_us(first), from_us(last)) for key, (rows, first, last) in sorted(found.items())
        )

    def parquet_files(
        self, *, courses: Sequence[str] = (), since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Path, ...]:
        """The Parquet files that hold these courses and times, for an engine that reads them itself.

        A file has one course and one month, so beside the course asked for nothing is read; its first and last
        month may hold earlier and later events.
        """
        return tuple(self.path / file.path for file in self._files(courses, since, until))

    def relation(
        self,
        connection: duckdb.DuckDBPyConnection | None = None,
        *,
        courses: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        with_staff: bool = True,
    ) -> duckdb.DuckDBPyRelation:
        """The events as a DuckDB relation, read when it is asked.

        Args:
            connection: where it is read; one of its own when None.
            courses: course keys; all when empty.
            since, until: from this time, before that, with a time zone; None for no end.
            with_staff: False leaves out everything by those who acted as staff of that course, at whatever time.

        Returns:
            The columns of ``SCHEMA``, with ``username`` the newest known name of the person, and ``learner``
            (that name, or ``user:<id>`` where none is known), ``person_id`` (numeric id, or -1) and
            ``nameless_id`` (numeric id where no name is known, else -1).

        Raises:
            InputError: a time has no time zone.
        """
        connection = connection or _connect()
        files = self._files(courses, since, until)
        events = self._scan(connection, files)
        condition = " and ".join(_conditions(since, until))
        if condition:
            events = events.filter(condition)
        events = self._resolved(connection, events)
        if not with_staff:
            acted = self._resolved(
                connection, self._scan(connection, self._files(courses, None, None)).filter("kind = 'staff'")
            )
            staff = acted.project("course_key, learner").distinct().set_alias("staff")
            events = events.set_alias("events").join(
                staff, "events.course_key = staff.course_key and events.learner = staff.learner", how="anti"
            )
        return events

    def arrow(
        self,
        *,
        courses: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        with_staff: bool = True,
    ) -> pa.Table:
        """The same as a table in memory, in order of ``time_us`` and ``digest``."""
        events = self.relation(courses=courses, since=since, until=until, with_staff=with_staff)
        table = events.order("time_us, digest").to_arrow_table()
        fields = {each.name: each for each in SCHEMA}
        schema = pa.schema([fields.get(each.name, each) for each in table.schema], metadata=SCHEMA.metadata)
        return table.cast(schema)

    def ties(self, *, until: datetime | None = None) -> pa.Table:
        """Which username goes with which id: ``user_id``, ``username`` and ``seen``, when last (microseconds).

        Of all courses, with those that Aspects told, and before ``until`` where it is given.

        Raises:
            InputError: a time has no time zone.
        """
        import pyarrow.compute as pc

        pairs = self.people()
        pairs = pairs.filter(pc.and_(pc.is_valid(pairs["user_id"]), pc.not_equal(pairs["username"], "")))
        return pairs if until is None else pairs.filter(pc.less(pairs["seen"], to_us(until)))

    def people(self) -> pa.Table:
        """All ids and usernames there are: ``ties``, and who has only one of both (null, or ``""``)."""
        return self._pairs

    def changed_since(self, token: int) -> Changes:
        """Whom the commits after ``token`` concern, for work that is done again only where something changed."""
        import pyarrow.compute as pc

        manifest = self._manifest
        oldest = min((file.first for file in manifest.changes), default=manifest.generation + 1)
        empty = pa.schema([("learner", pa.string()), ("course_key", pa.string()), ("day", pa.int64())]).empty_table()
        if token == manifest.generation:
            return Changes(manifest.generation, False, empty)
        if token < manifest.rewritten or token < oldest - 1 or token > manifest.generation or token <= 0:
            return Changes(manifest.generation, True, empty)
        connection = _connect()
        # One file may hold commits from before and after the token.
        recent = self._side([file for file in manifest.changes if file.last > token], CHANGES_SCHEMA)
        recent = recent.filter(pc.greater(recent["generation"], token))
        touched = self._resolved(connection, connection.from_arrow(recent))
        touched = touched.project("learner, course_key, day")
        relinked = self._relinked(connection, token)
        if relinked:
            connection.register("smartpd_relinked", pa.table({"learner": relinked}))
            everything = self._resolved(connection, self._scan(connection, manifest.data))
            days = everything.query(
                "smartpd_everything",
                f"select learner, course_key, time_us // {DAY_US} as day from smartpd_everything "  # noqa: S608
                "where learner in (select learner from smartpd_relinked)",
            )
            touched = touched.union(days)
        table = touched.distinct().order("course_key, learner, day").to_arrow_table()
        return Changes(manifest.generation, False, table.cast(empty.schema))

    # --- inside -------------------------------------------------------------------------------

    def _files(self, courses: Sequence[str], since: datetime | None, until: datetime | None) -> list[DataFile]:
        low = None if since is None else to_us(since)
        high = None if until is None else to_us(until)
        return [
            file
            for file in self._manifest.data
            if (not courses or file.course_key in courses)
            and (low is None or file.max_us >= low)
            and (high is None or file.min_us < high)
        ]

    def _scan(self, connection: Any, files: Iterable[DataFile]) -> Any:
        names = [str(self.path / file.path) for file in files]
        if not names:
            return connection.from_arrow(SCHEMA.empty_table())
        # hive_partitioning would add the slugs of folders as columns.
        return connection.read_parquet(names, hive_partitioning=False, union_by_name=False)

    def _resolved(self, connection: Any, events: Any) -> Any:
        import narwhals as nw

        names, ids = known_people(nw.from_native(connection.from_arrow(self._pairs)).lazy())
        keep = nw.from_native(events).lazy().with_columns(nw.col("user_id").alias("own_id"))
        found = with_known(keep, names, ids).rename({"own_id": "user_id"})
        nameless = nw.concat_str(nw.lit("user:"), nw.col("nameless_id").cast(nw.String))
        found = found.with_columns(
            nw.when(nw.col("username") != "").then(nw.col("username")).otherwise(nameless).alias("learner")
        )
        return found.select(*events.columns, *ADDED).to_native()

    @cached_property
    def _people(self) -> pa.Table:
        return self._side(self._manifest.people, PEOPLE_SCHEMA)

    @cached_property
    def _pairs(self) -> pa.Table:
        people = self._people
        return pa.table({"user_id": people["user_id"], "username": people["username"], "seen": people["seen_us"]})

    def _side(self, files: Iterable[SideFile], schema: pa.Schema) -> pa.Table:
        tables = [pq.read_table(self.path / file.path, schema=schema, partitioning=None) for file in files]
        return pa.concat_tables(tables) if tables else schema.empty_table()

    def _relinked(self, connection: Any, token: int) -> list[str]:
        """Learners whose earlier events stood under another name at the time of the token."""
        import pyarrow.compute as pc

        people = self._people
        new = people.filter(pc.greater(people["generation"], token))
        old = people.filter(pc.less_equal(people["generation"], token))
        # Only ids and names that were there before can change their meaning.
        ids = set(new["user_id"].to_pylist()) & set(old["user_id"].to_pylist()) - {None}
        names = set(new["username"].to_pylist()) & set(old["username"].to_pylist()) - {""}
        if not ids and not names:
            return []
        concerned = old.filter(
            pc.or_(
                pc.is_in(old["user_id"], pa.array(sorted(ids), pa.int64())),
                pc.is_in(old["username"], pa.array(sorted(names), pa.string())),
            )
        ).select(["user_id", "username"])
        before = EventStore(self.path, self._manifest)
        before.__dict__["_people"] = old
        then, now = before._learners(connection, concerned), self._learners(connection, concerned)
        return sorted({learner for pair in zip(then, now, strict=True) if pair[0] != pair[1] for learner in pair})

    def _learners(self, connection: Any, pairs: pa.Table) -> list[str]:
        """The learner of each row of ids and usernames."""
        numbered = pairs.append_column("row", pa.array(range(len(pairs)), pa.int64()))
        found = self._resolved(connection, connection.from_arrow(numbered)).project("row, learner").order("row")
        learners: list[str] = found.to_arrow_table()["learner"].to_pylist()
        return learners


def _connect() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect()


def _conditions(since: datetime | None, until: datetime | None) -> list[str]:
    found = []
    if since is not None:
        found.append(f"time_us >= {to_us(since)}")
    if until is not None:
        found.append(f"time_us < {to_us(until)}")
    return found
