"""A file of pairs, wide (a row for each learner) or long (a row for each answer)."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import get_close_matches
from pathlib import Path

from ..csv_tables import Row, Table, read_csv_table
from ..data import is_simulated, is_simulated_learner
from ..errors import N_, InputError
from ._pairs import AFTER, BEFORE, Column, Pairs, Person, Scale

__all__ = ["read_pairs"]

_NAME = r"[^\W_][\w-]*?"
_SCALE = re.compile(rf"(?P<measure>{_NAME})(?:/(?P<area>[\w-]+))?(?:\.(?P<item>[\w-]+))?")
_HEADER = re.compile(
    rf"(?P<scale>{_NAME}(?:/[\w-]+)?(?:\.[\w-]+)?)_(?P<time>pre|post)"
    r"(?:\s*\[\s*(?P<least>-?\d+(?:\.\d+)?)\s*[-–:]\s*(?P<most>-?\d+(?:\.\d+)?)\s*\])?",
    re.IGNORECASE,
)
_GUESS = "_guess"
_TIMES = {"pre": BEFORE, "before": BEFORE, "post": AFTER, "after": AFTER}
_ABOUT = ("learner", "group", "arm", "course_key")
_LONG = ("learner", "time", "scale", "score")
_LONG_ALSO = ("item", "min", "max", "group", "arm", "course_key")
_WIDE_FORM = N_(
    "learner, group, arm, course_key, and for each scale SCALE_pre and SCALE_post, where SCALE is MEASURE, "
    "MEASURE/AREA or either with .ITEM, with its range behind it as in competence_pre [0-88]"
)
_LONG_FORM = ", ".join((*_LONG, *_LONG_ALSO))
#: Where a file gives no range.
_RANGE = (0.0, 100.0)


def read_pairs(path: str | Path) -> Pairs:
    """Read a file of pairs; its two forms are described in docs/evaluation.md.

    Raises:
        InputError: with file, line, column and what is accepted.
    """
    table = read_csv_table(Path(path))
    return _long(table) if {"time", "score"} <= set(table.columns) else _wide(table)


class _Collected:
    """Values by learner, with the ranges of the columns."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.ranges: dict[Column, tuple[float, float]] = {}
        self.values: defaultdict[str, dict[tuple[Column, str], float]] = defaultdict(dict)
        self.guesses: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
        self.about: dict[str, tuple[str, str]] = {}
        self.simulated = False

    def learner(self, row: Row) -> str:
        learner = row.text("learner")
        if not learner:
            accepted = N_("a name or number for each learner, the same before and after")
            raise row.error(N_("column 'learner' is empty"), accepted)
        self.simulated = self.simulated or is_simulated_learner(learner) or is_simulated(row.text("course_key"))
        about = (row.text("group"), row.text("arm"))
        known = self.about.setdefault(learner, about)
        if known != about:
            raise row.error(
                N_("learner '{learner}' was in group '{group}', arm '{arm}' before, and is in others here"),
                N_("one group and one arm for each learner"),
                learner=learner,
                group=known[0],
                arm=known[1],
            )
        return learner

    def add(self, row: Row, where: str, learner: str, what: tuple[Column, str], value: float) -> None:
        column, time = what
        least, most = self.ranges[column]
        if not least <= value <= most:
            raise row.error(
                N_("column '{where}': {value} is not in the range of '{scale}', {least} to {most}"),
                N_("a value of the range; another range is written behind the name, as competence_pre [0-20]"),
                where=where,
                value=f"{value:g}",
                scale=str(column),
                least=f"{least:g}",
                most=f"{most:g}",
            )
        if (column, time) in self.values[learner]:
            raise row.error(
                N_("learner '{learner}' has a second value of '{scale}' {time}"),
                N_("one value for each learner and time"),
                learner=learner,
                scale=str(column),
                time=time,
            )
        self.values[learner][column, time] = value

    def pairs(self) -> Pairs:
        people = tuple(
            Person(learner, group, arm, self.values[learner], self.guesses[learner])
            for learner, (group, arm) in self.about.items()
        )
        table = self.table
        return Pairs(table.file, people, _scales(self.ranges, table.file), self.simulated, table.encoding)


def _wide(table: Table) -> Pairs:
    table.require(("learner",), _WIDE_FORM)
    collected = _Collected(table)
    measured, guessed = _header(table, collected)
    lines: dict[str, int] = {}
    for row in table.rows:
        learner = collected.learner(row)
        if learner in lines:
            problem = N_("learner '{learner}' already stands in line {first}")
            raise row.error(problem, N_("one row for each learner"), learner=learner, first=lines[learner])
        lines[learner] = row.line
        for name, what in measured.items():
            value = row.number(name)
            if value is not None:
                collected.add(row, name, learner, what, value)
        for name, (measure, time) in guessed.items():
            if text := row.text(name):
                collected.guesses[learner][measure, time] = text
    return collected.pairs()


