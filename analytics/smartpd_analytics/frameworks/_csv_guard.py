"""Words in cells that no spreadsheet takes for a formula, and the same words back."""

from __future__ import annotations

import unicodedata

__all__ = ["guarded", "unguarded"]

#: What begins a formula, full-width forms as well.
_FORMULA = tuple("=+-@|%")


def guarded(words: str) -> str:
    """``words``, behind an apostrophe where a spreadsheet might run them."""
    return f"'{words}" if _is_formula(words) else words


def unguarded(cell: str) -> str:
    """What was guarded. ``unguarded(guarded(words))`` is ``words``, whatever they are."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(words: str) -> bool:
    """Whether ``words`` begin like a formula behind any apostrophes and invisible letters."""
    for letter in words:
        if letter == "'" or unicodedata.category(letter)[0] in "ZC":
            continue
        return unicodedata.normalize("NFKC", letter).startswith(_FORMULA)
    return False
