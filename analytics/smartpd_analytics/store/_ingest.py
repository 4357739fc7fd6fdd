"""One run of ingestion: read what is new, in waves, each committed as a whole."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec
from msgspec.structs import replace

from smartpd_analytics.data import LineAccount
from smartpd_analytics.errors import N_, Message, MissingExtraError, SourceError
from smartpd_analytics.progress import Progress
from smartpd_analytics.sources import (
    ACCEPTED,
    STANDARD_INPUT,
    STANDARD_INPUT_NAME,
    ByteSource,
    NotTextError,
    is_address,
    size_of,
    unreadable,
)
from smartpd_analytics.store._duplicates import Duplicates
from smartpd_analytics.store._known import KnownSources
from smartpd_analytics.store._manifest import Manifest, SourceState, Tally, write_manifest
from smartpd_analytics.store._outcome import Outcome
from smartpd_analytics.store._reader import BLOCK, BlockReader, Place
from smartpd_analytics.store._work import Job, Kept, Parsed, Written

#: A wave is closed when it has so many bytes of lines, or events, or bytes of lines that cannot be read.
WAVE_BYTES, WAVE_EVENTS, WAVE_QUARANTINE = 400 * 1_048_576, 250_000, 32 * 1_048_576

#: What a source may raise that is to be reported.
_UNREADABLE = (NotTextError, MissingExtraError, OSError, ValueError)
#: Stands for standard input where others have the number of their state.
_GIVEN = -1


class Engine(Protocol):
    """Whoever parses and writes: local processes, or a cluster's executors."""

    memory: Any

    def slot(self) -> int | None:
        """Where the next block may be put; None while there is no room."""

    def parse(self, block: int, length: int) -> None:
        """Take over the block in ``slot()``."""

    def write(self, wave: int, generation: int, blocks: dict[int, Kept]) -> int:
        """Write a wave; the number of answers to come."""

    def answers(self) -> list[Parsed | tuple[int, Written]]:
        """What came back; waits until something does."""

    def close(self) -> None:
        """End what was started."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run did. ``lines`` counts this run; ``account()`` of the store counts all of them."""

    lines: LineAccount
    #: Sources from which something was read, and those in which there was nothing new.
    sources_read: int
    sources_unchanged: int
    #: Sources whose last line is not whole yet; it waits for the next run.
    unfinished: int
    #: The commit that the store stands at.
    generation: int
    #: Events in the store.
    events: int


class _Wave(msgspec.Struct):
    number: int
    duplicates: Duplicates = msgspec.field(default_factory=Duplicates)
    #: Block -> number of its source.
    blocks: dict[int, int] = {}
    parsed: dict[int, Parsed] = {}
    bytes: int = 0
    quarantine: int = 0
    closed: bool = False
    #: The states of all sources when the wave was closed, but for their lines.
    states: tuple[SourceState, ...] = ()
    answers: int = -1
    written: Written = msgspec.field(default_factory=Written)
    tally: Tally = Tally()

    @property
    def is_full(self) -> bool:
        return self.bytes >= WAVE_BYTES or self.duplicates.events >= WAVE_EVENTS or self.quarantine >= WAVE_QUARANTINE

    @property
    def is_parsed(self) -> bool:
        return self.closed and len(self.parsed) == len(self.blocks)


