"""The words of the page and of its script, in English; the block says them in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from ..messages import mark as _

__all__ = ["PAGE_WORDS", "SCRIPT_WORDS"]

PAGE_WORDS: Mapping[str, str] = {
    "problems": _("Please correct this; learners see the matrix without it:"),
    "empty": _("This matrix has no cells yet."),
    "intro": _(
        "Here are the topics of the course, and for each of them several ways to learn it. Choose what suits you and "
        "do it; then mark how far you are and how well you can do it by now."
    ),
    "counted_help": _(
        "What you have finished in the course counts as done. If you see it otherwise, change the status."
    ),
    "counted": _("Finished in the course"),
    "next": _("Recommended for you now"),
    "progress": _("Your progress"),
    "noscript": _("To mark cells, switch JavaScript on in your browser. Until then you can only read."),
    "topic": _("Topic"),
    "recommended": _("Recommended"),
    "recommended_help": _("fits your next step; the reason is in the cell."),
    "open": _("Open"),
    "new_tab": _("opens in a new tab"),
    "legend": _("What the signs mean"),
    "scale": _("How well I can do it"),
    "keys": _("Arrow keys move between the cells, Enter goes into a cell, Escape leaves it."),
}
SCRIPT_WORDS: Mapping[str, str] = {
    "status": _("Status"),
    "rating": _("How well I can do it"),
    "unrated": _("not rated"),
    "saving": _("Saving…"),
    "saved": _("Saved."),
    "waiting": _("Not yet saved: the server does not answer. We will try again; you can go on."),
    "offline": _("Not yet saved: you are offline. Your marks are kept on this device and sent later."),
    "signin": _("Not saved: your session has ended. Sign in again; your marks are kept on this device."),
    "elsewhere": _("Some marks were changed elsewhere in the meantime; the newer ones are shown."),
}
