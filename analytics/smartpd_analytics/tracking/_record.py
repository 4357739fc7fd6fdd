"""One accessor for the fields of a tracking-log line, whatever shape they have in it.

``event`` is an object, a JSON string of an object, a form string, a list, ``""`` or missing;
``context`` may be thin; ``user_id`` is a number, a string, ``""`` or null; keys stand in five places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import orjson

from smartpd_analytics.tracking import _json, _keys
from smartpd_analytics.tracking._envelope import Context, Envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._studio import STUDIO
from smartpd_analytics.tracking._values import INT64, TITLE, integer, text

_MOBILE_AGENT = re.compile(r"Mobi|Android|iPhone|iPad|org\.edx|okhttp|Dart/", re.IGNORECASE)

#: The platform's own default is ``server``.
SOURCES: Mapping[str | None, str] = {name: name for name in ("browser", "server", "mobile", "task")}
NOWHERE = Context()


class Keys(NamedTuple):
    """What an address names, each ``""`` where it names none."""

    course: str
    unit: str
    usage: str
    #: Whether it is one of Studio's.
    studio: bool


def _keys_in(address: str) -> Keys:
    return Keys(
        _keys.course_key_in(address),
        _keys.unit_key_in(address),
        _keys.usage_key_in(address),
        STUDIO.match(address) is not None,
    )


KEYS: Memo[str | None, Keys] = Memo(lambda address: _keys_in(address or ""))
COURSE_KEY: Memo[str | None, str] = Memo(_keys.course_key)
IS_MOBILE: Memo[str | None, bool] = Memo(lambda agent: bool(agent and _MOBILE_AGENT.search(agent)))
_USAGE_KEY: Memo[tuple[str, str, str], str] = Memo(lambda named: _keys.usage_key(named[0].strip(), *named[1:]))
NAMES: Memo[str | None, str] = Memo(text)


class Record:
    """A tracking event as logged, read field by field."""

    __slots__ = ("_event", "context", "course_key", "envelope", "event_type", "path", "path_keys", "source", "user_id")

    def __init__(self, envelope: Envelope, source: str) -> None:
        self.envelope = envelope
        self.event_type = envelope.event_type
        self.context = context = envelope.context or NOWHERE
        #: ``browser server mobile task``
        self.source = source
        #: The path of the request, which is the type of an implicit event.
        self.path = path = context.path or (self.event_type if self.event_type[:1] == "/" else "")
        self.path_keys = keys = KEYS[path]
        user_id = context.user_id
        self.user_id = (
            user_id if user_id is None or (type(user_id) is int and -INT64 <= user_id < INT64) else integer(user_id)
        )
        self._event: Mapping[str, Any] | None = None
        #: From the context, else the payload, else the keys in path, page and referer; ``""`` where none has it.
        self.course_key: str = (
            COURSE_KEY[context.course_id]
            or _keys.course_key(self.event.get("course_id"))
            or keys.course
            or KEYS[envelope.page].course
            or KEYS[self.referer].course
        )

    @property
    def payload(self) -> Any:
        """``event`` as it stands in the line."""
        raw = bytes(self.envelope.event)
        try:
            return _json.loads(raw) if raw else None
        except _json.TooDeepError:
            return None

    @property
    def event(self) -> Mapping[str, Any]:
        """The payload; empty where it is no object, or a string that was cut off."""
        found = self._event
        if found is None:
            try:
                found = orjson.loads(memoryview(self.envelope.event))
                if type(found) is str and found[:1] == "{":
                    found = orjson.loads(found)
            except orjson.JSONDecodeError:
                found = _object(self.payload)
            if type(found) is not dict:
                found = {}
            self._event = found
        return found

    @property
    def username(self) -> str:
        """The user that the line names, or ``""``."""
        name = NAMES[self.envelope.username] or NAMES[self.context.username]
        # What the platform writes where there is no request to take a user from.
        return "" if name == "anonymous" else name

    @property
    def referer(self) -> str:
        """The page before."""
        return self.envelope.referer or ""

    @property
    def has_referer(self) -> bool:
        """Whether the line has the field, be it empty."""
        return self.envelope.referer is not msgspec.UNSET

    @property
    def unit_key(self) -> str:
        """Usage key of the unit on screen; ``""`` where neither path nor page nor referer names it."""
        return self.path_keys.unit or KEYS[self.envelope.page].unit or KEYS[self.referer].unit

    @property
    def module_key(self) -> str:
        """Usage key of the block whose handler wrote the event, by its context or else its path; or ``""``."""
        module = self.context.module
        key = module.usage_key if module else None
        return (_USAGE_KEY[key, self.course_key, ""] if key else "") or self.path_keys.usage

    def usage_key(self, value: object, block_type: str = "") -> str:
        """The canonical usage key for ``value``; ``block_type`` completes the bare ids of browser events."""
        return _USAGE_KEY[value, self.course_key, block_type] if isinstance(value, str) else ""

    def title_of(self, usage: str) -> str:
        """The display name, where the line carries that of this very block."""
        module = self.context.module
        name = module.display_name if module else None
        return text(name, TITLE) if name and usage and self.module_key == usage else ""

    @property
    def client(self) -> str:
        """``mobile`` for the apps and for browsers of phones and tablets, else ``web``."""
        return "mobile" if self.source == "mobile" or IS_MOBILE[self.envelope.agent] else "web"


def _object(event: Any) -> Mapping[str, Any]:
    if isinstance(event, str) and event[:1] == "{":
        try:
            event = _json.loads(event.encode("utf-8", "surrogatepass"))
        except (json.JSONDecodeError, UnicodeDecodeError, _json.TooDeepError):
            return {}
    return event if isinstance(event, dict) else {}
