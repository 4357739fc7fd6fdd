"""Events by column, on their way into a file: what repeats is kept once and numbered.

Logs repeat the same few thousand places, learners and sessions. ``Values`` numbers each of them the first
time it comes; ``Rows`` holds the numbers. So a text is looked at once for all events that have it.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from smartpd_analytics.store._arrow import column, numbers_of, texts
from smartpd_analytics.store._schema import SCHEMA
from smartpd_analytics.tracking import Fields, Person, Place, Row

__all__ = ["Rows", "Values", "concatenated"]

#: Columns whose texts a place has.
_OF_PLACE = Place.__struct_fields__
_FLOATS = ("earned", "possible", "position", "duration")
#: Stand for null in the columns of numbers.
_NAN, _NO_ATTEMPT, _NO_ANSWER = math.nan, -(2**63), -1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: From so many values on, new blocks start to number anew: each wave goes through all of them, and they take memory.
_MANY = 20_000


class Values:
    """Numbers for places, people, sessions and payloads, in the order in which they came."""

    def __init__(self) -> None:
        self.place: dict[Place, int] = {}
        self.person: dict[Person, int] = {}
        self.session: dict[str, int] = {}
        self.payload: dict[bytes, int] = {b"{}": 0}
        self._listed: dict[str, list[Any]] = {}
        self._courses: dict[str, int] = {}
        self._course_of = np.zeros(0, np.int32)

    @property
    def are_many(self) -> bool:
        """Whether they take so much memory that new blocks had better not add to it."""
        return len(self.place) + len(self.person) + len(self.session) + len(self.payload) > _MANY

    def rows(self, rows: Sequence[Row]) -> Rows:
        """Events by column, in the order given."""
        times, places, people, sessions, fields, digests = zip(*rows, strict=True) if rows else [()] * 6
        return Rows(
            self,
            {
                "time_us": _microseconds(times),
                "place": _numbers(self.place, places),
                "person": _numbers(self.person, people),
                "session": _numbers(self.session, sessions),
                "payload": _payloads(self.payload, [each.payload for each in fields]),
                **_figures(fields),
                "digest": np.frombuffer(b"".join(digests), "V16"),
            },
        )

    def listed(self, name: str) -> Sequence[Any]:
        """What is numbered of a kind, by its number."""
        known, listed = getattr(self, name), self._listed.setdefault(name, [])
        if len(listed) < len(known):
            listed.extend(islice(known, len(listed), None))
        return listed

    def courses(self) -> tuple[np.ndarray, list[str]]:
        """For each place the number of its course, and the courses."""
        new = list(islice(self.place, len(self._course_of), None))
        if new:
            numbers = _numbers(self._courses, [place.course_key for place in new])
            self._course_of = np.concatenate([self._course_of, numbers])
        return self._course_of, list(self._courses)


_NUMBERED = ("place", "person", "session", "payload")


@dataclass(frozen=True, slots=True)
class Rows:
    """Events by column; ``place``, ``person``, ``session`` and ``payload`` are numbers of ``values``."""

    values: Values
    columns: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.columns["time_us"])

    def where(self, keep: np.ndarray) -> Rows:
        """The events for which ``keep`` (booleans) is true, or whose places it gives, in that order."""
        return Rows(self.values, {name: column[keep] for name, column in self.columns.items()})

    @property
    def digests(self) -> bytes:
        """The digests, 16 bytes each, one after the other."""
        return self.columns["digest"].tobytes()

    def courses(self) -> tuple[np.ndarray, list[str]]:
        """For each event the number of its course, and the courses."""
        of_place, names = self.values.courses()
        return of_place[self.columns["place"]], names

    def people(self, numbers: np.ndarray) -> tuple[pa.Array, pa.Array]:
        """The ids and usernames of the people with these numbers."""
        known = self.values.listed("person")
        people = [known[number] for number in numbers.tolist()]
        return _ids([user_id for user_id, _ in people]), texts([username for _, username in people])

    def table(self) -> pa.Table:
        """The columns of ``SCHEMA``, those of text as dictionaries of the texts that these events have."""
        count, columns = len(self), self.columns
        made = {"digest": pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(self.digests)])}
        made["time_us"] = column(columns["time_us"])
        made["time"] = pa.Array.from_buffers(SCHEMA.field("time").type, count, made["time_us"].buffers())
        places, at = self._used("place")
        for name in _OF_PLACE:
            made[name] = _dictionary([getattr(place, name) for place in places], at)
        people, at = self._used("person")
        made["username"] = _dictionary([username for _, username in people], at)
        ids = _ids([user_id for user_id, _ in people])
        made["user_id"] = column(numbers_of(ids)[at], np.fromiter((each is None for each, _ in people), bool)[at])
        for name in ("session", "payload"):
            made[name] = _dictionary(*self._used(name))
        for name in _FLOATS:
            made[name] = column(columns[name], np.isnan(columns[name]))
        made["attempt"] = column(columns["attempt"], columns["attempt"] == _NO_ATTEMPT)
        made["correct"] = column(columns["correct"] == 1, columns["correct"] == _NO_ANSWER)
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    def _used(self, name: str) -> tuple[list[Any], np.ndarray]:
        """The values of a numbered column that these events have, and for each event the place among them."""
        known, numbers = self.values.listed(name), self.columns[name]
        used = np.zeros(len(known), dtype=bool)
        used[numbers] = True
        places = np.cumsum(used, dtype=np.int32) - 1
        return [known[number] for number in np.flatnonzero(used).tolist()], places[numbers]

    def batch(self) -> pa.RecordBatch:
        """Rows of ``SCHEMA``."""
        table = self.table().cast(SCHEMA).combine_chunks()
        return pa.RecordBatch.from_arrays(
            [column.chunk(0) if column.num_chunks else pa.array([], column.type) for column in table.columns],
            schema=SCHEMA,
        )


def concatenated(parts: Iterable[Rows]) -> Rows:
    """Events of several blocks, one after the other."""
    parts = list(parts)
    if not parts:
        return Values().rows(())
    values = parts[0].values
    columns = [part.columns if part.values is values else _renumbered(part, values) for part in parts]
    return Rows(values, {name: np.concatenate([each[name] for each in columns]) for name in columns[0]})


def _renumbered(part: Rows, values: Values) -> Mapping[str, np.ndarray]:
    """The columns with the numbers that other values have."""
    columns = dict(part.columns)
    for name in _NUMBERED:
        theirs, ours = getattr(part.values, name), getattr(values, name)
        columns[name] = _numbers(ours, theirs)[columns[name]]
    return columns


def _ids(ids: Sequence[int | None]) -> pa.Array:
    missing = np.fromiter((each is None for each in ids), bool, len(ids))
    return column(np.fromiter((each or 0 for each in ids), np.int64, len(ids)), missing)


def _numbers(known: dict[Any, int], values: Collection[Any]) -> np.ndarray:
    try:
        numbers = [known[value] for value in values]
    except KeyError:
        number = known.setdefault
        numbers = [number(value, len(known)) for value in values]
    # An array of the standard library takes a list several times as fast as numpy does.
    return np.frombuffer(array("i", numbers), np.int32)


def _dictionary(values: Sequence[str | bytes], places: np.ndarray) -> pa.DictionaryArray:
    """A column of texts by their places, each text once in its dictionary."""
    known: dict[str | bytes, int] = {}
    numbers = _numbers(known, values)
    return pa.DictionaryArray.from_arrays(column(numbers[places]), texts(list(known)))


def _microseconds(times: Sequence[datetime]) -> np.ndarray:
    """Microseconds since 1970 of times with a zone, all at once: four times as fast as ``datetime.timestamp``."""
    since = [time - _EPOCH for time in times]
    days, seconds, rest = (
        np.frombuffer(array("q", part), np.int64)
        for part in (
            [each.days for each in since],
            [each.seconds for each in since],
            [each.microseconds for each in since],
        )
    )
    found: np.ndarray = (days * 86_400 + seconds) * 1_000_000 + rest
    return found


def _figures(fields: Sequence[Fields]) -> dict[str, np.ndarray]:
    """The columns of numbers, with what stands for null."""
    columns: dict[str, array[Any]] = {
        "earned": array("d", [_NAN if (value := each.earned) is None else value for each in fields]),
        "possible": array("d", [_NAN if (value := each.possible) is None else value for each in fields]),
        "attempt": array("q", [_NO_ATTEMPT if (value := each.attempt) is None else value for each in fields]),
        "correct": array("b", [_NO_ANSWER if (value := each.correct) is None else value for each in fields]),
        "position": array("d", [_NAN if (value := each.position) is None else value for each in fields]),
        "duration": array("d", [_NAN if (value := each.duration) is None else value for each in fields]),
    }
    # An array of the standard library takes a list several times as fast as numpy does.
    return {name: np.frombuffer(column, column.typecode) for name, column in columns.items()}


def _payloads(known: dict[bytes, int], payloads: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """The numbers of payloads; most events have none, which is number 0."""
    numbers = np.zeros(len(payloads), np.int32)
    at = [place for place, payload in enumerate(payloads) if payload]
    if at:
        found = [orjson.dumps(payloads[place], option=orjson.OPT_SORT_KEYS) for place in at]
        numbers[at] = _numbers(known, found)
    return numbers
