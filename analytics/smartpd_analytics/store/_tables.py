"""Reading tables of statements into a store: what is new in Aspects' ClickHouse, by the hour of the event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from smartpd_analytics.errors import N_, SourceError
from smartpd_analytics.progress import Progress
from smartpd_analytics.sources import (
    ACCEPTED_TABLE,
    HOUR_US,
    Mark,
    StatementTable,
    TableAddress,
    open_table,
)
from smartpd_analytics.store._ingest import Engine, Run
from smartpd_analytics.store._manifest import Manifest, SourceState
from smartpd_analytics.store._position import Position
from smartpd_analytics.store._reader import BLOCK
from smartpd_analytics.store._work import Job
from smartpd_analytics.tracking import MAX_LINE_BYTES

__all__ = ["Plan", "TableRun", "plans_of"]

_DAY_US = 24 * HOUR_US
#: About so many rows by one query: a connection that breaks takes no more with it.
_ROWS_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read of one table."""

    table: StatementTable
    #: The hours (since 1970) that are not as they were read, each with its rows.
    hours: tuple[tuple[int, int], ...]
    #: The first hour that has rows, where all hours were looked at.
    first: int | None
    #: Whether the table has any rows in the time asked for.
    has_rows: bool
    since_us: int | None
    until_us: int | None

    @property
    def rows(self) -> int:
        """Rows to read, about."""
        return sum(rows for _, rows in self.hours)

    def spans(self) -> Iterator[tuple[int, int]]:
        """From when before when to read, one query each; no hour is in two."""
        start, end, rows = 0, 0, 0
        for hour, count in self.hours:
            if rows and (hour != end or rows + count > _ROWS_AT_ONCE):
                yield self._within(start, end)
                rows = 0
            start = start if rows else hour
            end, rows = hour + 1, rows + count
        if rows:
            yield self._within(start, end)

    def _within(self, start: int, end: int) -> tuple[int, int]:
        since, until = start * HOUR_US, end * HOUR_US
        return (
            since if self.since_us is None else max(since, self.since_us),
            until if self.until_us is None else min(until, self.until_us),
        )

    def is_whole(self, hour: int) -> bool:
        """Whether there is such an hour, and nothing of it is left out by the time asked for."""
        return hour >= 0 and self._within(hour, hour + 1) == (hour * HOUR_US, (hour + 1) * HOUR_US)


def _state_of(states: Iterable[SourceState], name: str, selection: str) -> int | None:
    return next(
        (
            at
            for at, state in enumerate(states)
            if (state.name, state.selection) == (name, selection) and state.position
        ),
        None,
    )


def _positions(states: Sequence[SourceState], name: str, selection: str) -> list[Position]:
    """What was read of a table by runs that left out what this one leaves out, or nothing."""
    found = [_state_of(states, name, each) for each in dict.fromkeys((selection, ""))]
    return [Position(states[at].position) for at in found if at is not None]


