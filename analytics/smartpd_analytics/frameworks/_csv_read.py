"""A table of items as nodes that the reader of instruments understands, each with the line of its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from ..csv_tables import separator_of
from ..errors import N_, InstrumentError, Message
from ..yaml_lines import Node
from ._csv_guard import unguarded
from ._document import decoded
from ._entry import LANGUAGE_TAG

__all__ = ["COLUMNS", "item_node", "read_rows"]

#: Columns of their own, in the order in which they are written; those of words and options follow.
COLUMNS = (
    "instrument",
    "version",
    "id",
    "belongs_to",
    "type",
    "level",
    "active",
    "required",
    "reverse",
    "worth",
    "scoring",
    "least",
    "most",
    "discrimination",
    "difficulty",
    "thresholds",
    "guessing",
    "provisional",
)
#: Of the columns of words and options, for messages.
_EXAMPLES = ("text_en", "help_en", "scenario_en", "options", "option_1", "option_1_points", "option_1_en")
_WORDS_COLUMN = re.compile(rf"(scenario|text|help)_({LANGUAGE_TAG})")
_OPTION_COLUMN = re.compile(rf"option_([1-9][0-9]{{0,2}})(?:_(points|exclusive|{LANGUAGE_TAG}))?")
_NUMBERS = ("least", "most", "discrimination", "difficulty", "guessing", "worth")
_FLAGS = ("active", "required", "reverse", "provisional")
_IRT = ("discrimination", "difficulty", "thresholds", "guessing", "provisional")
#: How spreadsheets in the three languages write true and false.
_TRUE = ("yes", "true", "да", "истина", "ha", "rost", "1")
_FALSE = ("no", "false", "нет", "ложь", "yoʻq", "yolgʻon", "0")


def read_rows(data: bytes | str, file: str) -> list[dict[str, tuple[str, int]]]:
    """Each row as column -> cell and line; empty rows are left out."""
    text = decoded(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    line = 1
    columns: list[str] = []
    rows: list[dict[str, tuple[str, int]]] = []
    try:
        for cells in reader:
            if not columns:
                columns = _columns(cells, file)
            elif any(cell.strip() for cell in cells):
                if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                    raise InstrumentError(
                        N_("the row has more cells than the header"),
                        file=file,
                        line=line,
                        accepted=Message(N_("{count} cells"), count=len(columns)),
                    )
                rows.append(
                    {column: (cell, line) for column, cell in zip(columns, cells, strict=False) if cell.strip()}
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise InstrumentError(
            N_("not valid CSV: {reason}"), file=file, line=reader.line_num, reason=Message(str(error))
        ) from None
    if not rows:
        raise InstrumentError(N_("the file has no items"), file=file, accepted=N_("a header and a row for each item"))
    return rows


def _columns(cells: list[str], file: str) -> list[str]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for column in columns:
        known = column in COLUMNS or column == "options" or _WORDS_COLUMN.fullmatch(column)
        if not known and not _OPTION_COLUMN.fullmatch(column):
            accepted = ", ".join(
                (*COLUMNS, "text_en", "help_en", "scenario_en", "options", "option_1_id", "option_1_en")
            )
            raise InstrumentError(
                N_("no column is called '{found}'"), file=file, line=1, accepted=accepted, found=column
            )
        if columns.count(column) > 1:
            raise InstrumentError(N_("the column '{found}' stands twice"), file=file, line=1, found=column)
    for needed in ("id", "belongs_to"):
        if needed not in columns:
            raise InstrumentError(N_("the column '{found}' is missing"), file=file, line=1, found=needed)
    return columns


def item_node(row: Mapping[str, tuple[str, int]], home: str, file: str) -> Node:
    line = next(iter(row.values()))[1]
    fields: dict[str, Node] = {}
    irt: dict[str, Node] = {}
    words: dict[str, dict[str, Node]] = {}
    options: dict[int, dict[str, Node]] = {}
    for column, (cell, _) in row.items():
        if column in ("instrument", "version"):
            continue
        if match := _WORDS_COLUMN.fullmatch(column):
            words.setdefault(match[1], {})[match[2]] = Node(unguarded(cell), line)
        elif match := _OPTION_COLUMN.fullmatch(column):
            # The column option_1 has the id; option_1_id would be words in Indonesian.
            part = match[2] or ""
            options.setdefault(int(match[1]), {})[part] = _option_cell(column, part, cell, file, line)
        elif column == "belongs_to":
            # The title behind the id is for people.
            fields[home] = Node(cell.split()[0], line)
        elif column in _IRT:
            irt[column] = _value(column, cell, file, line)
        else:
            fields[column] = _value(column, cell, file, line)
    fields.update({name: Node(texts, line) for name, texts in words.items()})
    if irt and not irt.keys() <= {"provisional"}:
        fields["irt"] = Node(irt, line)
    if options:
        fields["options"] = Node(tuple(_option(options[number], line) for number in sorted(options)), line)
    return Node(fields, line)


def _option(parts: Mapping[str, Node], line: int) -> Node:
    fields = {part or "id": node for part, node in parts.items() if part in ("", "points", "exclusive")}
    texts = {part: node for part, node in parts.items() if part not in ("", "points", "exclusive")}
    return Node({**fields, **({"text": Node(texts, line)} if texts else {})}, line)


def _option_cell(column: str, part: str, cell: str, file: str, line: int) -> Node:
    if part == "exclusive":
        return _flag(column, cell, file, line)
    return Node(cell.strip() if part in ("", "points") else unguarded(cell), line)


def _value(column: str, cell: str, file: str, line: int) -> Node:
    if column in _FLAGS:
        return _flag(column, cell, file, line)
    if column == "thresholds":
        return Node(tuple(Node(_number(part), line) for part in cell.replace(";", " ").split()), line)
    return Node(_number(cell) if column in _NUMBERS else cell.strip(), line)


def _number(cell: str) -> str:
    """A number as files have it: some spreadsheets write a decimal comma, some a real minus."""
    return cell.strip().replace(",", ".").replace("\u2212", "-")


def _flag(column: str, cell: str, file: str, line: int) -> Node:
    said = cell.strip().lower().replace("'", "ʻ").replace("’", "ʻ").replace("‘", "ʻ")
    if said in _TRUE or said in _FALSE:
        return Node("true" if said in _TRUE else "false", line)
    raise InstrumentError(
        N_("the column '{column}' has '{found}'"), file=file, line=line, accepted="yes, no", column=column, found=cell
    )
