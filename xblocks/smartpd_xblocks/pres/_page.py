"""What the page shows: the form, the draft and the versions as plain values for the template and the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..messages import mark as _
from ._draft import Draft, Submission
from ._form import Part, Settings

Gettext = Callable[[str], str]

_PAGE_WORDS = {
    "problems": _("Please correct this; until then learners see the preset:"),
    "noscript": _("To write here, switch JavaScript on in your browser. Until then you can only read."),
    "submit": _("Submit"),
    "readers": _("The course team can read what you submit."),
    "yours": _("Your text"),
    "revise": _("Revise"),
    "earlier": _("Earlier versions"),
    "two_texts": _("Which text do you want to keep?"),
    "server_text": _("On the server"),
    "device_text": _("On this device"),
    "keep_server": _("Keep the text on the server"),
    "keep_device": _("Keep the text on this device"),
}
_SCRIPT_WORDS = {
    "count": _("Words: {words}"),
    "few": _("Words: {words}, {min} to {max} needed"),
    "fewAtLeast": _("Words: {words}, at least {min} needed"),
    "within": _("Words: {words}, within the limits"),
    "many": _("Words: {words}, at most {max} allowed: {over} too many"),
    "saving": _("Saving…"),
    "saved": _("Saved at {time}"),
    "unsaved": _("Not yet saved"),
    "waiting": _("Not yet saved: the server does not answer. Your text is kept on this device."),
    "offline": _("You are offline. Your text is kept on this device and sent later."),
    "memory": _("Not yet saved, and this browser keeps no copy: do not close the page."),
    "signin": _("Not saved: your session has ended. Sign in again; your text is kept on this device."),
    "restored": _("Your text from this device is back."),
    "submitting": _("Submitting…"),
    "submitted": _("Submitted."),
    "notSubmitted": _("Not submitted: the server does not answer. Your text is kept; try again."),
    "savedNotSubmitted": _("Your text is saved but not submitted: press “Submit” again."),
    "version": _("Version {version}, submitted"),
    "older": _("On this device there is a text that the server does not have."),
    "empty": _("(empty)"),
}


def script_words(gettext: Gettext) -> dict[str, str]:
    return {name: gettext(msgid) for name, msgid in _SCRIPT_WORDS.items()}


def page(
    settings: Settings, draft: Draft, submissions: tuple[Submission, ...], *, question: str, gettext: Gettext
) -> dict[str, Any]:
    """The template's values; ``submissions`` oldest first, paragraphs of ``question`` parted by empty lines."""
    last = submissions[-1] if submissions else None
    return {
        "paragraphs": [part.strip() for part in question.replace("\r\n", "\n").split("\n\n") if part.strip()],
        "submission": _version(last, settings, gettext) if last else None,
        # The newest first: it is what one looks for.
        "earlier": [_version(entry, settings, gettext) for entry in reversed(submissions[:-1])],
        "lang": settings.lang,
        "parts": [
            {
                "id": part.id,
                "label": part.label,
                "guidance": part.guidance,
                "starters": part.starters,
                "openings": gettext(_("Sentence openings for “{part}”")).format(part=part.label),
                "min": part.min_words,
                "max": part.max_words,
                "limits": _limits(part, gettext),
                "text": draft.texts.get(part.id, ""),
                "submitted": last.texts[part.id] if last else "",
            }
            for part in settings.parts
        ],
        "words": {name: gettext(msgid) for name, msgid in _PAGE_WORDS.items()},
    }


def _version(entry: Submission, settings: Settings, gettext: Gettext) -> dict[str, Any]:
    return {
        "line": gettext(_SCRIPT_WORDS["version"]).format(version=entry.version),
        "submitted_at": entry.submitted_at,
        "texts": [(part.label, entry.texts[part.id]) for part in settings.parts],
    }


def _limits(part: Part, gettext: Gettext) -> str:
    if part.max_words:
        words = gettext(_("Words: {min} to {max} needed"))
    elif part.min_words:
        words = gettext(_("Words: at least {min} needed"))
    else:
        return ""
    return words.format(min=part.min_words, max=part.max_words)
