"""What a course consists of by the day, and in which order: from what learners opened, and the course map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ..data import ContentUnit, CourseMap
from ..planning import complete_course_map, part_for_course
from ._counts import Counts
from ._course import Seen
from ._encoded import Encoded
from ._frames import kept, pushed

__all__ = ["Structure", "structure"]


@dataclass(frozen=True, slots=True)
class Structure:
    """Small tables beside the events.

    ``places``: ``unit``, ``place`` from 1. ``sizes``: ``course``, ``units``, ``due_passed``. ``due``: ``block``,
    ``due_us``. ``trains``: ``block``, ``competency``.
    """

    places: Any
    sizes: Any
    due: Any
    trains: Any


def structure(known: Encoded, found: Counts, course_map: CourseMap | None) -> Structure:
    """Look at each course: units in the order of the map, and the others by when people first open them."""
    start = found.days.group_by("who").agg(nw.col("first_any").min())
    opened = (
        found.units.join(start, on="who", how="inner")
        .with_columns((nw.col("first_us") - nw.col("first_any")).alias("since"))
        .group_by("unit")
        .agg(nw.col("since").median())
        .join(known.units, on="unit", how="inner")
    )
    units: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(_rows(opened), key=lambda row: (row["since"], row["unit_key"])):
        units[row["course_key"]].append(row)
    blocks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if course_map is not None:
        names = known.units.select(nw.col("unit").alias("home"), nw.col("unit_key").alias("home_key_of"))
        for row in _rows(known.blocks.join(names, on="home", how="left")):
            blocks[row["course_key"]].append(row)
    columns: dict[str, list[Any]] = defaultdict(list)
    for course in sorted(_rows(known.courses), key=lambda row: row["course"]):
        key = course["course_key"]
        _one_course(columns, course, units[key], blocks[key], course_map)

    def table(of: str, **kinds: str) -> Any:
        return kept(pushed(known.courses, {name: columns[f"{of}.{name}"] for name in kinds}, kinds))

    return Structure(
        places=table("places", unit="BIGINT", place="BIGINT"),
        sizes=table("sizes", course="BIGINT", units="BIGINT", due_passed="BIGINT"),
        due=table("due", block="BIGINT", due_us="BIGINT"),
        trains=table("trains", block="BIGINT", competency="VARCHAR"),
    )


def _rows(frame: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.collect(backend="pyarrow").to_arrow().to_pylist()
    return found


def _one_course(
    columns: dict[str, list[Any]],
    course: Mapping[str, Any],
    units: Sequence[Mapping[str, Any]],
    blocks: Sequence[Mapping[str, Any]],
    course_map: CourseMap | None,
) -> None:
    entries = _entries(course["course_key"], units, blocks, course_map)
    numbers = {row["unit_key"]: row["unit"] for row in units}
    order = dict.fromkeys(entry.unit_key for entry in entries if entry.unit_key)
    order.update(dict.fromkeys(row["unit_key"] for row in units))
    for place, key in enumerate(order, start=1):
        if key in numbers:
            columns["places.unit"].append(numbers[key])
            columns["places.place"].append(place)
    codes = {row["usage_key"]: row["block"] for row in blocks}
    of_units = {entry.usage_key: entry for entry in entries if entry.usage_key == entry.unit_key}
    due: dict[str, int] = {}
    for entry in entries:
        unit = of_units.get(entry.unit_key)
        due_us = entry.due_us if entry.due_us is not None or unit is None else unit.due_us
        if due_us is not None and entry.block_type == "problem":
            due[entry.usage_key] = due_us
    columns["sizes.course"].append(course["course"])
    columns["sizes.units"].append(len(order))
    columns["sizes.due_passed"].append(sum(due_us <= course["end_us"] for due_us in due.values()))
    for key, due_us in due.items():
        if key in codes:
            columns["due.block"].append(codes[key])
            columns["due.due_us"].append(due_us)
    for entry in entries:
        if entry.usage_key in codes:
            unit = of_units.get(entry.unit_key)
            for competency in entry.competencies or (unit.competencies if unit else ()):
                columns["trains.block"].append(codes[entry.usage_key])
                columns["trains.competency"].append(competency)


def _entries(
    course_key: str,
    units: Sequence[Mapping[str, Any]],
    blocks: Sequence[Mapping[str, Any]],
    course_map: CourseMap | None,
) -> tuple[ContentUnit, ...]:
    """The entries of the course map for this course, with whole keys, then the blocks that only the log knows."""
    if course_map is None:
        return ()
    by_key = {row["usage_key"]: {**row, "unit_key": row["home_key_of"] or ""} for row in blocks}
    mine = part_for_course(course_map, course_key, Seen(course_key, by_key, units, ()).keys)
    if mine is None:
        return ()
    known = [ContentUnit(row["unit_key"], {}, "vertical", row["unit_key"]) for row in units]
    inside = [
        ContentUnit(key, {}, row["block_type"], row["unit_key"])
        for key, row in sorted(by_key.items())
        if key not in {unit.usage_key for unit in known}
    ]
    return complete_course_map(mine, CourseMap((*known, *inside))).units
