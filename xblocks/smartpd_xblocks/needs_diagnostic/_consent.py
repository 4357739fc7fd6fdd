"""Consent: for which purposes answers may be used, in plain words, each asked on its own."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..messages import Message
from ..messages import mark as _
from ._attempt import Refusal

if TYPE_CHECKING:
    from ._screens import Speaker

__all__ = ["PURPOSES", "consent_screen", "decided", "read_consent"]

#: Purpose -> what is asked, and what refusing means. The ids are those of ``smartpd.api.PURPOSES``.
PURPOSES: dict[str, tuple[str, str]] = {
    "advice": (
        _("My answers may be used for advice to me."),
        _("If not: you get no recommendations from your answers. You still see your result here."),
    ),
    "team": (
        _("The course team may see my result with my name."),
        _("If not: your result is left out of their lists and tables."),
    ),
    "evaluation": (
        _("My result may count, without my name, when the course is evaluated."),
        _("If not: it is left out of all figures of the course, and your answers are not logged."),
    ),
}


def decided(consent: Mapping[str, bool]) -> bool:
    """Whether the learner has chosen about every purpose."""
    return all(purpose in consent for purpose in PURPOSES)


def read_consent(data: Mapping[str, Any]) -> dict[str, bool]:
    """What was chosen: yes or no for every purpose.

    Raises:
        Refusal: something else was sent (400).
    """
    choices = data.get("choices")
    if not isinstance(choices, Mapping) or any(not isinstance(choices.get(purpose), bool) for purpose in PURPOSES):
        raise Refusal(400, Message(_("Your choice could not be read, so nothing was saved. Reload the page.")))
    return {purpose: choices[purpose] for purpose in PURPOSES}


def consent_screen(consent: Mapping[str, bool], own_words: str, speaker: Speaker) -> dict[str, Any]:
    """The words and choices of the screen; ``wording`` is a digest of what is shown, ``text`` paragraphs."""
    text = own_words.strip() or speaker.word("consent_text")
    purposes = [
        {
            "id": purpose,
            "text": speaker.gettext(asked),
            "note": speaker.gettext(refused),
            "given": bool(consent.get(purpose)),
        }
        for purpose, (asked, refused) in PURPOSES.items()
    ]
    shown = "\n".join([text, *(f"{each['text']} {each['note']}" for each in purposes)])
    return {
        "text": [line.strip() for line in text.splitlines() if line.strip()],
        "purposes": purposes,
        "decided": decided(consent),
        "wording": sha256(shown.encode()).hexdigest()[:16],
    }
