"""Ids of the demo's blocks: the usage keys that the platform has, known from the course's files."""

from __future__ import annotations

from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from xblock.exceptions import NoSuchDefinition, NoSuchUsage
from xblock.runtime import IdReader

from .course import load_course

__all__ = ["CourseIds"]


class CourseIds(IdReader):
    """A block's definition is its usage: one course, no reuse, no asides."""

    def get_definition_id(self, usage_id: Any) -> UsageKey:
        try:
            key = usage_id if isinstance(usage_id, UsageKey) else UsageKey.from_string(str(usage_id))
        except InvalidKeyError as error:
            raise NoSuchUsage(str(usage_id)) from error
        if load_course().block(str(key)) is None:
            raise NoSuchUsage(str(usage_id))
        return key

    def get_block_type(self, def_id: Any) -> str:
        if not isinstance(def_id, UsageKey):
            raise NoSuchDefinition(str(def_id))
        return def_id.block_type

    def _no_asides(self, aside_id: Any) -> Any:
        raise NoSuchUsage(str(aside_id))

    get_usage_id_from_aside = _no_asides
    get_definition_id_from_aside = _no_asides
    get_aside_type_from_usage = _no_asides
    get_aside_type_from_definition = _no_asides
