"""One line in, one verdict out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from smartpd_analytics.data import Event
from smartpd_analytics.tracking._digest import digest, mark
from smartpd_analytics.tracking._envelope import MAX_LINE_BYTES, REFUSED, Context, Envelope, decode, read_envelope
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._place import PLACE, Place, place_in
from smartpd_analytics.tracking._record import IS_MOBILE, SOURCES, Record, course_of, user_id_of
from smartpd_analytics.tracking._setting import Logged, Setting, setting_of
from smartpd_analytics.tracking._time import FIRST_YEAR, LAST_YEAR, from_us, in_time, time_of, to_us
from smartpd_analytics.tracking._values import text
from smartpd_analytics.tracking._verdict import Ignored, Quarantined, Verdict
from smartpd_analytics.tracking.catalogue import entry_of
from smartpd_analytics.tracking.entry import EventType, Fields, Payload, Person, Skip
from smartpd_analytics.tracking.identity import Identity, session_hash

#: An event in the parts that repeat by themselves: time, place, learner, session, what it says, digest.
Row = tuple[datetime, Place, Person, str, Fields, bytes]
Read = Callable[[bytes], Row | Ignored | Quarantined]

_NOBODY: Person = (None, "")
_NOWHERE = Context()
_NO_EVENT_TYPE, _BAD_TIME = Quarantined("no_event_type"), Quarantined("bad_time")
_COMPANION, _NO_LEARNER, _NO_COURSE = Ignored("companion"), Ignored("no_learner"), Ignored("no_course")


_ENTRY: Memo[str, EventType | Skip] = Memo(entry_of)


def _setting_of(logged: Logged) -> Setting | Ignored | Quarantined:
    event_type, event_source = logged[:2]
    if not event_type:
        return _NO_EVENT_TYPE
    entry = _ENTRY[event_type]
    if isinstance(entry, Skip):
        return entry.ignored
    source = SOURCES.get(event_source, "server")
    return setting_of(entry, source, logged) if source in entry.sources else _COMPANION


#: What lines have in common that have the same type and addresses, or why such lines are no events.
_SETTING: Memo[Logged, Setting | Ignored | Quarantined] = Memo(_setting_of)


class Requester(msgspec.Struct, gc=False):
    """Whoever made a request."""

    person: Person
    #: Hash of the session.
    session: str
    #: For the digest.
    mark: bytes


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
    time, at, (user_id, username), session, fields, mark = row
    return Event(
        to_us(time), at.name, at.kind, at.source, user_id, username, at.course_key, at.usage_key, at.block_type,
        at.unit_key, session, at.title, fields.earned, fields.possible, fields.attempt, fields.correct,
        fields.position, fields.duration, at.client, fields.payload, mark,
    )  # fmt: skip


def row_of(event: Event) -> Row:
    """An event as a row."""
    e = event
    return (
        from_us(e.time_us),
        PLACE[e.name, e.kind, e.source, e.course_key, e.usage_key, e.block_type, e.unit_key, e.title, e.client],
        (e.user_id, e.username),
        e.session,
        Fields(e.usage_key, e.earned, e.possible, e.attempt, e.correct, e.position, e.duration, e.payload),
        e.digest,
    )


def line_reader(identity: Identity | None = None) -> Read:
    """``parse_line`` for many lines: gives the parts of an event instead of an ``Event``."""
    hash_of = session_hash if identity is None else identity.session

    def person(named: Person) -> Person:
        user_id, username = named
        if identity is None:
            return named
        return None if user_id is None else identity.user_id(user_id), identity.username(username)

    def requester(logged: tuple[int | str | None, str | None, str | None, str | None]) -> Requester:
        user_id, username, in_context, session = logged
        named = user_id_of(user_id), _username(text(username) or text(in_context))
        return Requester(person(named), hash_of((session or "").strip()), mark(username, user_id, session))

    persons: Memo[Person, Person] = Memo(person)
    #: User id of the context, username, username of the context, session -> whoever made the request.
    requesters: Memo[tuple[int | str | None, str | None, str | None, str | None], Requester] = Memo(requester)

    # One long function: this is where the time goes, and a call costs as much as three look-ups.
    def read(line: bytes) -> Row | Ignored | Quarantined:  # noqa: PLR0911, PLR0912
        try:
            sound = line.isascii() and len(line) <= MAX_LINE_BYTES
            envelope: Any = decode(line) if sound else read_envelope(line)
        except REFUSED:
            envelope = read_envelope(line)
        if type(envelope) is not Envelope:
            return envelope  # type: ignore[no-any-return]
        time, context = envelope.time, envelope.context
        if context is None:
            context = _NOWHERE
        setting = _SETTING[
            envelope.event_type, envelope.event_source, context.course_id, context.path, envelope.page,
            envelope.referer, context.module,
        ]  # fmt: skip
        if not FIRST_YEAR < time.year < LAST_YEAR and not in_time(time):
            return _BAD_TIME if envelope.event_type else _NO_EVENT_TYPE
        if type(setting) is not Setting:
            return setting  # type: ignore[return-value]
        entry, source = setting.entry, setting.source
        record = Record(envelope, context, setting, bytes(envelope.event), setting.course)
        if not setting.course:
            record.course_key = course_of(record)
        fields: Any = entry.extract(record)
        if type(fields) is Ignored:
            return fields
        requested = requesters[context.user_id, envelope.username, context.username, envelope.session]
        who = requested.person
        if fields.learner is not None:
            who = persons[fields.learner]
            if entry.kind == "completion":
                # Somebody else's request has changed it, such as a reset by the course team: the learner was not there.
                source = "task"
        if who == _NOBODY:
            return _NO_LEARNER
        on_phone = IS_MOBILE[envelope.agent]
        place = place_in[setting, source, record.course_key, fields.usage_key, fields.unit_key, fields.kind, on_phone]
        if place is None:
            return _NO_COURSE
        if identity is not None and fields.payload:
            fields.payload = _pseudonymous(fields.payload, identity)
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        if context.received_at is not None:
            time = _by_device(time, context.received_at)
        return time, place, who, requested.session, fields, digest(setting.mark, requested.mark, time, record.raw)

    return read


#: A device keeps its events while it has no line, but not for so long: then its clock is behind.
_LONGEST_KEPT = timedelta(days=366)


def _by_device(time: datetime, received_at: str) -> datetime:
    """The time of an event that a device has sent; where its clock cannot be right, when the platform got the event."""
    received = time_of(received_at)
    return time if received is None or timedelta(0) <= received - time <= _LONGEST_KEPT else received


def _username(name: str) -> str:
    """A username, or ``""`` for what the platform writes where there is no request to take a user from."""
    return "" if name == "anonymous" else name


def _pseudonymous(payload: Payload, identity: Identity) -> Payload:
    if "learner_id" in payload:
        payload = {**payload, "learner_id": identity.user_id(int(payload["learner_id"]))}
    if "learner" in payload:
        payload = {**payload, "learner": identity.username(str(payload["learner"]))}
    return payload
