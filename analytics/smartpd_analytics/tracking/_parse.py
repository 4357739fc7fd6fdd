"""One line in, one verdict out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from smartpd_analytics.data import Event
from smartpd_analytics.tracking import _json, _keys
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import entry_of
from smartpd_analytics.tracking.entry import EventType, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash
from smartpd_analytics.tracking.implicit import STUDIO

#: Longest line that is read. The platform drops events over 50,000 characters; the rest is context.
MAX_LINE_BYTES = 1_048_576

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_YEARS = range(2000, 2101)
#: What is left of a number that was cut off, after the part that can be read.
_CUT_NUMBER = re.compile(r"-|\.|[eE][+-]?|-I[a-z]*")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parse_line(data: bytes, identity: Identity | None = None) -> Verdict:
    """What a line of a tracking log says.

    Accepts raw JSON and any prefix before it (Tutor's ``… [tracking] [user N] … - {json}``): the event
    is what stands from the first ``{`` to the last ``}`` of the line. Never raises; see
    ``IGNORED_REASONS`` and ``QUARANTINE_REASONS``. A learning event without a learner or without a
    course is ignored; nothing that a person wrote, and no address, session or secret, is in an Event.
    With an ``identity`` the learner stands there by pseudonyms.
    """
    if len(data) > MAX_LINE_BYTES:
        return Quarantined("too_long")
    line = data.removeprefix(_BYTE_ORDER_MARK).strip()
    if not line:
        return Ignored("blank")
    if line[:1] == b"#":
        return Ignored("comment")
    read = _read(line)
    return read if isinstance(read, Quarantined) else _verdict(read, identity)


def _read(line: bytes) -> dict[str, Any] | Quarantined:
    start = line.find(b"{")
    if start < 0 or not line.endswith(b"}"):
        return _diagnosis(line, start)
    try:
        read = _json.loads(line[start:])
    except _json.TooDeepError:
        return Quarantined("too_deep")
    except (json.JSONDecodeError, UnicodeDecodeError):
        return _diagnosis(line, start)
    # What starts with "{" and is JSON is an object.
    assert isinstance(read, dict)  # noqa: S101
    return read


def _diagnosis(line: bytes, start: int) -> Quarantined:
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
        json.loads(text)
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
        json.loads(text)
    except json.JSONDecodeError as error:
        return (
            error.msg.startswith(("Unterminated string", "Invalid \\uXXXX"))
            or _CUT_NUMBER.fullmatch(text, error.pos) is not None
            or any(word.startswith(text[error.pos :]) for word in ("true", "false", "null", "NaN", "Infinity"))
        )
    except (ValueError, RecursionError):
        pass
    return False


def _time_us(value: str) -> int | None:
    try:
        # A date without a time of day would put an event hours away from where it was.
        time = datetime.fromisoformat(value.strip()) if len(value) > len("2000-01-01T") else None
    except ValueError:
        return None
    if time is None or time.year not in _YEARS:
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return (time - _EPOCH) // _MICROSECOND


def _verdict(raw: dict[str, Any], identity: Identity | None) -> Verdict:
    event_type = raw.get("event_type")
    if not isinstance(event_type, str) or not event_type:
        return Quarantined("no_event_type")
    time = raw.get("time")
    if time is None or time == "":
        return Quarantined("no_time")
    time_us = _time_us(time) if isinstance(time, str) else None
    if time_us is None:
        return Quarantined("bad_time")
    entry = entry_of(event_type)
    if isinstance(entry, Skip):
        return Ignored(entry.reason)
    record = Record(raw, event_type)
    if record.source not in entry.sources:
        return Ignored("companion")
    return _event(record, entry, time_us, identity)


def _event(record: Record, entry: EventType, time_us: int, identity: Identity | None) -> Verdict:
    fields = entry.extract(record)
    if isinstance(fields, Ignored):
        return fields
    user_id = fields.get("user_id", record.user_id)
    username = fields.get("username", record.username)
    if user_id is None and not username:
        return Ignored("no_learner")
    usage_key = fields.get("usage_key", "")
    course_key = record.course_key or _keys.course_of(usage_key)
    if not course_key:
        return Ignored("no_course")
    try:
        digest = _digest(record.raw)
    except _json.TooDeepError:
        return Quarantined("too_deep")
    kind = fields.get("kind", entry.kind)
    payload = fields.get("payload", {})
    session = record.session
    if identity is None:
        session = session_hash(session)
    else:
        session = identity.session(session)
        user_id = None if user_id is None else identity.user_id(user_id)
        username = identity.username(username)
        if "learner_id" in payload:
            payload = {**payload, "learner_id": identity.user_id(int(payload["learner_id"]))}
        if "learner" in payload:
            payload = {**payload, "learner": identity.username(str(payload["learner"]))}
    return Event(
        time_us=time_us,
        name=entry.name or record.event_type,
        # Whatever is done by a Studio request was done by the course's staff.
        kind="staff" if STUDIO.match(record.path) else kind,
        source=record.source,
        user_id=user_id,
        username=username,
        course_key=course_key,
        usage_key=usage_key,
        block_type=_keys.block_type_of(usage_key) if usage_key else "",
        unit_key=fields.get("unit_key", record.unit_key),
        session=session,
        title=record.title_of(usage_key),
        earned=fields.get("earned"),
        possible=fields.get("possible"),
        attempt=fields.get("attempt"),
        correct=fields.get("correct"),
        position=fields.get("position"),
        duration=fields.get("duration"),
        client=record.client,
        payload=payload,
        digest=digest,
    )


def _digest(raw: Mapping[str, Any]) -> bytes:
    """Of the whole line but when it was received: apps send an event again when they heard no answer."""
    context = raw.get("context")
    if isinstance(context, dict) and "received_at" in context:
        raw = {**raw, "context": {key: value for key, value in context.items() if key != "received_at"}}
    return _json.digest(raw)
