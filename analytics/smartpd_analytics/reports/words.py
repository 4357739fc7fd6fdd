"""Words for people in the three languages: English in the code, Russian and Uzbek from the catalogues."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from ..errors import N_, Message

__all__ = ["CATALOGUES", "DOMAIN", "N_", "decimal", "printable", "said", "simulated_words", "words_in"]

DOMAIN = "smartpd_analytics"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


#: What the operating system says in English whatever the language, and why a file cannot be read.
OF_THE_SYSTEM = (
    N_("Cannot allocate memory"),
    N_("Connection refused"),
    N_("Disk quota exceeded"),
    N_("File exists"),
    N_("File name too long"),
    N_("Input/output error"),
    N_("Invalid argument"),
    N_("Is a directory"),
    N_("No such file or directory"),
    N_("No space left on device"),
    N_("Not a directory"),
    N_("Operation not permitted"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Stale file handle"),
    N_("Too many levels of symbolic links"),
    N_("Too many open files"),
    N_("embedded null byte"),
)


@cache
def words_in(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language; English for one that there is none for."""
    return gettext.translation(DOMAIN, CATALOGUES, languages=[lang], fallback=True)


def said(text: str, lang: str) -> str:
    """``text`` in ``lang`` where it is a ``Message``, with the messages inside it; any other text as it is."""
    if not isinstance(text, Message):
        return text
    template = words_in(lang).gettext(text.template) if text.template else ""
    inside = {name: said(value, lang) if isinstance(value, str) else value for name, value in text.arguments.items()}
    return template.format(**inside) if inside else template


def simulated_words(lang: str) -> str:
    """What every report and every message says of simulated data."""
    return words_in(lang).gettext(
        "Simulated data: no real person is in it, and nothing can be concluded from it about real learners."
    )


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """A number as people of that language write it: a point in English, a comma else; a real minus sign, and no -0."""
    text = f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\u2212")
    return text if lang == "en" else text.replace(".", ",")


def printable(text: str) -> str:
    """Without what could move a terminal's cursor or break a line: names in logs are written by anybody."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
