"""The same activity, told by a tracking log and by the statements that event-routing-backends makes of it."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.store import StoreOptions, ingest, open_store

from tests.analytics.clickhouse.conftest import missing

ROOT = Path(__file__).resolve().parents[3]
PEERS = ROOT / "build" / "peers"
POST = re.compile(r"edx\.forum\.(?:thread|response|comment)\.")
#: Types of events that become one kind of statement.
ONE_NAME = {
    "edx.course.enrollment.mode_changed": "edx.course.enrollment.activated",
    "edx.course.grade.passed.first_time": "edx.course.grade.now_passed",
    "edx.video.closed_captions.shown": "show_transcript",
    "edx.video.closed_captions.hidden": "hide_transcript",
    "seq_goto": "edx.ui.lms.sequence.tab_selected",
    "seq_next": "edx.ui.lms.sequence.next_selected",
    "seq_prev": "edx.ui.lms.sequence.previous_selected",
}


@pytest.fixture(scope="module")
def peers():
    if not (PEERS / "event_routing_backends").is_dir():
        missing("event-routing-backends is not there: make engines puts it into build/peers")


def in_both_ways(clickhouse, log, folder):
    """The lines of a log that became statements, and these, each in a store; who is who is told."""
    kept, statements = folder / "kept.log", folder / "statements.jsonl"
    path = os.pathsep.join((str(PEERS), str(ROOT)))
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "benchmarks.xapi_peer", log, kept, statements],
        check=True, cwd=folder, capture_output=True, env={**environment, "PYTHONPATH": path},
    )  # fmt: skip
    made = [json.loads(each) for each in statements.read_text(encoding="utf-8").splitlines()]
    clickhouse.insert(made)
    people = set()
    for each in kept.read_text(encoding="utf-8").splitlines():
        event = json.loads(each)
        user_id, username = event["context"].get("user_id"), event["username"]
        if user_id and username:
            # The peer answers with an id made of whatever the line names somebody by.
            people |= {(str(uuid5(NAMESPACE_URL, str(name))), user_id, username) for name in (user_id, username)}
    clickhouse.tell_apart(sorted(people))
    options = StoreOptions(identified=True)
    ingest([kept], folder / "by_log", options=options)
    report = ingest([clickhouse.url()], folder / "by_statements", options=options)
    assert report.lines.quarantined == 0
    assert report.lines.ignored_reasons.keys() <= {"companion"}
    return folder / "by_log", folder / "by_statements"


def told(store, *columns):
    found = Counter()
    for row in open_store(store).arrow().to_pylist():
        # Responses and comments have one address.
        name = POST.sub("edx.forum.post.", ONE_NAME.get(row["name"], row["name"]))
        found[name, row["learner"], row["course_key"], *(row[column] for column in columns)] += 1
    return found


def test_a_course_gives_the_same_counts_for_each_learner(clickhouse, peers, tmp_path):
    made = tmp_path / "made"
    assert run(["simulate", "--out", str(made), "--learners", "12", "--weeks", "2", "--seed", "5", "--json"]) == 0
    by_log, by_statements = in_both_ways(clickhouse, made / "logs" / "tracking.log", tmp_path)
    counts = told(by_log)
    assert len({key[1] for key in counts}) >= 10
    assert len({key[0] for key in counts}) >= 10
    assert told(by_statements) == counts
    details = ("time_us", "usage_key", "earned", "possible", "attempt", "correct")
    assert told(by_statements, *details) == told(by_log, *details)


def test_every_event_of_the_fixtures_is_told_the_same(clickhouse, peers, tmp_path):
    # Menus become the same statements as transcripts; of an exam that a proctor ends, statements name the proctor.
    left_out = ("video_show_cc_menu", "video_hide_cc_menu", "edx.special_exam.proctored.")
    lines = []
    for number, path in enumerate(sorted((ROOT / "tests" / "fixtures" / "raw").glob("*.json"))):
        event = json.loads(path.read_text(encoding="utf-8"))
        if event["event_type"].startswith(left_out):
            continue
        # Apart in time: a statement's id is made of its actor, verb and time.
        event["time"] = (datetime.fromisoformat(event["time"]) + timedelta(seconds=number)).isoformat()
        lines.append(json.dumps(event))
    log = tmp_path / "fixtures.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    by_log, by_statements = in_both_ways(clickhouse, log, tmp_path)
    details = ("time_us", "usage_key", "earned", "possible", "attempt", "correct")
    counts = told(by_log, *details)
    assert len({key[0] for key in counts}) >= 25
    assert told(by_statements, *details) == counts
