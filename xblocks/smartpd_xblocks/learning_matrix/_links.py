"""Where a cell leads: a block of the same course, or a web page.

A block is kept without its course (``type@html+block@intro``, or ``intro`` alone for a unit), so that
a rerun or an import leads to its own copy and not back to the course it came from. Only ``http`` and
``https`` addresses are ever rendered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

#: Letters of a block id, as in the platform's ``Locator.ALLOWED_ID_CHARS``.
_ID = r"[\w\-~.:]+"
_USAGE_KEY = re.compile(rf"^block-v1:[^@]*\+type@(?P<type>[\w\-]+)\+block@(?P<id>{_ID})$")
_RELATIVE = re.compile(rf"^type@(?P<type>[\w\-]+)\+block@(?P<id>{_ID})$")
_BLOCK_ID = re.compile(r"^[\w\-~.]+$")
_COURSE_KEY = re.compile(r"^course-v1:(?P<run>[^@/\s]+\+[^@/\s]+\+[^@/\s]+)$")

#: What a bare block id means: the course team reads it off a unit.
UNIT_TYPE = "vertical"


@dataclass(frozen=True, slots=True)
class Link:
    """``kind`` is ``none``, ``block`` or ``url``."""

    kind: str
    block_type: str = ""
    block_id: str = ""
    url: str = ""


NO_LINK = Link("none")


def read_link(value: str) -> Link | None:
    """The link that ``value`` says, or None where it is no form that is accepted."""
    value = value.strip()
    if not value:
        return NO_LINK
    block = _USAGE_KEY.match(value) or _RELATIVE.match(value)
    if block:
        return Link("block", block_type=block["type"], block_id=block["id"])
    if re.match(r"^https?://", value, re.IGNORECASE) and not re.search(r"[\s\x00-\x1f\x7f\\]", value):
        try:
            host = urlsplit(value).hostname
        except ValueError:
            return None
        return Link("url", url=value) if host else None
    if _BLOCK_ID.match(value):
        return Link("block", block_type=UNIT_TYPE, block_id=value)
    return None


def relative_link(value: str) -> str:
    """The form in which ``value`` is stored: a usage key without its course, all else as it is."""
    key = _USAGE_KEY.match(value.strip())
    return f"type@{key['type']}+block@{key['id']}" if key else value.strip()


def usage_key_of(link: Link, course_key: str) -> str:
    """The usage key of the linked block in this course, or ``""`` (no block, or no course around it)."""
    course = _COURSE_KEY.match(course_key)
    if link.kind != "block" or course is None:
        return ""
    return f"block-v1:{course['run']}+type@{link.block_type}+block@{link.block_id}"


def jump_url(usage_key: str, course_key: str) -> str:
    """The LMS path that opens a block inside its unit (the platform's ``jump_to``)."""
    return f"/courses/{quote(course_key, safe=':+')}/jump_to/{quote(usage_key, safe=':+@')}" if usage_key else ""
