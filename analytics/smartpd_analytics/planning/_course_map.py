"""Course maps: which unit trains what, from a file of the course team.

What cannot be used is named with file and line and left out; the rest is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..data import LANGUAGES, ContentUnit, CourseMap, Framework, Text, say
from ..errors import N_, CourseMapError, InputError, Message
from ..frameworks import load_framework
from ._keys import STRUCTURE, KeyIndex, block_type_of, tail
from ._map_rows import Cell, Row, RowFile, read_rows

__all__ = ["complete_course_map", "read_course_map"]

#: Longest time that one unit may take; more is a slip of the pen.
MAX_MINUTES = 10_000

#: More attempts than any problem allows are a slip as well.
MAX_ATTEMPTS = 10_000

_KEY = re.compile(r"""[^\s"'<>`]{1,255}""")
_MODES = ("asynchronous", "online", "room")
_MODE = re.compile("|".join(_MODES))
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*")
_ACTIVITY = re.compile(r"[^\W\d_][\w -]*")
_Report = Callable[..., None]


def read_course_map(path: str | Path, framework: Framework | None = None) -> CourseMap:
    """Read a course map from YAML or CSV (docs/course-map.md).

    Args:
        path: a ``.yaml``, ``.yml`` or ``.csv`` file in UTF-8; CSV may use ``,``, ``;`` or tabs.
        framework: against which competencies and levels are checked; None for the one that a YAML file
            names, or for no check.

    Returns:
        The usable rows in their order, which is the course's order; ``problems`` has a message with
        file and line for each row or value that was left out.

    Raises:
        CourseMapError: the file as a whole cannot be used.
    """
    path = Path(path)
    rows = read_rows(path)
    if not rows.rows and not rows.problems:
        raise CourseMapError(N_("the file has no rows"), file=path.name)
    problems = list(rows.problems)

    def report(what: str, line: int, accepted: str = "", **arguments: object) -> None:
        problems.append(CourseMapError(what, file=path.name, line=line, accepted=accepted, **arguments))

    framework, fits = _framework(rows, framework, report)
    if not fits:
        rows = replace(rows, rows=tuple(_without_framework(row) for row in rows.rows))
    kept = _keyed(rows.rows, report)
    index = KeyIndex(kept)
    prerequisites = _prerequisites(kept, index, report)
    units = [
        _unit(key, row, position=position, prerequisites=prerequisites[key], framework=framework, report=report)
        for position, (key, row) in enumerate(kept.items())
    ]
    units = _in_their_units(units, kept, index)
    problems.sort(key=lambda problem: problem.line)
    return CourseMap(
        tuple(units),
        framework.id if framework else "",
        tuple(str(problem) for problem in problems),
        file=path.name,
        lines={key: row.line for key, row in kept.items()},
    )


def complete_course_map(given: CourseMap, observed: CourseMap) -> CourseMap:
    """A course map of the course team, completed from the one that the log shows.

    Bare block ids become whole keys, missing titles, types and units are filled in, and what only the log
    knows follows the last entry of its unit (else the end). What the course team says wins.
    """
    seen = {unit.usage_key: unit for unit in observed.units}
    index = KeyIndex(seen)

    def whole(key: str) -> str:
        return index.find(key) or key

    merged: dict[str, ContentUnit] = {}
    for unit in given.units:
        key = whole(unit.usage_key)
        other = seen.get(key)
        if key in merged:
            continue
        merged[key] = replace(
            unit,
            usage_key=key,
            unit_key=whole(unit.unit_key) if unit.unit_key else "",
            prerequisites=tuple(whole(needed) for needed in unit.prerequisites),
        )
        if other is not None:
            merged[key] = replace(
                merged[key],
                title=unit.title or other.title,
                titled=bool(unit.title) or other.titled,
                block_type=unit.block_type or other.block_type,
                # The log knows the real unit; the file may only have had its title.
                unit_key=other.unit_key or merged[key].unit_key,
                minutes=unit.minutes if unit.minutes is not None else other.minutes,
            )
    order = list(merged)
    for unit in sorted(observed.units, key=lambda unit: (unit.position, unit.usage_key)):
        if unit.usage_key not in merged:
            merged[unit.usage_key] = unit
            home = [i for i, key in enumerate(order) if merged[key].unit_key == unit.unit_key and unit.unit_key]
            order.insert(home[-1] + 1 if home else len(order), unit.usage_key)
    units = tuple(replace(merged[key], position=position) for position, key in enumerate(order))
    return replace(given, units=units)


# --- rows -------------------------------------------------------------------------------------


