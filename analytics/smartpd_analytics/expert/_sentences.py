"""Sentences in three languages, with facts in them.

``{days_silent}`` inserts a fact; ``{days_silent|day|days}`` inserts the number and the form that goes
with it. English takes two forms (1; other), Russian three (1, 21; 2-4, 22; 5-20, 0), Uzbek none: its
nouns keep the singular after a number. The rules are those of the Unicode CLDR (cardinal plurals of
``en``, ``ru``, ``uz``) for whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..data import LANGUAGES, Text, whole_percent
from ..errors import N_, Message, listed
from ._facts import FACTS, WORDS, FactValue

__all__ = ["fill", "number_with", "plural_form", "problems_of"]

_PLACEHOLDER = re.compile(r"\{([a-z_]+)((?:\|[^{}|]*)*)\}")
_FORMS = {"en": 2, "ru": 3, "uz": 0}


def plural_form(lang: str, number: int) -> int:
    """Which of a language's forms goes with ``number`` (0 is the first)."""
    number = abs(number)
    if lang == "en":
        return 0 if number == 1 else 1
    if lang == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else 2
    return 0


def number_with(lang: str, number: int, forms: tuple[str, ...]) -> str:
    """``3`` and the right one of ``forms``: ``number_with("ru", 3, ("раз", "раза", "раз"))`` is ``3 раза``."""
    return f"{number} {forms[plural_form(lang, number)]}"


def fill(template: Text, values: Mapping[str, FactValue], words: Mapping[str, Text]) -> dict[str, str]:
    """The sentence in each language, every placeholder filled. ``template`` has passed ``problems_of``."""
    return {lang: _fill(template[lang], lang, values, words) for lang in LANGUAGES}


def _fill(template: str, lang: str, values: Mapping[str, FactValue], words: Mapping[str, Text]) -> str:
    def insert(match: re.Match[str]) -> str:
        name, forms = match[1], tuple(match[2].split("|")[1:])
        if name in words:
            return words[name][lang]
        value = values[name]
        if isinstance(value, str):
            return value
        if FACTS[name].unit == "share":
            return f"{whole_percent(float(value))}%"
        whole = int(value)
        return number_with(lang, whole, forms) if forms else str(whole)

    sentence = _PLACEHOLDER.sub(insert, template)
    return sentence[:1].upper() + sentence[1:]


def problems_of(template: Mapping[str, str]) -> list[tuple[Message, Message | str]]:
    """What is wrong with a template and what is accepted instead, or ``""``; empty when it can be filled."""
    found: list[tuple[Message, Message | str]] = []

    def wrong(problem: str, accepted: Message | str = "", **arguments: object) -> None:
        found.append((Message(problem, lang=lang, **arguments), accepted))

    for lang in LANGUAGES:
        text = template[lang]
        for match in _PLACEHOLDER.finditer(text):
            name, forms = match[1], match[2].split("|")[1:]
            fact = FACTS.get(name)
            if fact is None and name not in WORDS:
                known = listed([*sorted(WORDS), *sorted(f for f in FACTS if FACTS[f].type == "number")])
                wrong(N_("{lang}: there is no {{{name}}} to insert"), known, name=name)
            elif forms and (fact is None or fact.type != "number" or fact.unit == "share"):
                wrong(N_("{lang}: {{{name}}} is no count, so it takes no forms"), name=name)
            elif forms and len(forms) != _FORMS[lang]:
                accepted = Message(N_("as many forms as this language has: {count}"), count=_FORMS[lang])
                wrong(N_("{lang}: the forms of {{{name}}} are {count}"), accepted, name=name, count=len(forms))
            elif fact is not None and fact.type != "number":
                wrong(N_("{lang}: {{{name}}} is no number and no words"), name=name)
        if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
            wrong(N_("{lang}: a brace is not part of a placeholder like {{target}} or {{days_silent|day|days}}"))
    return found
