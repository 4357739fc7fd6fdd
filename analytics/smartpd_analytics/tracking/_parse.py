"""One line in, one verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from smartpd_analytics.data import Event
from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._digest import digest
from smartpd_analytics.tracking._envelope import Envelope, read_envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._record import IS_MOBILE, KEYS, NAMES, SOURCES, Record
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import entry_of
from smartpd_analytics.tracking.entry import EventType, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US, _SECOND_US = 86_400_000_000, 1_000_000
#: The years 2000 to 2100.
_FIRST_US, _END_US = 946_684_800_000_000, 4_133_980_800_000_000

_ENTRY: Memo[str, EventType | Skip] = Memo(entry_of)
_BLOCK_TYPE: Memo[str, str] = Memo(_keys.block_type_of)
#: A date without a time of day would put an event hours away from where it was.
_SHORTEST = len("2000-01-01T00")
_NOTHING: Mapping[str, str | int | float | bool] = {}

#: The fields of an event, in the order of ``data.Event``.
Row = tuple[
    int, str, str, str, int | None, str, str, str, str, str, str, str,
    float | None, float | None, int | None, bool | None, float | None, float | None,
    str, Mapping[str, str | int | float | bool], bytes,
]  # fmt: skip
Read = Callable[[bytes], Row | Ignored | Quarantined]


def parse_line(data: bytes, identity: Identity | None = None) -> Verdict:
    """What a line of a tracking log says.

    Accepts raw JSON and any prefix before it (Tutor's ``… [tracking] [user N] … - {json}``): the event
    is what stands from the first ``{`` to the last ``}`` of the line. Never raises; see
    ``IGNORED_REASONS`` and ``QUARANTINE_REASONS``. A learning event without a learner or without a
    course is ignored; nothing that a person wrote, and no address, session or secret, is in an Event.
    With an ``identity`` the learner stands there by pseudonyms.
    """
    found = line_reader(identity)(data)
    return Event(*found) if isinstance(found, tuple) else found


def line_reader(identity: Identity | None = None) -> Read:
    """``parse_line`` for many lines: gives the fields of an event instead of an ``Event``."""
    hash_of = session_hash if identity is None else identity.session
    sessions: Memo[str | None, str] = Memo(lambda token: hash_of((token or "").strip()))

    # One long function: this is where the time goes, and a call costs as much as three look-ups.
    def read(line: bytes) -> Row | Ignored | Quarantined:  # noqa: PLR0911
        envelope = read_envelope(line)
        if not isinstance(envelope, Envelope):
            return envelope
        event_type = envelope.event_type
        if not event_type:
            return _NO_EVENT_TYPE
        time_us = time_us_of(envelope.time)
        if time_us is None:
            return _BAD_TIME if envelope.time else _NO_TIME
        entry = _ENTRY[event_type]
        if isinstance(entry, Skip):
            return entry.ignored
        source = SOURCES.get(envelope.event_source, "server")
        if source not in entry.sources:
            return _COMPANION
        record = Record(envelope, source)
        fields = entry.extract(record)
        if isinstance(fields, Ignored):
            return fields
        known: Callable[..., Any] = fields.get
        user_id = known("user_id", record.user_id)
        username = known("username")
        if username is None:
            username = NAMES[envelope.username] or record.username
            if username == _NOBODY:
                username = ""
        if user_id is None and not username:
            return _NO_LEARNER
        usage_key = known("usage_key", "")
        course_key = record.course_key or _keys.course_of(usage_key)
        if not course_key:
            return _NO_COURSE
        payload = known("payload", _NOTHING)
        if identity is not None:
            user_id = None if user_id is None else identity.user_id(user_id)
            username = identity.username(username)
            payload = _pseudonymous(payload, identity)
        keys = record.path_keys
        unit_key = known("unit_key")
        if unit_key is None:
            unit_key = keys.unit or KEYS[envelope.page].unit or KEYS[record.referer].unit
        return (
            time_us,
            entry.name or event_type,
            # Whatever is done by a Studio request was done by the course's staff.
            "staff" if keys.studio else known("kind") or entry.kind,
            source,
            user_id,
            username,
            course_key,
            usage_key,
            _BLOCK_TYPE[usage_key],
            unit_key,
            sessions[envelope.session],
            record.title_of(usage_key) if record.context.module is not None else "",
            known("earned"),
            known("possible"),
            known("attempt"),
            known("correct"),
            known("position"),
            known("duration"),
            "mobile" if source == "mobile" or IS_MOBILE[envelope.agent] else "web",
            payload,
            digest(envelope),
        )

    return read


#: What the platform writes where there is no request to take a user from.
_NOBODY = "anonymous"
_NO_EVENT_TYPE, _NO_TIME, _BAD_TIME = Quarantined("no_event_type"), Quarantined("no_time"), Quarantined("bad_time")
_COMPANION, _NO_LEARNER, _NO_COURSE = Ignored("companion"), Ignored("no_learner"), Ignored("no_course")


def time_us_of(value: str) -> int | None:
    if len(value) < _SHORTEST:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    since = (time if time.tzinfo is not None else time.replace(tzinfo=UTC)) - _EPOCH
    time_us = since.days * _DAY_US + since.seconds * _SECOND_US + since.microseconds
    return time_us if _FIRST_US <= time_us < _END_US else None


def _pseudonymous(
    payload: Mapping[str, str | int | float | bool], identity: Identity
) -> Mapping[str, str | int | float | bool]:
    if "learner_id" in payload:
        payload = {**payload, "learner_id": identity.user_id(int(payload["learner_id"]))}
    if "learner" in payload:
        payload = {**payload, "learner": identity.username(str(payload["learner"]))}
    return payload
