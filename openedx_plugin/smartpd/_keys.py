"""Keys as callers give them, strings or opaque keys, checked once at the door."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from .errors import InvalidRecordError

__all__ = ["MAX_KEY", "Course", "block_key", "block_type", "course_key_of", "usage_key_of"]

#: How callers name a course.
Course: TypeAlias = str | CourseKey

#: Longest key a column holds; the platform's own columns have the same width.
MAX_KEY = 255


# Keys cannot be changed, and the same few are named over and over.
_course_key = lru_cache(maxsize=1024)(CourseKey.from_string)
_usage_key = lru_cache(maxsize=4096)(UsageKey.from_string)


def course_key_of(value: str | CourseKey) -> CourseKey:
    """The course key that ``value`` is.

    Raises:
        InvalidRecordError: it is none, or a library's.
    """
    try:
        key = value if isinstance(value, CourseKey) else _course_key(str(value))
    except InvalidKeyError:
        key = None
    if key is None or hasattr(key, "library") or len(str(key)) > MAX_KEY:
        raise InvalidRecordError("course_key", value, accepted="a course key such as course-v1:Org+Course+Run")
    return key


def usage_key_of(value: str | UsageKey, course_key: CourseKey) -> UsageKey:
    """The usage key that ``value`` is, in the course ``course_key``.

    Raises:
        InvalidRecordError: it is none, or a block of another course.
    """
    accepted = f"the usage key of a block of {course_key}"
    try:
        key = value if isinstance(value, UsageKey) else _usage_key(str(value))
    except InvalidKeyError as problem:
        raise InvalidRecordError("usage_key", value, accepted=accepted) from problem
    if getattr(key, "deprecated", False):
        # Keys of the form i4x:// do not carry the run.
        key = key.map_into_course(course_key)
    if key.context_key != course_key or len(str(key)) > MAX_KEY:
        raise InvalidRecordError("usage_key", value, accepted=accepted)
    return key


def block_key(value: str | UsageKey, course_key: CourseKey) -> str:
    """A usage key of the course, or the bare block id that a course map or a matrix may use instead.

    Raises:
        InvalidRecordError: it is empty, too long, or a block of another course.
    """
    text = str(value).strip()
    if text.startswith(("block-v1:", "i4x://")):
        return str(usage_key_of(value, course_key))
    if not text or len(text) > MAX_KEY or not text.isprintable():
        raise InvalidRecordError("usage_key", value, accepted=f"a usage key or block id of {course_key}")
    return text


def block_type(usage_key: str) -> str:
    """The type of the block that ``usage_key`` names; ``""`` for a bare block id, which does not tell it."""
    try:
        return str(UsageKey.from_string(usage_key).block_type)
    except InvalidKeyError:
        return ""
