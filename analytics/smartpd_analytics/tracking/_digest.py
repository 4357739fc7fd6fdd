"""What makes copies of one event equal."""

from __future__ import annotations

import json

from xxhash import xxh3_128_digest

from smartpd_analytics.tracking import _json
from smartpd_analytics.tracking._envelope import Context, Envelope

#: How the platform's own logger writes the start of a value: in ASCII, with a space after colons and commas.
_SPACED, _TIGHT = b'": ', b'":'

_NOWHERE = Context()


def digest(envelope: Envelope) -> bytes:
    """128 bits of what happened: who, when, where, with what, in which session, and the payload as logged.

    Left out is what may differ between copies: the file's prefix and the order of the fields, when and by
    which host the line was received, and what says nothing about the event (IP address, languages).
    Whether a line was rewritten without spaces or without escapes does not count either; the order within a
    payload does.
    """
    context = envelope.context or _NOWHERE
    where = (
        f"{envelope.time}\0{envelope.event_type}\0{envelope.event_source}\0{envelope.username}\0{context.user_id}\0"
        f"{envelope.session}\0{context.course_id}\0{context.path}\0{envelope.page}\0"
        f"{envelope.referer}\0{envelope.agent}\0"
    )
    event = bytes(envelope.event)
    # The first pair or entry tells; browsers' payloads are strings, within which nothing is rewritten.
    head = event[:160]
    if not event.isascii() or (head[:1] != b'"' and _SPACED not in head and (_TIGHT in head or b'","' in event)):
        event = _as_logged(event)
    try:
        return xxh3_128_digest(where.encode() + event)
    except UnicodeEncodeError:
        return xxh3_128_digest(where.encode("utf-8", "surrogatepass") + event)


def _as_logged(event: bytes) -> bytes:
    return json.dumps(_json.READER.decode(event.decode())).encode() if event else b""
