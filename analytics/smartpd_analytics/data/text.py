"""Words for people in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import floor

__all__ = ["LANGUAGES", "Text", "say", "say_day", "whole_percent"]

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


#: The months as they stand in a date; English ones as Django abbreviates them.
_MONTHS = {
    "en": ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
    "ru": (
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    "uz": (
        *("yanvar", "fevral", "mart", "aprel", "may", "iyun"),
        *("iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr"),
    ),
}
_DAYS = {"en": "{month} {day}, {year}", "ru": "{day} {month} {year} г.", "uz": "{year}-yil {day}-{month}"}


def say_day(day: date, lang: str) -> str:
    """A day as people write it in ``lang``: ``Nov. 26, 2026``, ``26 ноября 2026 г.``, ``2026-yil 26-noyabr``."""
    month = say({each: months[day.month - 1] for each, months in _MONTHS.items()}, lang)
    return say(_DAYS, lang).format(day=day.day, month=month, year=day.year)


def whole_percent(share: float) -> int:
    """A share as people read it: whole per cent, halves upwards (0.625 is 63%).

    The last digits of a float count as what they stand for: 0.285 is 29%, though the computer has a little less.
    """
    return floor(share * 100 + 0.5 + 1e-9)
