"""Implicit events: the platform logs every request, with the URL path as ``event_type``.

They are written before the answer, so they say nothing about success, and what was posted may hold
secrets: only keys in the path, the position of a move and the bare presence of a query are looked at.
Most requests are companions of a better line; pages that a learner opened are events.

Anybody can type the address of a page for staff, and gets a refusal that the log does not show. So such a
request counts as an act of staff only where it comes from a page that only staff get to see: the instructor's
and Studio's pages call each other and their own APIs, and the course page offers "view as" to nobody else.
Old logs have no ``referer``; there a call that only a script makes stands for itself.
"""

from __future__ import annotations

import re
from typing import Any

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._studio import STUDIO
from smartpd_analytics.tracking._values import identifier, integer, number
from smartpd_analytics.tracking._verdict import Ignored
from smartpd_analytics.tracking.entry import NOTHING_MORE, EventType, Fields, Route, Skip, nothing_more

_COURSE = r"(?:(?:course|ccx)-v1:[^/]+|[^/]+/[^/]+/[^/]+)"
_BLOCK = r"(?:(?:ccx-)?block-v1:[^/]+|i4x:[^?]+)"

_INSTRUCTOR = re.compile(rf"/courses/{_COURSE}/(?:instructor|legacy_instructor_dash)(?:[/?#]|$)")
#: Addresses that the scripts of staff's pages call and nobody has a reason to type.
_CALLED = re.compile(rf"/courses/{_COURSE}/instructor/api/|/xblock/|/courses/{_COURSE}/masquerade")


def _query(record: Record, method: str) -> dict[str, Any] | None:
    """What was sent by ``method``; None where the payload was cut off or is no object."""
    sent = record.event.get(method)
    return sent if isinstance(sent, dict) else None


def _page(record: Record) -> Fields | Ignored:
    key = record.path_keys.usage
    block_type = _keys.block_type_of(key)
    # Studio has the same address for saving and publishing a block, without a query.
    opened_in_lms = (
        _query(record, "GET") != {}
        or record.client == "mobile"
        or any(part in record.referer for part in ("/learning/", "/courses/"))
    )
    if not opened_in_lms and STUDIO.match(_after_host(record.referer)):
        return Fields(key, kind="staff")
    if opened_in_lms or block_type == "vertical":
        return Fields(key, unit_key=key if block_type == "vertical" else None)
    return Ignored("implicit")


def _after_host(address: str) -> str:
    host = address.find("://")
    return address[address.find("/", host + 3) :] if host >= 0 else address


def _from_staff_page(record: Record) -> bool:
    """Whether the request comes from a page that the server shows to staff alone."""
    if not record.has_referer:
        return bool(_CALLED.match(record.path))
    before = _after_host(record.referer)
    return bool(_INSTRUCTOR.match(before) or STUDIO.match(before))


def _staff_page(record: Record) -> Fields | Ignored:
    return NOTHING_MORE if _from_staff_page(record) else Ignored("implicit")


def _studio_page(record: Record) -> Fields | Ignored:
    """Studio offers its pages to staff alone; the front end beside it may be opened, and call, by anybody."""
    host = record.envelope.host
    inside = bool(host) and record.referer.partition("://")[2].startswith(f"{host}/")
    return NOTHING_MORE if inside or _from_staff_page(record) else Ignored("implicit")


def _masquerade(record: Record) -> Fields | Ignored:
    # The course page's script calls it, and only for staff; browsers may cut the referer down to the host.
    return NOTHING_MORE if record.referer or _from_staff_page(record) else Ignored("implicit")


def _reset_attempts(record: Record) -> Fields | Ignored:
    """Staff give attempts back: to ``payload.learner``, or to everybody. E-mail addresses are not kept."""
    if not _from_staff_page(record):
        return Ignored("implicit")
    sent = {
        name: value[0] for name, value in (_query(record, "POST") or {}).items() if isinstance(value, list) and value
    }
    key = record.usage_key(sent.get("problem_to_reset"), "problem")
    learner = identifier(sent.get("unique_student_identifier"))
    if sent.get("all_students") == "true":
        return Fields(key, payload={"everybody": True})
    return Fields(key, payload={"learner": learner} if learner and "@" not in learner else {})


def _to_block(record: Record) -> Fields:
    return Fields(record.path_keys.usage)


def _goto(record: Record) -> Fields:
    sent = (_query(record, "POST") or {}).get("position")
    return Fields(record.path_keys.usage, position=number(sent[0]) if isinstance(sent, list) and sent else None)


def _progress(record: Record) -> Fields | Ignored:
    whose = integer(record.path.rstrip("/").rpartition("/")[2])
    if whose is None or whose == record.user_id:
        return NOTHING_MORE
    # Only staff may open the progress of someone else.
    return Fields(kind="staff", payload={"learner_id": whose}) if _from_staff_page(record) else Ignored("implicit")


def _route(route_id: str, pattern: str, entry: EventType | Skip) -> Route:
    return Route(route_id, re.compile(pattern), entry)


_STAFF_PAGE = EventType("staff", _staff_page, name="staff_page")
_STUDIO_PAGE = EventType("staff", _studio_page, name="staff_page")

#: The first that matches counts.
ROUTES: tuple[Route, ...] = (
    _route("unit_page", rf"/xblock/{_BLOCK}/?$", EventType("page", _page, name="page_view")),
    _route(
        "goto_position",
        rf"/courses/{_COURSE}/xblock/[^/]+/handler/(?:xmodule_handler/)?goto_position/?$",
        EventType("navigation", _goto, name="goto_position"),
    ),
    _route(
        "old_goto_position",
        rf"/courses/{_COURSE}/modx/i4x:.+/goto_position/?$",
        EventType("navigation", _goto, name="goto_position"),
    ),
    _route("handler", rf"/courses/{_COURSE}/(?:xblock/.+/handler(?:_noauth)?|modx/.+)/", Skip("companion")),
    _route("jump_to", rf"/courses/{_COURSE}/jump_to(?:_id)?/", EventType("navigation", _to_block, name="jump_to")),
    _route(
        "courseware", rf"/courses/{_COURSE}/courseware(?:/|$)", EventType("page", nothing_more, name="courseware_view")
    ),
    _route("progress", rf"/courses/{_COURSE}/progress(?:/\d+)?/?$", EventType("page", _progress, name="progress_view")),
    _route("masquerade", rf"/courses/{_COURSE}/masquerade/?$", EventType("staff", _masquerade, name="masquerade")),
    _route(
        "reset_attempts",
        rf"/courses/{_COURSE}/instructor/api/reset_student_attempts/?$",
        EventType("staff", _reset_attempts, name="attempts_reset"),
    ),
    _route("instructor", rf"/courses/{_COURSE}/instructor(?:/|$)", _STAFF_PAGE),
    _route("studio_block", rf"/xblock/{_BLOCK}/.+", _STUDIO_PAGE),
    _route("studio", STUDIO.pattern, _STUDIO_PAGE),
    _route("sequence", r"/api/courseware/sequence/", Skip("companion")),
    _route("course_home", r"/api/(?:course_home|courseware/course)/", Skip("companion")),
    _route("any", r"/", Skip("implicit")),
)
