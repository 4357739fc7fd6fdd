"""What a run says of its sources beside counts: the first lines that cannot be read, and files without one event."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from smartpd_analytics.data import QuarantinedLine
from smartpd_analytics.errors import SourceError
from smartpd_analytics.sources import without_events
from smartpd_analytics.store._work import NAMED, Kept, Parsed

__all__ = ["Outcome"]


class _Begun(msgspec.Struct):
    """A source that is read from its start: its lines, those that cannot be read, those that are events."""

    name: str = ""
    lines: int = 0
    broken: int = 0
    events: int = 0


class Outcome:
    """Grows with each block that is written."""

    def __init__(self) -> None:
        #: The first lines that cannot be read, at most ``NAMED``.
        self.quarantine: list[QuarantinedLine] = []
        self._begun: dict[int, _Begun] = {}

    def begin(self, source: int) -> None:
        """The source of this number is read from its start, not from where an earlier run has come."""
        self._begun.setdefault(source, _Begun())

    def add(self, source: int, kept: Kept, parsed: Parsed) -> None:
        """Count a block of a source."""
        broken = sum(parsed.quarantined.values())
        for at, reason in parsed.named[: NAMED - len(self.quarantine)]:
            self.quarantine.append(QuarantinedLine(kept.source, kept.first_line + at, reason))
        if begun := self._begun.get(source):
            begun.name = kept.source
            begun.lines += parsed.read
            begun.broken += broken
            empty = sum(parsed.ignored.get(reason, 0) for reason in ("blank", "comment"))
            begun.events += parsed.read - broken - empty

    def without_events(self) -> Iterator[SourceError]:
        """A problem for each source that was read from its start and has lines, but not one event."""
        for begun in self._begun.values():
            if begun.lines and not begun.events:
                yield without_events(begun.name, lines=begun.lines, broken=bool(begun.broken))
