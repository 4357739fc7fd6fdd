"""Mastery from a store of events: first answers, in order, through the code that the LMS follows learners with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..data import CompetencyEstimate
from ..diagnosis import TrainedCompetencies
from ..diagnosis.mastery import MasteryModel, mastery_estimate, trace_answers
from ..diagnosis.mastery._fitting import fit_mastery
from ..errors import N_, InputError
from ..frameworks import load_framework
from ..planning import read_course_map
from ..store import open_store
from ._recommend import FRAMEWORK

__all__ = ["ENOUGH_ANSWERS", "ENOUGH_LEARNERS", "LearnerMastery", "MasteryReport", "mastery_from_store"]

#: A competency is fitted from this many first answers and learners on; below, the assumed skill stands.
ENOUGH_ANSWERS = 200
ENOUGH_LEARNERS = 30

#: The first known answer of each learner to each problem, in order of time. Whoever acted as staff tries problems
#: out, and does not count. The unit of a problem is the one that most lines name.
_FIRST_ANSWERS = """
    with homes as (
        select course_key, usage_key, mode(unit_key) as unit_key from smartpd_events
        where usage_key <> '' and unit_key <> '' and unit_key <> usage_key group by all
    ), firsts as (
        select course_key, learner, usage_key, min(time_us) as time_us, min(digest) as tie,
            arg_min(correct, (time_us, digest)) as correct
        from smartpd_events
        where kind = 'problem' and correct is not null and coalesce(attempt, 1) <= 1
        group by all
    )
    select firsts.course_key, learner, usage_key, coalesce(unit_key, ''), correct
    from firsts left join homes using (course_key, usage_key)
    order by time_us, course_key, learner, usage_key, tie
"""


@dataclass(frozen=True, slots=True)
class LearnerMastery:
    """Where one learner stands in one competency, by the answers of one course."""

    course_key: str
    learner: str
    estimate: CompetencyEstimate


@dataclass(frozen=True, slots=True)
class MasteryReport:
    """Estimates sorted by course key, learner and competency.

    ``answers`` counts the first answers found, ``unmapped`` those to problems for which the course map names no
    competency. ``fitted`` has, for each competency with answers, whether its parameters were fitted.
    """

    learners: tuple[LearnerMastery, ...]
    model: MasteryModel
    answers: int
    unmapped: int
    fitted: Mapping[str, bool]
    map_problems: tuple[str, ...] = ()


def mastery_from_store(
    store: str | Path,
    course_map_path: str | Path,
    *,
    model: MasteryModel | None = None,
    courses: Sequence[str] = (),
    until: datetime | None = None,
) -> MasteryReport:
    """Follow every learner through the first answers that a store holds.

    Args:
        store: folder of the store.
        course_map_path: which problem or unit trains which competency, YAML or CSV.
        model: the skills; None fits them to these answers, where there are enough (``ENOUGH_ANSWERS`` from
            ``ENOUGH_LEARNERS``), and assumes ``DEFAULT_SKILL`` elsewhere.
        courses: course keys; all when empty.
        until: answers before this time only, with a time zone.

    Raises:
        StoreError: there is no store.
        CourseMapError: the course map as a whole cannot be used.
        InputError: ``until`` has no time zone, or a course is not in the store.
    """
    course_map = read_course_map(course_map_path, load_framework(FRAMEWORK))
    events = open_store(store)
    known = [course.course_key for course in events.courses()]
    if unknown := sorted(set(courses) - set(known)):
        accepted = ", ".join(known) or N_("none: it is empty")
        problem = N_("the store has no course '{course}'")
        raise InputError(problem, file=str(store), accepted=accepted, course=unknown[0])
    relation = events.relation(courses=courses, until=until, with_staff=False)
    trained = TrainedCompetencies(course_map.units)
    rows = relation.query("smartpd_events", _FIRST_ANSWERS).fetchall()
    answers = [
        ((course_key, learner), competency_id, usage_key, bool(correct))
        for course_key, learner, usage_key, unit_key, correct in rows
        for competency_id in trained.of(usage_key, unit_key)
    ]
    model = model or _fitted(answers)
    states = trace_answers(model, answers)
    return MasteryReport(
        learners=tuple(
            LearnerMastery(course_key, learner, mastery_estimate(competency_id, state))
            for ((course_key, learner), competency_id), state in sorted(states.items(), key=lambda found: found[0])
        ),
        model=model,
        answers=len(rows),
        unmapped=sum(not trained.of(usage_key, unit_key) for _, _, usage_key, unit_key, _ in rows),
        fitted={competency_id: competency_id in model.skills for competency_id in sorted({a[1] for a in answers})},
        map_problems=course_map.problems,
    )


def _fitted(answers: Sequence[tuple[tuple[str, str], str, str, bool]]) -> MasteryModel:
    given = Counter(competency_id for _, competency_id, _, _ in answers)
    learners = Counter(competency_id for _, competency_id in {(who, what) for who, what, _, _ in answers})
    enough = {name for name, count in given.items() if count >= ENOUGH_ANSWERS and learners[name] >= ENOUGH_LEARNERS}
    used = [answer for answer in answers if answer[1] in enough]
    if not used:
        return MasteryModel()
    who, what, items, correct = zip(*used, strict=True)
    return fit_mastery(["\x1f".join(one) for one in who], what, correct, items)