class Run:
    """Reads sources into a store whose lock is held.

    Args:
        store: its folder.
        manifest: what it holds.
        job: what the workers know.
        engine: who parses and writes.
        report: hears of each source that cannot be read.
        progress: hears (bytes done, bytes in all or 0), as stored.
    """

    def __init__(
        self,
        store: Path,
        manifest: Manifest,
        job: Job,
        engine: Engine,
        *,
        report: Callable[[SourceError], None],
        progress: Progress | None = None,
    ) -> None:
        self.manifest = manifest
        self.tally = Tally()
        self.read, self.unchanged, self.unfinished = 0, 0, 0
        self.also_forgotten: set[str] = set()
        self.outcome = Outcome()
        self._store, self._engine, self._report, self._progress = store, engine, report, progress
        self._known = KnownSources(manifest.sources, job.selection.text)
        self._lines = [state.lines for state in manifest.sources]
        self._given_lines = 0
        self._block = 0
        self._waves = [_Wave(0)]
        self._total, self._done = 0, 0

    def run(self, names: Sequence[str], stdin: BinaryIO | None) -> None:
        """Read all that is new in the sources of these names and commit it."""
        self._total = _size(names)
        self._read_all(names, stdin)

    def _read_all(self, names: Sequence[str], stdin: BinaryIO | None) -> None:
        for name in names:
            self._source(name, stdin)
        self._close(last=True)
        while self._waves:
            self._hear()
        for error in self.outcome.without_events():
            self._report(error)
        states = self._states(tuple(self._known.states))
        if states != self.manifest.sources:
            self.manifest = replace(self.manifest, sources=states)
            write_manifest(self._store, self.manifest)

    # --- sources ------------------------------------------------------------------------------

    def _source(self, name: str, stdin: BinaryIO | None) -> None:
        """Read one source where there is something to read."""
        given = name == STANDARD_INPUT
        shown = STANDARD_INPUT_NAME if given else name
        source = None
        try:
            if given and stdin is None:
                self._problem(N_("nothing was given on it"), shown)
                return
            if not given and not is_address(name) and self._known.unchanged(name):
                self.unchanged += 1
                self._advance(Path(name).stat().st_size)
                return
            source = ByteSource(shown, stdin) if given else ByteSource(name)
            if given:
                reader, at = BlockReader(source, Place(), lasting=True), None
            else:
                source, reader, at = self._known.reader(source)
        except _UNREADABLE as error:
            if source is not None:
                source.close()
            self._report(unreadable(shown, error))
            return
        try:
            self._read(reader, at, given=given)
        finally:
            source.close()

    def _read(self, reader: BlockReader, at: int | None, *, given: bool) -> None:
        source, started, known = reader.source, reader.place.consumed, at is not None
        stored, failed = 0, False
        while True:
            while (slot := self._engine.slot()) is None:
                self._hear()
            try:
                length = reader.fill(self._engine.memory, slot, BLOCK)
            except _UNREADABLE as error:
                self._report(unreadable(source.name, error))
                failed = True
                break
            self._advance(source.stored - stored)
            stored = source.stored
            if not length:
                break
            if not given:
                at = self._note(at, reader, ended=False)
            number = _GIVEN if at is None else at
            if not started:
                self.outcome.begin(number)
            self._dispatch(length, number)
        self.unfinished += bool(reader.unfinished)
        if source.problem:
            what = N_("{what}; the complete lines before the break were used")
            if not reader.place.consumed:
                what = N_("{what}; there is no complete line before the break")
            self._problem(Message(what, what=source.problem), source.name)
        if reader.place.consumed > started:
            self.read += 1
        elif known or reader.unfinished:
            self.unchanged += 1
        elif not failed and not source.problem:
            self._problem(N_("the file is empty"), source.name)
        if not given and reader.place.consumed:
            self._note(at, reader, ended=not (failed or source.problem))

    def _problem(self, what: str, name: str) -> None:
        self._report(SourceError(what, file=name, accepted=ACCEPTED))

    def _note(self, at: int | None, reader: BlockReader, *, ended: bool) -> int:
        at = self._known.note(at, reader, ended=ended)
        if at == len(self._lines):
            self._lines.append(0)
        return at

    def _dispatch(self, length: int, source: int) -> None:
        wave = self._waves[-1]
        wave.blocks[self._block] = source
        wave.bytes += length
        self._engine.parse(self._block, length)
        self._block += 1
        if wave.is_full:
            self._close()

    # --- waves --------------------------------------------------------------------------------

    def _close(self, *, last: bool = False) -> None:
        """No more blocks for the newest wave."""
        wave = self._waves[-1]
        wave.closed = True
        wave.states = tuple(self._known.states)
        if not wave.blocks:
            self._waves.pop()
        if not last:
            self._waves.append(_Wave(wave.number + 1))
        self._go_on()

    def _hear(self) -> None:
        """Take in what the engine answers, and do what can be done then."""
        for answer in self._engine.answers():
            if isinstance(answer, Parsed):
                wave = next(each for each in self._waves if answer.block in each.blocks)
                wave.parsed[answer.block] = answer
                wave.quarantine += answer.kept_bytes
                wave.duplicates.add(answer.block, answer.digests, answer.spans)
                answer.digests = b""
                self.also_forgotten.update(answer.also_forgotten)
            else:
                number, written = answer
                wave = next(each for each in self._waves if each.number == number)
                wave.written += written
                wave.answers -= 1
        self._go_on()

    def _go_on(self) -> None:
        """Write and commit the oldest wave as far as it is."""
        while self._waves:
            wave = self._waves[0]
            if wave.answers < 0 and wave.is_parsed and wave.blocks:
                self._write(wave)
            if wave.answers != 0:
                return
            self._commit(wave)
            self._waves.pop(0)

    def _write(self, wave: _Wave) -> None:
        drops = wave.duplicates.against(self._store, self.manifest.data)
        kept = {}
        dropped = 0
        for block, source in sorted(wave.blocks.items()):
            drop = drops.get(block, b"")
            dropped += len(drop) // 4
            if source != _GIVEN:
                name, first = self._known.states[source].name, self._lines[source] + 1
                self._lines[source] += wave.parsed[block].read
            else:
                name, first = STANDARD_INPUT_NAME, self._given_lines + 1
                self._given_lines += wave.parsed[block].read
            kept[block] = Kept(name, first, drop)
            self.outcome.add(source, kept[block], wave.parsed[block])
        wave.tally = tally_of(wave.parsed.values(), dropped)
        wave.states = self._states(wave.states)
        wave.answers = self._engine.write(wave.number, self.manifest.generation + 1, kept)

    def _states(self, states: tuple[SourceState, ...]) -> tuple[SourceState, ...]:
        return tuple(
            state if state.lines == lines else replace(state, lines=lines)
            for state, lines in zip(states, self._lines, strict=False)
        )

    def _commit(self, wave: _Wave) -> None:
        written, now = wave.written, self.manifest
        self.manifest = now.committed(
            datetime.now(UTC).isoformat(timespec="seconds"),
            wave.tally,
            data=(*now.data, *sorted(written.data, key=lambda each: each.path)),
            people=(*now.people, *written.people),
            changes=(*now.changes, *written.changes),
            quarantine=(*now.quarantine, *written.quarantine),
            sources=wave.states,
        )
        write_manifest(self._store, self.manifest)
        self.tally += wave.tally

    def _advance(self, count: int) -> None:
        self._done += count
        if self._progress:
            self._progress(self._done, max(self._done, self._total) if self._total else 0)


def tally_of(parsed: Iterable[Parsed], dropped: int) -> Tally:
    read = 0
    ignored: Counter[str] = Counter()
    quarantined: Counter[str] = Counter()
    for each in parsed:
        read += each.read
        ignored.update(each.ignored)
        quarantined.update(each.quarantined)
    events = read - ignored.total() - quarantined.total()
    return Tally(
        read,
        events - dropped,
        dropped,
        {reason: count for reason, count in sorted(ignored.items()) if count},
        dict(sorted(quarantined.items())),
    )


def new_run() -> str:
    """A name for a run's files."""
    return os.urandom(5).hex()


def _size(names: Sequence[str]) -> int:
    """Bytes in all, or 0 where one of them has no known size."""
    sizes = [size_of(name) for name in names]
    return 0 if None in sizes else sum(size or 0 for size in sizes)
