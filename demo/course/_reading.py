"""Reads ``course.yaml`` and ``units/*.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ._shape import BlockPlan, Course, Section, Unit

__all__ = ["load_course"]

HERE = Path(__file__).parent


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _unit(name: str) -> Unit:
    data = _read(HERE / "units" / f"{name}.yaml")
    blocks = []
    for plan in data["blocks"]:
        fields = {field: value for field, value in plan.items() if field not in ("type", "name")}
        if "title" in fields:
            fields.setdefault("display_name", fields["title"]["en"])
        blocks.append(BlockPlan(type=plan["type"], name=plan["name"], fields=fields))
    return Unit(name=name, title=data["title"], blocks=tuple(blocks))


@lru_cache(maxsize=1)
def load_course() -> Course:
    """The demo course."""
    data = _read(HERE / "course.yaml")
    sections = tuple(
        Section(name=part["name"], title=part["title"], units=tuple(_unit(name) for name in part["units"]))
        for part in data["sections"]
    )
    return Course(title=data["title"], sections=sections)
