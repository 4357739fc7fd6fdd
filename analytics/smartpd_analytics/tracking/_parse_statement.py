"""One xAPI statement in, one verdict out: the counterpart of ``_parse`` for what Aspects keeps."""

from __future__ import annotations

from collections.abc import Callable
from json import JSONDecodeError

from smartpd_analytics.tracking import _json, _keys
from smartpd_analytics.tracking._envelope import MAX_LINE_BYTES, why_unreadable
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._parse import Row, event_of
from smartpd_analytics.tracking._place import PLACE
from smartpd_analytics.tracking._statement import Statement
from smartpd_analytics.tracking._time import time_of
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import EVENT_TYPES
from smartpd_analytics.tracking.entry import EventType
from smartpd_analytics.tracking.identity import Identity, session_hash
from smartpd_analytics.tracking.xapi import STATEMENT_TYPES

_NO_STATEMENT, _NO_TIME, _BAD_TIME = Quarantined("no_statement"), Quarantined("no_time"), Quarantined("bad_time")
_UNLISTED, _NO_LEARNER, _NO_COURSE = Ignored("unlisted"), Ignored("no_learner"), Ignored("no_course")
#: Kinds whose titles come from the course's authors, not from who wrote in the forum.
_TITLED = frozenset({"problem", "video", "diagnosis", "matrix", "pres", "staff"})
_BLOCK_TYPE: Memo[str, str] = Memo(_keys.block_type_of)


def parse_statement(data: bytes, identity: Identity | None = None) -> Verdict:
    """What a line with an xAPI statement says; the counterpart of ``parse_line``.

    Never raises. Nothing that a person wrote, and no address of a person, is in an Event. The learner is whom the
    statement's ``actor`` names: ``user_id`` where that is a number, else ``username``; with an ``identity`` they are
    pseudonyms.
    """
    found = statement_reader(identity)(data)
    return event_of(found) if isinstance(found, tuple) else found


def statement_reader(identity: Identity | None = None) -> Callable[[bytes], Row | Ignored | Quarantined]:
    """``parse_statement`` for many lines: gives the fields of an event instead of an ``Event``."""
    hash_of = session_hash if identity is None else identity.session
    sessions: Memo[str, str] = Memo(hash_of)

    def read(line: bytes) -> Row | Ignored | Quarantined:
        statement = _statement(line)
        if not isinstance(statement, Statement):
            return statement
        time = time_of(statement.time)
        if time is None:
            return _BAD_TIME if statement.time else _NO_TIME
        entry = STATEMENT_TYPES.get((statement.verb, statement.activity_type))
        told = _UNLISTED if entry is None else entry.extract(statement)
        if isinstance(told, Ignored):
            return told
        name, fields = told
        user_id, username = statement.learner
        if user_id is None and not username:
            return _NO_LEARNER
        course_key = statement.course_key
        if not course_key:
            return _NO_COURSE
        if identity is not None:
            user_id = None if user_id is None else identity.user_id(user_id)
            username = identity.username(username)
        event_type = EVENT_TYPES[name]
        assert isinstance(event_type, EventType)  # noqa: S101 - a test goes through all names
        usage_key = fields.usage_key
        return (
            time,
            PLACE[
                name,
                event_type.kind,
                "browser" if event_type.kind in ("video", "navigation") else "server",
                course_key,
                usage_key,
                _BLOCK_TYPE[usage_key],
                fields.unit_key or "",
                statement.title if event_type.kind in _TITLED else "",
                "web",
            ],
            (user_id, username),
            sessions[statement.session],
            fields,
            statement.digest(line),
        )

    return read


def _statement(line: bytes) -> Statement | Ignored | Quarantined:
    if len(line) > MAX_LINE_BYTES:
        return Quarantined("too_long")
    line = line.strip()
    if not line:
        return Ignored("blank")
    try:
        raw = _json.loads(line)
    except _json.TooDeepError:
        return Quarantined("too_deep")
    except (JSONDecodeError, UnicodeDecodeError):
        return why_unreadable(line, line.find(b"{"))
    if not isinstance(raw, dict):
        return Quarantined("not_an_object")
    statement = Statement(raw)
    return statement if statement.verb and statement.activity else _NO_STATEMENT
