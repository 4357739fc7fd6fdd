"""Random logs with every kind of event that the features know, for properties."""

from __future__ import annotations

import random

from tests.analytics.features.feature_events import (
    COURSE,
    answered,
    at,
    enrolled,
    event,
    key,
    opened,
    staff,
    video,
)

OTHER = "course-v1:Org+C2+R1"
DAYS = 60
_NAMED = (
    ("edx.forum.thread.viewed", "forum"),
    ("edx.forum.comment.created", "forum"),
    ("edx.forum.thread.voted", "forum"),
    ("smartpd.pres.submitted", "pres"),
    ("smartpd.matrix.cell_marked", "matrix"),
    ("smartpd.diagnosis.answered", "diagnosis"),
)
_PEOPLE = (("ona", 1), ("bek", 2), ("lola", 3), ("", 4), ("aziz", 5), ("malika", 6))


def many_events(seed: int, number: int = 300):
    """Events of six people, one known by id alone, and of one member of staff, in two courses over ``DAYS`` days."""
    dice = random.Random(seed)  # noqa: S311
    yield staff(at(days=dice.random() * DAYS), "boss", user_id=99)
    moment = {name: dice.random() * DAYS for name, _ in _PEOPLE}
    for _ in range(number):
        name, number_ = dice.choice(_PEOPLE)
        if dice.random() < 0.25:
            moment[name] = dice.random() * DAYS
        moment[name] = min(moment[name] + dice.choice([0, 1, 30, 300, 4000]) / 86400, DAYS)
        shown = name if dice.random() < 0.9 else ""
        who = {"user_id": number_ if not shown or dice.random() < 0.8 else None}
        who["course_key"] = dice.choice([COURSE, COURSE, OTHER])
        who["client"] = dice.choice(["web", "web", "mobile"])
        yield _event(dice, at(days=moment[name]), shown, who)
    yield opened(at(days=1), "u1", "boss", user_id=99)


def _event(dice: random.Random, moment: int, name: str, who: dict):  # noqa: PLR0911
    unit, block = f"u{dice.randrange(4)}", f"b{dice.randrange(6)}"
    match dice.randrange(10):
        case 0 | 1:
            return opened(moment, unit, name, **who)
        case 2 | 3:
            tries = dice.choice([None, 1, 2])
            return answered(
                moment, block, dice.random() < 0.5, name, unit=dice.choice([unit, ""]), **{**who, "attempt": tries}
            )
        case 4:
            act = dice.choice(["play_video", "pause_video", "stop_video", "complete_video"])
            return video(moment, act, block, name, duration=95.5, **who)
        case 5:
            return enrolled(moment, name, still=dice.random() < 0.7, **who)
        case 6:
            hint = dice.choice(["showanswer", "edx.problem.hint.demandhint_displayed"])
            return event(moment, hint, "problem", name, usage_key=key("problem", block), **who)
        case 7:
            done = {"earned": dice.choice([0.0, 1.0]), "possible": 1.0, "usage_key": key("html", block)}
            name_ = "edx.completion.block_completion.changed"
            return event(moment, name_, "completion", name, unit_key=key("vertical", unit), **done, **who)
        case 8:
            grade = {"earned": dice.randrange(100) / 100, "possible": 1.0}
            return event(moment, "edx.grades.course.grade_calculated", "grade", name, **grade, **who)
    act, kind = dice.choice(_NAMED)
    return event(moment, act, kind, name, **who)
