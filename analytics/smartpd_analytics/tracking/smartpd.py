"""Events of this project's own blocks. Only the fields listed here are kept, as ids and numbers.

``areas`` and ``words`` are objects in the log; their entries become ``areas.<id>`` and ``words.<part>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def _of(kind: str, *names: str) -> EventType:
    wanted = PayloadFields("usage_key", *names)

    def extract(record: Record) -> Fields:
        key, *values = astuple(record.sent(wanted))
        kept: dict[str, Scalar] = {}
        for name, value in zip(names, values, strict=True):
            if name in _NESTED:
                found = ((key, _scalar(entry)) for key, entry in _entries(name, value))
                kept.update((key, scalar) for key, scalar in found if scalar is not None)
            elif (scalar := _scalar(value)) is not None:
                kept[name] = scalar
        return {"usage_key": record.usage_key(key) or record.module_key, "payload": kept}

    return EventType(kind, extract, SERVER)


_INSTRUMENT = ("instrument", "version", "phase")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "smartpd.diagnosis.started": _of("diagnosis", *_INSTRUMENT, "total"),
    "smartpd.diagnosis.guessed": _of("diagnosis", *_INSTRUMENT, "level"),
    "smartpd.diagnosis.answered": _of(
        "diagnosis", *_INSTRUMENT, "item", "competency", "option", "points", "answered", "total"
    ),
    "smartpd.diagnosis.completed": _of("diagnosis", *_INSTRUMENT, "points", "max_points", "level", "areas"),
    "smartpd.diagnosis.reset": _of("staff", *_INSTRUMENT, "learner_id", "answered", "attempt"),
    "smartpd.diagnosis.reopened": _of("staff", *_INSTRUMENT, "learner_id", "answered", "attempt"),
    "smartpd.matrix.cell_marked": _of("matrix", "cell", "status", "target"),
    "smartpd.matrix.cell_rated": _of("matrix", "cell", "rating", "scale", "target"),
    "smartpd.pres.saved": _of("pres", "version", "words"),
    "smartpd.pres.submitted": _of("pres", "version", "words"),
}
