"""Tables as spreadsheets write them: encodings, separators and decimal commas that are met in practice."""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import N_, InputError, reason_of

__all__ = [
    "NO_ANSWER",
    "CsvForm",
    "Header",
    "Row",
    "Table",
    "form_of",
    "read_csv_table",
    "scan_csv_table",
    "separator_of",
]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: What spreadsheets of the region write where they do not write UTF-8.
_OLD = "cp1251"
_SEPARATORS = ",;\t"
_SAVE_AS = N_("a CSV file with a header; in a spreadsheet: save as CSV (UTF-8)")
#: So many bytes tell how a large file is written.
_HEAD = 1 << 20
#: What stands for no answer.
NO_ANSWER = frozenset({"", "NA", "na", "N/A", "NaN", "nan", ".", "-", "–", "—"})


@dataclass(frozen=True, slots=True)
class CsvForm:
    """Encoding and separator of a file; where commas do not separate, they stand in numbers."""

    encoding: str
    separator: str

    @property
    def decimal_comma(self) -> bool:
        return self.separator != ","


@dataclass(frozen=True, slots=True)
class Row:
    """A row: ``line`` is the line of the file where it ends."""

    file: str
    line: int
    cells: dict[str, str]
    decimal_comma: bool

    def error(self, problem: str, accepted: str, **arguments: object) -> InputError:
        """What is wrong in this row; ``problem`` and ``accepted`` are marked templates."""
        return InputError(problem, file=self.file, line=self.line, accepted=accepted, **arguments)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def number(self, column: str) -> float | None:
        """The number in a cell, None for an empty one.

        Raises:
            InputError: it is no finite number.
        """
        text = self.text(column)
        if text in NO_ANSWER:
            return None
        try:
            value = float(text.replace(",", ".") if self.decimal_comma else text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            accepted = N_("a number, or an empty cell for no answer")
            raise self.error(N_("column '{column}': '{value}' is no number"), accepted, column=column, value=text)
        return value


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table; ``line`` is the line where the header ends."""

    file: str
    line: int
    columns: tuple[str, ...]
    encoding: str

    def require(self, columns: Iterable[str], accepted: str) -> None:
        """Raise ``InputError`` for the first column that is missing; ``accepted`` is a marked template."""
        for name in columns:
            if name not in self.columns:
                problem = N_("there is no column '{name}'")
                raise InputError(problem, file=self.file, line=self.line, accepted=accepted, name=name)


@dataclass(frozen=True, slots=True)
class Table(Header):
    rows: tuple[Row, ...]


def read_csv_table(path: Path) -> Table:
    """Read a CSV file with a header: commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1251.

    Raises:
        InputError: missing, empty, no table, a column twice, a row that is longer than the header.
    """
    header, found = scan_csv_table(path)
    rows = tuple(found)
    if not rows:
        raise InputError(N_("there is a header and no row"), file=header.file, accepted=N_("a row for each learner"))
    return Table(header.file, header.line, header.columns, header.encoding, rows)


def scan_csv_table(path: Path) -> tuple[Header, Iterator[Row]]:
    """``read_csv_table`` for long tables: rows come one by one, and what is wrong with one is raised when it is met."""
    name = str(path)
    text, form = _read(path)
    lines = _lines(text, form.separator, name)
    try:
        line, header = next(lines)
    except StopIteration:
        raise InputError(N_("the file is empty"), file=name, accepted=_SAVE_AS) from None
    columns = _without_empty_end(cell.strip() for cell in header)
    for number, column in enumerate(columns, start=1):
        if not column or columns.count(column) > 1:
            problem = N_("column '{column}' stands there twice") if column else N_("column {number} has no name")
            accepted = N_("a header with a name for each column, each once")
            raise InputError(problem, file=name, line=line, accepted=accepted, column=column, number=number)
    return Header(name, line, columns, form.encoding), _rows(lines, columns, name, decimal_comma=form.decimal_comma)


def _rows(
    lines: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], name: str, *, decimal_comma: bool
) -> Iterator[Row]:
    for at, cells in lines:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            raise InputError(
                N_("the row has {cells} cells, the header {columns}"),
                file=name,
                line=at,
                accepted=N_("a cell for each column; text that holds the separator in quotes"),
                cells=len(cells),
                columns=len(columns),
            )
        yield Row(name, at, dict(zip(columns, cells, strict=False)), decimal_comma=decimal_comma)


def _without_empty_end(cells: Iterable[str]) -> tuple[str, ...]:
    """A spreadsheet may write separators behind the last column."""
    columns = list(cells)
    while columns and not columns[-1]:
        columns.pop()
    return tuple(columns)


def separator_of(text: str) -> str:
    """Comma, semicolon or tab: which stands most often in the first line that is not empty."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def form_of(path: Path) -> CsvForm:
    """How a CSV file is written, by its first lines.

    Raises:
        InputError: missing, empty, or no text.
    """
    return _read(path, most=_HEAD)[1]


def _read(path: Path, most: int = -1) -> tuple[str, CsvForm]:
    name = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(most)
            if len(data) == most:
                # Up to the last whole line.
                data = data[: data.rfind(b"\n") + 1] or data
    except OSError as error:
        reason = reason_of(error)
        raise InputError(N_("cannot be read: {reason}"), file=name, accepted=_SAVE_AS, reason=reason) from error
    if data[:2] == b"PK":
        raise InputError(N_("this is a spreadsheet or a zip archive, not a CSV file"), file=name, accepted=_SAVE_AS)
    text, encoding = _decoded(data, name)
    if not text.strip():
        raise InputError(N_("the file is empty"), file=name, accepted=_SAVE_AS)
    return text, CsvForm(encoding, separator_of(text))


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = _OLD
        text = data.decode(_OLD, errors="replace")
    if "\0" in text:
        raise InputError(N_("this is no text"), file=name, accepted=_SAVE_AS)
    return text, encoding


def _lines(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        problem = N_("no CSV: {reason}")
        raise InputError(problem, file=name, line=reader.line_num, accepted=_SAVE_AS, reason=str(error)) from None
