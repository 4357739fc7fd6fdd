"""Competency frameworks and instruments: versioned data files, bundled or an institution's own."""

from __future__ import annotations

from ._catalogue import (
    document_kind,
    framework_ids,
    framework_of,
    framework_problems,
    instrument_ids,
    instrument_minutes,
    instrument_problems,
    instrument_versions,
    load_framework,
    load_instrument,
    parse_framework,
    parse_instrument,
    read_framework,
    read_instrument,
    source_document,
    use_folder,
)
from ._document import file_bytes
from ._items_csv import items_csv_document, items_csv_problems, items_to_csv, parse_items_csv
from ._items_file import TYPES_OF
from ._schemas import framework_schema, instrument_schema
from ._writing import (
    framework_to_document,
    framework_to_json,
    framework_to_yaml,
    instrument_to_document,
    instrument_to_json,
    instrument_to_yaml,
)

__all__ = [
    "TYPES_OF",
    "document_kind",
    "file_bytes",
    "framework_ids",
    "framework_of",
    "framework_problems",
    "framework_schema",
    "framework_to_document",
    "framework_to_json",
    "framework_to_yaml",
    "instrument_ids",
    "instrument_minutes",
    "instrument_problems",
    "instrument_schema",
    "instrument_to_document",
    "instrument_to_json",
    "instrument_to_yaml",
    "instrument_versions",
    "items_csv_document",
    "items_csv_problems",
    "items_to_csv",
    "load_framework",
    "load_instrument",
    "parse_framework",
    "parse_instrument",
    "parse_items_csv",
    "read_framework",
    "read_instrument",
    "source_document",
    "use_folder",
]
