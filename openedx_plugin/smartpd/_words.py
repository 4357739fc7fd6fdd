"""The smallest things that pages say: a text, a share, a level, a phase, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext_lazy
from smartpd_analytics.api import Text, say, whole_percent

__all__ = ["PHASES", "level_label", "percent", "words"]

PHASES = {
    "entry": pgettext_lazy("smartpd", "at the start"),
    "interim": pgettext_lazy("smartpd", "in between"),
    "exit": pgettext_lazy("smartpd", "at the end"),
}


def words(text: Text) -> str:
    """``text`` in the reader's language."""
    return say(text, get_language() or "en")


def percent(share: float | None) -> int | None:
    """A share as a whole number of per cent; None for what is not known."""
    return None if share is None else whole_percent(share)


def level_label(level: str | None, name: Text) -> str:
    """A level by its id and name: ``B1 Integrator``."""
    return f"{level} {words(name)}".strip() if level else ""
