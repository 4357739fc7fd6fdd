"""JSON as the tree of ``yaml_lines``: with the line of each value, and scalars as the text that stands there."""

from __future__ import annotations

import re
from json import JSONDecoder

from .errors import N_, InputError, Message
from .yaml_lines import Node

__all__ = ["read_json"]

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")


def read_json(text: str, *, file: str, error: type[InputError]) -> Node:
    """The tree of one JSON document; ``null`` is ``""``.

    Raises:
        error: not JSON, empty, a key given twice, or nested too deeply.
    """
    if not text.strip():
        raise error(N_("the file is empty"), file=file)
    try:
        return _Reader(text, file, error).whole()
    except RecursionError:
        raise error(N_("nested too deeply"), file=file) from None


class _Reader:
    def __init__(self, text: str, file: str, error: type[InputError]) -> None:
        self._text = text
        self._file = file
        self._error = error
        self._at = 0
        self._line = 1

    def whole(self) -> Node:
        root = self._value()
        self._skip()
        if self._at < len(self._text):
            raise self._wrong(N_("something stands after the end"))
        return root

    def _value(self) -> Node:
        self._skip()
        line = self._line
        first = self._text[self._at : self._at + 1]
        if first == "{":
            return Node(self._object(), line)
        if first == "[":
            return Node(self._list(), line)
        if first == '"':
            return Node(self._string(), line)
        found = _SCALAR.match(self._text, self._at)
        if not found:
            raise self._wrong(N_("a value is missing"))
        self._at = found.end()
        return Node("" if found[0] == "null" else found[0], line)

    def _object(self) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        self._at += 1
        if self._comes("}"):
            return fields
        while True:
            self._skip()
            line = self._line
            if self._text[self._at : self._at + 1] != '"':
                raise self._wrong(N_("a key in quotation marks is missing"))
            key = self._string()
            if key in fields:
                raise self._error(N_("'{key}' is given twice"), file=self._file, line=line, key=key)
            if not self._comes(":"):
                raise self._wrong(N_("a colon is missing"))
            fields[key] = self._value()
            if self._comes("}"):
                return fields
            if not self._comes(","):
                raise self._wrong(N_("a comma or a closing bracket is missing"))

    def _list(self) -> tuple[Node, ...]:
        items: list[Node] = []
        self._at += 1
        if self._comes("]"):
            return ()
        while True:
            items.append(self._value())
            if self._comes("]"):
                return tuple(items)
            if not self._comes(","):
                raise self._wrong(N_("a comma or a closing bracket is missing"))

    def _string(self) -> str:
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except ValueError:
            raise self._wrong(N_("a text in quotation marks has no end, or a letter that must be escaped")) from None
        return str(value)

    def _comes(self, mark: str) -> bool:
        self._skip()
        if self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return False

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        end = found.end() if found else self._at
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _wrong(self, reason: str) -> InputError:
        return self._error(N_("not valid JSON: {reason}"), file=self._file, line=self._line, reason=Message(reason))
