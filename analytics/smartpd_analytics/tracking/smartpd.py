"""Events of this project's own blocks. Only the fields listed here are kept, as ids and numbers.

``areas`` and ``words`` are objects in the log; their entries become ``areas.<id>`` and ``words.<part>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import astuple

from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import identifier, integer, number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip

Scalar = str | int | float | bool

_IDENTIFIER: Memo[str, str] = Memo(identifier)
_NESTED = frozenset({"areas", "words"})
#: More entries than any instrument has areas or any text has parts.
_MOST_ENTRIES = 50


def _scalar(value: object) -> Scalar | None:
    kind = type(value)
    if kind is str:
        return _IDENTIFIER[value] or None  # type: ignore[index]
    if kind is int:
        return integer(value)
    return number(value) if kind is float else value if kind is bool else None  # type: ignore[return-value]


def _entries(name: str, value: object) -> Iterator[tuple[str, object]]:
    named = value.items() if isinstance(value, dict) else ()
    for key, entry in sorted(named)[:_MOST_ENTRIES]:
        if identifier(key):
            yield f"{name}.{key}", entry


def payload_of(name: str, values: Iterable[object]) -> dict[str, Scalar]:
    """What is kept of the fields ``FIELDS[name]``, whether a log line has them or a statement."""
    kept: dict[str, Scalar] = {}
    for field, value in zip(FIELDS[name], values, strict=True):
        if field in _NESTED:
            found = ((key, _scalar(entry)) for key, entry in _entries(field, value))
            kept.update((key, scalar) for key, scalar in found if scalar is not None)
        elif (scalar := _scalar(value)) is not None:
            kept[field] = scalar
    return kept


def _of(name: str) -> EventType:
    wanted = PayloadFields("usage_key", *FIELDS[name])

    def extract(record: Record) -> Fields:
        key, *values = astuple(record.sent(wanted))
        return Fields(record.usage_key(key) or record.module_key, payload=payload_of(name, values))

    return EventType("staff" if FIELDS[name] is _TEAM_ACT else name.split(".")[1], extract, SERVER)


_INSTRUMENT = ("instrument", "version", "phase")
#: Done by the course team to one learner, and so of the kind ``staff``; every other event is of its second part's kind.
_TEAM_ACT = (*_INSTRUMENT, "learner_id", "answered", "attempt")

#: Name of the event -> the fields of its payload that are kept.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "smartpd.diagnosis.started": (*_INSTRUMENT, "total"),
    "smartpd.diagnosis.guessed": (*_INSTRUMENT, "level"),
    "smartpd.diagnosis.answered": (*_INSTRUMENT, "item", "competency", "option", "points", "answered", "total"),
    "smartpd.diagnosis.completed": (*_INSTRUMENT, "points", "max_points", "level", "areas"),
    "smartpd.diagnosis.reset": _TEAM_ACT,
    "smartpd.diagnosis.reopened": _TEAM_ACT,
    "smartpd.matrix.cell_marked": ("cell", "status", "target"),
    "smartpd.matrix.cell_rated": ("cell", "rating", "scale", "target"),
    "smartpd.pres.saved": ("version", "words"),
    "smartpd.pres.submitted": ("version", "words"),
}

EVENT_TYPES: Mapping[str, EventType | Skip] = {name: _of(name) for name in FIELDS}
