"""A course as the demo knows it: sections of units of blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["COURSE_KEY", "BlockPlan", "Course", "Section", "Unit", "usage_key"]

COURSE_KEY = "course-v1:Simulated+DC101+demo"


def usage_key(block_type: str, name: str) -> str:
    """The usage key of a block, unit (``vertical``) or section (``chapter``) of the demo course."""
    return f"{COURSE_KEY.replace('course-v1', 'block-v1', 1)}+type@{block_type}+block@{name}"


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A block as the course's authors made it: its type, its name, the fields they set."""

    type: str
    name: str
    fields: Mapping[str, Any]

    @property
    def key(self) -> str:
        return usage_key(self.type, self.name)


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    title: Mapping[str, str]
    blocks: tuple[BlockPlan, ...]

    @property
    def key(self) -> str:
        return usage_key("vertical", self.name)


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: Mapping[str, str]
    units: tuple[Unit, ...]

    @property
    def key(self) -> str:
        return usage_key("chapter", self.name)


@dataclass(frozen=True, slots=True)
class Course:
    title: Mapping[str, str]
    sections: tuple[Section, ...]

    @property
    def key(self) -> str:
        return COURSE_KEY

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for section in self.sections for unit in section.units)

    def blocks(self) -> Iterator[tuple[Unit, BlockPlan]]:
        return ((unit, block) for unit in self.units for block in unit.blocks)

    def block(self, key: str) -> BlockPlan | None:
        return next((block for _unit, block in self.blocks() if block.key == key), None)

    def unit(self, name: str) -> Unit | None:
        return next((unit for unit in self.units if unit.name == name), None)

    def unit_of(self, key: str) -> Unit | None:
        """The unit that has this key or holds it: a block, the unit itself, a section (its first unit)."""
        for section in self.sections:
            for unit in section.units:
                if key in (unit.key, section.key) or any(block.key == key for block in unit.blocks):
                    return unit
        return None
