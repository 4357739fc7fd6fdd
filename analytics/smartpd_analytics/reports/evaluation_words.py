"""How figures of an evaluation are written in each language, and what its scales are called."""

from __future__ import annotations

from ..evaluation import Evaluation, Interval, ScaleResult
from .words import N_, decimal, words_in

__all__ = ["Figures"]

_MEASURES = {"competence": N_("Competence"), "motivation": N_("Motivation")}
_NONE = "–"


class Figures:
    """Words and numbers of one evaluation in one language."""

    def __init__(self, evaluation: Evaluation, lang: str) -> None:
        self.lang = lang
        self._ = words_in(lang).gettext
        self._titles = evaluation.titles

    def title(self, scale: ScaleResult) -> str:
        """Title of a scale: that of the framework, words of the measure, or what stands in the file."""
        if scale.area:
            return self._titles.get(scale.id, {}).get(self.lang) or scale.area
        return self.measure(scale.measure)

    def measure(self, name: str) -> str:
        return self._(_MEASURES[name]) if name in _MEASURES else name

    def number(self, value: float | None, digits: int = 2) -> str:
        """A number, a dash for None."""
        if value is None:
            return _NONE
        return decimal(value, self.lang, digits)

    def signed(self, value: float, digits: int = 1) -> str:
        text = self.number(value, digits)
        return text if text.startswith("\u2212") or round(value, digits) == 0 else f"+{text}"

    def percent(self, value: float | None, digits: int = 1) -> str:
        return _NONE if value is None else f"{self.number(value, digits)}%"

    def interval(self, found: Interval | None, digits: int = 2) -> str:
        """The estimate, and its interval in brackets."""
        if found is None:
            return _NONE
        return f"{self.number(found.value, digits)} [{self.range(found, digits)}]"

    def range(self, found: Interval, digits: int = 2) -> str:
        between = " \u2026 " if self.lang != "en" else " to "
        return f"{self.number(found.low, digits)}{between}{self.number(found.high, digits)}"

    def p(self, value: float | None) -> str:
        if value is None:
            return _NONE
        return f"< {decimal(0.001, self.lang, 3)}" if value < 0.001 else decimal(value, self.lang, 3)
