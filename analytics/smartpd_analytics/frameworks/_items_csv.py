"""The items of an instrument as a table for people who work in spreadsheets, and back again.

A row is an item, the head of the instrument (title, framework, scales, option sets, cut scores) stays where it is.
Competencies and scales stand with their titles, so that no spreadsheet takes 1.1 for a date. Words that a spreadsheet
would take for a formula get a leading apostrophe, which is taken off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from ..data import LANGUAGES, Framework, Instrument, Item
from ..errors import N_, InstrumentError
from ..yaml_lines import Node
from ._catalogue import framework_of, given_or_bundled, load_instrument
from ._csv_guard import guarded
from ._csv_read import COLUMNS, item_node, read_rows
from ._document import plain, plain_document
from ._entry import Entry
from ._instrument_file import instrument_from, instrument_problems
from ._writing import instrument_to_document

__all__ = ["items_csv_document", "items_csv_problems", "items_to_csv", "parse_items_csv"]

_WORDS = ("scenario", "text", "help")


def items_to_csv(instrument: Instrument, *, framework: Framework | None = None, delimiter: str = ",") -> str:
    """The items as CSV with a header and a byte order mark, for a file in UTF-8.

    ``framework`` is the instrument's where that is not bundled. ``delimiter`` is a comma, a semicolon or a tab.

    Raises:
        InstrumentError: the framework is not bundled and not given.
    """
    titles = {one.id: one.title[LANGUAGES[0]] for one in (framework or framework_of(instrument)).competencies}
    documents = instrument_to_document(instrument)["items"]
    langs = _languages(instrument.all_items)
    most = max((len(each["options"]) for each in documents if isinstance(each.get("options"), list)), default=0)
    words = [f"{name}_{lang}" for name in _WORDS for lang in langs]
    parts = ("", "_points", "_exclusive", *(f"_{lang}" for lang in langs))
    options = [f"option_{n}{part}" for n in range(1, most + 1) for part in parts]
    columns = [*COLUMNS, *words, "options", *options]
    rows = []
    for item, document in zip(instrument.all_items, documents, strict=True):
        named = {"instrument": instrument.id, "version": f"v{instrument.version}", "type": item.kind}
        home = f"{item.competency_id} {titles.get(item.competency_id, '')}".strip()
        rows.append({**_row(document), **named, "belongs_to": home})
    used = {column for row in rows for column, cell in row.items() if cell}
    # What no item of this instrument has would only be in the way.
    kept = [column for column in columns if column in used or column in ("id", "belongs_to", "type")]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, kept, restval="", extrasaction="ignore", lineterminator="\r\n", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def parse_items_csv(
    data: bytes | str,
    *,
    head: Instrument | None = None,
    changes: Mapping[str, Any] | None = None,
    file: str = "",
    framework: Framework | None = None,
) -> Instrument:
    """The instrument ``head`` with the items of a table in the place of its own.

    Args:
        data: CSV in UTF-8, separated by commas, semicolons or tabs, as ``items_to_csv`` writes it.
        head: without it the bundled instrument that the table names in its columns instrument and version.
        changes: further values of the document, such as ``{"version": "2", "cut_scores": [0, 5, 10]}``.
        file: the table's name in messages.
        framework: the instrument's, where it is not bundled.

    Raises:
        InstrumentError: the first thing that is not as accepted, with its line.
    """
    return instrument_from(_tree(data, head, changes or {}, file), given_or_bundled(framework))


def items_csv_problems(
    data: bytes | str,
    *,
    head: Instrument | None = None,
    changes: Mapping[str, Any] | None = None,
    file: str = "",
    framework: Framework | None = None,
) -> tuple[InstrumentError, ...]:
    """Everything that is wrong with a table, in its order; the arguments are those of ``parse_items_csv``."""
    try:
        return instrument_problems(_tree(data, head, changes or {}, file), given_or_bundled(framework))
    except InstrumentError as error:
        return (error,)


def items_csv_document(data: bytes | str, head: Mapping[str, Any], *, file: str = "") -> dict[str, Any]:
    """The document ``head`` with the items of a table in the place of its own, valid or not, for an editor.

    Raises:
        InstrumentError: the table cannot be read as one: its columns, its separators, a cell of yes or no.
    """
    home = "scale" if head.get("scales") else "competency"
    rows = read_rows(data, file)
    return {**head, "items": [plain(item_node(row, home, file)) for row in rows]}


def _tree(data: bytes | str, head: Instrument | None, changes: Mapping[str, Any], file: str) -> Entry:
    """The whole instrument as a tree: the head's document, with a node for each row."""
    rows = read_rows(data, file)
    head = head or _bundled_head(rows, file)
    document = {**instrument_to_document(head), **changes}
    document.pop("items")
    fields = dict(plain_document(document, file).node.fields or {})
    home = "competency" if head.framework_id else "scale"
    fields["items"] = Node(tuple(item_node(row, home, file) for row in rows), 1)
    return Entry(Node(fields, 0), file)


def _bundled_head(rows: list[dict[str, tuple[str, int]]], file: str) -> Instrument:
    named = {(row.get("instrument", ("", 0))[0].strip(), row.get("version", ("", 0))[0].strip()) for row in rows}
    if len(named) != 1 or not next(iter(named))[0]:
        raise InstrumentError(
            N_("the rows do not name one instrument in the columns instrument and version"),
            file=file,
            accepted=N_("the same bundled instrument in each row, or an instrument file given beside the table"),
        )
    instrument_id, version = named.pop()
    try:
        return load_instrument(instrument_id, version.removeprefix("v"))
    except InstrumentError as error:
        raise InstrumentError(error.problem, file=file, accepted=error.accepted) from None


# --- writing ------------------------------------------------------------------------------------


def _row(document: Mapping[str, Any]) -> dict[str, str]:
    row = {name: _cell(document[name]) for name in COLUMNS if name in document}
    row["active"] = _cell(document.get("active", True))
    for name, value in document.get("irt", {}).items():
        row[name] = " ".join(map(_cell, value)) if isinstance(value, list) else _cell(value)
    if "irt" in document:
        row["provisional"] = _cell(document["irt"].get("provisional", True))
    for name in _WORDS:
        row.update({f"{name}_{lang}": guarded(words) for lang, words in document.get(name, {}).items()})
    options = document.get("options", [])
    if isinstance(options, str):
        row["options"] = options
        return row
    for number, option in enumerate(options, start=1):
        row[f"option_{number}"] = option["id"]
        row.update(
            {f"option_{number}_{name}": _cell(option[name]) for name in ("points", "exclusive") if name in option}
        )
        row.update({f"option_{number}_{lang}": guarded(words) for lang, words in option["text"].items()})
    return row


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value)


def _languages(items: Iterable[Item]) -> tuple[str, ...]:
    texts = [text for item in items for text in (item.text, item.help, item.scenario, *(o.text for o in item.options))]
    return (*LANGUAGES, *sorted({lang for text in texts for lang in text} - set(LANGUAGES)))
