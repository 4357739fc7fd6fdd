"""The form that a learner fills in: four parts with labels, sentence starters, guidance, limits.

The formula is known by other names elsewhere (ПОПС in Russian, FSMU in Uzbek), with words of its own
for the parts: a preset is a tradition, not a translation. By default a learner gets the one of their
language; the course team may choose one for all, or words of its own.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from smartpd_analytics.data import LANGUAGES, say

from ..messages import Message
from ..messages import mark as _

PART_IDS: tuple[str, ...] = ("position", "reason", "example", "summary")
#: ``auto`` follows the learner's language.
PRESETS: tuple[str, ...] = ("auto", *LANGUAGES)

_MAX_WORDS = 5000
_MAX_STARTERS = 10
_MAX_CHARACTERS = 2000
_FIELDS = ("label", "guidance", "starters", "min_words", "max_words")


@dataclass(frozen=True, slots=True)
class Part:
    """One part as a learner sees it; ``max_words`` 0 means no upper limit."""

    id: str
    label: str
    guidance: str
    starters: tuple[str, ...]
    min_words: int
    max_words: int


@dataclass(frozen=True, slots=True)
class Settings:
    """``formula`` is the short name of the method in the preset's tradition; ``problems`` were left out."""

    formula: str
    lang: str
    parts: tuple[Part, ...]
    problems: tuple[Message, ...] = ()


def preset_for(preset: str, lang: str) -> str:
    """The preset to show: the course team's choice, else the learner's language, else English."""
    if preset in LANGUAGES:
        return preset
    base = lang.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else LANGUAGES[0]


def default_parts(preset: str) -> list[dict[str, Any]]:
    """The four parts of one preset (``en``, ``ru``, ``uz``), as a course team would write them."""
    return copy.deepcopy(_data()[preset]["parts"])


def read_settings(*, preset: str, parts: object, min_words: object, max_words: object, lang: str) -> Settings:
    """The form in ``lang``, from the block's settings.

    ``parts`` replaces what the preset says, part by part: ``{part id: {"label", "guidance",
    "starters": […], "min_words", "max_words"}}``, each of them optional, texts as a string or one for
    each language. What can't be used is named in ``problems`` and the preset's words stand in.
    """
    reader = _Reader(lang)
    reader.about = "preset"
    if preset not in PRESETS:
        reader.say(
            _("The preset “{value}” is not known (accepted: {accepted})."),
            value=str(preset)[:40],
            accepted=", ".join(PRESETS),
        )
    shown = preset_for(preset, lang)
    reader.about = "min_words"
    limits = reader.limits(_("Words in a part"), min_words, max_words, (15, 80))
    reader.about = "parts"
    own = reader.own_parts(parts)
    data = _data()[shown]
    built = tuple(reader.part(base, own.get(base["id"], {}), limits) for base in data["parts"])
    return Settings(formula=data["formula"], lang=shown, parts=built, problems=tuple(reader.problems))


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resources.files(__package__).joinpath("presets.json").read_text(encoding="utf-8"))
    return data


class _Reader:
    """Collects problems while it reads."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.problems: list[Message] = []
        self.about = ""

    def say(self, message: str, **values: object) -> None:
        self.problems.append(Message(message, values, self.about))

    def own_parts(self, data: object) -> dict[str, Mapping[str, Any]]:
        if data in (None, {}, []):
            return {}
        if not isinstance(data, Mapping):
            self.say(
                _("The parts are not readable (accepted: an object with any of {accepted})."),
                accepted=", ".join(PART_IDS),
            )
            return {}
        own = {}
        for part_id, entry in data.items():
            if part_id not in PART_IDS:
                self.say(
                    _("There is no part “{part}” (accepted: {parts})."),
                    part=str(part_id)[:40],
                    parts=", ".join(PART_IDS),
                )
            elif not isinstance(entry, Mapping):
                self.say(
                    _("The part “{part}” is not an object with any of {accepted}."),
                    part=part_id,
                    accepted=", ".join(_FIELDS),
                )
            else:
                own[part_id] = entry
                for name in sorted(set(map(str, entry)) - set(_FIELDS)):
                    self.say(
                        _("The part “{part}” has “{name}”, which is not known (accepted: {accepted})."),
                        part=part_id,
                        name=name[:40],
                        accepted=", ".join(_FIELDS),
                    )
        return own

    def part(self, base: Mapping[str, Any], own: Mapping[str, Any], limits: tuple[int, int]) -> Part:
        part_id = base["id"]
        starters = base["starters"]
        if "starters" in own:
            starters = self.starters(part_id, own["starters"])
        least, most = self.limits(
            Message(_("Words in the part “{part}”"), {"part": part_id}),
            own.get("min_words", limits[0]),
            own.get("max_words", limits[1]),
            limits,
        )
        return Part(
            id=part_id,
            label=self.text(part_id, "label", own.get("label")) or base["label"],
            guidance=self.text(part_id, "guidance", own["guidance"]) if "guidance" in own else base["guidance"],
            starters=tuple(starters),
            min_words=least,
            max_words=most,
        )

    def starters(self, part_id: str, value: object) -> list[str]:
        if not isinstance(value, list) or len(value) > _MAX_STARTERS:
            self.say(
                _("The starters of the part “{part}” are not readable (accepted: a list of at most {limit} texts)."),
                part=part_id,
                limit=_MAX_STARTERS,
            )
            return []
        said = (self.text(part_id, "starters", starter) for starter in value)
        return [starter for starter in said if starter]

    def text(self, part_id: str, name: str, value: object) -> str:
        if value is None:
            return ""
        words = {"und": value} if isinstance(value, str) else value
        if isinstance(words, Mapping) and all(isinstance(said, str) for said in words.values()):
            if max(map(len, words.values()), default=0) <= _MAX_CHARACTERS:
                return say(words, self.lang).strip()
            self.say(
                _("“{name}” of the part “{part}” is too long (accepted: at most {limit} characters)."),
                name=name,
                part=part_id,
                limit=_MAX_CHARACTERS,
            )
            return ""
        self.say(
            _("“{name}” of the part “{part}” is not a text (accepted: a text, or one for each of {languages})."),
            name=name,
            part=part_id,
            languages=", ".join(LANGUAGES),
        )
        return ""

    def limits(self, place: str | Message, least: object, most: object, otherwise: tuple[int, int]) -> tuple[int, int]:
        """Whole numbers, the least first; 0 as the upper one means that there is none."""
        if _is_count(least) and _is_count(most) and (most == 0 or least <= most):  # type: ignore[operator]
            return int(least), int(most)  # type: ignore[call-overload]
        self.say(
            _(
                "{place}: {min} to {max} cannot be used (accepted: whole numbers from 0 to {limit}, "
                "the smaller first; 0 as the larger one for no limit)."
            ),
            place=place if isinstance(place, Message) else Message(place),
            min=str(least)[:20],
            max=str(most)[:20],
            limit=_MAX_WORDS,
        )
        return otherwise


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_WORDS
