"""The few fields of a payload that an event type needs, read without the rest of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class PayloadFields:
    """Reads the fields of these names; each is None where the payload has none, and of any type.

    Everything else in the payload is checked but never made into objects, which for the answers, states and
    correctness maps of problems is most of the work.
    """

    __slots__ = ("_names", "_of", "read")

    def __init__(self, *names: str) -> None:
        self._names = names
        self._of: Any = msgspec.defstruct("Payload", [(name, Any, None) for name in names], gc=False)
        #: From JSON; raises ``msgspec.MsgspecError`` or ``UnicodeDecodeError`` for what is no sound object.
        self.read: Any = msgspec.json.Decoder(self._of).decode

    def of(self, payload: Mapping[str, Any]) -> Any:
        """The same from a payload that was read already."""
        return self._of(*map(payload.get, self._names))
