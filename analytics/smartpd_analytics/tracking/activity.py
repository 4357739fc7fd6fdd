"""Polls, surveys, feedback, external tools and bookmarks: that they were used, never what was said."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip, nothing_more


def _by_block(record: Record) -> Fields:
    return Fields(record.module_key)


def _bookmark(record: Record) -> Fields:
    return Fields(record.usage_key(record.event.get("component_usage_id")))


_BLOCK = EventType("other", _by_block, SERVER)
_BOOKMARK = EventType("other", _bookmark, SERVER)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "xblock.poll.submitted": _BLOCK,
    "xblock.survey.submitted": _BLOCK,
    "edx.feedbackxblock.likert_provided": _BLOCK,
    "edx.feedbackxblock.freeform_provided": _BLOCK,
    "edx.feedbackxblock.submitted": Skip("companion"),
    "edx.feedbackxblock.likert_changed": Skip("companion"),
    "edx.feedbackxblock.freeform_changed": Skip("companion"),
    "edx.bookmark.added": _BOOKMARK,
    "edx.bookmark.removed": _BOOKMARK,
    "edx.bookmark.accessed": _BOOKMARK,
    "edx.bookmark.listed": EventType("other", nothing_more),
    "xblock.poll.view_results": _BLOCK,
    "xblock.survey.view_results": _BLOCK,
    "xblock.launch_request": _BLOCK,
    "edx.librarycontentblock.content.assigned": Skip("companion"),
    "edx.librarycontentblock.content.removed": Skip("companion"),
    "xblock.split_test.child_render": Skip("companion"),
}
