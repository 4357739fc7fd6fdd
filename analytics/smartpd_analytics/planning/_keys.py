"""Usage keys as text: whole ones from the log, and the bare ends that course teams write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

__all__ = ["KeyIndex", "block_type_of", "tail"]

#: Blocks that hold others and are no thing to do themselves.
STRUCTURE = frozenset({"course", "chapter", "sequential"})


def tail(usage_key: str) -> str:
    """The block id: what follows the last ``@`` (``…+block@ID``) or the last ``/`` (``i4x://…/ID``)."""
    return usage_key.rsplit("@", 1)[-1].rsplit("/", 1)[-1]


def block_type_of(usage_key: str) -> str:
    """The block type that a whole key carries, or ``""``."""
    if "type@" in usage_key:
        return usage_key.split("type@", 1)[1].split("+", 1)[0]
    parts = usage_key.removeprefix("i4x://").split("/")
    return parts[2] if usage_key.startswith("i4x://") and len(parts) == 4 else ""


class KeyIndex:
    """Finds the whole key that a key or a bare block id stands for."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)

    @cached_property
    def _ends(self) -> Mapping[str, str | None]:
        """Only needed where somebody has written bare ids."""
        ends: dict[str, str | None] = {}
        for key in self._keys:
            end = tail(key)
            # Two blocks of different types may share an id: then the end alone names neither.
            ends[end] = None if end in ends else key
        return ends

    def find(self, key: str) -> str | None:
        """The known key that ``key`` is or ends as; None where there is none, or more than one."""
        if not key:
            return None
        if key in self._keys:
            return key
        # A whole key matches itself only, or a bare row; a bare key matches by its end.
        found = self._ends.get(tail(key))
        return found if found and (key == tail(key) or found == tail(key)) else None
