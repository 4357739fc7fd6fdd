"""What the plugin's tests make things of: one course, answers, activity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from smartpd_analytics.api import (
    BlockActivity,
    ContentUnit,
    CourseMap,
    DiagnosisScore,
    LearnerActivity,
    load_framework,
    load_instrument,
    score_answers,
)

COURSE = "course-v1:Org+PD101+2026"
OTHER_COURSE = "course-v1:Org+PD102+2026"
TITLE = "Digital tools for teachers"
NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def key(block_type: str, name: str, course: str = COURSE) -> str:
    return f"{course.replace('course-v1', 'block-v1')}+type@{block_type}+block@{name}"


DIAGNOSTIC = key("smartpd_needs_diagnostic", "needs")


def score(answered: int = 22, option: str = "1", **chosen: str) -> DiagnosisScore:
    """The score of the first ``answered`` items of the bundled instrument, each answered by ``option``."""
    instrument = load_instrument("digcompedu_selfassessment")
    answers = {item.id: option for item in instrument.items[:answered]}
    return score_answers(instrument, load_framework(instrument.framework_id), {**answers, **chosen})


def course_map() -> CourseMap:
    units = [
        ContentUnit(key("vertical", "u1"), {"en": "Searching", "ru": "Поиск", "uz": "Qidirish"}, "vertical",
                    key("vertical", "u1"), 0, ("2.1",), "A2", 20, "read"),
        ContentUnit(key("video", "v1"), {"en": "How to search"}, "video", key("vertical", "u1"), 1, ("2.1",), "A2", 6),
        ContentUnit(key("problem", "p1"), {"en": "Find it"}, "problem", key("vertical", "u1"), 2, ("2.1",), "A2", 5),
        ContentUnit(key("vertical", "u2"), {"en": "Licences"}, "vertical", key("vertical", "u2"), 3, ("2.3",), "B1"),
    ]  # fmt: skip
    return CourseMap(tuple(units), "digcompedu")


def block(name: str, block_type: str = "problem", unit: str = "u1", **more: Any) -> BlockActivity:
    values = {"title": "Find it", "views": 1, "first_us": 1_790_000_000_000_000, "last_us": 1_790_000_100_000_000}
    return BlockActivity(key(block_type, name), block_type, key("vertical", unit), **{**values, **more})


def activity(
    learner: str = "primus", user_id: int | None = None, *, course: str = COURSE, as_of: datetime = NOW, **more: Any
) -> LearnerActivity:
    """A learner who failed one problem three times."""
    values: dict[str, Any] = {
        "enrolled": True,
        "first_seen": as_of - timedelta(days=10),
        "last_seen": as_of - timedelta(days=1),
        "active_days": 3,
        "sessions": 4,
        "minutes": 95.5,
        "answers": 3,
        "right": 0,
        "wrong": 3,
        "fast_answers": 0,
        "answers_shown": 0,
        "first_try_right": 0,
        "problems_tried": 1,
        "problems_solved": 0,
        "videos_played": 0,
        "videos_completed": 0,
        "units_opened": 1,
        "units_in_course": 2,
        "pace": None,
        "stopped_at": key("vertical", "u1"),
        "blocks": (block("p1", answers=3, wrong=3, failing=3, first_try_right=False),),
    }
    return LearnerActivity(learner=learner, user_id=user_id, course_key=course, as_of=as_of, **{**values, **more})
