"""Learner text: what is taken in, how words are counted, what the limits say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from ..messages import Message
from ..messages import mark as _
from ._form import Part

#: Longest text of one part, in characters (code points).
MAX_CHARACTERS = 20_000

#: Unicode's White_Space property, spelled out: ``str.split`` and JavaScript's ``\s`` differ in it, and
#: the page counts while the learner writes.
_WHITE_SPACE = "\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BETWEEN_WORDS = re.compile(f"[{_WHITE_SPACE}]+")


class TextError(ValueError):
    """Texts that can't be taken in; ``message`` says which part and why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def clean_text(text: str) -> str:
    """``text`` with line ends as ``\\n`` and without control characters and broken surrogates.

    Direction marks and joiners stay: several scripts need them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def count_words(text: str) -> int:
    """Pieces between white space that hold at least one letter or digit (Unicode categories L and N)."""
    return sum(
        any(unicodedata.category(char)[0] in "LN" for char in piece) for piece in _BETWEEN_WORDS.split(text) if piece
    )


def word_counts(texts: Mapping[str, str]) -> dict[str, int]:
    return {part: count_words(text) for part, text in texts.items()}


def read_texts(data: object, parts: Iterable[Part]) -> dict[str, str]:
    """The cleaned text of every part, in order; a part that was not sent is empty.

    Raises:
        TextError: not an object of texts, an unknown part, or a part that is too long.
    """
    known = {part.id: part for part in parts}
    if not isinstance(data, Mapping):
        raise TextError(Message(_("No text arrived (accepted: one text for each of {parts})."), _names(known)))
    for part_id in data:
        if part_id not in known:
            raise TextError(
                Message(
                    _("There is no part “{part}” (accepted: {parts})."), {"part": str(part_id)[:40], **_names(known)}
                )
            )
    texts = {}
    for part_id, part in known.items():
        value = data.get(part_id, "")
        if not isinstance(value, str):
            raise TextError(Message(_("“{part}” is not a text (accepted: a text)."), {"part": part.label}))
        text = clean_text(value)
        if len(text) > MAX_CHARACTERS:
            raise TextError(
                Message(
                    _("“{part}” has {count} characters; that is {over} too many (accepted: at most {limit})."),
                    {
                        "part": part.label,
                        "count": len(text),
                        "over": len(text) - MAX_CHARACTERS,
                        "limit": MAX_CHARACTERS,
                    },
                )
            )
        texts[part_id] = text
    return texts


def check_limits(texts: Mapping[str, str], parts: Iterable[Part]) -> dict[str, Message]:
    """Part id -> what keeps it from being submitted; empty when all parts are within their limits."""
    problems = {}
    for part in parts:
        words = count_words(texts.get(part.id, ""))
        values: dict[str, object] = {"part": part.label, "words": words, "min": part.min_words, "max": part.max_words}
        if words < part.min_words and words == 0:
            problems[part.id] = Message(_("“{part}” is still empty (at least {min} words)."), values)
        elif words < part.min_words:
            problems[part.id] = Message(
                _("“{part}” has {words} of at least {min} words: {missing} to go."),
                {**values, "missing": part.min_words - words},
            )
        elif part.max_words and words > part.max_words:
            problems[part.id] = Message(
                _("“{part}” has {words} words, at most {max} are allowed: {over} too many."),
                {**values, "over": words - part.max_words},
            )
    return problems


def _names(parts: Mapping[str, Part]) -> dict[str, object]:
    return {"parts": ", ".join(parts)}
