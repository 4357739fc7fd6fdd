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
from smartpd_analytics.tracking._payload import PayloadFields
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


_KEYS: Memo[str, Keys] = Memo(_keys_in)


class Where(NamedTuple):
    """What the addresses of a line name."""

    #: The course of the context, or ``""``.
    course: str
    #: The course that path, page or referer name, or ``""``.
    course_elsewhere: str
    #: What the path of the request names.
    path: Keys
    #: The unit on screen, by path, page or referer, or ``""``.
    unit: str


def _where(named: tuple[str | None, str, str | None, str | msgspec.UnsetType | None]) -> Where:
    course_id, path, page, referer = named
    keys, on_page, before = _KEYS[path], _KEYS[page or ""], _KEYS[referer or ""]
    return Where(
        _keys.course_key(course_id),
        keys.course or on_page.course or before.course,
        keys,
        keys.unit or on_page.unit or before.unit,
    )


#: (course id of the context, path, page, referer) -> what they name.
WHERE: Memo[tuple[str | None, str, str | None, str | msgspec.UnsetType | None], Where] = Memo(_where)
IS_MOBILE: Memo[str | None, bool] = Memo(lambda agent: bool(agent and _MOBILE_AGENT.search(agent)))
_USAGE_KEY: Memo[tuple[str, str, str], str] = Memo(lambda named: _keys.usage_key(named[0].strip(), *named[1:]))
_TITLE: Memo[str, str] = Memo(lambda name: text(name, TITLE))


class Record(msgspec.Struct, gc=False):
    """A tracking event as logged, read field by field; made by ``record_of``."""

    envelope: Envelope
    context: Context
    #: ``browser server mobile task``
    source: str
    #: The path of the request, which is the type of an implicit event.
    path: str
    where: Where
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
    def path_keys(self) -> Keys:
        """What the path of the request names."""
        return self.where.path

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
        return self.where.unit

    @property
    def module_key(self) -> str:
        """Usage key of the block whose handler wrote the event, by its context or else its path; or ``""``."""
        module = self.context.module
        key = module.usage_key if module else None
        return (_USAGE_KEY[key, self.course_key, ""] if key else "") or self.where.path.usage

    def usage_key(self, value: object, block_type: str = "") -> str:
        """The canonical usage key for ``value``; ``block_type`` completes the bare ids of browser events."""
        return _USAGE_KEY[value, self.course_key, block_type] if isinstance(value, str) else ""

    def title_of(self, usage: str) -> str:
        """The display name, where the line carries that of this very block."""
        module = self.context.module
        name = module.display_name if module else None
        if not name or not usage:
            return ""
        if usage == module.usage_key:  # type: ignore[union-attr]
            return _TITLE[name]
        return _TITLE[name] if usage == self.module_key else ""

    @property
    def client(self) -> str:
        """``mobile`` for the apps and for browsers of phones and tablets, else ``web``."""
        return "mobile" if self.source == "mobile" or IS_MOBILE[self.envelope.agent] else "web"


def record_of(envelope: Envelope, source: str) -> Record:
    """The record of a line's envelope."""
    context = envelope.context or NOWHERE
    path = context.path or (envelope.event_type if envelope.event_type[:1] == "/" else "")
    where = WHERE[context.course_id, path, envelope.page, envelope.referer]
    record = Record(envelope, context, source, path, where, bytes(envelope.event), where.course)
    if not where.course:
        record.course_key = _keys.course_key(record.event.get("course_id")) or where.course_elsewhere
    return record


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
