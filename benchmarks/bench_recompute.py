"""One learner's recommendations anew, as after an answer in the LMS: 300 units, 1,500 blocks, all bundled rules.

The peer is what the plugin cannot avoid: the learner's stored activity and the course map as JSON, read and
written once with the standard library.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from smartpd_analytics.api import (
    BlockActivity,
    CompetencyEstimate,
    ContentUnit,
    CourseMap,
    LearnerActivity,
    LearnerFacts,
    load_rules,
    recommend,
)

from benchmarks.figure import Figure, ratio

UNITS = 300
OPENED = 150
RUNS = 30
LEVELS = ("A1", "A2", "B1", "B2")
NOW = datetime(2026, 10, 11, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


def key(block_type: str, name: str) -> str:
    return f"block-v1:Simulated+Bench+1+type@{block_type}+block@{name}"


def course() -> CourseMap:
    rows = []
    for number in range(UNITS):
        unit = key("vertical", f"u{number}")
        before = (key("vertical", f"u{number - 1}"),) if number % 3 else ()
        title = {"en": f"Unit {number}", "ru": f"Раздел {number}", "uz": f"{number}-boʻlim"}
        trains = (f"{number % 6 + 1}.1",)
        rows.append(
            ContentUnit(
                unit,
                title,
                "vertical",
                unit,
                competencies=trains,
                level=LEVELS[number % 4],
                minutes=20,
                prerequisites=before,
            )
        )
        rows += [
            ContentUnit(key(kind, f"{kind}{number}{letter}"), {"en": f"{kind} {number}{letter}"}, kind, unit)
            for kind, letter in (("html", ""), ("video", ""), ("problem", "a"), ("problem", "b"))
        ]
    placed = [ContentUnit(**{**asdict(row), "position": position}) for position, row in enumerate(rows)]
    return CourseMap(tuple(placed), "digcompedu")


def activity() -> LearnerActivity:
    blocks = []
    for number in range(OPENED):
        unit, at = key("vertical", f"u{number}"), NOW_US - (OPENED - number) * 3_600_000_000
        times = {"first_us": at, "last_us": at}
        blocks.append(BlockActivity(unit, "vertical", unit, "", views=2, **times))
        blocks.append(BlockActivity(key("video", f"video{number}"), "video", unit, "", plays=1, **times))
        for letter, wrong in (("a", number % 4), ("b", 1)):
            solved = wrong < 3
            blocks.append(
                BlockActivity(
                    key("problem", f"problem{number}{letter}"),
                    "problem",
                    unit,
                    "",
                    answers=wrong + solved,
                    right=int(solved),
                    wrong=wrong,
                    first_try_right=not wrong,
                    failing=0 if solved else wrong,
                    solved=solved,
                    attempts_used=wrong + solved,
                    attempts_allowed=3 + number % 2,
                    **times,
                )
            )
    graded = [block for block in blocks if block.answers]
    return LearnerActivity(
        learner="simulated-1",
        user_id=1,
        course_key="course-v1:Simulated+Bench+1",
        as_of=NOW,
        enrolled=True,
        first_seen=NOW - timedelta(days=60),
        last_seen=NOW - timedelta(days=1),
        active_days=30,
        sessions=40,
        minutes=2_000.0,
        answers=sum(block.answers for block in graded),
        right=sum(block.right for block in graded),
        wrong=sum(block.wrong for block in graded),
        fast_answers=0,
        answers_shown=0,
        first_try_right=sum(block.first_try_right is True for block in graded),
        problems_tried=len(graded),
        problems_solved=sum(block.solved for block in graded),
        videos_played=OPENED,
        videos_completed=0,
        units_opened=OPENED,
        units_in_course=UNITS,
        pace=1.0,
        stopped_at=key("vertical", f"u{OPENED - 1}"),
        blocks=tuple(blocks),
    )


def measure() -> list[Figure]:
    course_map, rules = course(), load_rules()
    facts = LearnerFacts(
        learner="simulated-1",
        course_key="course-v1:Simulated+Bench+1",
        as_of=NOW,
        activity=activity(),
        estimates=tuple(CompetencyEstimate(f"{area}.1", 0.3, 0.1, "combined", 3) for area in range(1, 7)),
        diagnosis_answered=22,
        diagnosis_total=22,
        diagnosis_key=key("smartpd_needs_diagnostic", "d"),
    )
    stored = json.dumps([asdict(facts.activity), asdict(course_map)], default=str)

    def ours() -> object:
        return recommend(facts, course_map, rules=rules)

    def peer() -> object:
        return json.dumps(json.loads(stored))

    assert ours().actions
    times = []
    for _run in range(RUNS):
        started = time.process_time()
        ours()
        times.append(time.process_time() - started)
    return [
        Figure(
            "recompute_of_one_learner",
            min(times) * 1_000,
            must=30,
            aim=20,
            unit=f"ms of CPU in the least disturbed of {RUNS} runs, {UNITS} units, {len(rules.rules)} rules",
        ),
        Figure(
            "recompute_over_json",
            ratio(ours, peer, pairs=15),
            must=3,
            aim=1.5,
            unit="times the wall time of reading and writing the same activity and course map as JSON",
        ),
    ]
