"""One value of a framework or instrument file, with its line and a name for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..data import LANGUAGES, Text
from ..errors import InstrumentError
from ..yaml_lines import Node, read_yaml

__all__ = ["Entry", "distinct", "document"]

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_NATURAL = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping, a list or a scalar. Every reading method raises InstrumentError with file and line."""

    node: Node
    file: str
    #: What people call this place, such as ``item i1_1, option 2, text``; ``""`` for the file as a whole.
    name: str = ""

    def error(self, problem: str, accepted: str = "") -> InstrumentError:
        what = f"{self.name}: {problem}" if self.name else problem
        return InstrumentError(what, file=self.file, line=self.node.line, accepted=accepted)

    def fields(self, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Entry]:
        """The values of a mapping that has the keys ``names``, perhaps ``optional`` ones, and no other."""
        accepted = f"the keys {', '.join((*names, *optional))}"
        found = self._values(accepted=accepted)
        for key, entry in found.items():
            if key not in names and key not in optional:
                raise entry.error("this key is not known", accepted)
        for name in names:
            if name not in found:
                raise self.error(f"{name!r} is missing", accepted)
        return found

    def entries(self, noun: str, *, least: int = 1) -> tuple[Entry, ...]:
        """The values of a list of at least ``least``; each is called ``noun`` and its number."""
        accepted = f"a list of at least {least}"
        if self.node.items is None:
            raise self.error("this is no list", accepted)
        if len(self.node.items) < least:
            raise self.error(f"too few entries: {len(self.node.items)}", accepted)
        return tuple(Entry(node, self.file, f"{noun} {number}") for number, node in enumerate(self.node.items, start=1))

    def words(self) -> str:
        """A text with something in it."""
        if not self.node.text:
            raise self.error("there are no words here", "non-empty words")
        return self.node.text

    def identifier(self) -> str:
        words = self.words()
        if not _IDENTIFIER.fullmatch(words):
            raise self.error(f"{words!r} is no id", "up to 64 letters, digits, dots, hyphens and underscores")
        return words

    def natural(self) -> int:
        """A whole number from 0 on."""
        if not _NATURAL.fullmatch(self.node.text or ""):
            raise self.error("this is no whole number", "a whole number from 0 on")
        return int(self.node.text or "")

    def flag(self) -> bool:
        """``true`` or ``false``."""
        if self.node.text not in ("true", "false"):
            raise self.error("this is neither true nor false", "true, false")
        return self.node.text == "true"

    def decimal(self, accepted: str) -> float:
        """A number from 0 on, such as 0.75; ``accepted`` says which numbers."""
        if not _DECIMAL.fullmatch(self.node.text or ""):
            raise self.error("this is no number", accepted)
        return float(self.node.text or "")

    def signed(self, accepted: str) -> float:
        """A number, also below 0; ``accepted`` says which numbers."""
        text = self.node.text or ""
        if not _DECIMAL.fullmatch(text.removeprefix("-")):
            raise self.error("this is no number", accepted)
        return float(text)

    def text(self) -> Text:
        """Words in every language of ``LANGUAGES``, and in whatever other language the file adds."""
        accepted = f"words in each of {', '.join(LANGUAGES)}"
        values = self._values(accepted=accepted)
        for lang in LANGUAGES:
            if lang not in values:
                raise self.error(f"the language {lang!r} is missing", accepted)
        return {lang: entry.words() for lang, entry in values.items()}

    def called(self, name: str) -> Entry:
        return Entry(self.node, self.file, name)

    def _values(self, *, accepted: str) -> dict[str, Entry]:
        if self.node.fields is None:
            raise self.error("this is no mapping", accepted)
        prefix = f"{self.name}, " if self.name else ""
        return {key: Entry(node, self.file, f"{prefix}{key}") for key, node in self.node.fields.items()}


def document(data: bytes, file: str) -> Entry:
    """The one YAML document in ``data``.

    Raises:
        InstrumentError: not UTF-8, not YAML, empty, or more than one document.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InstrumentError("this is no UTF-8 text", file=file, line=line, accepted="a YAML file in UTF-8") from None
    return Entry(read_yaml(text, file=file, error=InstrumentError), file)


def distinct(pairs: Iterable[tuple[str, Entry]], noun: str) -> None:
    """Raise for the first id that stands a second time."""
    seen: set[str] = set()
    for identifier, entry in pairs:
        if identifier in seen:
            raise entry.error(f"the {noun} id {identifier!r} stands here a second time", "each id once")
        seen.add(identifier)
