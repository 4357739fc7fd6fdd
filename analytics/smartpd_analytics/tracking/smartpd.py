"""Events of this project's own blocks. Only the fields listed here are kept, as ids and numbers.

``areas`` and ``words`` are objects in the log; their entries become ``areas.<id>`` and ``words.<part>``.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import identifier, integer, number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip

Scalar = str | int | float | bool

_NESTED = frozenset({"areas", "words"})
#: More entries than any instrument has areas or any text has parts.
_MOST_ENTRIES = 50


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return integer(value)
    return number(value) if isinstance(value, float) else identifier(value) or None


def _kept(event: Mapping[str, object], names: tuple[str, ...]) -> dict[str, Scalar]:
    kept: dict[str, Scalar] = {}
    for name in names:
        value = event.get(name)
        entries = {name: value}
        if name in _NESTED:
            named = value.items() if isinstance(value, dict) else ()
            entries = {f"{name}.{key}": entry for key, entry in sorted(named)[:_MOST_ENTRIES] if identifier(key)}
        for key, entry in entries.items():
            scalar = _scalar(entry)
            if scalar is not None:
                kept[key] = scalar
    return kept


def _of(kind: str, *names: str) -> EventType:
    def extract(record: Record) -> Fields:
        key = record.usage_key(record.event.get("usage_key")) or record.module_key
        return {"usage_key": key, "payload": _kept(record.event, names)}

    return EventType(kind, extract, SERVER)


_INSTRUMENT = ("instrument", "version", "phase")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "smartpd.diagnosis.started": _of("diagnosis", *_INSTRUMENT, "total"),
    "smartpd.diagnosis.answered": _of(
        "diagnosis", *_INSTRUMENT, "item", "competency", "option", "points", "answered", "total"
    ),
    "smartpd.diagnosis.completed": _of("diagnosis", *_INSTRUMENT, "points", "max_points", "level", "areas"),
    "smartpd.matrix.cell_marked": _of("matrix", "cell", "status", "target"),
    "smartpd.matrix.cell_rated": _of("matrix", "cell", "rating", "scale", "target"),
    "smartpd.pres.saved": _of("pres", "version", "words"),
    "smartpd.pres.submitted": _of("pres", "version", "words"),
}
