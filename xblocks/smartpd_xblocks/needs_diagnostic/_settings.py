"""What the course team may set, and what is wrong with what it has set."""

from __future__ import annotations

from typing import Any

from smartpd_analytics.api import (
    INSTRUMENT_KINDS,
    InputError,
    Instrument,
    framework_of,
    instrument_bank,
    instrument_ids,
    load_framework,
    load_instrument,
)

from ..messages import Message
from ..messages import mark as _
from ._words import PHASES

__all__ = ["level_ids", "questionnaire_facts", "questionnaire_ids", "settings_problems"]

#: Fewest questions of an adaptive test; with fewer the areas could not be asked about.
FEWEST = 6


def questionnaire_ids() -> tuple[str, ...]:
    """The instruments that an author may choose from."""
    return tuple(instrument_id for kind in INSTRUMENT_KINDS for instrument_id in instrument_ids(kind=kind))


def level_ids() -> tuple[str, ...]:
    """The levels of their frameworks, lowest first, each once: what an author may choose from."""
    frameworks = dict.fromkeys(load_instrument(each).framework_id for each in questionnaire_ids())
    levels = (level.id for framework_id in frameworks if framework_id for level in load_framework(framework_id).levels)
    return tuple(dict.fromkeys(levels))


def questionnaire_facts(instrument_id: str) -> dict[str, Any]:
    """What the editor tells of one before it is opened."""
    found = load_instrument(instrument_id)
    return {
        "framework": found.framework_id,
        "kind": found.kind,
        "version": found.version,
        "items": len(found.items),
        "minutes": found.minutes,
    }


def settings_problems(
    *,
    display_name: str,
    instrument: str,
    phase: str,
    target_level: str,
    adaptive: bool = False,
    adaptive_length: int = FEWEST,
    adaptive_error: float = 0.35,
    own: Instrument | None = None,
) -> tuple[Message, ...]:
    """A message for each setting that cannot be used, naming the field and what is accepted.

    ``own`` are the course's own questions, where it has some: they take the place of ``instrument``.
    """
    problems: list[Message] = []
    if not display_name.strip():
        problems.append(Message(_("Title: it is empty. Learners need a title."), about="display_name"))
    if phase not in PHASES:
        problems.append(
            Message(
                _("Phase: there is no phase “{value}” (accepted: {accepted})."),
                {"value": phase, "accepted": ", ".join(PHASES)},
                about="phase",
            )
        )
    if instrument not in questionnaire_ids():
        problems.append(
            Message(
                _("Questionnaire: there is none with the id “{value}” (accepted: {accepted})."),
                {"value": instrument, "accepted": ", ".join(questionnaire_ids())},
                about="instrument",
            )
        )
        return tuple(problems)
    try:
        chosen = own or load_instrument(instrument)
        framework = framework_of(chosen)
    except InputError as problem:
        return (*problems, Message("{problem}", {"problem": str(problem)}, about="instrument"))
    levels = [level.id for level in framework.levels]
    # A survey or a motivation questionnaire has no levels, so no target either.
    if levels and target_level not in levels:
        problems.append(
            Message(
                _("Target level: the questionnaire has no level “{value}” (accepted: {accepted})."),
                {"value": target_level, "accepted": ", ".join(levels)},
                about="target_level",
            )
        )
    if adaptive:
        problems += _adaptive_problems(chosen, adaptive_length, adaptive_error)
    return tuple(problems)


def _adaptive_problems(instrument: Instrument, length: int, error: float) -> list[Message]:
    problems: list[Message] = []
    try:
        items = len(instrument_bank(instrument).items) if instrument.kind == "knowledge_test" else 0
    except InputError:
        items = 0
    if not items:
        words = _("Adaptive test: this questionnaire is none with calibrated questions. Choose a knowledge test.")
        return [Message(words, about="adaptive")]
    if not FEWEST <= length <= items:
        words = _("Most questions: {value} cannot be asked (accepted: {least} to {most}).")
        values = {"value": length, "least": FEWEST, "most": items}
        problems.append(Message(words, values, about="adaptive_length"))
    if not 0 < error <= 1:
        words = _("Precision: {value} cannot be used (accepted: more than 0, at most 1).")
        problems.append(Message(words, {"value": error}, about="adaptive_error"))
    return problems
