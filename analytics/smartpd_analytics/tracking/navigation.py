"""Moves between the units of a course, and leaving a page.

The platform writes a newer ``name`` beside an older ``event_type`` for these: the type counts. At the
last tab of a subsection the type is the newer name as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import EventType, Fields, Skip, nothing_more

_TABS = PayloadFields("id", "new", "target_tab", "current_tab")


def _tab(record: Record) -> Fields:
    sent = record.sent(_TABS)
    position = number(sent.new)
    if position is None:
        position = number(sent.target_tab)
    if position is None:
        position = number(sent.current_tab)
    # The unit in the present front end, the subsection in the older one.
    return Fields(record.usage_key(sent.id), position=position)


def _to_address(field: str) -> EventType:
    def extract(record: Record) -> Fields:
        address = record.event.get(field)
        return Fields(_keys.usage_key_in(address) if isinstance(address, str) else "")

    return EventType("navigation", extract)


_TAB = EventType("navigation", _tab)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "seq_goto": _TAB,
    "seq_next": _TAB,
    "seq_prev": _TAB,
    "edx.ui.lms.sequence.next_selected": _TAB,
    "edx.ui.lms.sequence.previous_selected": _TAB,
    "edx.ui.lms.sequence.tab_selected": _TAB,
    "edx.ui.lms.outline.selected": _to_address("target_url"),
    "edx.course.home.resume_course.clicked": _to_address("url"),
    "edx.ui.lms.link_clicked": _to_address("target_url"),
    "edx.ui.lms.jump_nav.selected": _to_address("target_url"),
    "edx.course.tool.accessed": EventType("navigation", nothing_more),
    "page_close": EventType("page", nothing_more),
}
