"""Small logs for the tests of the store: lines of the fixtures, with other times, learners and courses."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from smartpd_analytics.store import open_store

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
CHECK = json.loads((RAW / "problem_check.json").read_text(encoding="utf-8"))
PLAY = json.loads((RAW / "play_video.json").read_text(encoding="utf-8"))
LOGIN = json.loads((RAW / "edx.user.login.json").read_text(encoding="utf-8"))
START = datetime(2026, 8, 30, tzinfo=UTC)
COURSES = ("course-v1:TUIT+DC101+2026", "course-v1:TUIT+DC102+2026", "Old/Course/Run")


def line(number, *, learner=None, course=None, template=CHECK, user_id="", username=None):
    """One line, unlike those of other numbers; a learner carries id and username unless told otherwise."""
    learner = number % 7 if learner is None else learner
    event = json.loads(json.dumps(template))
    event["time"] = (START + timedelta(minutes=7 * number)).isoformat()
    event["username"] = f"teacher{learner}" if username is None else username
    event["context"] |= {
        "user_id": 100 + learner if user_id == "" else user_id,
        "course_id": course or COURSES[number % len(COURSES)],
    }
    event["session"] = f"session{number:020}"
    return json.dumps(event)


def lines(first, last):
    """A mix as in real logs: events, a duplicate now and then, lines to ignore, lines that are broken."""
    found = []
    for number in range(first, last):
        found.append(line(number, template=PLAY if number % 3 == 1 else CHECK))
        if number % 10 == 3:
            found.append(found[-1])
        if number % 10 == 5:
            found.append(line(number, template=LOGIN))
        if number % 25 == 7:
            found.append(line(number)[:100])
        if number % 50 == 9:
            found.append("")
    return found


def written(path, content, end="\n"):
    path.write_bytes(("\n".join(content) + end).encode())
    return path


def events_of(store):
    """Every event of a store by digest, as often as it is there, and what became of the lines."""
    found = open_store(store)
    return Counter(found.arrow()["digest"].to_pylist()), found.account()


def rows_of(store):
    """Everything that is in the files of events, in order."""
    return open_store(store).arrow().to_pylist()


def all_bytes(store):
    """Every byte of a store, and everything that its Parquet files say unpacked."""
    found = b""
    for path in sorted(Path(store).rglob("*")):
        if path.is_file():
            found += path.read_bytes()
            if path.suffix == ".parquet":
                found += repr(pq.read_table(path, partitioning=None).to_pylist()).encode()
    return found
