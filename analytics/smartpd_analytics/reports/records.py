"""A learner, an action, a course as flat records: what JSON and CSV have in common."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..data import Action, BlockActivity, LearnerActivity, say
from ..features import CourseSummary
from .run import RunReport

__all__ = ["FAILING", "action_record", "activity_record", "course_record", "failing", "link_to"]

#: Wrong answers in a row that make a problem one that somebody fails.
FAILING = 2


def link_to(course_key: str, usage_key: str) -> str:
    """The LMS's path to a block, without its host; the platform finds a bare block id as well. ``""`` for none."""
    if "@" in usage_key or "://" in usage_key:
        return f"/courses/{course_key}/jump_to/{usage_key}"
    return f"/courses/{course_key}/jump_to_id/{quote(usage_key, safe='')}" if usage_key else ""


def failing(activity: LearnerActivity) -> tuple[BlockActivity, ...]:
    """Problems failed at least twice since they were last right, the most failed first."""
    found = (block for block in activity.blocks if block.failing >= FAILING)
    return tuple(sorted(found, key=lambda block: (-block.failing, block.first_us, block.usage_key)))


def course_record(course: CourseSummary) -> dict[str, Any]:
    return {
        "course": course.course_key,
        "as_of": course.as_of.isoformat(),
        "first": course.first.isoformat(),
        "last": course.last.isoformat(),
        "learners": course.learners,
        "enrolled": course.enrolled,
        "enrolment_unknown": course.enrolment_unknown,
        "staff": course.staff,
        "right": course.right,
        "wrong": course.wrong,
        "staff_right": course.staff_right,
        "staff_wrong": course.staff_wrong,
        "units": course.units,
    }


def activity_record(activity: LearnerActivity, report: RunReport, lang: str) -> dict[str, Any]:
    return {
        "user_id": activity.user_id,
        "as_of": activity.as_of.isoformat(),
        "enrolled": activity.enrolled,
        "first_seen": activity.first_seen.isoformat(),
        "last_seen": activity.last_seen.isoformat(),
        "days_silent": round(activity.days_silent, 2),
        "active_days": activity.active_days,
        "sessions": activity.sessions,
        "minutes_on_task": activity.minutes,
        "answers": activity.answers,
        "right": activity.right,
        "wrong": activity.wrong,
        "fast_answers": activity.fast_answers,
        "answers_shown": activity.answers_shown,
        "first_try_right": activity.first_try_right,
        "problems_tried": activity.problems_tried,
        "problems_solved": activity.problems_solved,
        "failing": [
            {
                "target": block.usage_key,
                "title": _title(report, activity.course_key, block.usage_key, lang) or block.title,
                "wrong_in_a_row": block.failing,
                "attempts_used": block.attempts_used,
                "attempts_allowed": block.attempts_allowed,
                "closed": block.closed,
            }
            for block in failing(activity)
        ],
        "videos_played": activity.videos_played,
        "videos_completed": activity.videos_completed,
        "units_opened": activity.units_opened,
        "units_in_course": activity.units_in_course,
        "pace": activity.pace,
        "stopped_at": activity.stopped_at,
        "stopped_at_title": _title(report, activity.course_key, activity.stopped_at, lang),
    }


def _title(report: RunReport, course_key: str, usage_key: str, lang: str) -> str:
    return say(report.title_of(course_key, usage_key), lang)


def action_record(action: Action, course_key: str, lang: str) -> dict[str, Any]:
    return {
        "rank": action.rank,
        "kind": action.kind,
        "target": action.target,
        "title": say(action.title, lang),
        "minutes": action.minutes,
        "reason": say(action.reason, lang),
        "link": link_to(course_key, action.target),
        "first": action.first,
        "first_title": say(action.first_title, lang),
        "competencies": list(action.competencies),
    }
