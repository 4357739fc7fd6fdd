"""Words for features, and what one could do about each: ``data/factors.yaml`` over the list of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ..data import LANGUAGES, Text
from ..features import FEATURES

__all__ = ["Family", "actions_of", "family_of", "rule_columns", "sentence"]


#: How a feature's words name its unit.
_UNIT_WORDS: dict[str, Text] = {
    "minutes": {"en": "minute", "ru": "минут", "uz": "daqiqa"},
    "seconds": {"en": "second", "ru": "секунд", "uz": "soniya"},
}


@dataclass(frozen=True, slots=True)
class Family:
    """Features that tell of the same thing, and the action they lead to; None where nobody can do anything."""

    id: str
    columns: tuple[str, ...]
    rules: tuple[str, ...]
    action: Text | None


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files(__package__) / "data" / "factors.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _families() -> tuple[Family, ...]:
    return tuple(
        Family(row["id"], tuple(row["columns"]), tuple(row.get("rules", ())), row.get("action"))
        for row in _read()["families"]
    )


@cache
def _registry() -> dict[str, tuple[Text, str]]:
    return {feature.name: (feature.words, feature.unit) for feature in FEATURES}


def family_of(column: str) -> Family:
    """The family of a column: a name that stands whole before a pattern, then the first pattern that fits."""
    for family in _families():
        if column in family.columns:
            return family
    return next(each for each in _families() if any(fnmatchcase(column, pattern) for pattern in each.columns))


def rule_columns(columns: Sequence[str]) -> list[str]:
    """Those columns that a simple rule speaks of."""
    named = [name for family in _families() for name in family.rules]
    return [name for name in named if name in columns]


def actions_of(column: str, *, raises: bool) -> Text | None:
    """What one could do: the action of the family, or to go on where the feature lowers the risk."""
    family = family_of(column)
    if family.action is None:
        return None
    if raises:
        return family.action
    keep: Text = _read()["keep"]
    return keep


def sentence(column: str, value: float | None, typical: float | None) -> Text:
    """The feature, the learner's value, and what is typical, in every language."""
    words, unit = _words(column)
    parts = _read()
    return {
        lang: parts["sentence"][lang].format(
            name=words[lang][:1].upper() + words[lang][1:],
            value=_amount(value, unit, words[lang], lang),
            typical=_amount(typical, unit, words[lang], lang),
        )
        for lang in LANGUAGES
    }


def _words(column: str) -> tuple[Text, str]:
    if column in _registry():
        return _registry()[column]
    unit = "share" if column.endswith("_share") else ""
    named: Text | None = _read()["names"].get(column)
    return named or dict.fromkeys(LANGUAGES, column.replace("_", " ").strip() or column), unit


def _amount(value: float | None, unit: str, name: str, lang: str) -> str:
    """A value in plain words; ``name`` is what it is a value of."""
    parts = _read()
    if value is None:
        return str(parts["unknown"][lang])
    if unit == "flag":
        return str(parts["yes" if value >= 0.5 else "no"][lang])
    if unit == "change":
        return str(
            next((each["words"] for each in parts["changes"] if value <= each["to"]), parts["changes"][-1]["words"])[
                lang
            ]
        )
    if unit in ("share", "ratio"):
        return f"{_number(value * 100, lang, 0)}%"
    text = _number(value, lang, 0 if abs(value) >= 100 else 1)
    if unit not in parts["units"] or _UNIT_WORDS[unit][lang] in name:
        return text
    return str(parts["units"][unit][lang]).format(n=text)


def _number(value: float, lang: str, digits: int) -> str:
    text = f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\u2212")
    text = text.removesuffix(".0")
    return text if lang == "en" else text.replace(".", ",")
