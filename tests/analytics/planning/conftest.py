"""A small course and learners in it: four units, each with a text, a video and two problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from smartpd_analytics.data import BlockActivity, ContentUnit, CourseMap, LearnerActivity, LearnerFacts

COURSE = "course-v1:Org+C+R"
NOW = datetime(2026, 10, 11, 12, tzinfo=UTC)
DAY_US = 86_400_000_000
NOW_US = int(NOW.timestamp() * 1_000_000)


def key(block_type: str, name: str) -> str:
    return f"block-v1:Org+C+R+type@{block_type}+block@{name}"


def unit(number: int) -> str:
    return key("vertical", f"u{number}")


def problem(number: int, letter: str = "a") -> str:
    return key("problem", f"p{number}{letter}")


def video(number: int) -> str:
    return key("video", f"v{number}")


def course(units: int = 4, *, levels: str = "", needs: dict[int, tuple[int, ...]] | None = None) -> CourseMap:
    """``levels`` has one letter-and-digit pair for each unit; ``needs`` the units that come before a unit."""
    rows = []
    for number in range(1, units + 1):
        home, level = unit(number), levels[2 * number - 2 : 2 * number]
        before = tuple(unit(other) for other in (needs or {}).get(number, ()))
        trains = (f"{number}.1",) if levels else ()
        title = {"en": f"Unit {number}", "ru": f"Раздел {number}", "uz": f"{number}-boʻlim"}
        rows += [
            ContentUnit(
                home, title, "vertical", home, competencies=trains, level=level, minutes=20, prerequisites=before
            ),
            ContentUnit(key("html", f"t{number}"), {}, "html", home),
            ContentUnit(video(number), {"en": f"Video {number}"}, "video", home),
            ContentUnit(problem(number, "a"), {"en": f"Question {number}a"}, "problem", home),
            ContentUnit(problem(number, "b"), {}, "problem", home),
        ]
    placed = [ContentUnit(**{f: getattr(r, f) for f in r.__slots__} | {"position": i}) for i, r in enumerate(rows)]
    return CourseMap(tuple(placed), "digcompedu")


def viewed(number: int, *, days_ago: float = 1, views: int = 1) -> BlockActivity:
    at = NOW_US - int(days_ago * DAY_US)
    return BlockActivity(unit(number), "vertical", unit(number), "", views=views, first_us=at, last_us=at)


def played(number: int, plays: int = 1, *, days_ago: float = 1) -> BlockActivity:
    at = NOW_US - int(days_ago * DAY_US)
    return BlockActivity(video(number), "video", unit(number), f"Video {number}", plays=plays, first_us=at, last_us=at)


def tried(
    number: int, letter: str = "a", *, wrong: int = 0, solved: bool = False, days_ago: float = 1, **more: int
) -> BlockActivity:
    at = NOW_US - int(days_ago * DAY_US)
    return BlockActivity(
        problem(number, letter),
        "problem",
        unit(number),
        f"Question {number}{letter}",
        answers=wrong + solved,
        right=int(solved),
        wrong=wrong,
        first_try_right=wrong == 0,
        failing=0 if solved else wrong,
        solved=solved,
        first_us=at,
        last_us=at,
        **more,
    )


def activity(blocks: Iterable[BlockActivity], **more) -> LearnerActivity:
    """What the blocks add up to, for a learner of two weeks who was last here yesterday."""
    blocks = tuple(blocks)
    days_silent = more.pop("days_silent", 1.0)
    days_of_activity = more.pop("days_of_activity", 14.0)
    last = NOW - timedelta(days=days_silent)
    tries = [block for block in blocks if block.answers]
    values = {
        "learner": "learner",
        "user_id": 1,
        "course_key": COURSE,
        "as_of": NOW,
        "enrolled": True,
        "first_seen": last - timedelta(days=days_of_activity),
        "last_seen": last,
        "active_days": 6,
        "sessions": 7,
        "minutes": 120.0,
        "answers": sum(block.answers for block in blocks),
        "right": sum(block.right for block in blocks),
        "wrong": sum(block.wrong for block in blocks),
        "fast_answers": sum(block.fast_answers for block in blocks),
        "answers_shown": sum(block.answers_shown for block in blocks),
        "first_try_right": sum(bool(block.first_try_right) for block in tries),
        "problems_tried": len(tries),
        "problems_solved": sum(block.solved for block in blocks),
        "videos_played": sum(block.plays > 0 for block in blocks),
        "videos_completed": sum(block.completions > 0 for block in blocks),
        "units_opened": len({block.unit_key for block in blocks}),
        "units_in_course": 4,
        "pace": 1.0,
        "stopped_at": "",
        "blocks": blocks,
    }
    return LearnerActivity(**values | more)


def facts(blocks: Iterable[BlockActivity] | LearnerActivity | None = None, **more) -> LearnerFacts:
    log = blocks if blocks is None or isinstance(blocks, LearnerActivity) else activity(blocks)
    return LearnerFacts(learner="learner", course_key=COURSE, as_of=NOW, activity=log, **more)


@pytest.fixture(scope="session")
def small() -> SimpleNamespace:
    """The builders above, by name."""
    return SimpleNamespace(
        NOW=NOW, activity=activity, course=course, facts=facts, key=key, played=played, problem=problem, tried=tried,
        unit=unit, video=video, viewed=viewed,
    )  # fmt: skip


# --- learners of four habits ---------------------------------------------------------------------


@pytest.fixture(name="guesser")
def _guesser(small):
    blocks = [small.viewed(number) for number in (1, 2, 3, 4)]
    for number in (1, 2, 3, 4):
        fast = 4 if number == 3 else 1
        blocks += [
            small.tried(number, "a", wrong=3, solved=True, fast_answers=fast),
            small.tried(number, "b", wrong=2, solved=number != 3, fast_answers=1),
        ]
    return small.facts(blocks)


@pytest.fixture(name="watcher")
def _watcher(small):
    blocks = [part for number in (1, 2, 3, 4) for part in (small.viewed(number), small.played(number, 6))]
    return small.facts([*blocks, small.tried(1, "a", solved=True)])


@pytest.fixture(name="stopper")
def _stopper(small):
    blocks = [small.viewed(1, days_ago=30), small.tried(1, "a", wrong=2, days_ago=29), small.viewed(2, days_ago=29)]
    log = small.activity(
        blocks, days_silent=29.0, days_of_activity=5.0, active_days=3, pace=0.3, stopped_at=small.unit(2)
    )
    return small.facts(log)


@pytest.fixture(name="failer")
def _failer(small):
    blocks = [small.viewed(number) for number in (1, 2, 3, 4)]
    blocks += [small.tried(number, letter, solved=True) for number in (1, 2, 3, 4) for letter in "ab"][:-1]
    return small.facts([*blocks, small.tried(4, "b", wrong=3)])
