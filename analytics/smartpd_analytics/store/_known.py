"""Knowing a source again: grown, renamed, rotated, packed, truncated or copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from smartpd_analytics.sources import ByteSource, mark_of
from smartpd_analytics.store._manifest import SourceState
from smartpd_analytics.store._reader import HEAD, BlockReader, Place, digest

#: Paths remembered for one content; the oldest go first.
_SEEN = 4


class KnownSources:
    """The sources of a store as this run leaves them.

    A source is known by its content: the bytes at its start and those before the place reached must be
    the same as they were. A file whose start is known but not the rest (truncated and written anew, or a
    shorter copy) is read from its start; what was there before are duplicates then, and nothing is lost.

    Args:
        states: what the manifest says.
        selection: what this run is asked to leave out. Who read with less left out has read this too.
    """

    def __init__(self, states: Iterable[SourceState], selection: str) -> None:
        self.states = list(states)
        self._selection = selection
        self._by_head: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._by_path: dict[str, set[int]] = defaultdict(set)
        for at, state in enumerate(self.states):
            self._enter(at, state)

    def _enter(self, at: int, state: SourceState) -> None:
        if state.selection not in ("", self._selection) or state.position:
            return
        self._by_head[state.head_length][state.head].add(at)
        for path in state.seen:
            self._by_path[path].add(at)

    def unchanged(self, name: str) -> bool:
        """Whether a file was read to its end and is as it was then.

        Raises:
            OSError: there is no such file.
        """
        mark = mark_of(name)
        return bool(mark) and any(self.states[at].seen.get(name) == mark for at in self._by_path.get(name, ()))

    def reader(self, source: ByteSource) -> tuple[ByteSource, BlockReader, int | None]:
        """A reader that stands where the source was left, and the number of its state (None for a new source).

        Returns the source as well, because one that cannot be sought in may have to be opened again.
        """
        head = source.read(HEAD)
        candidates = [
            at
            for length, heads in self._by_head.items()
            if 0 < length <= len(head)
            for at in heads.get(digest(head[:length]), ())
            if self.states[at].head_length == length
        ]
        candidates.sort(key=lambda at: self.states[at].consumed)
        if source.seekable:
            best = next((at for at in reversed(candidates) if self._is_tail(source, self.states[at])), None)
        else:
            best = self._passed(source, head, candidates)
            source.close()
            source = ByteSource(source.name)
        place = Place()
        if best is not None:
            state = self.states[best]
            tail = self._go(source, state.consumed, state.tail_length)
            place = Place(state.consumed, head[: state.head_length], tail, state.open_line)
        elif source.seekable:
            source.seek(0)
        return source, BlockReader(source, place, lasting=source.packed), best

    @staticmethod
    def _is_tail(source: ByteSource, state: SourceState) -> bool:
        if state.consumed > source.size:
            return False
        source.seek(state.consumed - state.tail_length)
        return digest(source.read(state.tail_length)) == state.tail

    @staticmethod
    def _go(source: ByteSource, consumed: int, tail_length: int) -> bytes:
        """Go to a place; the bytes before it."""
        if source.seekable:
            source.seek(consumed - tail_length)
        else:
            left = consumed - tail_length
            while left and (got := len(source.read(min(left, 1_048_576)))):
                left -= got
        return source.read(tail_length)

    def _passed(self, source: ByteSource, head: bytes, candidates: list[int]) -> int | None:
        """The state furthest on whose place has the bytes it should have, reading the stream once."""
        best, at, window = None, len(head), head
        for candidate in candidates:
            state = self.states[candidate]
            begin = state.consumed - state.tail_length
            while at < state.consumed:
                chunk = source.read(min(state.consumed - at, 262_144))
                if not chunk:
                    return best
                at += len(chunk)
                window = (window + chunk)[-(262_144 + HEAD) :]
            tail = window[len(window) - (at - begin) : len(window) - (at - state.consumed)]
            if digest(tail) == state.tail:
                best = candidate
        return best

    def note(self, at: int | None, reader: BlockReader, *, ended: bool) -> int:
        """Remember how far a source was read; the number of its state.

        ``ended``: to its end, so that it need not be opened again while it stays as it was opened.
        """
        place, source = reader.place, reader.source
        before = self.states[at] if at is not None else None
        seen = dict(before.seen) if before else {}
        seen.pop(source.name, None)
        if ended and source.mark:
            seen[source.name] = source.mark
        if before and place.consumed == before.consumed:
            state = replace(before, seen=_newest(seen), open_line=place.open_line)
        else:
            state = SourceState(
                name=source.name,
                head=digest(place.head),
                head_length=len(place.head),
                tail=digest(place.tail),
                tail_length=len(place.tail),
                consumed=place.consumed,
                lines=before.lines if before else 0,
                selection=self._selection,
                seen=_newest(seen),
                open_line=place.open_line,
            )
        if at is None:
            self.states.append(state)
            at = len(self.states) - 1
        else:
            self.states[at] = state
        self._enter(at, state)
        return at


def _newest(seen: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return dict(list(seen.items())[-_SEEN:])
