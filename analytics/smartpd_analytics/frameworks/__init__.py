"""Competency frameworks and instruments: versioned data files, bundled or an institution's own."""

from __future__ import annotations

from ._catalogue import (
    framework_ids,
    instrument_ids,
    load_framework,
    load_instrument,
    read_framework,
    read_instrument,
)

__all__ = [
    "framework_ids",
    "instrument_ids",
    "load_framework",
    "load_instrument",
    "read_framework",
    "read_instrument",
]
