"""One accessor for the fields of a tracking-log line, whatever shape they have in it.

``event`` is an object, a JSON string of an object, a form string, a list, ``""`` or missing;
``context`` may be thin; ``user_id`` is a number, a string, ``""`` or null; keys stand in five places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import orjson

from smartpd_analytics.tracking import _json, _keys
from smartpd_analytics.tracking._envelope import Context, Envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._setting import USAGE_KEY, Setting
from smartpd_analytics.tracking._values import INT64, integer

_MOBILE_AGENT = re.compile(r"Mobi|Android|iPhone|iPad|org\.edx|okhttp|Dart/", re.IGNORECASE)

#: The platform's own default is ``server``.
SOURCES: Mapping[str | None, str] = {name: name for name in ("browser", "server", "mobile", "task")}


IS_MOBILE: Memo[str | None, bool] = Memo(lambda agent: bool(agent and _MOBILE_AGENT.search(agent)))


class Record(msgspec.Struct, gc=False):
    """A tracking event as logged, read field by field."""

    envelope: Envelope
    context: Context
    setting: Setting
    #: The payload as it stands in the line; empty where it is missing.
    raw: bytes
    #: From the context, else the payload, else the keys in path, page and referer; ``""`` where none has it.
    course_key: str
    #: The payload, once it was read as a whole.
    whole: Mapping[str, Any] | None = None

    @property
    def payload(self) -> Any:
        """``event`` as it stands in the line."""
        try:
            return _json.loads(self.raw) if self.raw else None
        except _json.TooDeepError:
            return None

    @property
    def event(self) -> Mapping[str, Any]:
        """The payload; empty where it is no object, or a string that was cut off."""
        found = self.whole
        if found is None:
            try:
                found = orjson.loads(self.raw)
                if type(found) is str and found[:1] == "{":
                    found = orjson.loads(found)
            except orjson.JSONDecodeError:
                found = _object(self.payload)
            if type(found) is not dict:
                found = {}
            self.whole = found
        return found

    def sent(self, fields: PayloadFields) -> Any:
        """Some fields of the payload, as attributes."""
        if self.whole is None:
            raw = self.raw
            try:
                return fields.read(raw if raw[:1] != b'"' else orjson.loads(raw))
            except (orjson.JSONDecodeError, msgspec.MsgspecError, UnicodeError, RecursionError):
                pass
        return fields.of(self.event)

    @property
    def event_type(self) -> str:
        return self.envelope.event_type

    @property
    def user_id(self) -> int | None:
        """The id of who made the request."""
        return user_id_of(self.context.user_id)

    @property
    def path(self) -> str:
        """The path of the request, which is the type of an implicit event."""
        return self.setting.path

    @property
    def path_keys(self) -> _keys.Named:
        """What the path of the request names."""
        return self.setting.keys

    @property
    def referer(self) -> str:
        """The page before."""
        return self.envelope.referer or ""

    @property
    def has_referer(self) -> bool:
        """Whether the line has the field, be it empty."""
        return self.envelope.referer is not msgspec.UNSET

    @property
    def module_key(self) -> str:
        """Usage key of the block whose handler wrote the event, by its context or else its path; or ``""``."""
        return self.setting.module_key(self.course_key)

    def usage_key(self, value: object, block_type: str = "") -> str:
        """The canonical usage key for ``value``; ``block_type`` completes the bare ids of browser events."""
        return USAGE_KEY[value, self.course_key, block_type] if isinstance(value, str) else ""

    @property
    def client(self) -> str:
        """``mobile`` for the apps and for browsers of phones and tablets, else ``web``."""
        return "mobile" if self.setting.source == "mobile" or IS_MOBILE[self.envelope.agent] else "web"


def course_of(record: Record) -> str:
    """The course of a line whose context names none: that of the payload, or else of the addresses; or ``""``."""
    return _keys.course_key(record.event.get("course_id")) or record.setting.course_elsewhere


def user_id_of(value: int | str | None) -> int | None:
    """The numeric id that a line gives, be it as text."""
    return value if type(value) is int and -INT64 <= value < INT64 else integer(value)


def _object(event: Any) -> Mapping[str, Any]:
    if isinstance(event, str) and event[:1] == "{":
        try:
            event = _json.loads(event.encode("utf-8", "surrogatepass"))
        except (json.JSONDecodeError, UnicodeDecodeError, _json.TooDeepError):
            return {}
    return event if isinstance(event, dict) else {}
