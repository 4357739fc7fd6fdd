"""What a line says but for who, when and with what: its type and the addresses, which many lines share.

All that follows from these is worked out once for each combination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._digest import mark
from smartpd_analytics.tracking._envelope import Module
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._studio import STUDIO

if TYPE_CHECKING:
    from smartpd_analytics.tracking.entry import EventType

#: Event type, source, course id of the context, path, page, referer and module, as logged.
Logged = tuple[
    str, str | None, str | None, str | None, str | None, str | msgspec.UnsetType | None, Module | None
]  # fmt: skip


_COURSE_KEY: Memo[str | None, str] = Memo(_keys.course_key)
USAGE_KEY: Memo[tuple[str, str, str], str] = Memo(lambda named: _keys.usage_key(named[0].strip(), *named[1:]))


class Setting(msgspec.Struct, gc=False, eq=False):
    """What follows from the type and the addresses of a line that is a learning event; equal only to itself."""

    entry: EventType
    #: ``browser server mobile task``
    source: str
    #: The event's name.
    name: str
    #: The path of the request, which is the type of an implicit event.
    path: str
    #: What the path names.
    keys: _keys.Named
    #: Whether the path is one of Studio's.
    studio: bool
    #: The course of the context, or ``""``.
    course: str
    #: The course that path, page or referer name, or ``""``.
    course_elsewhere: str
    #: The unit on screen, by path, page or referer, or ``""``.
    unit: str
    module: Module | None
    #: For the digest.
    mark: bytes

    def module_key(self, course: str) -> str:
        """Usage key of the block whose handler wrote the event, by its context or else its path; or ``""``."""
        key = self.module.usage_key if self.module else None
        return (USAGE_KEY[key, course, ""] if key else "") or self.keys.usage


def setting_of(entry: EventType, source: str, logged: Logged) -> Setting:
    """The setting of lines that have all this."""
    event_type, event_source, course_id, context_path, page, referer, module = logged
    path = context_path or (event_type if event_type[:1] == "/" else "")
    keys, on_page, before = _keys.keys_in(path), _keys.keys_in(page or ""), _keys.keys_in(referer or "")
    return Setting(
        entry,
        source,
        entry.name or event_type,
        path,
        keys,
        STUDIO.match(path) is not None,
        _COURSE_KEY[course_id],
        keys.course or on_page.course or before.course,
        keys.unit or on_page.unit or before.unit,
        module,
        mark(event_type, event_source, context_path, page, referer or ""),
    )
