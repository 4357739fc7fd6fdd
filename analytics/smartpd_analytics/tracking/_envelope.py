"""The part of a line that every event has, and reading it from bytes.

Two readers, one result. The fast one decodes only the fields that count and passes over the rest, which it
checks all the same. Whatever it refuses (NaN and Infinity, unpaired surrogates, fields of another type than
they should have, deep nesting, broken lines) the thorough one reads again and judges.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import msgspec

from smartpd_analytics.tracking import _json
from smartpd_analytics.tracking._time import time_of
from smartpd_analytics.tracking._values import integer
from smartpd_analytics.tracking._verdict import Ignored, Quarantined

#: With what an event starts.
OPENS = ord("{")
#: Longest line that is read. The platform drops events over 50,000 characters; the rest is context.
MAX_LINE_BYTES = 1_048_576

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: What is left of a number that was cut off, after the part that can be read.
_CUT_NUMBER = re.compile(r"-|\.|[eE][+-]?|-I[a-z]*")
_WHOLE = re.compile(r"-?\d{1,1000}")
_SPACE = re.compile(r"[ \t\n\r]*")
#: What an xAPI statement has, which event-routing-backends can log beside the line that it was made of.
_STATEMENT = {"actor", "verb", "object"}


class Module(msgspec.Struct, gc=False, frozen=True):
    """``context.module``: the block whose handler wrote the event."""

    usage_key: str | None = None
    display_name: str | None = None


class Context(msgspec.Struct, gc=False):
    """``context``."""

    user_id: int | str | None = None
    course_id: str | None = None
    path: str | None = None
    username: str | None = None
    module: Module | None = None
    #: When the platform got an event of a mobile app, whose ``time`` is that of the device.
    received_at: str | None = None


class Envelope(msgspec.Struct, gc=False, kw_only=True):
    """The fields that count of one line; None where a field is missing or of another type.

    They stand in the order in which the platform writes them, in which they are found fastest.
    """

    context: Context | None = None
    username: str | None = None
    session: str | None = None
    agent: str | None = None
    host: str | None = None
    #: Older logs do not have the field at all.
    referer: str | msgspec.UnsetType | None = msgspec.UNSET
    #: The payload as it stands in the line; empty where it is missing.
    event: msgspec.Raw = msgspec.Raw()
    #: Without a zone where the line gives none; that is UTC.
    time: datetime
    event_type: str
    event_source: str | None = None
    page: str | None = None


#: The fast reader; only for lines in ASCII, because strings that it passes over are not checked for being UTF-8.
decode = msgspec.json.Decoder(Envelope).decode
#: What it raises for lines that are to be read thoroughly.
REFUSED = (IndexError, RecursionError, UnicodeDecodeError, msgspec.MsgspecError)


def read_envelope(line: bytes) -> Envelope | Ignored | Quarantined:
    """The envelope that stands in a line, from the first ``{`` to the last ``}``, or why there is none."""
    if line[:1] == b"\0":
        # Rotation by copy and truncate leaves a run of zeros before the next line.
        rest = line.lstrip(b"\0")
        line = rest if b"{" in rest else line
    if len(line) > MAX_LINE_BYTES:
        return Quarantined("too_long")
    line = line.removeprefix(_BYTE_ORDER_MARK).strip()
    if not line:
        return Ignored("blank")
    if line[:1] == b"#":
        return Ignored("comment")
    start = line.find(b"{")
    if start < 0 or line[-1:] != b"}":
        return why_unreadable(line, start)
    text = line[start:] if start else line
    try:
        envelope = decode(text)
        if text.isascii() or text.decode():
            return envelope
    except REFUSED:
        pass
    return _thorough(line, text)


def _thorough(line: bytes, text: bytes) -> Envelope | Ignored | Quarantined:
    """Any JSON that the standard library reads as well."""
    try:
        found = _json.loads(text)
    except _json.TooDeepError:
        return Quarantined("too_deep")
    except (json.JSONDecodeError, UnicodeDecodeError):
        return why_unreadable(line, line.find(b"{"))
    # What starts with "{" and is JSON is an object.
    assert isinstance(found, dict)  # noqa: S101
    try:
        return _envelope_of(found, text)
    except RecursionError:
        return Quarantined("too_deep")


def _envelope_of(raw: dict[str, Any], text: bytes) -> Envelope | Ignored | Quarantined:
    event_type, time = _string(raw, "event_type"), raw.get("time")
    if not event_type:
        return Ignored("statement") if raw.keys() >= _STATEMENT else Quarantined("no_event_type")
    if time is None or time == "":
        return Quarantined("no_time")
    when = time_of(time)
    if when is None:
        return Quarantined("bad_time")
    return Envelope(
        event_type=event_type,
        time=when,
        event_source=_string(raw, "event_source"),
        username=_string(raw, "username"),
        session=_string(raw, "session"),
        agent=_string(raw, "agent"),
        page=_string(raw, "page"),
        referer=_string(raw, "referer") if "referer" in raw else msgspec.UNSET,
        host=_string(raw, "host"),
        context=_context_of(raw.get("context"), text),
        event=msgspec.Raw(_slice_of("event", text.decode()).encode()),
    )


def _context_of(context: object, text: bytes) -> Context | None:
    if not isinstance(context, dict):
        return None
    user_id, module = context.get("user_id"), context.get("module")
    if isinstance(user_id, float):
        # What orjson makes of more than 64 bits has lost its last digits.
        digits = _slice_of("user_id", _slice_of("context", text.decode()))
        user_id = int(digits) if _WHOLE.fullmatch(digits) else integer(user_id)
    return Context(
        user_id=user_id if type(user_id) in (int, str) else integer(user_id),
        course_id=_string(context, "course_id"),
        path=_string(context, "path"),
        username=_string(context, "username"),
        received_at=_string(context, "received_at"),
        module=Module(_string(module, "usage_key"), _string(module, "display_name"))
        if isinstance(module, dict)
        else None,
    )


def _string(holder: dict[str, Any], name: str) -> str | None:
    value = holder.get(name)
    return value if isinstance(value, str) else None


def _slice_of(name: str, text: str) -> str:
    """How the value of a field stands in an object that is sound JSON; empty where it is missing."""
    found = ""
    end = text.index("{") + 1
    while True:
        end = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        if text[end] == "}":
            return found
        if text[end] == ",":
            end = _SPACE.match(text, end + 1).end()  # type: ignore[union-attr]
        key, end = scanstring(text, end + 1, True)
        start = _SPACE.match(text, text.index(":", end) + 1).end()  # type: ignore[union-attr]
        _value, end = _json.READER.raw_decode(text, start)
        if key == name:
            found = text[start:end]


def why_unreadable(line: bytes, start: int) -> Quarantined:
    """Why no object could be read."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        # An old logger cut lines by bytes, so in the middle of a character as well.
        cut_inside = error.end == len(line) and error.reason == "unexpected end of data"
        return Quarantined("truncated" if cut_inside and start >= 0 else "not_text")
    if "\0" in text:
        return Quarantined("not_text")
    try:
        _json.READER.decode(text)
    except RecursionError:
        return Quarantined("too_deep")
    except ValueError:
        return Quarantined("truncated" if _is_cut(line[start:].decode() if start >= 0 else "") else "not_json")
    return Quarantined("not_an_object")


def _is_cut(text: str) -> bool:
    """Whether ``text`` starts as an object and is sound JSON up to its end."""
    if not text:
        return False
    try:
        _json.READER.decode(text)
    except json.JSONDecodeError as error:
        return (
            error.msg.startswith(("Unterminated string", "Invalid \\uXXXX"))
            or _CUT_NUMBER.fullmatch(text, error.pos) is not None
            or any(word.startswith(text[error.pos :]) for word in ("true", "false", "null", "NaN", "Infinity"))
        )
    except (ValueError, RecursionError):
        pass
    return False
