"""What makes copies of one event equal."""

from __future__ import annotations

import json
import re
from datetime import datetime

import msgspec
from xxhash import xxh3_128_digest

from smartpd_analytics.tracking import _json

#: How the platform's own logger writes the start of a value: in ASCII, with a space after colons and commas.
_SPACED, _TIGHT = b'": ', b'":'
#: A list that starts with a text, and how its second entry is set off.
_LISTED = re.compile(rb'\["[^"\\]*(?:\\.[^"\\]*)*",( ?)')

_packed = msgspec.msgpack.Encoder().encode


def digest(where: bytes, who: bytes, time: datetime, event: bytes) -> bytes:
    """128 bits of what happened: who, when, where, with what, in which session, and the payload as logged.

    Left out is what may differ between copies: the file's prefix and the order of the fields, when and by
    which host the line was received, and what says nothing about the event (IP address, agent, languages).
    Whether a line was rewritten without spaces or without escapes does not count either; the order within a
    payload does.

    Args:
        where: ``mark`` of the line's type, source, path, page and referer.
        who: ``mark`` of the line's username, user id and session.
        time: the line's, with a zone.
        event: the payload as it stands in the line.
    """
    is_spaced = event[:1] == b'"' or _SPACED in event[:160] or not _is_tight(event)
    if not (is_spaced and event.isascii()):
        event = _as_logged(event)
    return xxh3_128_digest(b"".join((where, who, _packed(time), event)))


def mark(*values: int | str | None) -> bytes:
    """128 bits of some values; those of many lines are worked out once."""
    try:
        return xxh3_128_digest(_packed(values))
    except (UnicodeEncodeError, OverflowError):  # what msgpack does not have
        return xxh3_128_digest(repr(values).encode("ascii", "backslashreplace"))


def _is_tight(event: bytes) -> bool:
    """Whether an object or list has no spaces after colons and commas; its first pair or entry tells."""
    # Within texts, as browsers' payloads are, nothing is rewritten; and some are long.
    if listed := _LISTED.match(event):
        return not listed[1]
    return _TIGHT in event[:160] or b'","' in event


def _as_logged(event: bytes) -> bytes:
    return json.dumps(_json.READER.decode(event.decode())).encode() if event else b""
