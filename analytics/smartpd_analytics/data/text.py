"""Words for people in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

__all__ = ["LANGUAGES", "Text", "say", "whole_percent"]

Text = Mapping[str, str]

#: The languages in which every word for people exists; the first is the fallback.
LANGUAGES: tuple[str, ...] = ("en", "ru", "uz")


def say(text: Text, lang: str) -> str:
    """The words of ``text`` in ``lang`` (``"uz-Latn"`` counts as ``"uz"``), else the first language there is."""
    base = lang.replace("_", "-").split("-")[0].lower()
    for candidate in (base, *LANGUAGES):
        if text.get(candidate):
            return text[candidate]
    return next((words for words in text.values() if words), "")


def whole_percent(share: float) -> int:
    """A share as people read it: whole per cent, halves upwards (0.625 is 63%).

    The last digits of a float count as what they stand for: 0.285 is 29%, though the computer has a little less.
    """
    return floor(share * 100 + 0.5 + 1e-9)
