"""Words for people in the three languages: English in the code, Russian and Uzbek from the catalogues."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

__all__ = ["CATALOGUES", "DOMAIN", "N_", "decimal", "printable", "words_in"]

DOMAIN = "smartpd_analytics"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


@cache
def words_in(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language; English for one that there is none for."""
    return gettext.translation(DOMAIN, CATALOGUES, languages=[lang], fallback=True)


def N_(message: str) -> str:
    """Marks a message that is translated where it is used."""
    return message


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """A number as people of that language write it: with a point in English, a comma else."""
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")


def printable(text: str) -> str:
    """Without what could move a terminal's cursor or break a line: names in logs are written by anybody."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
