"""The learner's facts, computed: one value for every fact of scope ``learner`` (``expert.FACTS``)."""

from __future__ import annotations

from datetime import datetime

from ..data import LearnerActivity, LearnerFacts
from ..expert import FactValue
from ._course import Course
from ._gaps import NOTICEABLE, Gaps

__all__ = ["learner_facts"]

_DAY = 86_400.0


def learner_facts(facts: LearnerFacts, course: Course, gaps: Gaps) -> dict[str, FactValue]:
    """Every learner fact; 0, false where nothing is known."""
    return {
        **_from_log(facts.activity, facts.as_of),
        **_from_course(course),
        "hours_a_week": float(facts.hours_a_week),
        "sitting_minutes": float(facts.sitting_minutes),
        "slow_connection": facts.slow_connection,
        "has_diagnosis": facts.diagnosis_total > 0 and bool(facts.diagnosis_key),
        "diagnosis_answered": float(facts.diagnosis_answered),
        "diagnosis_total": float(facts.diagnosis_total),
        "diagnosis_left": float(max(facts.diagnosis_total - facts.diagnosis_answered, 0)),
        "diagnosis_hasty": facts.diagnosis_hasty,
        "has_estimates": bool(gaps.values),
        "competencies_estimated": float(len(gaps.values)),
        "mean_estimate": gaps.mean_value,
        "largest_gap": max(gaps.gaps.values(), default=0.0),
        "targets_reached": bool(gaps.gaps)
        and max(gaps.gaps.values()) < NOTICEABLE
        and all(competency in gaps.gaps for unit in course.units for competency in unit.competencies)
        and facts.diagnosis_answered >= facts.diagnosis_total,
    }


def _from_log(log: LearnerActivity | None, as_of: datetime) -> dict[str, FactValue]:
    if log is None:
        numbers = (
            "days_since_start", "days_silent", "days_of_activity", "usual_gap", "active_days", "sessions", "minutes",
            "answers", "right", "wrong", "right_share", "fast_answers", "fast_share", "answers_shown",
            "problems_tried", "problems_solved", "first_try_share", "videos_played", "video_plays", "videos_completed",
        )  # fmt: skip
        return {**dict.fromkeys(numbers, 0.0), "has_activity": False, "has_pace": False, "pace": 1.0}
    span = _days(log.first_seen, log.last_seen)
    return {
        "has_activity": True,
        "days_since_start": _days(log.first_seen, as_of),
        "days_silent": _days(log.last_seen, as_of),
        "days_of_activity": span,
        "usual_gap": span / (log.active_days - 1) if log.active_days > 1 else 0.0,
        "active_days": float(log.active_days),
        "sessions": float(log.sessions),
        "minutes": float(log.minutes),
        "has_pace": log.pace is not None,
        "pace": log.pace if log.pace is not None else 1.0,
        "answers": float(log.answers),
        "right": float(log.right),
        "wrong": float(log.wrong),
        "right_share": _share(log.right, log.answers),
        "fast_answers": float(log.fast_answers),
        "fast_share": _share(log.fast_answers, log.answers),
        "answers_shown": float(log.answers_shown),
        "problems_tried": float(log.problems_tried),
        "problems_solved": float(log.problems_solved),
        "first_try_share": _share(log.first_try_right, log.problems_tried),
        "videos_played": float(log.videos_played),
        "video_plays": float(max(sum(block.plays for block in log.blocks), log.videos_played)),
        "videos_completed": float(log.videos_completed),
    }


def _from_course(course: Course) -> dict[str, FactValue]:
    opened = [unit for unit in course.units if unit.seen]
    unfinished = [unit for unit in course.units if not unit.finished]
    return {
        "problems_failing": float(sum(block.failing for unit in course.units for block in unit.blocks)),
        "problems_closed": float(sum(block.given_up for unit in course.units for block in unit.blocks)),
        "problems_waiting": float(sum(len(unit.waiting) for unit in opened if not unit.done)),
        "units_opened": float(len(opened)),
        "units_in_course": float(len(course.units)),
        "units_left": float(sum(not unit.seen for unit in unfinished)),
        "units_unfinished": float(sum(unit.seen for unit in unfinished)),
        "course_known": course.given,
        "course_finished": bool(course.units) and not unfinished,
    }


def _days(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / _DAY, 0.0)


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole else 0.0
