"""Words for people in three languages."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LANGUAGES", "Text", "say"]

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
