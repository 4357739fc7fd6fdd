"""What the course team may set, and what is wrong with what it has set."""

from __future__ import annotations

from smartpd_analytics.api import InputError, instrument_ids, load_framework, load_instrument

from ..messages import Message
from ..messages import mark as _
from ._words import PHASES

__all__ = ["level_ids", "questionnaire_ids", "settings_problems"]

#: Kinds of instrument whose result has a level.
_KINDS = ("self_assessment", "knowledge_test")


def questionnaire_ids() -> tuple[str, ...]:
    """The instruments that an author may choose from."""
    return tuple(instrument_id for kind in _KINDS for instrument_id in instrument_ids(kind=kind))


def level_ids() -> tuple[str, ...]:
    """The levels of their frameworks, lowest first, each once: what an author may choose from."""
    frameworks = dict.fromkeys(load_instrument(each).framework_id for each in questionnaire_ids())
    levels = (level.id for framework_id in frameworks for level in load_framework(framework_id).levels)
    return tuple(dict.fromkeys(levels))


def settings_problems(*, display_name: str, instrument: str, phase: str, target_level: str) -> tuple[Message, ...]:
    """A message for each setting that cannot be used, naming the field and what is accepted."""
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
        framework = load_framework(load_instrument(instrument).framework_id)
    except InputError as problem:
        return (*problems, Message("{problem}", {"problem": str(problem)}, about="instrument"))
    levels = [level.id for level in framework.levels]
    if target_level not in levels:
        problems.append(
            Message(
                _("Target level: the questionnaire has no level “{value}” (accepted: {accepted})."),
                {"value": target_level, "accepted": ", ".join(levels)},
                about="target_level",
            )
        )
    return tuple(problems)
