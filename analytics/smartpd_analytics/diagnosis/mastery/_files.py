"""A mastery model as JSON text, and back."""

from __future__ import annotations

import json
from typing import Any

from ...errors import N_, InputError, Message
from ...json_lines import read_json
from ._model import MasteryModel, SkillModel

__all__ = ["mastery_model_from_json", "mastery_model_to_json"]

#: Counts up with each change that an older reader would not understand.
VERSION = 1
_SKILL_FIELDS = ("start", "learn", "ease", "items", "answers")
_MODEL = N_("a mastery model that smartpd mastery wrote")
_IN_SKILL = N_("skill '{name}': {problem}")


def mastery_model_to_json(model: MasteryModel) -> str:
    """The model as JSON, the same text for the same model."""
    content = {
        "smartpd_mastery_model": VERSION,
        "default": _skill_out(model.default),
        "skills": {competency_id: _skill_out(skill) for competency_id, skill in model.skills.items()},
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def mastery_model_from_json(text: str, *, file: str = "") -> MasteryModel:
    """Read a model.

    Args:
        text: what ``mastery_model_to_json`` wrote.
        file: its name, for messages.

    Raises:
        InputError: this is no mastery model, is of another version, or has a skill that cannot be used.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        # Says what is wrong with it, and in which line.
        read_json(text, file=file, error=InputError)
        raise InputError(N_("this is no mastery model"), file=file, accepted=_MODEL) from error
    if not isinstance(content, dict) or content.get("smartpd_mastery_model") != VERSION:
        found = content.get("smartpd_mastery_model") if isinstance(content, dict) else None
        problem = N_("this is no mastery model") if found is None else N_("the mastery model has the version {found}")
        accepted = _MODEL if found is None else Message(N_("version {wanted}"), wanted=VERSION)
        raise InputError(problem, file=file, accepted=accepted, found=repr(found))
    skills = content.get("skills")
    if not isinstance(skills, dict):
        raise InputError(N_("'skills' is no object"), file=file, accepted=N_("a skill for each competency"))
    return MasteryModel(
        skills={str(name): _skill_in(name, skill, file) for name, skill in skills.items()},
        default=_skill_in("default", content.get("default"), file),
    )


def _skill_out(skill: SkillModel) -> dict[str, Any]:
    return {
        "start": skill.start,
        "learn": skill.learn,
        "ease": skill.ease,
        "items": dict(skill.items),
        "answers": skill.answers,
    }


def _skill_in(name: str, given: object, file: str) -> SkillModel:
    if not isinstance(given, dict) or set(given) - set(_SKILL_FIELDS) or not {"start", "learn", "ease"} <= set(given):
        problem, accepted = N_("the skill '{name}' lacks a field, or has an unknown one"), ", ".join(_SKILL_FIELDS)
        raise InputError(problem, file=file, accepted=accepted, name=name)
    try:
        return SkillModel(
            start=tuple(map(float, given["start"])),
            learn=tuple(map(float, given["learn"])),
            ease=tuple(map(float, given["ease"])),
            items={str(item): float(offset) for item, offset in dict(given.get("items", {})).items()},
            answers=int(given.get("answers", 0)),
        )
    except InputError as error:
        problem = Message(_IN_SKILL, name=name, problem=error.problem)
        raise InputError(problem, file=file, accepted=error.accepted) from None
    except (TypeError, ValueError) as error:
        problem = Message(_IN_SKILL, name=name, problem=Message(N_("a value is no number")))
        raise InputError(problem, file=file, accepted=N_("numbers")) from error
