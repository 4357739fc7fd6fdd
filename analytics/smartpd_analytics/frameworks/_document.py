"""The bytes of a file, or plain data, as the tree that is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import N_, InstrumentError, Message, reason_of
from ..json_lines import read_json
from ..yaml_lines import Node, read_yaml
from ._entry import Entry

__all__ = ["MOST_BYTES", "decoded", "document", "file_bytes", "plain", "plain_document"]

#: Largest file that is read: several thousand items in three languages fit in.
MOST_BYTES = 10_000_000


def document(data: bytes | str, file: str) -> Entry:
    """The one document in ``data``: JSON where the name of ``file`` ends so, else YAML.

    Raises:
        InstrumentError: too large, not UTF-8, not JSON or YAML, empty, or more than one document.
    """
    text = decoded(data, file)
    read = read_json if file.lower().endswith(".json") else read_yaml
    return Entry(read(text, file=file, error=InstrumentError), file)


def plain_document(value: Any, file: str = "") -> Entry:
    """The tree of what JSON gives: dicts, lists, strings, numbers, true, false and None."""
    try:
        return Entry(_node(value), file)
    except RecursionError:
        raise InstrumentError(N_("nested too deeply"), file=file) from None


def plain(node: Node) -> Any:
    """A tree as dicts, lists and strings: numbers and true stay the texts that ``plain_document`` reads again."""
    if node.fields is not None:
        return {key: plain(inner) for key, inner in node.fields.items()}
    if node.items is not None:
        return [plain(inner) for inner in node.items]
    return node.text or ""


def decoded(data: bytes | str, file: str) -> str:
    """``data`` as text, without a byte order mark.

    Raises:
        InstrumentError: too large, or not UTF-8.
    """
    if len(data) > MOST_BYTES:
        megabytes = N_("at most {most} MB")
        raise InstrumentError(
            N_("the file has {found} MB"),
            file=file,
            accepted=Message(megabytes, most=MOST_BYTES // 1_000_000),
            found=len(data) // 1_000_000,
        )
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InstrumentError(
            N_("this is no UTF-8 text"), file=file, line=line, accepted=N_("a text file in UTF-8")
        ) from None


def file_bytes(path: str | Path) -> bytes:
    """What a file holds.

    Raises:
        InstrumentError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InstrumentError(
            N_("the file cannot be read: {reason}"),
            file=str(path),
            accepted=N_("a file in YAML, JSON or CSV"),
            reason=reason_of(error),
        ) from None


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({str(key): _node(inner) for key, inner in value.items()}, 0)
    if isinstance(value, list | tuple):
        return Node(tuple(_node(inner) for inner in value), 0)
    if isinstance(value, bool):
        return Node("true" if value else "false", 0)
    return Node("" if value is None else str(value), 0)
