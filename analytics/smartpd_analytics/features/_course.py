"""What a course consists of, as the log shows it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..data import ContentUnit, CourseMap, Text

__all__ = ["Seen", "course_order", "observed"]

#: People whose order of work is compared; more would not change the order, only the time it takes.
_WITNESSES = 300
#: People from whose median time the length of a unit is estimated, at least.
_ENOUGH_TIMES = 3
#: Kinds of block whose name says what their unit is about.
_NAMING = ("html", "problem", "video")
#: Kinds of block whose minutes add up to those of their unit.
_STUDIED = ("problem", "video")


@dataclass(frozen=True, slots=True)
class Seen:
    """One course as the log shows it: rows of the features, staff included, in a fixed order.

    ``blocks`` maps a usage key to its row of the catalogue; ``units`` and ``uses`` are the rows of
    ``unit_times`` and ``block_use``.
    """

    course_key: str
    blocks: Mapping[str, Mapping[str, Any]]
    units: Sequence[Mapping[str, Any]]
    uses: Sequence[Mapping[str, Any]]

    @property
    def keys(self) -> frozenset[str]:
        """Of everything that somebody met."""
        return frozenset((*self.blocks, *(row["unit_key"] for row in self.units)))


# --- as the log shows it ----------------------------------------------------------------------


def course_order(firsts: Iterable[tuple[object, str, int]]) -> tuple[str, ...]:
    """The order in which a course is laid out, from the order in which people went through it.

    ``firsts`` are (person, key, first time). A key stands before another if more people met it first
    (Copeland's method: keys are ranked by the duels won minus the duels lost), so people who skip ahead
    or begin late do not distort it. Ties: the key met first by anybody.
    """
    by_person: dict[object, dict[str, int]] = defaultdict(dict)
    earliest: dict[str, int] = {}
    for person, key, time_us in firsts:
        by_person[person][key] = time_us
        earliest[key] = min(time_us, earliest.get(key, time_us))
    witnesses = sorted(by_person.items(), key=lambda item: (-len(item[1]), str(item[0])))[:_WITNESSES]
    lead: dict[tuple[str, str], int] = defaultdict(int)
    for _, times in witnesses:
        met = sorted(times, key=lambda key: (times[key], key))
        for at, sooner in enumerate(met):
            for later in met[at + 1 :]:
                if times[sooner] < times[later]:
                    lead[sooner, later] += 1
                    lead[later, sooner] -= 1
    score: dict[str, int] = dict.fromkeys(earliest, 0)
    for (one, _), margin in lead.items():
        score[one] += (margin > 0) - (margin < 0)
    return tuple(sorted(score, key=lambda key: (-score[key], earliest[key], key)))


def observed(seen: Seen) -> CourseMap:
    """The course as the log shows it: every unit that anybody opened, and the blocks in it."""
    units = _ordered(seen.units, "unit_key")
    inside: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for use in seen.uses:
        inside[str(seen.blocks[use["usage_key"]]["unit_key"])].append(use)
    minutes = _typical_minutes(seen)
    found: list[ContentUnit] = []
    for number, unit_key in enumerate(units, start=1):
        keys = _ordered(inside[unit_key], "usage_key")
        title, titled = _page_title(str(seen.blocks.get(unit_key, {}).get("title") or ""), number, keys, seen.blocks)
        # Who skips a video is soon through: no unit takes less than its parts.
        parts = [minutes(key) for key in keys if seen.blocks[key]["block_type"] in _STUDIED]
        whole = max(minutes(unit_key) or 0, sum(part or 0 for part in parts)) or None
        found.append(ContentUnit(unit_key, title, "vertical", unit_key, minutes=whole, titled=titled))
        found.extend(_block(key, seen.blocks[key], minutes(key)) for key in keys)
    found.extend(_block(key, seen.blocks[key], minutes(key)) for key in _ordered(inside[""], "usage_key"))
    return CourseMap(tuple(replace(unit, position=at) for at, unit in enumerate(found)))


def _ordered(rows: Sequence[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    """Keys in course order; staff jump about, so they count only for what no learner met."""
    by_learners = [row for row in rows if not row["staff"]]
    met = {row[key] for row in by_learners}
    rest = [row for row in rows if row[key] not in met]
    return tuple(
        found
        for group in (by_learners, rest)
        for found in course_order(((row["username"], row["nameless_id"]), row[key], row["first_us"]) for row in group)
    )


def _block(key: str, row: Mapping[str, Any], minutes: int | None) -> ContentUnit:
    name = str(row["title"] or "")
    return ContentUnit(key, {"en": name} if name else {}, row["block_type"], row["unit_key"], minutes=minutes)


def _page_title(
    own: str, number: int, keys: Sequence[str], blocks: Mapping[str, Mapping[str, Any]]
) -> tuple[Text, bool]:
    """A title, and whether it is a name: most logs never name a unit, so it is described by a block in it."""
    if own:
        return {"en": own}, True
    named = (str(blocks[key]["title"]) for key in keys if blocks[key]["block_type"] in _NAMING and blocks[key]["title"])
    if name := next(named, ""):
        return {"en": f"Unit with “{name}”", "ru": f"Раздел с «{name}»", "uz": f"«{name}» bor boʻlim"}, False
    return {"en": f"Unit no. {number}", "ru": f"Раздел {number}", "uz": f"{number}-boʻlim"}, False


def _typical_minutes(seen: Seen) -> Callable[[str], int | None]:
    """Usage key -> minutes: the length of a video, else what learners spent on it in the median."""
    spent: dict[str, list[int]] = defaultdict(list)
    for row in (*seen.units, *seen.uses):
        if not row["staff"] and row["spent_us"] > 0:
            spent[row["unit_key"] if "unit_key" in row else row["usage_key"]].append(row["spent_us"])

    def minutes(key: str) -> int | None:
        length = float(seen.blocks.get(key, {}).get("duration") or 0)
        if length > 0:
            return math.ceil(length / 60)
        times = sorted(spent[key])
        return max(1, math.ceil(times[len(times) // 2] / 60e6)) if len(times) >= _ENOUGH_TIMES else None

    return minutes
