"""Words for sentences: names of things, first steps, and the reason that each kind of action has of itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ..data import LANGUAGES, Text, say
from ..errors import InputError
from ..yaml_lines import Node, read_yaml

__all__ = ["default_reason", "first_step_words", "named", "title_or_word", "whose_target"]


def title_or_word(title: Text | None, role: str) -> Text:
    """The title in every language, or what the thing is (“Problem”) where it has none."""
    if title and any(title.values()):
        return {lang: say(title, lang) for lang in LANGUAGES}
    return _words("things")[role]


def named(title: Text, role: str, *, described: bool = False) -> Text:
    """The thing as it stands in a sentence: “Title”, or “this problem”.

    ``described``: the title is no name but says what the thing is, as in “Unit with “…””.
    """
    if described and any(title.values()):
        pattern = _words("described")[role]
        titles = {lang: say(title, lang) for lang in LANGUAGES}
        return {lang: pattern[lang].replace("…", text[:1].lower() + text[1:]) for lang, text in titles.items()}
    if any(title.values()):
        return {lang: _titled(say(title, lang), role, lang) for lang in LANGUAGES}
    return _words("untitled")[role]


def _titled(title: str, role: str, lang: str) -> str:
    """In quotation marks; what the title says itself (“Video: …”) is not said before it once more."""
    thing = _words("things").get(role, {}).get(lang)
    said = thing is not None and title.casefold().startswith(f"{thing.casefold()}:")
    return _words("titled")["competency" if said else role][lang].replace("…", title)


def first_step_words(role: str, *, again: bool = False) -> Text:
    """What to do first, as the beginning of a sentence, by the role of what comes first (``""`` for nothing).

    ``again`` where the learner has done it before.
    """
    steps = _words("first_steps")
    return (steps.get(f"{role} again") if again else None) or steps[role or "nothing"]


def whose_target(source: str, role: Text) -> Text:
    """Whose target it is, inside a sentence, by ``LearnerFacts.target_sources``: “the target of this course”."""
    pattern = _words("targets")[source or "site"]
    return {lang: pattern[lang].replace("…", say(role, lang)) for lang in LANGUAGES}


def default_reason(kind: str, variant: str) -> Text:
    """The sentence of a kind, or of its variant, where no rule has a better one."""
    reasons = _words("reasons")
    return reasons.get(f"{kind} {variant}") or reasons[kind]


def _words(part: str) -> Mapping[str, Text]:
    return _file()[part]


@cache
def _file() -> Mapping[str, Mapping[str, Text]]:
    text = files(__package__).joinpath("data/words.yaml").read_text(encoding="utf-8")
    parts = read_yaml(text, file="words.yaml", error=InputError).fields or {}
    return {part: {name: _text(node) for name, node in (words.fields or {}).items()} for part, words in parts.items()}


def _text(node: Node) -> Text:
    return {lang: child.text or "" for lang, child in (node.fields or {}).items()}