def _framework(rows: RowFile, framework: Framework | None, report: _Report) -> tuple[Framework | None, bool]:
    """The framework of the file, and whether its competencies and levels are of it."""
    named = rows.framework
    if named is None or not named.text:
        return framework, True
    if framework is not None:
        if framework.id != named.text:
            what = N_("the file is for the framework '{named}': its competencies and levels are left out")
            report(what, named.line, framework.id, named=named.text)
        return framework, framework.id == named.text
    try:
        return load_framework(named.text), True
    except InputError as error:
        what = N_("the framework '{named}' cannot be used: {reason}")
        report(what, named.line, error.accepted, named=named.text, reason=error.problem)
        return None, False


def _without_framework(row: Row) -> Row:
    cells = {name: cell for name, cell in row.cells.items() if name not in ("competencies", "level")}
    return replace(row, cells=cells)


def _keyed(rows: tuple[Row, ...], report: _Report) -> dict[str, Row]:
    """The rows that can be used, by key; structure (course, section, subsection) that trains nothing is no row."""
    kept: dict[str, Row] = {}
    ends: dict[str, list[str]] = {}
    for row in rows:
        cell = row.cells.get("usage_key") or row.cells.get("block_id")
        key = cell.text if cell else ""
        if cell is None or not _KEY.fullmatch(key):
            accepted = N_("a usage_key, or a block_id without spaces")
            report(N_("the row has no key: it is left out"), row.line, accepted)
            continue
        # The same end under two types is two blocks; a bare id beside a whole key is the same one twice.
        same = [other for other in ends.get(tail(key), ()) if other == key or tail(key) in {key, other}]
        if same:
            what = N_("'{key}' already stands in line {other}: the row is left out")
            report(what, cell.line, key=key, other=kept[same[0]].line)
            continue
        if _block_type(key, row) in STRUCTURE and "competencies" not in row.cells:
            continue
        kept[key] = row
        ends.setdefault(tail(key), []).append(key)
    return kept


def _block_type(key: str, row: Row) -> str:
    given = row.cells.get("block_type")
    return given.text.lower() if given else block_type_of(key)


def _unit(
    key: str,
    row: Row,
    *,
    position: int,
    prerequisites: tuple[str, ...],
    framework: Framework | None,
    report: _Report,
) -> ContentUnit:
    cells = row.cells
    mode = cells.get("modes") or cells.get("mode")
    return ContentUnit(
        usage_key=key,
        title=_title(cells, report),
        block_type=_block_type(key, row),
        position=position,
        competencies=_competencies(cells.get("competencies"), framework, report),
        level=_level(cells.get("level"), framework, report),
        minutes=_count("minutes", cells, MAX_MINUTES, report),
        max_attempts=_count("max_attempts", cells, MAX_ATTEMPTS, report),
        due_us=_due_us(cells.get("due"), report),
        activity=_activity(cells.get("activity"), report),
        modes=_words("mode", mode, _MODE, ", ".join(_MODES), report),
        languages=_words("language", cells.get("language"), _LANGUAGE, ", ".join(reversed(LANGUAGES)), report),
        prerequisites=prerequisites,
    )


def _parts(cell: Cell | None) -> tuple[str, ...]:
    if cell is None:
        return ()
    parts = cell.parts if cell.parts is not None else re.split(r"[;,|\s]+", cell.text)
    return tuple(dict.fromkeys(part for part in parts if part))


def _words(name: str, cell: Cell | None, form: re.Pattern[str], accepted: str, report: _Report) -> tuple[str, ...]:
    """The values of a cell in small letters; what has not the form is left out."""
    found = []
    for part in _parts(cell):
        if form.fullmatch(part.lower()):
            found.append(part.lower())
        elif cell is not None:
            report(N_("{column} is '{value}': it is left out"), cell.line, accepted, column=name, value=part)
    return tuple(found)


def _activity(cell: Cell | None, report: _Report) -> str:
    if cell is None or _ACTIVITY.fullmatch(cell.text):
        return cell.text.lower() if cell else ""
    accepted = N_("a word, as read, watch, practise")
    report(N_("{column} is '{value}': it is left out"), cell.line, accepted, column="activity", value=cell.text)
    return ""


def _title(cells: Mapping[str, Cell], report: _Report) -> Text:
    title: dict[str, str] = {}
    if "title" in cells:
        cell = cells["title"]
        for lang in sorted(set(cell.words or ()) - set(LANGUAGES)):
            report(N_("'{lang}' is no language of a title"), cell.line, ", ".join(LANGUAGES), lang=lang)
        title = {lang: text for lang, text in (cell.words or {LANGUAGES[0]: cell.text}).items() if lang in LANGUAGES}
    title |= {lang: cells[f"title_{lang}"].text for lang in LANGUAGES if f"title_{lang}" in cells}
    return _in_every_language(title)


def _in_every_language(title: Text) -> dict[str, str]:
    """The title in every language, the missing ones filled from those there are; empty where there is none."""
    return {lang: say(title, lang) for lang in LANGUAGES} if any(title.values()) else {}


