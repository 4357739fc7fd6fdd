"""One line in, one verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from smartpd_analytics.data import Event
from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._digest import digest
from smartpd_analytics.tracking._envelope import Envelope, read_envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._record import SOURCES, Record
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import entry_of
from smartpd_analytics.tracking.entry import EventType, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash
from smartpd_analytics.tracking.implicit import STUDIO

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_YEARS = range(2000, 2101)

_ENTRY: Memo[str, EventType | Skip] = Memo(entry_of)
_IN_STUDIO: Memo[str, bool] = Memo(lambda path: STUDIO.match(path) is not None)
_BLOCK_TYPE: Memo[str, str] = Memo(_keys.block_type_of)

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

    def read(line: bytes) -> Row | Ignored | Quarantined:
        envelope = read_envelope(line)
        if not isinstance(envelope, Envelope):
            return envelope
        event_type = envelope.event_type
        if not event_type:
            return Quarantined("no_event_type")
        time_us = _time_us(envelope.time)
        if time_us is None:
            return Quarantined("bad_time" if envelope.time else "no_time")
        entry = _ENTRY[event_type]
        if isinstance(entry, Skip):
            return Ignored(entry.reason)
        if SOURCES.get(envelope.event_source, "server") not in entry.sources:
            return Ignored("companion")
        return _row(Record(envelope), entry, time_us, identity)

    return read


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


def _row(record: Record, entry: EventType, time_us: int, identity: Identity | None) -> Row | Ignored:
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
    return (
        time_us,
        entry.name or record.event_type,
        # Whatever is done by a Studio request was done by the course's staff.
        "staff" if _IN_STUDIO[record.path] else fields.get("kind", entry.kind),
        record.source,
        user_id,
        username,
        course_key,
        usage_key,
        _BLOCK_TYPE[usage_key],
        fields.get("unit_key", record.unit_key),
        session,
        record.title_of(usage_key),
        fields.get("earned"),
        fields.get("possible"),
        fields.get("attempt"),
        fields.get("correct"),
        fields.get("position"),
        fields.get("duration"),
        record.client,
        payload,
        digest(record.envelope),
    )
