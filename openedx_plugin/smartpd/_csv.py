"""Tables as CSV that a spreadsheet opens rightly and safely."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

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


def _lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # Excel takes a file without this mark for one in the machine's old code page.
    yield "\ufeff" + writer.writerow([guarded(cell) for cell in header])
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def csv_response(filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download of ``rows``, sent as they are read."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
