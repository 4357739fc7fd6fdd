"""Events of a tracking log, and what became of every line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Event",
    "LineAccount",
    "QuarantinedLine",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One learning event in canonical form: what a tracking-log line says, and nothing else.

    Neither IP address, agent, session token nor free text is kept. ``user_id``, ``username``,
    ``session`` and ``payload["learner_id"]`` are pseudonyms where the event was read with a site's key.
    """

    time_us: int
    #: The platform's ``event_type`` (``problem_check``, ``play_video``), or ``page_view`` for an implicit unit page.
    name: str
    #: ``page problem video navigation forum enrolment grade completion diagnosis matrix pres staff other``
    kind: str
    #: ``browser server mobile task``
    source: str
    #: Numeric id, or None where the line does not carry one.
    user_id: int | None
    #: Username, or ``""`` where the line does not carry one.
    username: str
    course_key: str
    usage_key: str
    block_type: str
    #: Usage key of the unit (vertical) that was on screen, or ``""``.
    unit_key: str
    #: Hash of the session token, or ``""``; the token itself is never kept.
    session: str
    #: Display name of the block where the line carries it, or ``""``.
    title: str
    earned: float | None
    possible: float | None
    attempt: int | None
    #: Fully right, or not; None where the event is no graded answer.
    correct: bool | None
    #: Seconds into a video, or the tab number of a navigation.
    position: float | None
    duration: float | None
    #: ``web`` or ``mobile``
    client: str
    #: Fields of our own blocks' events that the features need; JSON scalars only.
    payload: Mapping[str, Any]
    #: Content digest of 16 bytes, equal for copies of one event whatever file they stand in.
    digest: bytes


@dataclass(frozen=True, slots=True)
class QuarantinedLine:
    """A line that could not be read as a tracking event, and why (a code of ``tracking``)."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What became of every line: ``accepted + duplicate + ignored + quarantined == read``."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    ignored: int = 0
    quarantined: int = 0
    #: Reason code -> count, for ignored lines.
    ignored_reasons: Mapping[str, int] = field(default_factory=dict)
    #: Reason code -> count, for quarantined lines.
    quarantined_reasons: Mapping[str, int] = field(default_factory=dict)
    #: Quarantined lines in the order read: every one, or of a store's run the first.
    quarantine: tuple[QuarantinedLine, ...] = ()
    #: Sources that could not be read, or not to the end, each as a message for people: place and problem.
    source_problems: tuple[str, ...] = ()
    #: What is accepted instead, each a message that stands for all of them.
    sources_accepted: tuple[str, ...] = ()

    @property
    def nothing_read(self) -> bool:
        """Not one line was a tracking event, not even one without interest."""
        empty = sum(self.ignored_reasons.get(reason, 0) for reason in ("blank", "comment"))
        return self.accepted + self.duplicate + self.ignored - empty == 0
