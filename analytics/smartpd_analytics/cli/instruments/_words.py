"""Names of the kinds of instruments, for people."""

from __future__ import annotations

from ...reports.words import N_, words_in

__all__ = ["kind_words"]

_KINDS = {
    "self_assessment": N_("self-assessment"),
    "knowledge_test": N_("knowledge test"),
    "needs_survey": N_("needs survey"),
    "motivation": N_("motivation questionnaire"),
}


def kind_words(kind: str, lang: str) -> str:
    """``kind`` in the language ``lang``."""
    return words_in(lang).gettext(_KINDS[kind])
