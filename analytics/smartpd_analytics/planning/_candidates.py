"""What could be done next: every action that makes sense for a learner, before anything is weighed.

One function for each kind. A kind is proposed only where its ground is there (a problem failed twice,
a unit left unfinished …); how much it matters is for the rules and the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil

from ..data import LearnerFacts
from ..expert import FactValue
from ._candidate import (
    MINUTES,
    Candidate,
    Ground,
    about_competency,
    candidate,
    for_block,
    for_unit,
    minutes_of,
    unit_minutes,
)
from ._course import Block, Course, Unit
from ._gaps import NOTICEABLE, Gaps

__all__ = ["candidates"]

#: A first step after a silence is never longer.
SMALL_STEP = 10
#: Minutes for one question of a self-assessment, where its instrument does not say how long all of it takes.
PER_QUESTION = 0.5
#: Days without an event from which coming back is worth proposing.
SILENCE = 7
#: Mean estimate below which preparation is worth proposing.
LOW_SKILLS = 0.25
#: Wrong answers at a solved problem from which it is worth another look.
MANY_WRONG = 2
#: Units from which on a course that only the log shows may be called gone through.
ENOUGH_UNITS = 3
#: A visit to a unit so long after the last answer in it is another sitting.
LATER_US = 30 * 60 * 1_000_000
#: By so much the gap of what waits for a unit exceeds its own before that is told.
WORTH_THE_WAY = 0.1
#: Most points that the evidence at one problem adds.
MOST_URGENT = 10


def candidates(
    facts: LearnerFacts, course: Course, gaps: Gaps, learner: Mapping[str, FactValue]
) -> tuple[Candidate, ...]:
    """Every action worth weighing, in course order.

    Nothing whose target is in ``facts.done``, and nothing at all for who has left the course.
    """
    if facts.activity is not None and facts.activity.enrolled is False:
        return ()
    units = tuple(_to_study(facts, course))
    fresh = [unit for unit in units if not unit.seen and not course.open_prerequisites(unit)]
    place = course.stopped.order if course.stopped else -1
    ground = Ground(
        facts,
        course,
        gaps,
        learner,
        units,
        next_unit=next((unit for unit in fresh if unit.order > place), None),
        passed_unit=next((unit for unit in fresh if unit.order < place), None),
    )
    found = [proposal for propose in _PROPOSALS for proposal in propose(ground)]
    return tuple(sorted(found, key=lambda proposal: (proposal.order, proposal.target, proposal.kind)))


# --- one function for each kind ---------------------------------------------------------------


def _retry(ground: Ground) -> Iterator[Candidate]:
    """A problem failed twice or more and not solved; first what explains it."""
    for unit in ground.units:
        for block in unit.blocks:
            if block.failing and block.activity:
                first = _explained_by(block, unit)
                before = minutes_of(first) if isinstance(first, Block) else MINUTES["text"] if first else 0
                urgency = min(block.activity.failing, MOST_URGENT)
                minutes = minutes_of(block) + before
                yield for_block(ground, "retry", block, unit, minutes=minutes, first=first, urgency=urgency)


def _revisit(ground: Ground) -> Iterator[Candidate]:
    """A problem that takes no more answers and went badly: what explains it, instead of another try."""
    for unit in ground.units:
        for block in unit.blocks:
            log = block.activity
            if not log or not block.closed or block.done:
                continue
            first = _explained_by(block, unit)
            if first is None or first.done:
                continue
            if block.solved:
                if not (log.answers_shown or log.wrong >= MANY_WRONG):
                    continue
                sentence, urgency = "solved", log.answers_shown * 2 + log.wrong
            elif _been_back(block, unit, first):
                continue
            else:
                sentence, urgency = "" if block.attempts_allowed else "refused", log.failing
            urgency = min(urgency, MOST_URGENT)
            if isinstance(first, Block):
                yield for_block(ground, "revisit", first, unit, about=block, sentence=sentence, urgency=urgency)
            else:
                yield for_unit(
                    ground,
                    "revisit",
                    unit,
                    minutes=MINUTES["other"],
                    about=block,
                    sentence=sentence,
                    urgency=urgency,
                )


def _ask(ground: Ground) -> Iterator[Candidate]:
    """A problem that takes no more answers and is not solved, where nothing is left to go back to."""
    for unit in ground.units:
        for block in unit.blocks:
            if not block.given_up or block.activity is None:
                continue
            first = _explained_by(block, unit)
            if first is None or first.done or _been_back(block, unit, first):
                urgency = min(block.activity.failing, MOST_URGENT)
                yield for_block(ground, "ask", block, unit, urgency=urgency)


def _practise_instead(ground: Ground) -> Iterator[Candidate]:
    """For each problem that takes no more answers, the next one without an answer that trains the same."""
    closed = [(block, unit) for unit in ground.course.units for block in unit.blocks if block.given_up]
    if not closed:
        return
    open_problems = [
        (block, unit, set(_trained(block, unit)))
        for unit in ground.units
        for block in unit.waiting
        if not ground.course.open_prerequisites(unit)
    ]
    for about, unit in closed:
        trained = set(_trained(about, unit))
        same = [(block, home) for block, home, trains in open_problems if trained & trains]
        after = [pair for pair in same if pair[0].order > about.order] or same
        for block, home in after[:1]:
            yield for_block(ground, "practise", block, home, about=about, sentence="instead")


def _read_first(ground: Ground) -> Iterator[Candidate]:
    """The unit where most answers were both too fast and wrong, of those where something is not solved if there are."""

    def order(unit: Unit) -> tuple[bool, int, int, int]:
        return all(block.solved for block in unit.problems), -unit.fast_wrong, -unit.fast, unit.order

    guessed = [unit for unit in ground.units if unit.fast_wrong and unit.fast > 1]
    for unit in sorted(guessed, key=order)[:1]:
        left = "" if any(block.open for block in unit.problems) else "closed"
        wrong = "all" if unit.fast_wrong == unit.fast else ""
        yield for_unit(ground, "read_first", unit, sentence=f"{left} {wrong}".strip())


def _practise(ground: Ground) -> Iterator[Candidate]:
    """The first problem without an answer, in each unit already opened."""
    seen = [unit for unit in ground.units if unit.seen]
    for unit in seen:
        for block in unit.waiting[:1]:
            yield for_block(ground, "practise", block, unit)
    # Without a course map nobody knows the problems that were never answered: the unit itself will show them.
    seen = [unit for unit in seen if unit.role == "unit"]
    if seen and not ground.learner["answers"] and not any(unit.problems for unit in ground.course.units):
        yield for_unit(ground, "practise", max(seen, key=lambda unit: (unit.last_us, -unit.order)))


def _resume(ground: Ground) -> Iterator[Candidate]:
    """Where the learner stopped, or else the unfinished unit of the latest visit."""
    left = [unit for unit in ground.units if unit.seen and not unit.finished and not _only_failing(unit)]
    if left:
        at = ground.course.stopped
        unit = max(left, key=lambda unit: (unit is at, unit.last_us, -unit.order))
        again = any(block.open and block.activity and block.activity.taken_back for block in unit.problems)
        yield for_unit(ground, "resume", unit, minutes=_minutes_left(unit), sentence="taken back" if again else "")


def _come_back(ground: Ground) -> Iterator[Candidate]:
    """After a silence, one small step: the diagnosis that was begun, where one stopped, else the next unit."""
    if _has_begun(ground) and float(ground.learner["days_silent"]) >= SILENCE:
        if ground.learner["diagnosis_answered"] and (diagnosis := _diagnosis(ground, "come_back")):
            yield diagnosis
            return
        stopped = ground.course.stopped
        usable = stopped is not None and not stopped.finished and not ground.course.open_prerequisites(stopped)
        unit = stopped if usable else ground.next_unit or ground.passed_unit
        if unit is None:
            left = [unit for unit in ground.units if unit.seen and not unit.finished]
            unit = max(left, key=lambda unit: (unit.last_us, -unit.order), default=None)
        if unit is not None:
            yield for_unit(ground, "come_back", unit, minutes=min(unit_minutes(unit), SMALL_STEP))


def _start(ground: Ground) -> Iterator[Candidate]:
    """Each unit never opened; a problem of which nothing tells the unit is answered rather than opened."""
    for unit in ground.units:
        if unit.seen:
            continue
        if unit.role != "problem":
            yield for_unit(ground, "start", unit, after=_opens_the_way_to(ground, unit))
        elif unit in (ground.next_unit, ground.passed_unit):
            yield for_unit(ground, "practise", unit, sentence="fresh")


def _prepare(ground: Ground) -> Iterator[Candidate]:
    """Where initial skills are very low: the lowest unit that trains what is furthest from its target."""
    if ground.gaps.values and ground.gaps.mean_value < LOW_SKILLS:
        needed = [
            (gap, unit)
            for unit in ground.units
            if not unit.finished
            and not ground.course.open_prerequisites(unit)
            and (gap := ground.gaps.gap_of(unit.competencies) or 0.0) >= NOTICEABLE
        ]
        largest = max((gap for gap, _unit in needed), default=0.0)
        highest = len(ground.gaps.levels)

        def height(found: tuple[float, Unit]) -> tuple[int, float, int]:
            number = ground.gaps.level_number(found[1].level)
            return (highest if number is None else number, -found[0], found[1].order)

        # What is nearly reached is no preparation, however easy.
        for _gap, unit in sorted((one for one in needed if one[0] * 2 >= largest), key=height)[:1]:
            yield for_unit(ground, "prepare", unit, after=_built_on(ground, unit))


def _take_diagnosis(ground: Ground) -> Iterator[Candidate]:
    """The entry diagnosis, while questions of it are open; all of it once more where it was answered in haste."""
    if diagnosis := _diagnosis(ground, "take_diagnosis"):
        yield diagnosis
    elif ground.learner["has_diagnosis"] and ground.facts.diagnosis_hasty:
        yield _questions(ground, "take_diagnosis", ground.facts.diagnosis_total)


def _diagnosis(ground: Ground, kind: str) -> Candidate | None:
    """The entry diagnosis as the target, where questions of it are open."""
    facts = ground.facts
    if not (ground.learner["has_diagnosis"] and ground.learner["diagnosis_left"]) or facts.diagnosis_key in facts.done:
        return None
    return _questions(ground, kind, facts.diagnosis_total - facts.diagnosis_answered)


def _questions(ground: Ground, kind: str, left: int) -> Candidate:
    """So many questions of the entry diagnosis as something to do."""
    facts = ground.facts
    minutes = left * facts.diagnosis_minutes / facts.diagnosis_total if facts.diagnosis_minutes else left * PER_QUESTION
    return candidate(
        ground,
        kind=kind,
        target=facts.diagnosis_key,
        role="diagnostic",
        title=ground.course.title_of(facts.diagnosis_key),
        order=-1,
        minutes=max(ceil(minutes), 1),
        unit=None,
    )


def _review(ground: Ground) -> Iterator[Candidate]:
    """A problem solved only after many tries, or with the answer looked up."""
    for unit in ground.units:
        for block in unit.blocks:
            log = block.activity
            if (
                log
                and log.solved
                and not block.done
                and not block.closed
                and (log.answers_shown or log.wrong >= MANY_WRONG)
            ):
                urgency = min(log.answers_shown * 2 + log.wrong, MOST_URGENT)
                yield for_block(ground, "review", block, unit, urgency=urgency)


def _stretch(ground: Ground) -> Iterator[Candidate]:
    """When nothing is left to begin: the hardest unit, to carry it into one's own teaching.

    That is when all is finished, every target reached, or what was never opened trains only what is reached.

    Without a course map nobody knows what there is beyond the units that somebody has opened: then it is said
    of those alone, and only where there are a few. Who has failed a problem for good has something else to do.
    """
    reached = bool(ground.learner["targets_reached"])
    known = ground.course.given or sum(unit.role == "unit" for unit in ground.course.units) >= ENOUGH_UNITS
    finished = ground.learner["course_finished"] and not ground.learner["problems_closed"]
    fresh = [unit for unit in ground.units if not unit.seen and unit.competencies]
    spared = bool(fresh) and all(ground.gaps.reached(unit.competencies) for unit in fresh)
    if (finished or reached or spared) and known:

        def hardness(unit: Unit) -> tuple[int, float, int]:
            number = ground.gaps.level_number(unit.level)
            first_try = [b.activity.first_try_right for b in unit.blocks if b.activity and b.activity.answers]
            return (-1 if number is None else number, sum(right is False for right in first_try), unit.order)

        if reached or not spared:
            sentence = "reached" if reached else "" if ground.course.given else "known"
            if ground.units:
                yield for_unit(ground, "stretch", max(ground.units, key=hardness), sentence=sentence)
            return
        lacking = ground.gaps.largest_of(ground.gaps.gaps)
        short = ground.gaps.gaps[lacking] >= NOTICEABLE
        offer = for_unit(ground, "stretch", max(fresh, key=hardness), sentence="lacking" if short else "spared")
        yield about_competency(offer, lacking, ground.gaps) if short else offer


_PROPOSALS: tuple[Callable[[Ground], Iterator[Candidate]], ...] = (
    _retry,
    _revisit,
    _ask,
    _practise_instead,
    _read_first,
    _practise,
    _resume,
    _come_back,
    _start,
    _prepare,
    _take_diagnosis,
    _review,
    _stretch,
)


# --- parts -------------------------------------------------------------------------------------


def _to_study(facts: LearnerFacts, course: Course) -> Iterator[Unit]:
    """Units the learner has not marked done; one that only has the diagnostic is no unit to study."""
    for unit in course.units:
        only_diagnostic = unit.holds(facts.diagnosis_key) and not unit.problems
        if not unit.done and unit.key not in facts.done and not only_diagnostic:
            yield unit


def _built_on(ground: Ground, unit: Unit) -> Unit | None:
    """What a unit prepares for: not finished, and needs it first or trains the same at a higher level.

    Of several the one next in height, then with the largest gap, then in course order.
    """
    height = ground.gaps.level_number(unit.level)

    def steps(other: Unit) -> int | None:
        number = ground.gaps.level_number(other.level)
        above = number - height if number is not None and height is not None else 0
        same = bool(set(other.competencies) & set(unit.competencies))
        return max(above, 0) if unit.key in other.prerequisites or (same and above > 0) else None

    found = [
        (number, -(ground.gaps.gap_of(other.competencies) or 0.0), other.order, other)
        for other in ground.units
        if not other.finished and other is not unit and (number := steps(other)) is not None
    ]
    return min(found, key=lambda each: each[:3])[3] if found else None


def _opens_the_way_to(ground: Ground, unit: Unit) -> Unit | None:
    """Of the units that wait for this one, directly or further on, the one with the largest gap, if that is larger."""
    own = ground.gaps.gap_of(unit.competencies) or 0.0
    waiting: list[Unit] = []
    frontier = [unit]
    while frontier:
        before = frontier.pop()
        keys = {before.key, *(block.key for block in before.blocks)}
        for other in ground.units:
            if other not in (unit, *waiting) and not other.finished and not keys.isdisjoint(other.prerequisites):
                waiting.append(other)
                frontier.append(other)
    gaps = [(ground.gaps.gap_of(other.competencies) or 0.0, -other.order, other) for other in waiting]
    gap, _order, furthest = max(gaps, key=lambda each: each[:2], default=(0.0, 0, unit))
    return furthest if gap - own >= WORTH_THE_WAY else None


def _has_begun(ground: Ground) -> bool:
    """Whether the learner has done anything in the course but come to its door."""
    return any(ground.learner[name] for name in ("units_opened", "answers", "video_plays"))


def _minutes_left(unit: Unit) -> int:
    """What is still to do in a unit where something was done; 0 where that is all of it, or its parts do not say."""
    if not any(block.activity and (block.activity.answers or block.activity.plays) for block in unit.blocks):
        return 0
    unplayed = [b for b in unit.blocks if b.role == "video" and not (b.activity and b.activity.plays)]
    open_problems = [block for block in unit.problems if block.open]
    return min(sum(map(minutes_of, [*open_problems, *unplayed])), unit_minutes(unit))


def _only_failing(unit: Unit) -> bool:
    """All that is left are problems for which there is a retry."""
    left = [block for block in unit.problems if block.open]
    return bool(left) and all(block.failing for block in left)


def _trained(block: Block, unit: Unit) -> tuple[str, ...]:
    return (block.row.competencies if block.row else ()) or unit.competencies


def _been_back(block: Block, unit: Unit, first: Block | Unit) -> bool:
    """Whether the learner came back to the unit in a later sitting, and has used what explains the problem."""
    unplayed = isinstance(first, Block) and first.role == "video" and not (first.activity and first.activity.plays)
    last_us = block.activity.last_us if block.activity else 0
    return not unplayed and unit.last_us > last_us + LATER_US


def _explained_by(block: Block, unit: Unit) -> Block | Unit | None:
    """The last video before a problem in its unit, else the last text, else the unit."""
    before = [other for other in unit.blocks if other.order < block.order]
    for role in ("video", "text"):
        found = [other for other in before if other.role == role]
        if found:
            return found[-1]
    return unit if unit.key != block.key else None
