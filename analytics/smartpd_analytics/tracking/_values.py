"""Values of log lines made safe: whatever stands there becomes the type that is wanted, or nothing."""

from __future__ import annotations

import math
import re

INT64 = 2**63
#: What ids, levels and modes look like; text that a person wrote does not.
_IDENTIFIER = re.compile(r"[\w.:@+/~-]{0,255}")
#: Longest name and title that are kept.
NAME, TITLE = 255, 500


def text(value: object, longest: int = NAME) -> str:
    """A string in one line, without characters that cannot be encoded; ``""`` for anything else."""
    if not isinstance(value, str):
        return ""
    value = value.strip()[:longest]
    if value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def identifier(value: object) -> str:
    """A string that looks like an id or a key; ``""`` for anything else, so for all free text."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def number(value: object) -> float | None:
    """A finite number, also from a string; None for anything else."""
    # What JSON gives is of these very types; asking for subclasses costs three times as much.
    kind = type(value)
    if kind is not float:
        if kind is not int and kind is not str:
            return None
        try:
            value = float(value)  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            return None
    return value if math.isfinite(value) else None  # type: ignore[arg-type, return-value]


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits, also from a string; None for anything else."""
    kind = type(value)
    if kind is not int:
        if kind is not str and kind is not float:
            return None
        try:
            whole = int(value)  # type: ignore[call-overload]
        except (ValueError, OverflowError):  # no number; NaN or infinity
            return None
        if kind is float and value != whole:
            return None
        value = whole
    return value if -INT64 <= value < INT64 else None  # type: ignore[operator, return-value]
