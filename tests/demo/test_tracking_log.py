"""The demo's tracking log has the platform's lines, to the key; golden files beside this one show them whole."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from smartpd_analytics.pipeline import read_event_log

from demo import clock
from demo.course import COURSE_KEY, usage_key

GOLDEN = Path(__file__).with_name("golden")
#: Top-level keys of any line of a running LMS, in its order.
LINE = [
    "name",
    "context",
    "username",
    "session",
    "ip",
    "agent",
    "host",
    "referer",
    "accept_language",
    "event",
    "time",
    "event_type",
    "event_source",
    "page",
]
#: Keys of the context: of a page line, of what a block publishes, of what the platform makes of a grade or completion.
PAGE = ["user_id", "path", "course_id", "org_id", "enterprise_uuid"]
PUBLISHED = ["course_id", "course_user_tags", "user_id", "path", "org_id", "enterprise_uuid", "module", "asides"]
OF_THE_PLATFORM = PUBLISHED[:-1]
AGENT = {
    "HTTP_USER_AGENT": "Mozilla/5.0 (test)",
    "HTTP_ACCEPT_LANGUAGE": "uz",
    "HTTP_REFERER": "http://127.0.0.1:8000/",
    "REMOTE_ADDR": "203.0.113.9",
}


@contextmanager
def one_evening():
    """A clock that goes on by a second each time it is looked at."""
    seconds = count()
    with clock.running_by(lambda: datetime(2026, 10, 5, 13, 0, next(seconds), tzinfo=UTC)):
        yield


@pytest.fixture
def evening(signed_in, tracking_log):
    """What newcomer did one evening, as lines by their event type."""
    with one_evening():
        client = signed_in("newcomer", **AGENT)
        client.get(f"/courses/{COURSE_KEY}/unit/checks/")
        base = f"/courses/{COURSE_KEY}/xblock"
        client.post_json(f"{base}/{usage_key('html', 'checks-text')}/handler/publish_completion", {})
        problem = f"{base}/{usage_key('problem', 'checks-gain')}/handler/xmodule_handler"
        client.post_json(f"{problem}/problem_check", {"answer": "30"})
        client.post_json(f"{problem}/problem_show", {})
        matrix = f"{base}/{usage_key('smartpd_learning_matrix', 'matrix')}/handler/mark_cell"
        client.post_json(matrix, {"cell": "checks-read", "status": "doing"})
    return [json.loads(line) for line in tracking_log()]


def named(lines, name):
    return [line for line in lines if line["event_type"] == name]


def test_the_lines_of_an_evening_are_the_golden_ones(evening):
    golden = (GOLDEN / "evening.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in golden] == evening


def test_the_acts_stand_in_the_platforms_order(evening):
    acts = [line["event_type"].split("/handler/")[-1] for line in evening]
    assert acts == [
        "edx.user.login",
        f"/xblock/{usage_key('vertical', 'checks')}",
        "publish_completion",
        "edx.completion.block_completion.changed",
        "xmodule_handler/problem_check",
        "edx.grades.problem.submitted",
        "edx.completion.block_completion.changed",
        "problem_check",
        "xmodule_handler/problem_show",
        "showanswer",
        "mark_cell",
        "edx.completion.block_completion.changed",
        "smartpd.matrix.cell_marked",
    ]


def test_every_line_has_the_platforms_keys_in_its_order(evening, tracking_log):
    for line in evening:
        assert list(line) == LINE
        assert line["event_source"] == "server"
        assert line["name"] == line["event_type"]
        assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0
        assert len(line["time"]) == len("2026-09-04T04:34:25.306047+00:00")
    assert all(" " in line and line.startswith('{"name": ') for line in tracking_log())


def test_a_unit_page_is_a_page_line_with_its_query_as_text(evening):
    (line,) = [line for line in evening if line["event_type"].startswith("/xblock/")]
    assert list(line["context"]) == PAGE
    assert line["context"]["path"] == line["event_type"]
    assert (line["context"]["course_id"], line["context"]["org_id"], line["page"]) == ("", "", None)
    assert json.loads(line["event"]) == {"GET": {}, "POST": {}}


def test_what_a_block_publishes_says_module_and_page(evening):
    for name in ("problem_check", "showanswer", "smartpd.matrix.cell_marked"):
        (line,) = named(evening, name)
        assert list(line["context"]) == PUBLISHED
        assert list(line["context"]["module"]) == ["display_name", "usage_key"]
        assert line["page"] == "x_module"
        assert line["context"]["path"].startswith(f"/courses/{COURSE_KEY}/xblock/")


def test_a_graded_answer_has_the_keys_of_the_platforms(evening):
    (line,) = named(evening, "problem_check")
    event, input_id = line["event"], "checks-gain_2_1"
    keys = ["state", "problem_id", "answers", "grade", "max_grade", "correct_map", "success", "attempts", "submission"]
    assert list(event) == keys
    state = [
        "seed",
        "student_answers",
        "has_saved_answers",
        "correct_map",
        "correct_map_history",
        "input_state",
        "done",
    ]
    assert list(event["state"]) == state
    assert event["answers"] == {input_id: "30"}
    assert (event["grade"], event["max_grade"], event["success"], event["attempts"]) == (0, 1, "incorrect", 1)
    correctness = ["correctness", "npoints", "msg", "hint", "hintmode", "queuestate", "answervariable"]
    assert list(event["correct_map"][input_id]) == correctness
    submission = ["question", "answer", "response_type", "input_type", "correct", "variant", "group_label"]
    assert list(event["submission"][input_id]) == submission


def test_grades_and_completions_are_the_platforms_own_lines(evening):
    (grade,) = named(evening, "edx.grades.problem.submitted")
    assert list(grade["context"]) == OF_THE_PLATFORM
    assert grade["page"] is None
    assert grade["event"]["user_id"] == "106"
    assert (grade["event"]["weighted_earned"], grade["event"]["weighted_possible"]) == (0.0, 1.0)
    completions = named(evening, "edx.completion.block_completion.changed")
    assert [line["event"]["block_type"] for line in completions][:2] == ["html", "problem"]
    for line in completions:
        assert list(line["context"]) == OF_THE_PLATFORM
        assert list(line["event"]) == [
            "user_id",
            "course_id",
            "block_id",
            "block_type",
            "completion",
            "modified",
            "created",
        ]


def test_a_login_has_neither_name_nor_session(evening):
    (line,) = named(evening, "edx.user.login")
    assert (line["username"], line["session"], line["context"]["user_id"]) == ("", "", None)
    assert line["event"] == {"user_id": 106, "event_type": "login"}


def test_the_same_completion_is_told_once(signed_in, tracking_log):
    client = signed_in("newcomer")
    address = f"/courses/{COURSE_KEY}/xblock/{usage_key('html', 'checks-text')}/handler/publish_completion"
    for _time in range(3):
        client.post_json(address, {})
    assert sum('"name": "edx.completion' in line for line in tracking_log()) == 1


def test_the_cookie_of_the_session_is_never_written(signed_in, tracking_log):
    client = signed_in("newcomer")
    client.get(f"/courses/{COURSE_KEY}/unit/checks/")
    secret = client.cookies["sessionid"].value
    assert secret not in "".join(tracking_log())
    assert json.loads(tracking_log()[-1])["session"]


def test_what_learners_write_stays_out_of_the_log(signed_in, tracking_log):
    client = signed_in("newcomer")
    address = f"/courses/{COURSE_KEY}/xblock/{usage_key('smartpd_pres', 'pres')}/handler/save_draft"
    texts = {"position": "Nobody else reads this", "reason": "", "example": "", "summary": ""}
    assert client.post_json(address, {"texts": texts, "revision": 0}).status_code == 200
    assert "smartpd.pres.saved" in "".join(tracking_log())
    assert "Nobody else" not in "".join(tracking_log())


def test_a_full_disk_costs_a_line_and_not_the_answer(signed_in, settings, tmp_path):
    client = signed_in("newcomer")
    settings.DEMO_TRACKING_LOG = tmp_path / "no" / "such" / "folder" / "tracking.log"
    address = (
        f"/courses/{COURSE_KEY}/xblock/{usage_key('problem', 'checks-gain')}/handler/xmodule_handler/problem_check"
    )
    assert client.post_json(address, {"answer": "50"}).json()["solved"] is True


def test_the_analytics_reads_every_line(evening, settings):
    account = read_event_log([settings.DEMO_TRACKING_LOG]).account
    assert account.read == len(evening)
    assert account.quarantined == 0
    assert account.accepted >= 5
