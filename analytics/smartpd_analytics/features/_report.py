"""From rows of numbers to what is known of each learner and each course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

import narwhals as nw

from ..data import BlockActivity, CourseMap, LearnerActivity, Text, say
from ..planning import complete_course_map, part_for_course, unmet_keys
from ..store import from_us, to_us
from ._answers import answers
from ._attempts import Attempts, Tries, attempts
from ._blocks import block_use, catalogue
from ._course import Seen, observed
from ._events import MICRO, PERSON, personal_events, rows
from ._own_blocks import OwnBlocks, own_blocks
from ._time import DAY_US, learners, timed, unit_times

__all__ = ["ActivityReport", "CourseSummary", "learner_activity", "observed_course_map"]

#: Learners who opened a unit from which on a course has a median pace.
_ENOUGH_LEARNERS = 3
_WEEK_US = 7 * DAY_US

_Row = Mapping[str, Any]
_Person = tuple[str, int]


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """One course in numbers, up to ``as_of``.

    ``learners`` are all but staff, ``enrolled`` those of them whose last enrolment event is no departure, None
    where the log has no enrolment event of any of them; ``enrolment_unknown`` are those of whom it has none.
    ``right`` and ``wrong`` count the graded answers of everybody; ``staff_right`` and ``staff_wrong`` are
    the part of staff. ``units`` is the number of units, by the course map or as far as anybody opened them.
    """

    course_key: str
    as_of: datetime
    learners: int
    enrolled: int | None
    enrolment_unknown: int
    staff: int
    right: int
    wrong: int
    staff_right: int
    staff_wrong: int
    first: datetime
    last: datetime
    units: int


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """What a log tells: learners by (course key, learner), courses by key.

    ``maps`` has each course as the log shows it, completed by the course map given; ``mapped`` are the keys
    of the courses that the course map given is about, ``unmet`` those of its keys for these courses that no line
    has. ``own_blocks`` is by (course key, learner).
    """

    learners: tuple[LearnerActivity, ...]
    courses: tuple[CourseSummary, ...]
    maps: Mapping[str, CourseMap] = field(default_factory=dict)
    mapped: frozenset[str] = frozenset()
    unmet: frozenset[str] = frozenset()
    own_blocks: Mapping[tuple[str, str], OwnBlocks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Course:
    """The rows of one course."""

    people: list[_Row]
    units: list[_Row]
    uses: list[_Row]
    answers: list[_Row]
    blocks: Mapping[str, _Row]
    attempts: Attempts


def learner_activity(
    table: Any,
    *,
    course_map: CourseMap | None = None,
    course_maps: Mapping[str, CourseMap] | None = None,
    as_of: datetime | None = None,
) -> ActivityReport:
    """What every learner did in every course, from the event table alone.

    Args:
        table: one column per field of ``data.Event``, as ``store.read_event_log`` gives it (pyarrow; computed
            by DuckDB), or the same columns in any engine that Narwhals knows (pandas with Arrow types, DuckDB,
            Spark), which then computes.
        course_map: which unit trains what; it is used for the courses that its keys belong to, and counts
            units that nobody opened.
        course_maps: the map of each course by its key, instead of one for all.
        as_of: the day of the report, with a time zone; nothing later counts. None for the newest event of
            each course.

    Returns:
        Learners without staff (people who acted as staff in that course), sorted by course key and learner.

    Raises:
        InputError: ``as_of`` has no time zone.
    """
    as_of_us = None if as_of is None else to_us(as_of)
    events = personal_events(table, as_of_us=as_of_us)
    own = own_blocks(events)
    found_learners: list[LearnerActivity] = []
    summaries: list[CourseSummary] = []
    maps: dict[str, CourseMap] = {}
    mapped: set[str] = set()
    met: set[str] = set()
    unmet: set[str] = set()
    for course_key, course in sorted(_courses(events).items()):
        seen = Seen(course_key, course.blocks, course.units, course.uses)
        if course_maps is not None:
            mine = course_maps.get(course_key)
        else:
            mine = part_for_course(course_map, course_key, seen.keys) if course_map is not None else None
        maps[course_key] = observed(seen) if mine is None else complete_course_map(mine, observed(seen))
        if mine is not None:
            mapped.add(course_key)
            missed = unmet_keys(mine, seen.keys)
            unmet |= missed
            met |= {unit.usage_key for unit in mine.units} - missed
        end_us = as_of_us if as_of_us is not None else max(row["last_any"] for row in course.people)
        activities = _learners(course_key, course, maps[course_key], end_us)
        found_learners.extend(activities)
        summaries.append(_summary(course_key, course, activities, maps[course_key], end_us))
    named = {(course, name or f"user:{nameless}"): blocks for (course, name, nameless), blocks in own.items()}
    return ActivityReport(
        tuple(found_learners),
        tuple(summaries),
        maps,
        mapped=frozenset(mapped),
        unmet=frozenset(unmet - met),
        own_blocks=named,
    )


def observed_course_map(table: Any, course_key: str) -> CourseMap:
    """One course as the log shows it: units that anybody opened and the blocks in them, in course order.

    The order is the one in which most people first met them. Titles are the blocks' own where a line names
    them; a unit, which no line names, is called by its first named block. ``minutes`` is the length of a
    video, else the median of what learners spent, None where fewer than three spent any time. Empty for a course
    that the log does not have.
    """
    events = personal_events(table).filter(nw.col("course_key") == course_key)
    course = _courses(events).get(course_key)
    return observed(Seen(course_key, course.blocks, course.units, course.uses)) if course else CourseMap()


def _courses(events: Any) -> dict[str, _Course]:
    here = timed(events)
    people = _by_course(learners(events, here))
    units = _by_course(unit_times(here), "unit_key")
    uses = _by_course(block_use(here), "usage_key")
    graded = _by_course(answers(events), "usage_key")
    tries = attempts(events)
    blocks: dict[str, dict[str, _Row]] = defaultdict(dict)
    for row in rows(catalogue(events)):
        blocks[row["course_key"]][row["usage_key"]] = row
    return {
        key: _Course(found, units.get(key, []), uses.get(key, []), graded.get(key, []), blocks[key], tries)
        for key, found in people.items()
    }


def _by_course(frame: Any, *more: str) -> dict[str, list[_Row]]:
    keys = (*PERSON, *more)
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in sorted(rows(frame), key=lambda row: tuple(row[key] for key in keys)):
        found[row["course_key"]].append(row)
    return found


def _unit_keys(course_map: CourseMap) -> frozenset[str]:
    return frozenset(unit.unit_key for unit in course_map.units if unit.unit_key)


# --- learners ---------------------------------------------------------------------------------


def _learners(course_key: str, course: _Course, course_map: CourseMap, end_us: int) -> list[LearnerActivity]:
    blocks = _blocks_by_person(course_key, course, course_map)
    people = [row for row in course.people if not row["staff"]]
    in_course = _unit_keys(course_map)
    opened = {_person(row): {block.unit_key for block in blocks[_person(row)] if block.unit_key} for row in people}
    speed = {_person(row): len(opened[_person(row)]) * _WEEK_US / max(_WEEK_US, end_us - _first(row)) for row in people}
    moving = [value for value in speed.values() if value > 0]
    typical = median(moving) if len(moving) >= _ENOUGH_LEARNERS else 0.0
    found = []
    for row in people:
        person = _person(row)
        mine = blocks[person]
        graded = [block for block in mine if block.answers]
        videos = [block for block in mine if block.block_type == "video"]
        found.append(
            LearnerActivity(
                learner=row["username"] or f"user:{row['nameless_id']}",
                user_id=row["person_id"] if row["person_id"] >= 0 else None,
                course_key=course_key,
                as_of=from_us(end_us),
                enrolled=None if row["enrolled"] is None else bool(row["enrolled"]),
                first_seen=from_us(_first(row)),
                last_seen=from_us(row["last_any"] if row["last_us"] is None else row["last_us"]),
                active_days=row["active_days"] or 0,
                sessions=row["sessions"] or 0,
                minutes=round((row["spent_us"] or 0) / (60 * MICRO), 1),
                answers=sum(block.answers for block in graded),
                right=sum(block.right for block in graded),
                wrong=sum(block.wrong for block in graded),
                fast_answers=sum(block.fast_answers for block in graded),
                answers_shown=sum(block.answers_shown for block in mine),
                first_try_right=sum(block.first_try_right is True for block in graded),
                problems_tried=len(graded),
                problems_solved=sum(block.solved for block in graded),
                videos_played=sum(block.plays > 0 for block in videos),
                videos_completed=sum(block.completions > 0 for block in videos),
                units_opened=len(opened[person]),
                units_in_course=len(in_course | opened[person]),
                pace=round(speed[person] / typical, 3) if typical else None,
                stopped_at=_stopped_at(mine),
                blocks=mine,
            )
        )
    return sorted(found, key=lambda activity: activity.learner)


def _person(row: _Row) -> _Person:
    return row["username"], row["nameless_id"]


def _first(row: _Row) -> int:
    first: int = row["first_any"] if row["first_us"] is None else row["first_us"]
    return first


def _stopped_at(blocks: Iterable[BlockActivity]) -> str:
    last = max((block for block in blocks if block.unit_key), key=lambda b: (b.last_us, b.unit_key), default=None)
    return last.unit_key if last else ""


def _blocks_by_person(
    course_key: str, course: _Course, course_map: CourseMap
) -> dict[_Person, tuple[BlockActivity, ...]]:
    """Units and blocks of everybody who is no staff, in the order in which they first met them."""
    graded = {(_person(row), row["usage_key"]): row for row in course.answers}
    mapped = {unit.usage_key: unit for unit in course_map.units}
    ids = {_person(row): row["person_id"] for row in course.people}
    found: dict[_Person, list[BlockActivity]] = defaultdict(list)

    def title(key: str) -> str:
        own = course.blocks[key]["title"] if key in course.blocks else ""
        given: Text = mapped[key].title if key in mapped else {}
        return own or say(given, "en")

    for row in course.units:
        if not row["staff"]:
            key = row["unit_key"]
            unit = BlockActivity(
                usage_key=key,
                block_type="vertical",
                unit_key=key,
                title=title(key),
                views=row["views"],
                seconds=row["spent_us"] // MICRO,
                first_us=row["first_us"],
                last_us=row["last_us"],
            )
            found[_person(row)].append(unit)
    for row in course.uses:
        if not row["staff"]:
            key = row["usage_key"]
            unit_key = course.blocks[key]["unit_key"] or (mapped[key].unit_key if key in mapped else "")
            name, nameless = person = _person(row)
            given = graded.get((person, key))
            tries = course.attempts.of(
                course_key,
                key,
                username=name,
                nameless_id=nameless,
                person_id=ids.get(person, -1),
                answered_us=given["answered_us"] if given else -1,
            )
            block = _block(row, course.blocks[key], unit_key, title(key), graded=given, tries=tries)
            found[_person(row)].append(block)
    ordered: dict[_Person, tuple[BlockActivity, ...]] = defaultdict(tuple)
    for person, blocks in found.items():
        ordered[person] = tuple(sorted(blocks, key=lambda block: (block.first_us, block.usage_key)))
    return ordered


def _block(row: _Row, about: _Row, unit_key: str, title: str, *, graded: _Row | None, tries: Tries) -> BlockActivity:
    # Old players only say that a video stopped at its end; new ones say both.
    completions = max(row["completes"] or row["stops"], row["marks"])
    right, wrong = (graded["right"], graded["wrong"]) if graded else (0, 0)
    # What the course team has taken back is neither failed nor solved, though it was answered.
    failing = graded["failing"] if graded and not tries.forgotten else 0
    return BlockActivity(
        usage_key=row["usage_key"],
        block_type=about["block_type"],
        unit_key=unit_key,
        title=title,
        answers=right + wrong,
        right=right,
        wrong=wrong,
        first_try_right=bool(graded["first_right"]) if graded and graded["first_known"] else None,
        failing=failing,
        solved=bool(right and not tries.forgotten and not failing),
        fast_answers=graded["fast"] if graded else 0,
        answers_shown=row["shown"],
        attempts_used=tries.used,
        attempts_allowed=tries.allowed,
        refused=tries.refused,
        taken_back=tries.forgotten,
        plays=row["plays"],
        completions=completions,
        views=row["views"],
        seconds=row["spent_us"] // MICRO,
        first_us=row["first_us"],
        last_us=row["last_us"],
    )


# --- courses ----------------------------------------------------------------------------------


def _summary(
    course_key: str, course: _Course, activities: Sequence[LearnerActivity], course_map: CourseMap, end_us: int
) -> CourseSummary:
    def total(name: str, *, staff_only: bool = False) -> int:
        return sum(row[name] for row in course.answers if row["staff"] or not staff_only)

    unknown = sum(activity.enrolled is None for activity in activities)
    return CourseSummary(
        course_key=course_key,
        as_of=from_us(end_us),
        learners=len(activities),
        enrolled=sum(activity.enrolled is True for activity in activities) if unknown < len(activities) else None,
        enrolment_unknown=unknown,
        staff=sum(row["staff"] for row in course.people),
        right=total("right"),
        wrong=total("wrong"),
        staff_right=total("right", staff_only=True),
        staff_wrong=total("wrong", staff_only=True),
        first=from_us(min(row["first_any"] for row in course.people)),
        last=from_us(max(row["last_any"] for row in course.people)),
        units=len(_unit_keys(course_map)),
    )