def _competencies(cell: Cell | None, framework: Framework | None, report: _Report) -> tuple[str, ...]:
    given = _parts(cell)
    if framework is None or cell is None:
        return given
    known = [competency.id for competency in framework.competencies]
    for part in given:
        if part not in known:
            what = N_("the competency '{competency}' is not in {framework}: it is left out")
            report(what, cell.line, ", ".join(known), competency=part, framework=framework.id)
    return tuple(part for part in given if part in known)


def _level(cell: Cell | None, framework: Framework | None, report: _Report) -> str:
    if cell is None:
        return ""
    if framework is None:
        return cell.text
    known = {level.id.lower(): level.id for level in framework.levels}
    if cell.text.lower() not in known:
        what = N_("the level '{level}' is not in {framework}: it is left out")
        report(what, cell.line, ", ".join(known.values()), level=cell.text, framework=framework.id)
    return known.get(cell.text.lower(), "")


def _count(name: str, cells: Mapping[str, Cell], most: int, report: _Report) -> int | None:
    cell = cells.get(name)
    if cell is None:
        return None
    if re.fullmatch(r"[0-9]{1,5}", cell.text) and 0 < int(cell.text) <= most:
        return int(cell.text)
    accepted = Message(N_("a whole number from 1 to {most}"), most=most)
    report(N_("{column} is '{value}': it is left out"), cell.line, accepted, column=name, value=cell.text)
    return None


def _due_us(cell: Cell | None, report: _Report) -> int | None:
    """A day counts to its end in UTC, a time without a zone as UTC."""
    if cell is None:
        return None
    try:
        due = datetime.fromisoformat(cell.text)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell.text):
            due += timedelta(days=1)
        due = due if due.tzinfo else due.replace(tzinfo=UTC)
        return (due - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        accepted = N_("a day or a time, as 2026-10-11 or 2026-10-11T18:00Z")
        report(N_("{column} is '{value}': it is left out"), cell.line, accepted, column="due", value=cell.text)
        return None


# --- prerequisites ----------------------------------------------------------------------------


def _prerequisites(kept: Mapping[str, Row], index: KeyIndex, report: _Report) -> dict[str, tuple[str, ...]]:
    needs: dict[str, tuple[str, ...]] = {}
    for key, row in kept.items():
        cell = row.cells.get("prerequisites")
        found = []
        for part in _parts(cell):
            known = index.find(part)
            if known is None and cell is not None:
                what = N_("the prerequisite '{key}' is no row of this file: it is left out")
                report(what, cell.line, key=part)
            elif known is not None:
                found.append(known)
        needs[key] = tuple(dict.fromkeys(found))
    for path in _circles(needs):
        # What closes the circle goes; everything before it stays.
        needs[path[-2]] = tuple(key for key in needs[path[-2]] if key != path[-1])
        names = " -> ".join(tail(key) for key in path)
        what = N_("these wait for each other: {names}; the last step is left out")
        report(what, _line(kept[path[-2]]), names=names)
    return needs


def _line(row: Row) -> int:
    return row.cells["prerequisites"].line


def _circles(needs: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Paths ``(a, b, a)`` whose last steps, taken away, leave no circle. Depth first, without recursion."""
    found: list[tuple[str, ...]] = []
    finished: set[str] = set()
    for start in needs:
        path: list[str] = []
        on_path: set[str] = set()
        steps = [iter((start,))]
        while steps:
            key = next(steps[-1], None)
            if key is None:
                steps.pop()
                if path:
                    on_path.discard(path[-1])
                    finished.add(path.pop())
            elif key in on_path:
                found.append((*path[path.index(key) :], key))
            elif key not in finished:
                path.append(key)
                on_path.add(key)
                steps.append(iter(needs[key]))
    return found


# --- units ------------------------------------------------------------------------------------


def _in_their_units(units: list[ContentUnit], kept: Mapping[str, Row], index: KeyIndex) -> list[ContentUnit]:
    """Each block with the key of the unit it stands in.

    The column ``unit`` may have a key, a block id, or the title of a unit above; a title without a row of
    its own still keeps its blocks together. Without the column a row is a unit of its own.
    """
    placed: list[ContentUnit] = []
    last_by_title: dict[tuple[str, ...], str] = {}
    for unit in units:
        cells = kept[unit.usage_key].cells
        place = tuple(cells[name].text if name in cells else "" for name in ("section", "subsection"))
        named = cells["unit"].text if "unit" in cells else ""
        home = unit.usage_key
        if unit.block_type == "vertical":
            last_by_title |= {(*place, title): unit.usage_key for title in unit.title.values()}
        elif named:
            home = index.find(named) or last_by_title.get((*place, named)) or named
        elif unit.block_type:
            home = ""
        placed.append(replace(unit, unit_key=home))
    return placed
