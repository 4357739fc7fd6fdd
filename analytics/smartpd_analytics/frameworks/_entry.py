"""One value of a framework or instrument file, with its line and a name for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import TypeVar

from ..data import LANGUAGES, Text
from ..errors import LONGEST_LIST, N_, InstrumentError, Message
from ..yaml_lines import Node

__all__ = ["LANGUAGE_TAG", "Entry", "Problems", "distinct"]

Read = TypeVar("Read")
Instead = TypeVar("Instead")

#: Codes of languages, such as ``uz`` or ``zh-Hans``.
LANGUAGE_TAG = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ID = N_("up to 64 letters a to z, digits, dots, hyphens and underscores")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_NATURAL = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping, a list or a scalar. Every reading method raises InstrumentError with file, line and path."""

    node: Node
    file: str
    #: What people call this place, such as ``item 4 (i1_1), option 2, text``; ``""`` for the file as a whole.
    name: str = ""
    #: The keys and list positions (from 0) that lead here, for programs.
    path: tuple[str | int, ...] = ()

    def error(self, problem: str, accepted: str = "", **arguments: object) -> InstrumentError:
        """``problem`` is a template for ``Message`` with ``arguments``; ``accepted`` is one without any, or made."""
        what = Message(problem, **arguments)
        placed = Message(N_("{place}: {problem}"), place=self.name, problem=what) if self.name else what
        return InstrumentError(placed, file=self.file, line=self.node.line, accepted=accepted, path=self.path)

    def fields(self, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Entry]:
        """The values of a mapping that has the keys ``names``, perhaps ``optional`` ones, and no other."""
        accepted = Message(N_("the keys {keys}"), LONGEST_LIST, keys=", ".join((*names, *optional)))
        found = self.values(accepted)
        for key, entry in found.items():
            if key not in names and key not in optional:
                raise entry.error(N_("this key is not known"), accepted)
        for name in names:
            if name not in found:
                raise self.error(N_("'{key}' is missing"), accepted, key=name)
        return found

    def values(self, accepted: Message | str = "") -> dict[str, Entry]:
        """The values of a mapping with any keys."""
        if self.node.fields is None:
            raise self.error(N_("this is no mapping"), accepted)
        return {key: self._inside(key, node) for key, node in self.node.fields.items()}

    def entries(self, noun: str, *, least: int = 1, under: str = "") -> tuple[Entry, ...]:
        """The values of a list of at least ``least``; ``noun`` is a template that names one by its ``{number}``.

        ``under`` is the name of what the list belongs to, where the numbers alone would not say it.
        """
        accepted = Message(N_("a list of at least {least}"), least=least)
        if self.node.items is None:
            raise self.error(N_("this is no list"), accepted)
        if len(self.node.items) < least:
            raise self.error(N_("too few entries: {found}"), accepted, found=len(self.node.items))
        return tuple(
            Entry(node, self.file, _part(under, Message(noun, number=number)), (*self.path, number - 1))
            for number, node in enumerate(self.node.items, start=1)
        )

    def words(self) -> str:
        """A text with something in it."""
        if not self.node.text:
            raise self.error(N_("there are no words here"), N_("non-empty words"))
        return self.node.text

    def identifier(self) -> str:
        words = self.words()
        if not _IDENTIFIER.fullmatch(words):
            raise self.error(N_("'{found}' is no id"), _ID, found=words)
        return words

    def key_is_identifier(self, key: str) -> None:
        """Raises where the key that leads here is no id."""
        if not _IDENTIFIER.fullmatch(key):
            raise self.error(N_("'{found}' is no id"), _ID, found=key)

    def one_of(self, accepted: Iterable[str], problem: str = N_("'{found}' is not known here")) -> str:
        """One of the words that are accepted; ``problem`` is what to say of another one, ``found``."""
        words, known = self.words(), tuple(accepted)
        if words not in known:
            raise self.error(problem, ", ".join(known), found=words)
        return words

    def natural(self) -> int:
        """A whole number from 0 on."""
        if not _NATURAL.fullmatch(self.node.text or ""):
            raise self.error(N_("this is no whole number"), N_("a whole number from 0 on"))
        return int(self.node.text or "")

    def flag(self) -> bool:
        """``true`` or ``false``."""
        if self.node.text not in ("true", "false"):
            raise self.error(N_("this is neither true nor false"), "true, false")
        return self.node.text == "true"

    def decimal(self, accepted: str, least: float, most: float) -> float:
        """A number such as 0.75 or -1.2, from ``least`` to ``most``; ``accepted`` says which, for people."""
        if not _DECIMAL.fullmatch(self.node.text or ""):
            raise self.error(N_("this is no number"), accepted)
        value = float(self.node.text or "")
        if not (isfinite(value) and least <= value <= most):
            raise self.error(N_("{found} is out of range"), accepted, found=self.node.text)
        return value

    def text(self) -> Text:
        """Words in every language of ``LANGUAGES``, and in whatever other language the file adds."""
        accepted = Message(N_("words in each of {languages}"), languages=", ".join(LANGUAGES))
        values = self.values(accepted)
        for lang in LANGUAGES:
            if lang not in values:
                raise self.error(N_("the language '{lang}' is missing"), accepted, lang=lang)
        for lang, entry in values.items():
            if not re.fullmatch(LANGUAGE_TAG, lang):
                raise entry.error(
                    N_("'{found}' is no code of a language"), N_("codes such as kaa or zh-Hans"), found=lang
                )
        return {lang: entry.words() for lang, entry in values.items()}

    def called(self, name: str) -> Entry:
        return Entry(self.node, self.file, name, self.path)

    def _inside(self, key: str, node: Node) -> Entry:
        return Entry(node, self.file, _part(self.name, key), (*self.path, key))


@dataclass(slots=True)
class Problems:
    """What is wrong with a file: all of it, not only the first."""

    found: list[InstrumentError] = field(default_factory=list)

    def attempt(self, read: Callable[[], Read], instead: Instead) -> Read | Instead:
        """What ``read`` gives, or ``instead`` where it finds a problem, which is kept."""
        try:
            return read()
        except InstrumentError as error:
            self.found.append(error)
            return instead

    def sorted(self) -> tuple[InstrumentError, ...]:
        return tuple(sorted(self.found, key=lambda error: error.line))

    def raise_first(self) -> None:
        if self.found:
            raise self.sorted()[0]


def _part(place: str, part: str) -> str:
    return Message(N_("{place}, {part}"), LONGEST_LIST, place=place, part=part) if place else part


def distinct(pairs: Iterable[tuple[str, Entry]], noun: str) -> None:
    """Raise for the first id that stands a second time; ``noun`` is a marked word."""
    seen: set[str] = set()
    for identifier, entry in pairs:
        if identifier in seen:
            raise entry.error(
                N_("the {noun} id '{id}' stands here a second time"),
                N_("each id once"),
                noun=Message(noun),
                id=identifier,
            )
        seen.add(identifier)
