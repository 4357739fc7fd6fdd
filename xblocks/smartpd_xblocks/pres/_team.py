"""What the course team reads: the newest submitted text of each learner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..messages import mark as _
from ._draft import latest, read_submissions
from ._form import Settings

__all__ = ["TEAM_WORDS", "team_screen", "team_words"]

Gettext = Callable[[str], str]

TEAM_WORDS: dict[str, str] = {
    "team": _("For the course team: submitted texts"),
    "loading": _("Loading…"),
    "failed": _("That did not work. Check your connection and try again."),
    "no_plugin": _("Submitted texts need the SmartPD plugin, which is not installed on this site."),
    "not_here": _("This site has no way to show the texts of others."),
    "count": _("Learners who have submitted a text: {count}"),
    "nobody": _("Nobody has submitted a text yet. Texts appear here as soon as they are submitted."),
    "private": _("does not show results to the course team"),
    "version": _("Version {version}, submitted"),
    "empty": _("(empty)"),
    "pages": _("Page {page} of {pages}"),
    "previous": _("Previous page"),
    "next": _("Next page"),
}
#: Those that the script says.
_SCRIPT = ("loading", "failed")


def team_words(gettext: Gettext) -> dict[str, str]:
    """The words of the panel's script."""
    return {name: gettext(TEAM_WORDS[name]) for name in _SCRIPT}


def team_screen(
    learners: Iterable[Any], settings: Settings, gettext: Gettext, *, total: int, page: int, pages: int
) -> dict[str, Any]:
    """What ``team.html`` gets.

    Args:
        learners: as the plugin's ``states_of_block`` gives them, with ``submissions`` in their state.
        total: how many learners there are on all ``pages``.
    """

    def said(name: str, **values: object) -> str:
        return gettext(TEAM_WORDS[name]).format(**values)

    rows = []
    for each in learners:
        text = latest(read_submissions(each.state.get("submissions")))
        rows.append(
            {
                "name": each.full_name or each.username,
                "username": each.username,
                "private": each.private or text is None,
                "version": said("version", version=text.version) if text else "",
                "submitted_at": text.submitted_at if text else "",
                "texts": [(part.label, text.texts[part.id]) for part in settings.parts] if text else [],
            }
        )
    return {
        "w": {name: gettext(words) for name, words in TEAM_WORDS.items() if "{" not in words},
        "lang": settings.lang,
        "heading": said("count", count=total) if total else said("nobody"),
        "rows": rows,
        "place": said("pages", page=page, pages=pages) if pages > 1 else "",
        "previous": page - 1 if page > 1 else 0,
        "next": page + 1 if page < pages else 0,
    }
