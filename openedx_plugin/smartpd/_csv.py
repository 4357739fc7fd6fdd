"""Tables as CSV that a spreadsheet opens rightly and safely."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

__all__ = ["csv_response", "guarded"]

#: A spreadsheet takes a cell that starts so for a formula.
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r")


def guarded(value: Any) -> Any:
    """``value`` as a cell; text that a spreadsheet would run gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    # Spreadsheets look through full-width forms and invisible letters.
    seen = "".join(letter for letter in value if letter.isprintable()).lstrip()[:1]
    risky = value.startswith(_FORMULA) or unicodedata.normalize("NFKC", seen).startswith(_FORMULA)
    return f"'{value}" if risky else value


class _Line:
    """A file for ``csv.writer`` that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(header: Iterable[str], rows: Iterable[Iterable[Any]], lang: str) -> Iterator[str]:
    writer = csv.writer(_Line())
    # Excel takes a file without this mark for one in the machine's old code page.
    yield "\ufeff" + writer.writerow([guarded(cell) for cell in header])
    # Rows are read while they are sent, when the language of the request may be gone.
    found = iter(rows)
    while True:
        with override(lang):
            row = next(found, None)
        if row is None:
            return
        yield writer.writerow([guarded(cell) for cell in row])


def csv_response(filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download of ``rows``, sent as they are read, in the language of the request."""
    lines = _lines(header, rows, get_language() or "en")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
