"""What an entry of the catalogue is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._verdict import Ignored

#: Where an event was written: every value of ``event_source``.
ANYWHERE = frozenset({"browser", "server", "mobile", "task"})
SERVER = frozenset({"server", "task"})
CLIENT = frozenset({"browser", "mobile"})


#: Numeric id and username of a learner.
Person = tuple[int | None, str]
Payload = Mapping[str, str | int | float | bool]


class Fields(msgspec.Struct, gc=False):
    """The fields of ``Event`` that an extractor knows better than the line's envelope does."""

    usage_key: str = ""
    earned: float | None = None
    possible: float | None = None
    attempt: int | None = None
    correct: bool | None = None
    position: float | None = None
    duration: float | None = None
    payload: Payload = {}
    #: Whose event it is, where that is somebody else than who made the request.
    learner: Person | None = None
    #: Where it is another than that of the event type.
    kind: str = ""
    #: Where it is another than the unit on screen.
    unit_key: str | None = None


Extract = Callable[[Record], Fields | Ignored]


@dataclass(frozen=True, slots=True)
class EventType:
    """A learning event: its kind, how to read it, and which of its copies counts.

    Lines of this type from another source than ``sources`` are companions of the one that counts.
    ``name`` is the canonical name where it differs from the log's (mobile apps, implicit events).
    """

    kind: str
    extract: Extract
    sources: frozenset[str] = ANYWHERE
    name: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """A known type that is no learning event; ``reason`` is a key of ``IGNORED_REASONS``."""

    reason: str
    #: The verdict.
    ignored: Ignored = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ignored", Ignored(self.reason))


@dataclass(frozen=True, slots=True)
class Route:
    """Implicit events (``event_type`` is a URL path) whose path ``pattern`` matches from its start."""

    id: str
    pattern: re.Pattern[str]
    entry: EventType | Skip


NOTHING_MORE = Fields()


def nothing_more(_record: Record) -> Fields:
    """For types that say no more than who did it, when and where."""
    return NOTHING_MORE
