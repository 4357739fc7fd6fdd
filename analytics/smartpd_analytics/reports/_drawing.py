"""What all pictures share: the size of words that nobody has drawn yet, escaping, short numbers."""

from __future__ import annotations

import re

__all__ = ["FONT", "LINE", "escaped", "short", "width", "wrapped"]

FONT = 12
LINE = 15
#: Widths of letters in ems, as in Arial and its like; anything else is 0.55 wide.
_WIDTHS = {
    **dict.fromkeys(" ijlftrI1.,:;|()-ʻʼ’", 0.31),
    **dict.fromkeys("mwMWжмфшщюыЖМФШЩЮЫ", 0.82),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZАБВГДЕЗИКЛНОПРСТУХЦЧЭЯ", 0.68),
}
#: What XML 1.0 does not allow in a document, even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wrapped(label: str, most: float) -> list[str]:
    """The label in lines of about ``most`` px; a word that is longer is broken with a hyphen."""
    lines: list[str] = []
    for whole in label.split():
        word = whole
        if lines and width(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
            continue
        while width(word) > most and len(word) > 8:
            fits = next(n for n in range(len(word) - 4, 3, -1) if n == 4 or width(word[:n] + "-") <= most)
            lines.append(f"{word[:fits]}-")
            word = word[fits:]
        lines.append(word)
    return lines


def width(words: str) -> float:
    return FONT * sum(_WIDTHS.get(letter, 0.55) for letter in words)


def escaped(words: str) -> str:
    plain = _NOT_XML.sub("\ufffd", words)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def short(value: float) -> str:
    """One decimal at most, and no ``-0``."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
