"""Course keys and usage keys in every spelling that logs have.

Three generations: ``course-v1:ORG+COURSE+RUN`` with ``block-v1:…`` blocks, their custom-course form
``ccx-v1:…`` with ``ccx-block-v1:…``, and ``Org/Course/Run`` with ``i4x://Org/Course/type/id``. Branch and
version never stand in a canonical key. (Grammar: ``opaque_keys.edx.locator`` of edx-opaque-keys.)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

_PART = r"[\w.~:-]+"
_REVISION = rf"(?:\+branch@{_PART})?(?:\+version@{_PART})?"
_COURSE = re.compile(rf"(?:course-v1:({_PART}\+{_PART}\+{_PART})|ccx-v1:({_PART}\+{_PART}\+{_PART}\+ccx@\d+))")
_BLOCK = re.compile(
    rf"(?P<ccx>ccx-)?block-v1:(?P<run>{_PART}\+{_PART}\+{_PART}(?:\+ccx@\d+)?){_REVISION}"
    rf"\+type@(?P<type>{_PART})\+block@(?P<id>{_PART})"
)
_OLD_COURSE = re.compile(r"[\w.~-]+/[\w.~-]+/[\w.~-]+")
_OLD_COURSE_PATH = re.compile(r"/courses/([\w.~-]+/[\w.~-]+/[\w.~-]+)(?:[/?#]|$)")
_OLD_BLOCK = re.compile(r"i4x:/{0,2}([\w.~%-]+)/([\w.~%-]+)/([\w.~%-]+)/([\w.~:%-]+)")
_BARE_ID = re.compile(r"[\w.~:-]+")
_NOT_IN_HTML_ID = re.compile(r"[^\w-]")

#: Keys stand at the start of an address; what comes later is a query.
_SEARCHED = 2_048


def _plain(text: str) -> str:
    text = text[:_SEARCHED]
    if "%" in text:
        text = unquote(text)
    # Old handler addresses write the slashes of a key as ";_".
    return text.replace(";_", "/")


def course_key(value: object) -> str:
    """The canonical course key that ``value`` is, or ``""`` (also for a library's key)."""
    if not isinstance(value, str):
        return ""
    value = value.strip()
    if found := _COURSE.match(value):
        return _course_in(found)
    return value if _OLD_COURSE.fullmatch(value) else ""


class Named(NamedTuple):
    """The keys that a URL or path names, each ``""`` where it names none."""

    #: Named by itself or by a block's key.
    course: str = ""
    #: The first unit (vertical).
    unit: str = ""
    #: The last block.
    usage: str = ""


@lru_cache(maxsize=16_384)
def keys_in(address: str) -> Named:
    """The keys that a URL or path names before its query."""
    path = _plain(address).partition("?")[0]
    # Looking for a part that no regular expression matches without costs a tenth of it.
    blocks = list(_BLOCK.finditer(path)) if "block-v1:" in path else []
    old = _OLD_BLOCK.search(path) if "i4x:" in path else None
    old_key = _canonical_old(old) if old else ""
    unit = next((_canonical(block) for block in blocks if block["type"] == "vertical"), "")
    return Named(
        _course_named(path, blocks),
        unit or (old_key if old and old[3] == "vertical" else ""),
        _canonical(blocks[-1]) if blocks else old_key,
    )


def _course_named(path: str, blocks: list[re.Match[str]]) -> str:
    if found := _COURSE.search(path) if "-v1:" in path else None:
        return _course_in(found)
    if blocks:
        return _course_of(blocks[0])
    host = path.find("://")
    # Only at the start: "/api/courses/v1/…" is no course.
    old = _OLD_COURSE_PATH.match(path, max(path.find("/", host + 3), 0) if host >= 0 else 0)
    return old[1] if old else ""


def usage_key_in(address: str) -> str:
    """The last usage key in a URL or path, or ``""``."""
    return keys_in(address).usage


def usage_key(value: str, course: str, block_type: str) -> str:  # noqa: PLR0911 - one for each spelling
    """The canonical usage key for what an event gives as the id of a block, or ``""``.

    A whole key is taken as it is. Browser events carry the id of the block's HTML element instead: the
    bare block id, or ``i4x-Org-Course-type-id`` in old courses. With the ``course`` and the
    ``block_type`` these become keys.
    """
    if found := _BLOCK.fullmatch(value):
        return _canonical(found)
    if "block-v1:" in value or "i4x:" in value:
        return usage_key_in(value)
    if value.startswith("i4x-"):
        return _from_old_html_id(value, course)
    if not (block_type and course and _BARE_ID.fullmatch(value)):
        return ""
    if course.startswith("course-v1:"):
        return f"block-v1:{course.removeprefix('course-v1:')}+type@{block_type}+block@{value}"
    if course.startswith("ccx-v1:"):
        return f"ccx-block-v1:{course.removeprefix('ccx-v1:')}+type@{block_type}+block@{value}"
    org, number, _run = course.split("/")
    return f"i4x://{org}/{number}/{block_type}/{value}"


def course_of(usage: str) -> str:
    """The course key that a canonical usage key holds, or ``""`` (old keys hold no run)."""
    found = _BLOCK.match(usage)
    return _course_of(found) if found else ""


@lru_cache(maxsize=8_192)
def block_type_of(usage: str) -> str:
    """The block type that a canonical usage key holds, or ``""``."""
    if found := _BLOCK.match(usage):
        return found["type"]
    old = _OLD_BLOCK.match(usage)
    return old[3] if old else ""


def _canonical(block: re.Match[str]) -> str:
    return f"{block['ccx'] or ''}block-v1:{block['run']}+type@{block['type']}+block@{block['id']}"


def _course_in(found: re.Match[str]) -> str:
    return f"ccx-v1:{found[2]}" if found[2] else f"course-v1:{found[1]}"


def _course_of(block: re.Match[str]) -> str:
    return f"{'ccx' if block['ccx'] else 'course'}-v1:{block['run']}"


def _canonical_old(block: re.Match[str]) -> str:
    return f"i4x://{block[1]}/{block[2]}/{block[3]}/{block[4]}"


def _from_old_html_id(value: str, course: str) -> str:
    if course.count("/") == 2:
        org, number, _run = course.split("/")
        # The id holds "_" where organisation and number hold what HTML ids may not.
        start = _NOT_IN_HTML_ID.sub("_", f"i4x-{org}-{number}-")
        block_type, dash, block_id = value.removeprefix(start).partition("-")
        if value.startswith(start) and dash and block_id:
            return f"i4x://{org}/{number}/{block_type}/{block_id}"
    parts = value.split("-", 4)
    return "i4x://" + "/".join(parts[1:]) if len(parts) == 5 and all(parts) else ""
