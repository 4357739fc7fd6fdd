"""One action that could be proposed: what it opens, how long it takes, and its facts for the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..data import ContentUnit, LearnerFacts, Text
from ..expert import FactValue
from ._course import Block, Course, Unit
from ._gaps import Gaps

__all__ = [
    "MINUTES",
    "TOO_HIGH",
    "Candidate",
    "Ground",
    "about_competency",
    "candidate",
    "for_block",
    "for_unit",
    "minutes_of",
    "unit_minutes",
]

#: Minutes where the course map has none, by what is opened (docs/how-recommendations-are-made.md).
MINUTES = {"problem": 5, "video": 8, "text": 6, "unit": 20, "other": 10}
#: So many levels above the learner are too many.
TOO_HIGH = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One action that could be proposed, with its facts for the rules.

    ``role`` is what is opened (``problem``, ``video``, ``text``, ``unit``, ``diagnostic``, ``other``); ``unit`` the
    unit it stands in; ``first`` and ``first_role`` what comes before it, ``first_again`` that this is a video which was
    played already; ``about`` the problem that it is about, where that is not the target; ``after`` the unit that
    builds on it. ``sentence`` picks a reason of its own among those of
    the kind. ``urgency`` in points is the part of the score that grows with the learner's own evidence.
    """

    kind: str
    target: str
    role: str
    title: Text
    order: int
    minutes: int
    facts: Mapping[str, FactValue]
    unit: Unit | None = None
    first: str = ""
    first_role: str = ""
    first_title: Text | None = None
    first_again: bool = False
    about: Block | None = None
    after: Unit | None = None
    sentence: str = ""
    competencies: tuple[str, ...] = ()
    #: Of these the one furthest from its target; ``""`` where none has been estimated.
    furthest: str = ""
    urgency: float = 0.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What the proposals are drawn from."""

    facts: LearnerFacts
    course: Course
    gaps: Gaps
    learner: Mapping[str, FactValue]
    #: Units the learner has not marked done; one that only has the diagnostic is no unit to study.
    units: tuple[Unit, ...]
    #: Of the units never opened that can be started, the first after the place where the learner is …
    next_unit: Unit | None
    #: … and the first before it.
    passed_unit: Unit | None


def minutes_of(block: Block) -> int:
    """Of the course map, else the usual time for its type."""
    return block.row.minutes if block.row and block.row.minutes else MINUTES[block.role]


def unit_minutes(unit: Unit) -> int:
    """Of the course map, else the sum of its known parts, else the usual length of a unit."""
    if unit.minutes:
        return unit.minutes
    parts = sum(minutes_of(block) for block in unit.blocks if block.role != "other")
    return parts or MINUTES["unit"]


def for_unit(
    ground: Ground,
    kind: str,
    unit: Unit,
    *,
    minutes: int = 0,
    about: Block | None = None,
    after: Unit | None = None,
    sentence: str = "",
    urgency: float = 0.0,
) -> Candidate:
    """A unit as the target; ``minutes`` where it is not the unit's own time."""
    return candidate(
        ground,
        kind=kind,
        target=unit.key,
        role=unit.role,
        title=unit.title,
        order=unit.order,
        minutes=minutes or unit_minutes(unit),
        unit=unit,
        about=about,
        after=after,
        sentence=sentence,
        urgency=urgency,
    )


def for_block(
    ground: Ground,
    kind: str,
    block: Block,
    unit: Unit,
    *,
    minutes: int = 0,
    first: Block | Unit | None = None,
    about: Block | None = None,
    sentence: str = "",
    urgency: float = 0.0,
) -> Candidate:
    """A block of ``unit`` as the target; ``minutes`` where it is not the block's own time."""
    return candidate(
        ground,
        kind=kind,
        target=block.key,
        role=block.role,
        title=block.title,
        order=block.order,
        minutes=minutes or minutes_of(block),
        unit=unit,
        block=block,
        first=first,
        about=about,
        sentence=sentence,
        urgency=urgency,
    )


