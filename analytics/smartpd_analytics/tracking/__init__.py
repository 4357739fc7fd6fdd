"""From one line of a tracking log to one canonical event, or to the reason why there is none.

``parse_line`` is pure: bytes in, verdict out. What becomes of an event type stands in one place, the
catalogue (``EVENT_TYPES`` by ``event_type``, ``ROUTES`` by URL path for implicit events): a new type is
one entry in the module of its kind and one pair of fixtures. ``parse_statement`` does the same with the xAPI
statements that Aspects keeps, by ``STATEMENT_TYPES``; who reads logs alone does not load that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartpd_analytics._doors import loader
from smartpd_analytics.tracking._envelope import MAX_LINE_BYTES
from smartpd_analytics.tracking._parse import Read, Row, line_reader, parse_line, row_of
from smartpd_analytics.tracking._place import Place
from smartpd_analytics.tracking._time import from_us, to_us
from smartpd_analytics.tracking._verdict import (
    FUTURE,
    IGNORED_REASONS,
    QUARANTINE_REASONS,
    Ignored,
    Quarantined,
    Verdict,
)
from smartpd_analytics.tracking.catalogue import EVENT_TYPES, ROUTES
from smartpd_analytics.tracking.entry import EventType, Fields, Person, Route, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash

if TYPE_CHECKING:
    from smartpd_analytics.tracking._parse_statement import parse_statement, statement_reader
    from smartpd_analytics.tracking.xapi import STATEMENT_TYPES, StatementType

__all__ = [
    "EVENT_TYPES",
    "FUTURE",
    "IGNORED_REASONS",
    "MAX_LINE_BYTES",
    "QUARANTINE_REASONS",
    "ROUTES",
    "STATEMENT_TYPES",
    "EventType",
    "Fields",
    "Identity",
    "Ignored",
    "Person",
    "Place",
    "Quarantined",
    "Read",
    "Route",
    "Row",
    "Skip",
    "StatementType",
    "Verdict",
    "from_us",
    "line_reader",
    "parse_line",
    "parse_statement",
    "row_of",
    "session_hash",
    "statement_reader",
    "to_us",
]

_STATEMENTS = {
    "_parse_statement": ("parse_statement", "statement_reader"),
    "xapi": ("STATEMENT_TYPES", "StatementType"),
}

__getattr__ = loader(__name__, _STATEMENTS)
