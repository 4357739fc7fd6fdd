"""Raw lines of a tracking log, as the platform writes them, for tests of the whole path."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

COURSE = "course-v1:Org+C1+R1"
START = datetime(2026, 9, 7, 6, tzinfo=UTC)


def key(block_type: str, block_id: str) -> str:
    return f"block-v1:Org+C1+R1+type@{block_type}+block@{block_id}"


def line(event_type: str, event: object, username: str, *, minutes: float, source: str = "server", **context) -> str:
    user_id = sum(username.encode())
    return json.dumps(
        {
            "name": event_type,
            "event_type": event_type,
            "event_source": source,
            "time": (START + timedelta(minutes=minutes)).isoformat(),
            "username": username,
            "context": {"user_id": user_id, "course_id": COURSE, "path": "/event", **context},
            "event": event,
            "referer": "",
            "page": None,
        },
        ensure_ascii=False,
    )


def opens(username: str, unit: str, minutes: float) -> str:
    path = f"/xblock/{key('vertical', unit)}"
    query = json.dumps({"GET": {"view": ["student_view"]}, "POST": {}})
    return line(path, query, username, minutes=minutes, path=path, course_id="")


def checks(username: str, problem: str, right: bool, minutes: float, *, unit: str = "u1", title: str = "") -> str:
    usage_key = key("problem", problem)
    event = {
        "problem_id": usage_key,
        "success": "correct" if right else "incorrect",
        "grade": int(right),
        "max_grade": 1,
        "attempts": 1,
    }
    found = json.loads(
        line(
            "problem_check",
            event,
            username,
            minutes=minutes,
            path=f"/courses/{COURSE}/xblock/{usage_key}/handler/xmodule_handler/problem_check",
            module={"display_name": title or f"Problem {problem}", "usage_key": usage_key},
        )
    )
    found["referer"] = f"http://lms/xblock/{key('vertical', unit)}?view=student_view"
    return json.dumps(found, ensure_ascii=False)


def plays(username: str, video: str, minutes: float, *, unit: str = "u1", name: str = "play_video") -> str:
    event = json.dumps({"id": video, "currentTime": 0, "duration": 120})
    found = json.loads(line(name, event, username, minutes=minutes, source="browser"))
    found["page"] = f"http://lms/xblock/{key('vertical', unit)}?view=student_view"
    return json.dumps(found)


def enrols(username: str, minutes: float = 0, *, leaves: bool = False) -> str:
    name = f"edx.course.enrollment.{'deactivated' if leaves else 'activated'}"
    event = {"user_id": sum(username.encode()), "course_id": COURSE, "mode": "audit"}
    return line(name, event, username, minutes=minutes)


def teaches(username: str, minutes: float = 0) -> str:
    """What the instructor's page asks of the server, once the server has shown it."""
    found = json.loads(knocks(username, minutes, path=f"/courses/{COURSE}/instructor/api/list_instructor_tasks"))
    found["referer"] = f"http://lms/courses/{COURSE}/instructor"
    return json.dumps(found)


def knocks(username: str, minutes: float = 0, *, path: str = f"/courses/{COURSE}/instructor") -> str:
    """The address of the instructor's page was opened; the log does not say with what success."""
    return line(path, json.dumps({"GET": {}, "POST": {}}), username, minutes=minutes, path=path)


def rates(username: str, item: str, option: str, minutes: float, instrument: str = "digcompedu_selfassessment") -> str:
    """An answer to an item of a self-assessment."""
    usage_key = key("smartpd_needs_diagnostic", "d")
    payload = {
        "usage_key": usage_key,
        "instrument": instrument,
        "version": "1",
        "phase": "entry",
        "item": item,
        "competency": item.removeprefix("i").replace("_", "."),
        "option": option,
        "points": int(option),
        "answered": 1,
        "total": 22,
    }
    return line("smartpd.diagnosis.answered", payload, username, minutes=minutes)
