"""Forum: who did what, when; never a word of what was written or searched for."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking.entry import EventType, Skip, nothing_more

_FORUM = EventType("forum", nothing_more)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.forum.searched": _FORUM,
    "edx.forum.thread.created": _FORUM,
    "edx.forum.thread.deleted": _FORUM,
    "edx.forum.thread.edited": _FORUM,
    "edx.forum.thread.followed": _FORUM,
    "edx.forum.thread.unfollowed": _FORUM,
    "edx.forum.thread.viewed": _FORUM,
    "edx.forum.thread.voted": _FORUM,
    "edx.forum.response.created": _FORUM,
    "edx.forum.response.deleted": _FORUM,
    "edx.forum.response.edited": _FORUM,
    "edx.forum.response.voted": _FORUM,
    "edx.forum.comment.created": _FORUM,
    "edx.forum.comment.deleted": _FORUM,
    "edx.forum.comment.edited": _FORUM,
    "edx.forum.comment.reported": _FORUM,
    "edx.forum.comment.unreported": _FORUM,
    "edx.forum.response.reported": _FORUM,
    "edx.forum.response.unreported": _FORUM,
    "edx.forum.thread.reported": _FORUM,
    "edx.forum.thread.unreported": _FORUM,
}
