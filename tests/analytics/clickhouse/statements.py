"""Statements of some learners, as many as a test wants: those of the fixtures, with other times and ids."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "xapi" / "raw"
START = datetime(2026, 8, 30, tzinfo=UTC)
COURSES = ("course-v1:TUIT+DC101+2026", "course-v1:TUIT+DC102+2026")
TEMPLATES = {
    name: (RAW / f"{name}.json").read_text(encoding="utf-8")
    for name in ("problem_evaluated", "video_played", "problem_attempted")
}


def learner(number):
    """The id that stands in the statements of a learner."""
    return str(uuid5(NAMESPACE_URL, f"learner {number}"))


def statement(number, template="problem_evaluated", who=None):
    """One statement, 29 minutes after that of the number before."""
    made = json.loads(TEMPLATES[template].replace("course-v1:SmartPD+DC101+demo", COURSES[number % 2]))
    made["id"] = str(uuid5(NAMESPACE_URL, f"statement {number}"))
    made["actor"]["account"]["name"] = who or learner(number % 7)
    made["timestamp"] = (START + timedelta(minutes=29 * number, microseconds=7)).isoformat()
    return made


def statements(first, last, step=1):
    """Some: of ten, one is a companion of another and one of a kind that is not listed."""
    made = []
    for number in range(first, last, step):
        kind = ("video_played", "problem_attempted")[number % 10 == 5] if number % 3 == 1 or number % 10 == 5 else None
        each = statement(number, kind or "problem_evaluated")
        if number % 10 == 9:
            each["verb"]["id"] = "http://adlnet.gov/expapi/verbs/imported"
        made.append(each)
    return made
