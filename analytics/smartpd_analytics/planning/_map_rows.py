"""Course map files as rows: YAML or CSV, each cell with its line."""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..csv_tables import separator_of
from ..errors import N_, CourseMapError, Message, reason_of
from ..yaml_lines import Node, read_yaml

__all__ = ["COLUMNS", "Cell", "Row", "RowFile", "read_rows"]

MAX_BYTES = 20_000_000

COLUMNS = (
    "usage_key",
    "block_id",
    "title",
    "title_en",
    "title_ru",
    "title_uz",
    "competencies",
    "level",
    "minutes",
    "due",
    "activity",
    "mode",
    "modes",
    "language",
    "prerequisites",
    "max_attempts",
    "block_type",
    "section",
    "subsection",
    "unit",
    "position",
)


#: In YAML: columns that take a list, and the one that takes a mapping.
_LISTS = frozenset({"competencies", "mode", "modes", "language", "prerequisites"})
_MAPPING = "title"
#: A value in quotation marks may go on for so many lines, as spreadsheets write a line break in a cell.
_MOST_LINES = 5
#: Columns whose values have no line break.
_ONE_LINE = frozenset({"usage_key", "block_id", "level", "minutes", "due", "activity", "max_attempts", "block_type"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: ``text`` for a plain one, ``parts`` for a YAML list, ``words`` for a YAML mapping."""

    line: int
    text: str = ""
    parts: tuple[str, ...] | None = None
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The non-empty cells of one row, by column."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class RowFile:
    """All rows, what else the file says (``framework``), and what could not be read."""

    rows: tuple[Row, ...]
    framework: Cell | None
    problems: tuple[CourseMapError, ...]


_A_MAP = N_("a course map in YAML or CSV, in UTF-8")


def read_rows(path: Path) -> RowFile:
    """The rows of a file, by its ending.

    Raises:
        CourseMapError: the file as a whole cannot be used.
    """
    file = path.name
    readers = {".yaml": _yaml, ".yml": _yaml, ".csv": _csv}
    if path.suffix.lower() not in readers:
        what = N_("the ending '{ending}' is not known")
        raise CourseMapError(what, file=file, accepted=".yaml, .yml, .csv", ending=path.suffix)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            # A device may never end, and of a pipe nobody knows whether somebody fills it.
            raise CourseMapError(N_("this is no file"), file=file, accepted=_A_MAP)
        if found.st_size > MAX_BYTES:
            accepted = Message(N_("at most {most} bytes"), most=MAX_BYTES)
            raise CourseMapError(N_("the file is too long"), file=file, accepted=accepted)
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        problem, reason = N_("the file cannot be read: {reason}"), reason_of(error)
        raise CourseMapError(problem, file=file, accepted=_A_MAP, reason=reason) from None
    except UnicodeDecodeError as error:
        line, encoding = data.count(b"\n", 0, error.start) + 1, _other_encoding(data)
        what = N_("the file is written in {encoding}, not in UTF-8") if encoding else N_("the file is no text in UTF-8")
        raise CourseMapError(what, file=file, line=line, accepted=_A_MAP, encoding=encoding) from None
    if not text.strip():
        raise CourseMapError(N_("the file is empty"), file=file, accepted=_A_MAP)
    return readers[path.suffix.lower()](text, file)


def _other_encoding(data: bytes) -> str:
    """In which encoding bytes that are no UTF-8 seem to be written; ``""`` where no guess is safe."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    # What spreadsheets of the region write: read so, there are words. Single letters may be of any encoding.
    text = data.decode("cp1251", errors="replace")
    return "Windows-1251" if re.search("[а-яё]{3}", text) and not re.search(r"[\0-\x08\ufffd]", text) else ""


# --- YAML -------------------------------------------------------------------------------------


def _yaml(text: str, file: str) -> RowFile:
    root = read_yaml(text, file=file, error=CourseMapError)
    fields: Mapping[str, Node] = root.fields if root.fields is not None else {"units": root}
    units = fields.get("units")
    if units is None or units.items is None:
        raise CourseMapError(
            N_("the file has no list of units"),
            file=file,
            line=root.line,
            accepted=N_("units: followed by a list"),
        )
    problems = [
        CourseMapError(N_("'{name}' is not used"), file=file, line=node.line, accepted="framework, units", name=name)
        for name, node in fields.items()
        if name not in {"framework", "units"}
    ]
    rows = []
    for node in units.items:
        if node.fields is None:
            what = N_("a unit is no mapping")
            problems.append(CourseMapError(what, file=file, line=node.line, accepted="usage_key: …"))
            continue
        cells = {}
        for name, value in node.fields.items():
            cell = _cell(value)
            if name not in COLUMNS:
                problems.append(_unused(name, file, value.line))
            elif cell is None or not _fits(name, cell):
                accepted = N_("one value, or a list") if name in _LISTS else N_("one value")
                problems.append(_left_out(name, value, file, accepted))
            elif cell.text or cell.parts or cell.words:
                cells[name] = cell
        rows.append(Row(node.line, cells))
    framework = _cell(fields["framework"]) if "framework" in fields else None
    if "framework" in fields and (framework is None or framework.parts is not None or framework.words is not None):
        problems.append(_left_out("framework", fields["framework"], file, N_("one value")))
        framework = None
    return RowFile(tuple(rows), framework, tuple(problems))


def _left_out(column: str, value: Node, file: str, accepted: str) -> CourseMapError:
    what = N_("{column} is '{value}': it is left out")
    return CourseMapError(what, file=file, line=value.line, accepted=accepted, column=column, value=_written(value))


def _written(node: Node) -> str:
    """A value as YAML writes it on one line."""
    if node.items is not None:
        return f"[{', '.join(map(_written, node.items))}]"
    if node.fields is not None:
        return f"{{{', '.join(f'{name}: {_written(child)}' for name, child in node.fields.items())}}}"
    return node.text or ""


def _fits(name: str, cell: Cell) -> bool:
    return (cell.parts is None or name in _LISTS) and (cell.words is None or name == _MAPPING)


def _cell(node: Node) -> Cell | None:
    if node.text is not None:
        return Cell(node.line, text=node.text)
    if node.items is not None:
        parts = [item.text for item in node.items]
        return None if None in parts else Cell(node.line, parts=tuple(part for part in parts if part))
    words = {lang: child.text for lang, child in (node.fields or {}).items()}
    if None in words.values():
        return None
    return Cell(node.line, words={lang: text for lang, text in words.items() if text})


# --- CSV --------------------------------------------------------------------------------------


def _csv(text: str, file: str) -> RowFile:
    problems: list[CourseMapError] = []
    columns: list[str] = []
    rows: list[Row] = []

    def one_row(record: list[str]) -> bool:
        """Whether a record over several lines is one: a forgotten mark makes one value of the rows up to the next."""
        broken = {name for name, value in zip(columns, record, strict=False) if "\n" in value}
        return len(record) >= len(columns) and not broken & _ONE_LINE

    for line, record in _records(text, separator_of(text), one_row):
        if record is None:
            what = N_("a quotation mark is not closed, or stands inside a value: the row is left out")
            accepted = N_('a quotation mark inside a value twice: "the ""short"" one"')
            problems.append(CourseMapError(what, file=file, line=line, accepted=accepted))
            continue
        values = [" ".join(value.split()) for value in record]
        if not any(values):
            continue
        if not columns:
            columns = _header(values, file, line, problems)
        elif len(values) > len(columns) and any(values[len(columns) :]):
            problems.append(
                CourseMapError(
                    N_("the row has {cells} cells, the header {columns}: it is left out"),
                    file=file,
                    line=line,
                    accepted=N_('text with a comma in quotes: "a, b"'),
                    cells=len(values),
                    columns=len(columns),
                )
            )
        else:
            pairs = zip(columns, values, strict=False)
            rows.append(Row(line, {name: Cell(line, text=value) for name, value in pairs if name and value}))
    return RowFile(tuple(rows), None, tuple(problems))


def _records(text: str, separator: str, one_row: Callable[[list[str]], bool]) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the number of its first line; None for one that is broken, which takes one line with it.

    The reader of the standard library takes all that follows an open quotation mark for one value.
    """
    lines = re.split("\r\n|\r|\n", text)
    at = 0
    while at < len(lines):
        for end in range(at + 1, min(at + _MOST_LINES, len(lines)) + 1):
            record = _record("\n".join(lines[at:end]), separator)
            if record is not None and (end == at + 1 or one_row(record)):
                yield at + 1, record
                at = end
                break
        else:
            yield at + 1, None
            at += 1


def _record(text: str, separator: str) -> list[str] | None:
    """The one record that ``text`` is, ``[]`` for an empty line, None where it is none."""
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else [] if not found else None


def _header(values: list[str], file: str, line: int, problems: list[CourseMapError]) -> list[str]:
    """Column names; ``""`` for a column that is not used."""
    columns: list[str] = []
    for value in values:
        name = value.lower().replace(" ", "_")
        if name in columns:
            what = N_("the column '{name}' stands there twice")
            problems.append(CourseMapError(what, file=file, line=line, name=name))
            name = ""
        elif name and name not in COLUMNS:
            problems.append(_unused(name, file, line))
            name = ""
        columns.append(name)
    if not {"usage_key", "block_id"} & set(columns):
        raise CourseMapError(N_("there is no column with keys"), file=file, line=line, accepted="usage_key, block_id")
    return columns


def _unused(name: str, file: str, line: int) -> CourseMapError:
    what = N_("'{name}' is no column of a course map")
    return CourseMapError(what, file=file, line=line, accepted=", ".join(COLUMNS), name=name)
