"""What a course offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .text import Text

__all__ = [
    "ContentUnit",
    "CourseMap",
]


@dataclass(frozen=True, slots=True)
class ContentUnit:
    """One thing to do in a course: a unit, or a block inside one.

    ``position`` is the place in course order from 0. ``unit_key`` is the unit that holds the block
    (its own key for a unit). ``minutes`` and ``due_us`` (microseconds since 1970) are None where unknown.
    """

    usage_key: str
    title: Text
    block_type: str = ""
    unit_key: str = ""
    position: int = 0
    competencies: tuple[str, ...] = ()
    level: str = ""
    minutes: int | None = None
    activity: str = ""
    modes: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    #: Attempts that a problem allows; None where unknown or without limit.
    max_attempts: int | None = None
    #: False where ``title`` describes what nothing names (“Unit with “…””).
    titled: bool = True
    due_us: int | None = None
    #: Codes of the languages that its materials are in (``uz``, ``ru``); empty where unknown.
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseMap:
    """Which unit trains what.

    ``problems`` are the messages for rows that were left out. ``file`` and ``lines`` (usage key -> line) say where
    a course team wrote it.
    """

    units: tuple[ContentUnit, ...] = ()
    framework_id: str = ""
    problems: tuple[str, ...] = ()
    file: str = field(default="", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def given(self) -> bool:
        """Whether a course team wrote it; one that only the log shows lacks what nobody has opened."""
        return bool(self.framework_id)

    def get(self, usage_key: str) -> ContentUnit | None:
        return next((unit for unit in self.units if unit.usage_key == usage_key), None)
