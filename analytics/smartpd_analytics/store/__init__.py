"""The events of tracking logs, each once, with an account of every line: in memory, and in a store on disk.

``read_event_log`` reads logs into one table. ``ingest`` reads what is new in them into a store of Parquet
files, ``open_store`` reads that, ``forget_learner`` takes one person out of it. Both have the schema ``SCHEMA``.

A name is loaded when it is first asked for: a worker loads what it parses and writes with, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartpd_analytics._doors import loader

if TYPE_CHECKING:
    from smartpd_analytics.store._event_log import EventLog, read_event_log
    from smartpd_analytics.store._event_store import Changes, EventStore, StoredCourse, open_store
    from smartpd_analytics.store._forget import ForgetReport, forget_learner
    from smartpd_analytics.store._ingest import IngestReport
    from smartpd_analytics.store._key import KEY_VARIABLE
    from smartpd_analytics.store._names import StoredNames, stored_names
    from smartpd_analytics.store._opened import StoreOptions
    from smartpd_analytics.store._parsing import ParsedBlock, batch_of, parse_block
    from smartpd_analytics.store._people import known_people, with_known, with_person
    from smartpd_analytics.store._retry import retry_quarantined
    from smartpd_analytics.store._schema import SCHEMA, SCHEMA_VERSION
    from smartpd_analytics.store._session import spark_errors, spark_session
    from smartpd_analytics.store._time import from_us, to_us
    from smartpd_analytics.store._work import LEFT_OUT_REASONS
    from smartpd_analytics.store._writing import ingest

__all__ = [
    "KEY_VARIABLE",
    "LEFT_OUT_REASONS",
    "SCHEMA",
    "SCHEMA_VERSION",
    "Changes",
    "EventLog",
    "EventStore",
    "ForgetReport",
    "IngestReport",
    "ParsedBlock",
    "StoreOptions",
    "StoredCourse",
    "StoredNames",
    "batch_of",
    "forget_learner",
    "from_us",
    "ingest",
    "known_people",
    "open_store",
    "parse_block",
    "read_event_log",
    "retry_quarantined",
    "spark_errors",
    "spark_session",
    "stored_names",
    "to_us",
    "with_known",
    "with_person",
]

#: Where each name of this door is at home, by module.
_HOMES = {
    "_event_log": (
        "EventLog",
        "read_event_log",
    ),
    "_event_store": (
        "Changes",
        "EventStore",
        "StoredCourse",
        "open_store",
    ),
    "_forget": (
        "ForgetReport",
        "forget_learner",
    ),
    "_ingest": ("IngestReport",),
    "_key": ("KEY_VARIABLE",),
    "_names": (
        "StoredNames",
        "stored_names",
    ),
    "_opened": ("StoreOptions",),
    "_parsing": (
        "ParsedBlock",
        "batch_of",
        "parse_block",
    ),
    "_people": (
        "known_people",
        "with_known",
        "with_person",
    ),
    "_retry": ("retry_quarantined",),
    "_schema": (
        "SCHEMA",
        "SCHEMA_VERSION",
    ),
    "_session": (
        "spark_errors",
        "spark_session",
    ),
    "_time": (
        "from_us",
        "to_us",
    ),
    "_work": ("LEFT_OUT_REASONS",),
    "_writing": ("ingest",),
}

__getattr__ = loader(__name__, _HOMES)