def plans_of(
    addresses: Sequence[TableAddress],
    manifest: Manifest,
    selection: str,
    *,
    since_us: int | None,
    until_us: int | None,
    connections: ExitStack,
    report: Callable[[SourceError], None],
) -> list[Plan]:
    """Look what is new in each table; what cannot be read is reported.

    Args:
        selection: what the run leaves out, but for times: ``Selection.text``.
        connections: holds the tables open.
    """
    plans = []
    for address in addresses:
        try:
            table = connections.enter_context(open_table(address))
            # Whole days, because that is how older hours are remembered.
            there = table.hours(
                None if since_us is None else since_us // _DAY_US * _DAY_US,
                None if until_us is None else -(-until_us // _DAY_US) * _DAY_US,
            )
        except SourceError as error:
            report(error)
            continue
        asked = {
            hour
            for hour in there
            if (since_us is None or (hour + 1) * HOUR_US > since_us) and (until_us is None or hour * HOUR_US < until_us)
        }
        unread = set(there)
        for position in _positions(manifest.sources, table.name, selection):
            unread &= set(position.unread(there))
        hours = tuple((hour, there[hour].rows) for hour in sorted(unread & asked))
        first = min(there, default=None) if since_us is None and until_us is None else None
        plans.append(Plan(table, hours, first, bool(asked), since_us, until_us))
    return plans


class TableRun(Run):
    """``Run`` for tables: what the job selects must be courses alone, times are the plans'."""

    def __init__(
        self,
        store: Path,
        manifest: Manifest,
        job: Job,
        engine: Engine,
        plans: Sequence[Plan],
        *,
        report: Callable[[SourceError], None],
        progress: Progress | None = None,
    ) -> None:
        super().__init__(store, manifest, job, engine, report=report, progress=progress)
        self._plans = {plan.table.name: plan for plan in plans}
        self._selection = job.selection.text
        self._rows = 0

    def run_plans(self) -> None:
        """Read what is planned and commit it."""
        self._read_all(list(self._plans), None)

    def _source(self, name: str, stdin: BinaryIO | None) -> None:
        plan = self._plans[name]
        at = _state_of(self._known.states, name, self._selection)
        position = Position(self._known.states[at].position if at is not None else "")
        if plan.first is not None:
            position.keep_from(plan.first)
        if at is None:
            self._known.states.append(
                SourceState(name, "", 0, "", 0, 0, 0, selection=self._selection, position=position.text())
            )
            self._lines.append(0)
            at = len(self._known.states) - 1
        started = self._rows
        try:
            self._table(plan, at, position)
        except SourceError as error:
            self._report(error)
        self._note_position(at, position, 0)
        if self._rows > started:
            self.read += 1
        elif plan.has_rows:
            self.unchanged += 1
        else:
            self._report(SourceError(N_("there are no statements in it"), file=name, accepted=ACCEPTED_TABLE))

    def _table(self, plan: Plan, at: int, position: Position) -> None:
        """Hand the rows over in blocks; an hour is noted with the block that holds its last row, or a later one."""
        block: list[bytes] = []
        size = 0
        done: list[tuple[int, Mark]] = []

        def hand_over() -> None:
            nonlocal size
            for each in done:
                position.note(*each)
            done.clear()
            if block:
                self._hand_over(b"\n".join(block) + b"\n", at, position)
            block.clear()
            size = 0

        try:
            for span in plan.spans():
                hour, mark = -1, Mark(0, 0)
                for row in plan.table.rows(*span):
                    if row.hour != hour:
                        if plan.is_whole(hour):
                            done.append((hour, mark))
                        hour, mark = row.hour, Mark(0, 0)
                    line = row.line[: MAX_LINE_BYTES + 1]
                    if size + len(line) >= BLOCK:
                        hand_over()
                    block.append(line)
                    size += len(line) + 1
                    mark += Mark(1, row.hash)
                    self._rows += 1
                if plan.is_whole(hour):
                    done.append((hour, mark))
        except SourceError:
            # What was read before the break is kept; the hour that it broke off in is not noted.
            hand_over()
            raise
        hand_over()

    def _hand_over(self, data: bytes, at: int, position: Position) -> None:
        while (slot := self._engine.slot()) is None:
            self._hear()
        self._engine.memory[slot : slot + len(data)] = data
        self._note_position(at, position, len(data))
        self._advance_rows(len(data))
        self._dispatch(len(data), at)

    def _note_position(self, at: int, position: Position, length: int) -> None:
        state = self._known.states[at]
        self._known.states[at] = replace(state, consumed=state.consumed + length, position=position.text())

    def _advance_rows(self, length: int) -> None:
        """Nobody knows how many bytes the rows to come have; about as many as those that came."""
        planned = sum(plan.rows for plan in self._plans.values())
        self._total = (self._done + length) * planned // max(self._rows, 1)
        self._advance(length)
