"""Values of log lines made safe: whatever stands there becomes the type that is wanted, or nothing."""

from __future__ import annotations

import math
import re

_INT64 = 2**63
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
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits, also from a string; None for anything else."""
    if isinstance(value, str | float) and not isinstance(value, bool):
        try:
            whole = int(value)
        except (ValueError, OverflowError):  # no number; NaN or infinity
            return None
        value = whole if isinstance(value, str) or value == whole else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_INT64 <= value < _INT64 else None
