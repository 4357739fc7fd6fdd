"""One learner's course: what it offers, in order, with what the learner did to each part.

The course map and the log are laid over each other. What only one of them knows is there too: units
that were never opened, and blocks that no map lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..data import BlockActivity, ContentUnit, CourseMap, LearnerFacts, Text
from ._gaps import Gaps
from ._keys import STRUCTURE, KeyIndex, block_type_of

__all__ = ["Block", "Course", "Unit", "lay_out"]

_ROLES = {"problem": "problem", "video": "video", "html": "text", "vertical": "unit", "": "unit"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a unit. ``role`` is ``problem``, ``video``, ``text``, ``unit`` or ``other``."""

    key: str
    role: str
    title: Text
    order: int
    row: ContentUnit | None
    activity: BlockActivity | None
    done: bool

    @property
    def solved(self) -> bool:
        return self.done or (self.activity is not None and self.activity.solved)

    @property
    def waiting(self) -> bool:
        """A problem without an answer."""
        return self.role == "problem" and not self.done and (self.activity is None or self.activity.answers == 0)

    @property
    def attempts_allowed(self) -> int | None:
        """By the course map, else by the log; None where neither knows, or there is no limit."""
        named = self.row.max_attempts if self.row else None
        return named or (self.activity.attempts_allowed if self.activity else None)

    @property
    def closed(self) -> bool:
        """A problem that takes no more answers: the attempts are used up, or the platform has refused one."""
        if self.role != "problem" or self.activity is None:
            return False
        allowed = self.row.max_attempts if self.row else None
        if allowed is None:
            return self.activity.closed
        return self.activity.refused or self.activity.attempts_used >= allowed

    @property
    def given_back(self) -> bool:
        """As many answers as attempts, and it takes more: staff has given the attempts back."""
        allowed, log = self.attempts_allowed, self.activity
        return bool(allowed and log and not log.taken_back and log.answers >= allowed) and not self.closed

    @property
    def failing(self) -> bool:
        """Failed twice or more, not solved, and open for another answer."""
        return self.activity is not None and self.activity.failing >= 2 and not self.solved and not self.closed

    @property
    def given_up(self) -> bool:
        """Closed and not solved: nothing the learner can do will solve it."""
        return self.closed and not self.solved

    @property
    def open(self) -> bool:
        """A problem that is neither solved nor closed."""
        return self.role == "problem" and not self.solved and not self.closed

    @property
    def to_retry(self) -> bool:
        """Open, and answered wrong; what the course team has taken back is as if it were new."""
        return self.open and bool(self.activity and self.activity.wrong and not self.activity.taken_back)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its blocks in course order. ``key`` can be opened: its own, or that of its first block.

    ``role`` is ``unit``, or that of a block which stands alone because nothing tells its unit. ``finished``: nothing is
    left to do. It is done, or seen with no problem open; where it has no problems, seen with every video started.
    """

    key: str
    title: Text
    order: int
    blocks: tuple[Block, ...]
    competencies: tuple[str, ...]
    level: str
    minutes: int | None
    prerequisites: tuple[str, ...]
    seen: bool
    done: bool
    finished: bool
    last_us: int
    titled: bool = True
    role: str = "unit"
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.role == "problem")

    @property
    def waiting(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.waiting)

    def holds(self, key: str) -> bool:
        """Whether ``key`` is the unit or a block in it."""
        return bool(key) and (key == self.key or any(block.key == key for block in self.blocks))

    @property
    def fast(self) -> int:
        return sum(b.activity.fast_answers for b in self.blocks if b.activity)

    @property
    def fast_wrong(self) -> int:
        """Fast answers that were wrong, at most: the log counts both, not which was which."""
        return sum(min(b.activity.fast_answers, b.activity.wrong) for b in self.blocks if b.activity)


@dataclass(frozen=True, slots=True)
class Course:
    """Units in course order; ``stopped`` is the unit last on screen, ``met`` the keys that no other unit waits for.

    ``given``: a course team wrote the map, so that units nobody has opened are there too.
    """

    units: tuple[Unit, ...]
    stopped: Unit | None
    met: frozenset[str]
    known: frozenset[str]
    given: bool

    def title_of(self, key: str) -> Text:
        """Title of a block, empty where it is not known."""
        return next((block.title for unit in self.units for block in unit.blocks if block.key == key), {})

    def open_prerequisites(self, unit: Unit) -> int:
        """How many prerequisites are not met; keys that no one knows do not count."""
        return sum(1 for key in unit.prerequisites if key in self.known and key not in self.met)


def lay_out(facts: LearnerFacts, course_map: CourseMap, gaps: Gaps | None = None) -> Course:
    """The course of one learner. With ``gaps``, what trains only what is at its target is met without being opened."""
    activity = facts.activity
    log = {block.usage_key: block for block in activity.blocks} if activity else {}
    stopped_at = activity.stopped_at if activity else ""
    logged = {key for block in log.values() for key in (block.usage_key, block.unit_key) if key}
    index = KeyIndex(
        logged | {unit.usage_key for unit in course_map.units if "@" in unit.usage_key} | {stopped_at} - {""}
    )
    rows = _rows(course_map.units, index)
    later = sorted((block for key, block in log.items() if key not in rows), key=lambda b: (b.first_us, b.usage_key))
    order = {key: place for place, key in enumerate([*rows, *(block.usage_key for block in later)])}
    done = frozenset(index.find(key) or key for key in facts.done)
    if facts.diagnosis_key and 0 < facts.diagnosis_total <= facts.diagnosis_answered:
        done |= {facts.diagnosis_key}
    homes: dict[str, list[Block]] = {}
    for key, place in order.items():
        block = _block(key, rows.get(key), log.get(key), place, done)
        homes.setdefault(_home(block, rows, index), []).append(block)
    done |= {home for home, blocks in homes.items() if _diagnosed(blocks, facts.diagnosis_key)}
    units = sorted((_unit(home, blocks, done, index) for home, blocks in homes.items()), key=lambda u: (u.order, u.key))
    met = {unit.key for unit in units if unit.finished} | {b.key for u in units for b in u.blocks if b.solved} | done
    if gaps:
        spared = [unit for unit in units if gaps.reached(unit.competencies) and not any(b.failing for b in unit.blocks)]
        met |= {key for unit in spared for key in (unit.key, *(block.key for block in unit.blocks))}
    known = {key for unit in units for key in (unit.key, *(block.key for block in unit.blocks))}
    at = next((unit for unit in units if unit.holds(stopped_at)), None)
    return Course(tuple(units), at, frozenset(met), frozenset(known), course_map.given)


def _diagnosed(blocks: list[Block], diagnosis_key: str) -> bool:
    """A unit with the diagnosis, taken, and with no problems beside it, is done."""
    taken = any(block.done and block.key == diagnosis_key for block in blocks)
    return taken and all(block.role != "problem" for block in blocks)


def _rows(units: Iterable[ContentUnit], index: KeyIndex) -> dict[str, ContentUnit]:
    """The rows of the map by whole key, in course order; structure that trains nothing is left out."""
    rows: dict[str, ContentUnit] = {}
    for unit in sorted(units, key=lambda unit: (unit.position, unit.usage_key)):
        key = index.find(unit.usage_key) or unit.usage_key
        structure = (unit.block_type or block_type_of(key)) in STRUCTURE
        if key and (not structure or unit.competencies):
            rows.setdefault(key, unit)
    return rows


def _block(key: str, row: ContentUnit | None, log: BlockActivity | None, order: int, done: frozenset[str]) -> Block:
    block_type = (row.block_type if row else "") or (log.block_type if log else "") or block_type_of(key)
    title = row.title if row and row.title else {"en": log.title.strip()} if log else {}
    role = "unit" if block_type in STRUCTURE else _ROLES.get(block_type, "other")
    return Block(key, role, title, order, row, log, key in done)


def _home(block: Block, rows: dict[str, ContentUnit], index: KeyIndex) -> str:
    """Key of the unit that holds the block: as the map has it in a row of its own, else as the log has it."""
    if block.role == "unit":
        return block.key
    named = block.row.unit_key if block.row else ""
    whole = index.find(named) or named
    if whole in rows and whole != block.key:
        return whole
    return (block.activity.unit_key if block.activity else "") or whole or block.key


def _unit(home: str, members: list[Block], done: frozenset[str], index: KeyIndex) -> Unit:
    own = next((block for block in members if block.key == home and block.role == "unit"), None)
    blocks = tuple(block for block in members if block is not own)
    rows = [block.row for block in members if block.row]
    alone = own or next((block for block in blocks if block.key == home), None)
    row = alone.row if alone else None
    # A home that neither a row nor the log has as a key is a title of the course map: it cannot be opened.
    openable = alone is not None or "@" in home or "://" in home
    title = alone.title if alone else {} if openable else {"en": home}
    needs = dict.fromkeys(index.find(key) or key for each in rows for key in each.prerequisites)
    own_keys = {block.key for block in members}
    seen = any(block.activity is not None for block in members)
    return Unit(
        key=home if openable else blocks[0].key,
        title=title,
        order=min(block.order for block in members),
        blocks=blocks,
        competencies=(row.competencies if row else ())
        or tuple(sorted({competency for each in rows for competency in each.competencies})),
        level=(row.level if row else "") or next((each.level for each in rows if each.level), ""),
        minutes=row.minutes if row else None,
        prerequisites=tuple(key for key in needs if key not in own_keys),
        seen=seen,
        done=home in done,
        finished=home in done or (seen and _nothing_left(blocks)),
        last_us=max((block.activity.last_us for block in members if block.activity), default=0),
        titled=row.titled if row else True,
        role=alone.role if alone and len(members) == 1 else "unit",
        modes=row.modes if row else (),
        languages=row.languages if row else (),
    )


def _nothing_left(blocks: Iterable[Block]) -> bool:
    problems = [block for block in blocks if block.role == "problem"]
    if problems:
        return not any(block.open for block in problems)
    return all(b.activity is not None and b.activity.plays > 0 for b in blocks if b.role == "video")
