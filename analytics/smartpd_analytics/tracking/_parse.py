"""One line in, one verdict out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from smartpd_analytics.data import Event
from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._digest import digest
from smartpd_analytics.tracking._envelope import MAX_LINE_BYTES, REFUSED, Envelope, decode, read_envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._record import IS_MOBILE, SOURCES, record_of, user_id_of
from smartpd_analytics.tracking._time import FIRST_YEAR, LAST_YEAR, from_us, in_time, time_of, to_us
from smartpd_analytics.tracking._values import text
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import entry_of
from smartpd_analytics.tracking.entry import EventType, Fields, Payload, Person, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash

_BLOCK_TYPE: Memo[str, str] = Memo(_keys.block_type_of)

#: Name, kind, source, course key, usage key, block type, unit key, title and client of an event.
Place = tuple[str, str, str, str, str, str, str, str, str]
#: An event in the parts that repeat by themselves: time, place, learner, session, what it says, digest.
Row = tuple[datetime, Place, Person, str, Fields, bytes]
Read = Callable[[bytes], Row | Ignored | Quarantined]

_NOBODY: Person = (None, "")
_NO_EVENT_TYPE, _BAD_TIME = Quarantined("no_event_type"), Quarantined("bad_time")
_COMPANION, _NO_LEARNER, _NO_COURSE = Ignored("companion"), Ignored("no_learner"), Ignored("no_course")


def _entry_from(named: tuple[str, str | None]) -> tuple[EventType, str] | Ignored:
    event_type, event_source = named
    entry = entry_of(event_type)
    if isinstance(entry, Skip):
        return entry.ignored
    source = SOURCES.get(event_source, "server")
    return (entry, source) if source in entry.sources else _COMPANION


#: Event type and source as logged -> their entry and the canonical source, or why such lines are no events.
_ENTRY: Memo[tuple[str, str | None], tuple[EventType, str] | Ignored] = Memo(_entry_from)


def parse_line(data: bytes, identity: Identity | None = None) -> Verdict:
    """What a line of a tracking log says.

    Accepts raw JSON and any prefix before it (Tutor's ``… [tracking] [user N] … - {json}``): the event
    is what stands from the first ``{`` to the last ``}`` of the line. Never raises; see
    ``IGNORED_REASONS`` and ``QUARANTINE_REASONS``. A learning event without a learner or without a
    course is ignored; nothing that a person wrote, and no address, session or secret, is in an Event.
    With an ``identity`` the learner stands there by pseudonyms.
    """
    found = line_reader(identity)(data)
    return event_of(found) if isinstance(found, tuple) else found


def event_of(row: Row) -> Event:
    """A row as an event."""
    time, place, (user_id, username), session, fields, mark = row
    name, kind, source, course_key, usage_key, block_type, unit_key, title, client = place
    return Event(
        to_us(time), name, kind, source, user_id, username, course_key, usage_key, block_type, unit_key, session, title,
        fields.earned, fields.possible, fields.attempt, fields.correct, fields.position, fields.duration,
        client, fields.payload, mark,
    )  # fmt: skip


def row_of(event: Event) -> Row:
    """An event as a row."""
    e = event
    return (
        from_us(e.time_us),
        (e.name, e.kind, e.source, e.course_key, e.usage_key, e.block_type, e.unit_key, e.title, e.client),
        (e.user_id, e.username),
        e.session,
        Fields(e.usage_key, e.earned, e.possible, e.attempt, e.correct, e.position, e.duration, e.payload),
        e.digest,
    )


def line_reader(identity: Identity | None = None) -> Read:
    """``parse_line`` for many lines: gives the parts of an event instead of an ``Event``."""
    hash_of = session_hash if identity is None else identity.session
    sessions: Memo[str | None, str] = Memo(lambda token: hash_of((token or "").strip()))

    def person(named: Person) -> Person:
        user_id, username = named
        if identity is None:
            return named
        return None if user_id is None else identity.user_id(user_id), identity.username(username)

    persons: Memo[Person, Person] = Memo(person)
    #: User id of the context, username, username of the context -> whoever made the request.
    requesters: Memo[tuple[int | str | None, str | None, str | None], Person] = Memo(
        lambda named: person((user_id_of(named[0]), _username(text(named[1]) or text(named[2]))))
    )

    # One long function: this is where the time goes, and a call costs as much as three look-ups.
    def read(line: bytes) -> Row | Ignored | Quarantined:  # noqa: PLR0911, PLR0912
        try:
            sound = line.isascii() and len(line) <= MAX_LINE_BYTES
            envelope: Any = decode(line) if sound else read_envelope(line)
        except REFUSED:
            envelope = read_envelope(line)
        if type(envelope) is not Envelope:
            return envelope  # type: ignore[no-any-return]
        event_type, time = envelope.event_type, envelope.time
        if not event_type:
            return _NO_EVENT_TYPE
        if not FIRST_YEAR < time.year < LAST_YEAR and not in_time(time):
            return _BAD_TIME
        found = _ENTRY[event_type, envelope.event_source]
        if type(found) is Ignored:
            return found
        entry, source = found  # type: ignore[misc]
        record = record_of(envelope, source)
        fields: Any = entry.extract(record)
        if type(fields) is Ignored:
            return fields
        context = record.context
        if fields.learner is None:
            who = requesters[context.user_id, envelope.username, context.username]
        else:
            who = persons[fields.learner]
            if entry.kind == "completion":
                # Somebody else's request has changed it, such as a reset by the course team: the learner was not there.
                source = "task"
        if who == _NOBODY:
            return _NO_LEARNER
        usage_key = fields.usage_key
        course_key = record.course_key or _keys.course_of(usage_key)
        if not course_key:
            return _NO_COURSE
        if identity is not None and fields.payload:
            fields.payload = _pseudonymous(fields.payload, identity)
        where = record.where
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        if context.received_at is not None:
            time = _not_after(time, context.received_at)
        return (
            time,
            (
                entry.name or event_type,
                # Whatever is done by a Studio request was done by the course's staff.
                "staff" if where.path.studio else fields.kind or entry.kind,
                source,
                course_key,
                usage_key,
                _BLOCK_TYPE[usage_key],
                where.unit if fields.unit_key is None else fields.unit_key,
                record.title_of(usage_key) if context.module is not None else "",
                "mobile" if source == "mobile" or IS_MOBILE[envelope.agent] else "web",
            ),
            who,
            sessions[envelope.session],
            fields,
            digest(envelope, time, record.raw),
        )

    return read


def _not_after(time: datetime, received_at: str) -> datetime:
    """The time of an event that a device has sent: where its clock is ahead, when the platform got the event."""
    received = time_of(received_at)
    return received if received is not None and received < time else time


def _username(name: str) -> str:
    """A username, or ``""`` for what the platform writes where there is no request to take a user from."""
    return "" if name == "anonymous" else name


def _pseudonymous(payload: Payload, identity: Identity) -> Payload:
    if "learner_id" in payload:
        payload = {**payload, "learner_id": identity.user_id(int(payload["learner_id"]))}
    if "learner" in payload:
        payload = {**payload, "learner": identity.username(str(payload["learner"]))}
    return payload
