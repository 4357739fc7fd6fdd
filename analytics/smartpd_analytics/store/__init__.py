"""The events of tracking logs as one table, each once, with an account of every line.

The table is in memory; its schema is the one that a store on disk keeps as well.
"""

from __future__ import annotations

from smartpd_analytics.store._event_log import EventLog, read_event_log
from smartpd_analytics.store._parsing import ParsedBlock, parse_block
from smartpd_analytics.store._schema import SCHEMA, SCHEMA_VERSION, batch_of

__all__ = ["SCHEMA", "SCHEMA_VERSION", "EventLog", "ParsedBlock", "batch_of", "parse_block", "read_event_log"]
