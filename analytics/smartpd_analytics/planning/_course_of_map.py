"""Which courses a course map is about, and what of it they have never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import replace

from ..data import CourseMap
from ..errors import N_, CourseMapError, Message, listed
from ._keys import tail

__all__ = ["part_for_course", "unmet_keys", "unmet_warning"]

#: Keys that are named in one message; the rest is counted.
_NAMED = 5


def part_for_course(course_map: CourseMap, course_key: str, known: Iterable[str]) -> CourseMap | None:
    """The part of a course map that is about this course; None if none of it is.

    A whole usage key tells its course. A bare block id is of the courses that know it, and, if no course does,
    goes with the rest of the file.

    Args:
        known: keys of the course's units and blocks, from its log or from the map that was kept before.
    """
    ids = {tail(key) for key in known}
    of_this = {unit.usage_key for unit in course_map.units if _is_of_course(unit.usage_key, course_key)}
    bare = {unit.usage_key for unit in course_map.units if tail(unit.usage_key) == unit.usage_key}
    if not of_this and not bare & ids:
        return None
    return replace(course_map, units=tuple(unit for unit in course_map.units if unit.usage_key in of_this | bare))


def unmet_keys(course_map: CourseMap, known: Iterable[str]) -> frozenset[str]:
    """The keys of a course map that ``known``, the keys of a course's log, has not."""
    keys = frozenset(known)
    ids = {tail(key) for key in keys}
    found = (unit.usage_key for unit in course_map.units)
    return frozenset(key for key in found if key not in keys and not (key == tail(key) and key in ids))


def unmet_warning(course_map: CourseMap, keys: Set[str]) -> str:
    """One warning that names ``keys``, which no log has, with their lines; ``""`` where there are none."""
    missed = [unit.usage_key for unit in course_map.units if unit.usage_key in keys]
    if not missed:
        return ""
    names = listed(
        Message(N_("{key} (line {line})"), key=tail(key), line=course_map.lines[key])
        if key in course_map.lines
        else tail(key)
        for key in missed[:_NAMED]
    )
    more = len(missed) - _NAMED
    what = (
        N_("not met in the logs: {names} and {more} more; units that nobody has opened yet, or misspelt ids")
        if more > 0
        else N_("not met in the logs: {names}; a unit that nobody has opened yet, or a misspelt id")
    )
    return str(CourseMapError(what, file=course_map.file, names=names, more=more))


def _is_of_course(usage_key: str, course_key: str) -> bool:
    if course_key.count("/") == 2:
        return usage_key.startswith(f"i4x://{course_key.rpartition('/')[0]}/")
    # course-v1:ORG+COURSE+RUN has block-v1:ORG+COURSE+RUN+type@…, ccx-v1:… has ccx-block-v1:….
    blocks = re.sub("^(course|ccx)-v1:", lambda found: f"{'ccx-' * (found[1] == 'ccx')}block-v1:", course_key)
    return usage_key.startswith(f"{blocks}+type@")
