"""Lets our blocks' events through to the site's xAPI statements.

event-routing-backends lists by name which events become statements, and bids other plugins to add theirs to
``EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS``. It may read that list before we add to it, or have the whole
``EVENT_TRACKING_BACKENDS`` from the site's YAML; so the lists that were made of it are brought up to date as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from ..tracking.events import STATEMENTS

__all__ = ["allow_statements"]

_WHITELIST = "NameWhitelistProcessor"
_XAPI = "XApiProcessor"


def allow_statements(settings: Any) -> None:
    """Adds our events to all lists that lead to xAPI statements; can be applied any number of times."""
    if find_spec("event_routing_backends") is None:
        return
    allowed = getattr(settings, "EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS", None)
    if allowed is None:
        allowed = settings.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS = []
    _add(allowed)
    if hasattr(settings, "EVENT_BUS_TRACKING_LOGS"):
        settings.EVENT_BUS_TRACKING_LOGS = {*settings.EVENT_BUS_TRACKING_LOGS, *STATEMENTS}
    for backend in (getattr(settings, "EVENT_TRACKING_BACKENDS", None) or {}).values():
        for options in _on_the_way(backend):
            kept = options["whitelist"]
            options["whitelist"] = _add(kept) if isinstance(kept, list) else {*kept, *STATEMENTS}


def _add(names: list[str]) -> list[str]:
    names += [name for name in STATEMENTS if name not in names]
    return names


def _on_the_way(backend: Any) -> Iterator[dict[str, Any]]:
    """Options of the white lists of a backend, its own and those of backends inside, that stand before statements."""
    options = backend.get("OPTIONS", {}) if isinstance(backend, dict) else {}
    if not _leads_to_statements(options):
        return
    for processor in options.get("processors", ()):
        if processor.get("ENGINE", "").endswith(_WHITELIST) and "whitelist" in processor.get("OPTIONS", {}):
            yield processor["OPTIONS"]
    for inside in options.get("backends", {}).values():
        yield from _on_the_way(inside)


def _leads_to_statements(options: dict[str, Any]) -> bool:
    own = any(processor.get("ENGINE", "").endswith(_XAPI) for processor in options.get("processors", ()))
    inside = options.get("backends", {}).values()
    return own or any(_leads_to_statements(each.get("OPTIONS", {})) for each in inside if isinstance(each, dict))
