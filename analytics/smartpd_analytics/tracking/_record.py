"""One accessor for the fields of a tracking-log line, whatever shape they have in it.

``event`` is an object, a JSON string of an object, a form string, a list, ``""`` or missing;
``context`` may be thin; ``user_id`` is a number, a string, ``""`` or null; keys stand in five places.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from smartpd_analytics.tracking import _json, _keys
from smartpd_analytics.tracking._lazy import lazy

_INT64 = 2**63
#: What ids, levels and modes look like; text that a person wrote does not.
_IDENTIFIER = re.compile(r"[\w.:@+/~-]{0,255}")
_MOBILE_AGENT = re.compile(r"Mobi|Android|iPhone|iPad|org\.edx|okhttp|Dart/", re.IGNORECASE)
_SOURCES = frozenset({"browser", "server", "mobile", "task"})
#: Longest name and title that are kept.
_NAME, _TITLE = 255, 500


def text(value: object, longest: int = _NAME) -> str:
    """A string in one line, without characters that cannot be encoded; ``""`` for anything else."""
    if not isinstance(value, str):
        return ""
    value = value.strip()[:longest]
    if value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def identifier(value: object) -> str:
    """A string that looks like an id or a key; ``""`` for anything else, so for all free text."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def number(value: object) -> float | None:
    """A finite number, also from a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits, also from a string; None for anything else."""
    if isinstance(value, str | float) and not isinstance(value, bool):
        try:
            whole = int(value)
        except (ValueError, OverflowError):  # no number; NaN or infinity
            return None
        value = whole if isinstance(value, str) or value == whole else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_INT64 <= value < _INT64 else None


@lru_cache(maxsize=4_096)
def _is_mobile(agent: str) -> bool:
    return _MOBILE_AGENT.search(agent) is not None


class Record:
    """A tracking event as logged, read field by field; nothing is changed in ``raw``."""

    def __init__(self, raw: Mapping[str, Any], event_type: str) -> None:
        self.raw = raw
        self.event_type = event_type
        context = raw.get("context")
        self.context: Mapping[str, Any] = context if isinstance(context, dict) else {}
        source = raw.get("event_source")
        #: ``browser server mobile task``; the platform's own default is ``server``.
        self.source: str = source if isinstance(source, str) and source in _SOURCES else "server"

    @lazy
    def event(self) -> Mapping[str, Any]:
        """The payload; empty where it is no object, or a string that was cut off."""
        event = self.raw.get("event")
        if isinstance(event, str) and event.startswith("{"):
            try:
                event = _json.loads(event.encode("utf-8", "surrogatepass"))
            except (json.JSONDecodeError, UnicodeDecodeError, _json.TooDeepError):
                return {}
        return event if isinstance(event, dict) else {}

    @lazy
    def user_id(self) -> int | None:
        return integer(self.context.get("user_id"))

    @lazy
    def username(self) -> str:
        name = text(self.raw.get("username")) or text(self.context.get("username"))
        # What the platform writes where there is no request to take a user from.
        return "" if name == "anonymous" else name

    @property
    def session(self) -> str:
        """The session token, never to be kept as it is."""
        token = self.raw.get("session")
        return token.strip() if isinstance(token, str) else ""

    @lazy
    def path(self) -> str:
        """The path of the request, which is the type of an implicit event."""
        path = self.context.get("path")
        if isinstance(path, str) and path:
            return path
        return self.event_type if self.event_type.startswith("/") else ""

    @lazy
    def addresses(self) -> tuple[str, ...]:
        """Where the event may name its course and unit, the surest first: path, page, page before."""
        page, referer = self.raw.get("page"), self.raw.get("referer")
        return (
            self.path,
            page if isinstance(page, str) else "",
            referer if isinstance(referer, str) else "",
        )

    @lazy
    def course_key(self) -> str:
        """From the context, else the payload, else the keys in path, page and referer; ``""`` where none has it."""
        if key := _keys.course_key(self.context.get("course_id")) or _keys.course_key(self.event.get("course_id")):
            return key
        return next((key for address in self.addresses if address and (key := _keys.course_key_in(address))), "")

    @lazy
    def unit_key(self) -> str:
        """Usage key of the unit on screen; ``""`` where neither path nor page nor referer names it."""
        return next((key for address in self.addresses if address and (key := _keys.unit_key_in(address))), "")

    @lazy
    def _module(self) -> Mapping[str, Any]:
        module = self.context.get("module")
        return module if isinstance(module, dict) else {}

    @lazy
    def module_key(self) -> str:
        """Usage key of the block whose handler wrote the event, by its context or else its path; or ``""``."""
        key = self._module.get("usage_key")
        return (self.usage_key(key) if isinstance(key, str) else "") or _keys.usage_key_in(self.path)

    def usage_key(self, value: object, block_type: str = "") -> str:
        """The canonical usage key for ``value``; ``block_type`` completes the bare ids of browser events."""
        return _keys.usage_key(value.strip(), self.course_key, block_type) if isinstance(value, str) else ""

    def title_of(self, usage: str) -> str:
        """The display name, where the line carries that of this very block."""
        name = self._module.get("display_name")
        return text(name, _TITLE) if name and usage and self.module_key == usage else ""

    @property
    def client(self) -> str:
        """``mobile`` for the apps and for browsers of phones and tablets, else ``web``."""
        if self.source == "mobile":
            return "mobile"
        agent = self.raw.get("agent")
        return "mobile" if isinstance(agent, str) and _is_mobile(agent) else "web"