def _header(table: Table, collected: _Collected) -> tuple[dict[str, tuple[Column, str]], dict[str, tuple[str, str]]]:
    """Header of a wide file: names of score columns, and of guess columns, with what they hold."""
    measured: dict[str, tuple[Column, str]] = {}
    guessed: dict[str, tuple[str, str]] = {}
    for name in table.columns:
        if name in _ABOUT:
            continue
        found = _HEADER.fullmatch(name)
        if not found:
            near = get_close_matches(name, [*_ABOUT, *measured], n=1)
            problem = (
                N_("column '{name}' is unknown; did you mean '{near}'?") if near else N_("column '{name}' is unknown")
            )
            raise InputError(
                problem, file=table.file, line=1, accepted=_WIDE_FORM, name=name, near=near[0] if near else ""
            )
        time = found["time"].lower()
        if found["scale"].endswith(_GUESS):
            guessed[name] = (found["scale"].removesuffix(_GUESS), time)
            continue
        column = _column(found["scale"])
        measured[name] = (column, time)
        _set_range(collected, column, name, found["least"], found["most"])
    if not measured:
        raise InputError(N_("no column has scores"), file=table.file, line=1, accepted=_WIDE_FORM)
    times = set(measured.values())
    for name, (column, time) in measured.items():
        other = AFTER if time == BEFORE else BEFORE
        if (column, other) not in times:
            raise InputError(
                N_("column '{name}' has no partner {partner}"),
                file=table.file,
                line=1,
                accepted=_WIDE_FORM,
                name=name,
                partner=f"{column}_{other}",
            )
    return measured, guessed


def _long(table: Table) -> Pairs:
    table.require(_LONG, _LONG_FORM)
    for name in table.columns:
        if name not in (*_LONG, *_LONG_ALSO):
            problem = N_("column '{name}' is unknown")
            raise InputError(problem, file=table.file, line=1, accepted=_LONG_FORM, name=name)
    collected = _Collected(table)
    for row in table.rows:
        learner = collected.learner(row)
        time = _TIMES.get(row.text("time").lower())
        if time is None:
            problem = N_("column 'time': '{value}' is unknown")
            raise row.error(problem, ", ".join(_TIMES), value=row.text("time"))
        scale = row.text("scale")
        if scale.endswith(_GUESS) and not row.text("item"):
            collected.guesses[learner][scale.removesuffix(_GUESS), time] = row.text("score")
            continue
        name = f"{scale}.{row.text('item')}" if row.text("item") else scale
        if not _SCALE.fullmatch(name):
            accepted = N_("MEASURE or MEASURE/AREA, in letters and digits")
            raise row.error(N_("column 'scale': '{name}' is no scale"), accepted, name=name)
        column = _column(name)
        least, most = row.number("min"), row.number("max")
        if least is None and most is not None:
            least = 0.0
        given = (None, None) if most is None else (f"{least}", f"{most}")
        _set_range(collected, column, name, *given, line=row.line)
        value = row.number("score")
        if value is not None:
            collected.add(row, "score", learner, (column, time), value)
    if not collected.ranges:
        raise InputError(N_("no row has a score"), file=table.file, accepted=_LONG_FORM)
    return collected.pairs()


def _column(scale: str) -> Column:
    found = _SCALE.fullmatch(scale)
    assert found  # noqa: S101  what the header's pattern let through
    return Column(found["measure"], found["area"] or "", found["item"] or "")


def _set_range(
    collected: _Collected, column: Column, name: str, least: str | None, most: str | None, *, line: int = 1
) -> None:
    """Note the range of a column; one that is given once counts for both times."""
    file = collected.table.file
    if most is None or least is None:
        collected.ranges.setdefault(column, _RANGE)
        return
    span = (float(least), float(most))
    if span[0] >= span[1]:
        accepted = N_("lowest-highest, as [0-88]")
        raise InputError(N_("the range of '{name}' is empty"), file=file, line=line, accepted=accepted, name=name)
    known = collected.ranges.get(column)
    if known not in (None, _RANGE, span):
        raise InputError(
            N_("'{scale}' has two ranges: {first} and {second}"),
            file=file,
            line=line,
            accepted=N_("one range for each scale, before and after"),
            scale=str(column),
            first=f"{known[0]:g}-{known[1]:g}",
            second=f"{span[0]:g}-{span[1]:g}",
        )
    collected.ranges[column] = span


def _scales(ranges: dict[Column, tuple[float, float]], file: str) -> tuple[Scale, ...]:
    """The scales of a file: each measure, as it is given or as the sum of its parts, then its areas."""
    measures: defaultdict[str, list[Column]] = defaultdict(list)
    for column in ranges:
        measures[column.measure].append(column)
    scales = []
    for measure, columns in measures.items():
        areas = list(dict.fromkeys(column.area for column in columns if column.area))
        whole = [column for column in columns if not column.area]
        scales.append(_scale(measure, "", whole or columns, ranges, file))
        scales += [_scale(measure, area, [c for c in columns if c.area == area], ranges, file) for area in areas]
    return tuple(scales)


def _scale(
    measure: str, area: str, columns: list[Column], ranges: dict[Column, tuple[float, float]], file: str
) -> Scale:
    # A scale that is given as such counts as it is; its items then tell the reliability alone.
    itself = [column for column in columns if column == Column(measure, area)]
    items = [column for column in columns if column.item]
    if itself and items:
        raise InputError(
            N_("'{scale}' stands there by itself and by its items"),
            file=file,
            line=1,
            accepted=N_("the items, whose sum is the scale, or the scale alone"),
            scale=str(itself[0]),
        )
    if not area and items and len(items) < len(columns):
        raise InputError(
            N_("'{measure}' has areas with items and areas without"),
            file=file,
            line=1,
            accepted=N_("one form for all areas"),
            measure=measure,
        )
    return Scale(
        measure=measure,
        area=area,
        columns=tuple(columns),
        least=sum(ranges[column][0] for column in columns),
        most=sum(ranges[column][1] for column in columns),
        of_items=len(items) == len(columns) and len(items) > 1,
    )