def candidate(
    ground: Ground,
    *,
    kind: str,
    target: str,
    role: str,
    title: Text,
    order: int,
    minutes: int,
    unit: Unit | None,
    block: Block | None = None,
    first: Block | Unit | None = None,
    about: Block | None = None,
    after: Unit | None = None,
    sentence: str = "",
    urgency: float = 0.0,
) -> Candidate:
    """Any action, with every fact of scope ``candidate``."""
    competencies = (block.row.competencies if block and block.row else ()) or (unit.competencies if unit else ())
    level = (block.row.level if block and block.row else "") or (unit.level if unit else "")
    gap = ground.gaps.gap_of(competencies)
    step = _step(ground, level, competencies)
    furthest = ground.gaps.largest_of(competencies)
    # What is gone back to is not what the evidence is about.
    problem = about if kind == "revisit" else block
    log = problem.activity if problem else None
    last_us = log.last_us if log else unit.last_us if unit else 0
    days = ground.facts.as_of.timestamp() / 86_400 - last_us / 86_400e6 if last_us else 0.0
    first_role = first.role if first else ""
    values: dict[str, FactValue] = {
        "kind": kind,
        "target_type": role,
        "first_type": first_role,
        "target_failing": float(log.failing if log else 0),
        "target_tries": float(log.answers if log else 0),
        "target_wrong": float(log.wrong if log else 0),
        "target_shown": float(log.answers_shown if log else 0),
        "target_fast": float(unit.fast if unit else 0),
        "target_fast_wrong": float(unit.fast_wrong if unit else 0),
        "target_waiting": float(len(unit.waiting) if unit else 0),
        "target_open": float(sum(each.open for each in unit.blocks) if unit else 0),
        "target_to_retry": float(sum(each.to_retry for each in unit.blocks) if unit else 0),
        "target_attempts": float((problem.attempts_allowed or 0) if problem and problem.closed else 0),
        "target_given_back": bool(problem and problem.given_back),
        "target_solved": problem is not None and problem.solved,
        "target_instead": about is not None and kind == "practise",
        "target_days": max(days, 0.0),
        "target_minutes": float(minutes),
        "target_prerequisites_open": float(ground.course.open_prerequisites(unit) if unit else 0),
        "target_seen": bool(unit and unit.seen),
        "target_stopped": unit is not None and unit is ground.course.stopped,
        "target_next": unit is not None and unit is ground.next_unit,
        "target_passed": unit is not None and unit is ground.passed_unit,
        "has_target_gap": gap is not None,
        "target_gap": gap or 0.0,
        "target_value": ground.gaps.values.get(furthest, 0.0),
        "target_goal": ground.gaps.values.get(furthest, 0.0) + ground.gaps.gaps.get(furthest, 0.0),
        "target_reached": ground.gaps.reached(competencies),
        "has_target_after": after is not None,
        "target_after_gap": (ground.gaps.gap_of(after.competencies) or 0.0) if after else 0.0,
        "target_wished": not ground.facts.wished.isdisjoint(competencies),
        **_ways(ground.facts, block.row if block else None, unit),
        "has_target_step": step is not None,
        "target_step": float(step or 0),
    }
    return Candidate(
        kind=kind,
        target=target,
        role=role,
        title=title,
        order=order,
        minutes=minutes,
        facts=values,
        unit=unit,
        first=first.key if first else "",
        first_role=first_role,
        first_title=first.title if first else None,
        first_again=isinstance(first, Block) and bool(first.activity and first.activity.plays),
        about=about,
        after=after,
        sentence=sentence,
        competencies=competencies,
        furthest=furthest,
        urgency=float(urgency),
    )


def _ways(facts: LearnerFacts, row: ContentUnit | None, unit: Unit | None) -> dict[str, FactValue]:
    """How the learner's modes and languages go with an action, else with its unit; false if unknown."""
    modes = set((row.modes if row else ()) or (unit.modes if unit else ()))
    languages = (row.languages if row else ()) or (unit.languages if unit else ())
    known = bool(facts.preferred_language and languages)
    fits = facts.preferred_language in languages
    return {
        "target_mode_fits": bool(facts.preferred_mode) and facts.preferred_mode in modes,
        "target_mode_impossible": bool(facts.possible_modes and modes) and facts.possible_modes.isdisjoint(modes),
        "target_language_fits": known and fits,
        "target_language_other": known and not fits,
    }


def about_competency(action: Candidate, competency: str, gaps: Gaps) -> Candidate:
    """The action with a sentence about another competency than those it trains."""
    value = gaps.values[competency]
    facts = {**action.facts, "target_value": value, "target_goal": value + gaps.gaps[competency]}
    return replace(action, furthest=competency, facts=facts)


def _step(ground: Ground, level: str, competencies: tuple[str, ...]) -> int | None:
    """Levels from the learner up to an action's; at most one where the course has no lower way to what it trains.

    A smaller step would be better, but where there is none the largest need must not be left alone for it.
    """
    step = ground.gaps.step_to(level, competencies)
    if step is None or step < TOO_HIGH:
        return step
    height = ground.gaps.level_number(level) or 0
    for unit in ground.units:
        lower = ground.gaps.level_number(unit.level)
        if lower is not None and lower < height and not unit.finished and set(unit.competencies) & set(competencies):
            return step
    return TOO_HIGH - 1
