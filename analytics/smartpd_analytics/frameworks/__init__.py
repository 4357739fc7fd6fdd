"""Competency frameworks and instruments: versioned data files, bundled or an institution's own."""

from __future__ import annotations

from ._catalogue import (
    framework_ids,
    framework_of,
    framework_problems,
    instrument_ids,
    instrument_problems,
    instrument_versions,
    load_framework,
    load_instrument,
    parse_framework,
    parse_instrument,
    read_framework,
    read_instrument,
)

__all__ = [
    "framework_ids",
    "framework_of",
    "framework_problems",
    "instrument_ids",
    "instrument_problems",
    "instrument_versions",
    "load_framework",
    "load_instrument",
    "parse_framework",
    "parse_instrument",
    "read_framework",
    "read_instrument",
]
