"""Everything odd that real logs hold: none of it stops or distorts a run."""

import copy
import json
from pathlib import Path

import pytest
from smartpd_analytics.data import Event
from smartpd_analytics.tracking import MAX_LINE_BYTES, QUARANTINE_REASONS, Ignored, Quarantined, parse_line

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
COURSE = "course-v1:SmartPD+DC101+demo"
UNIT = "block-v1:SmartPD+DC101+demo+type@vertical+block@unit_02"


def raw(name="page_close"):
    return json.loads((RAW / f"{name}.json").read_text(encoding="utf-8"))


def parse(line):
    return parse_line(json.dumps(line).encode())


def changed(name="page_close", *, context=None, **fields):
    line = {**raw(name), **fields}
    line["context"] = {**line["context"], **(context or {})}
    return line


def without(line, *path):
    line = copy.deepcopy(line)
    inner = line
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return line


LINE = json.dumps(raw()).encode()
CHECK = json.dumps(raw("problem_check")).encode()
#: Older loggers cut lines at 2,043 or 10,000 characters.
LONG = json.dumps(
    changed("problem_check", event={"answers": {"essay_2_1": "one word and then another " * 500}})
).encode()


def test_tutors_prefix_changes_nothing():
    prefix = b"2026-09-07 06:15:30,251 INFO 1024 [tracking] [user 101] [ip 192.0.2.17] logger.py:41 - "
    assert parse_line(prefix + LINE + b"\r\n") == parse_line(LINE)


def test_byte_order_mark_and_padding_of_zeros_change_nothing():
    assert parse_line(b"\xef\xbb\xbf" + LINE) == parse_line(LINE)
    assert parse_line(b"\0" * 4096 + LINE) == parse_line(LINE)


@pytest.mark.parametrize("data", [b"", b"\n", b"  \t\r\n", b"\xef\xbb\xbf\n"])
def test_blank_lines_are_ignored(data):
    assert parse_line(data) == Ignored("blank")


@pytest.mark.parametrize("data", [b"#", b"# First course: {x}\n", b"   # comment"])
def test_comments_are_ignored(data):
    assert parse_line(data) == Ignored("comment")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"user_id,score", "not_json"),
        (b"Traceback (most recent call last):", "not_json"),
        (b"{not: json}", "not_json"),
        (LINE + LINE, "not_json"),
        (LINE + b" trailing", "not_json"),
        (b"[1, 2]", "not_an_object"),
        (b'["a", {"b": 1}]', "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"17", "not_an_object"),
        (b"null", "not_an_object"),
        (CHECK[:1], "truncated"),
        (CHECK[:-1], "truncated"),
        (LONG[:2_043], "truncated"),
        (LONG[:10_000], "truncated"),
        (b"2026-09-07 06:15:30,251 INFO 1 [tracking] - " + CHECK[:900], "truncated"),
        ('{"username": "oʻ'.encode(), "truncated"),
        ('{"username": "oʻ'.encode()[:-1], "truncated"),
        (b'{"username": "\xff\xfe"}', "not_text"),
        (b"\x00\x01\x02", "not_text"),
        (b'{"username": "a\x00b"}', "not_text"),
        (LINE.decode().encode("utf-16"), "not_text"),
        (b"{}", "no_event_type"),
        (json.dumps(without(raw(), "event_type")).encode(), "no_event_type"),
        (json.dumps({**raw(), "event_type": 5}).encode(), "no_event_type"),
        (json.dumps({**raw(), "event_type": ""}).encode(), "no_event_type"),
        (json.dumps(without(raw(), "time")).encode(), "no_time"),
        (json.dumps({**raw(), "time": None}).encode(), "no_time"),
        (json.dumps({**raw(), "time": "yesterday"}).encode(), "bad_time"),
        (json.dumps({**raw(), "time": 1788761730}).encode(), "bad_time"),
        (json.dumps({**raw(), "time": "2026-09-07"}).encode(), "bad_time"),
        (json.dumps({**raw(), "time": "1970-01-01T00:00:00Z"}).encode(), "bad_time"),
        (json.dumps({**raw(), "time": "0001-01-01T00:00:00+05:00"}).encode(), "bad_time"),
        (json.dumps({**raw(), "time": "9999-12-31T23:59:59-05:00"}).encode(), "bad_time"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
        (b"[" * 5_000 + b"]" * 5_000, "too_deep"),
        (b"x" * (MAX_LINE_BYTES + 1), "too_long"),
    ],
)
def test_broken_lines_are_quarantined_with_the_reason(data, reason):
    assert parse_line(data) == Quarantined(reason)
    assert reason in QUARANTINE_REASONS


@pytest.mark.parametrize("levels", [10, 300, 700])
def test_deep_nesting_inside_an_event_does_no_harm(levels):
    deep = '{"a":' * levels + '"]}"' + "}" * levels
    line = CHECK.replace(b'"attempts": 2', b'"attempts": 2, "state": ' + deep.encode())
    assert line != CHECK
    assert parse_line(line).attempt == 2


@pytest.mark.parametrize("levels", [900, 1_100, 50_000])
@pytest.mark.parametrize("name", sorted(path.stem for path in RAW.glob("*.json")))
def test_deep_nesting_in_what_a_browser_sent_does_no_harm(name, levels):
    """A browser's event is a string that holds JSON, as the browser chose it."""
    line = {**raw(name), "event": '{"id": "x", "code": ' + "[" * levels + "]" * levels + "}"}
    assert isinstance(parse(line), Event | Ignored | Quarantined)


@pytest.mark.parametrize(
    "event", ["", "input_2_1=choice_3&input_2_1=x", '{"cut": "of', [], ["a=b", "<p>"], None, 5, "{}"]
)
def test_whatever_shape_the_payload_has(event):
    verdict = parse(changed(event=event))
    assert isinstance(verdict, Event)
    assert (verdict.course_key, verdict.unit_key) == (COURSE, UNIT)
    assert isinstance(parse(changed("problem_check", event=event)), Event)
    assert isinstance(parse(changed("play_video", event=event)), Event)


def test_a_missing_payload():
    assert isinstance(parse(without(raw(), "event")), Event)


@pytest.mark.parametrize(
    "time",
    [
        "2026-09-07T06:15:30+00:00",
        "2026-09-07T06:15:30Z",
        "2026-09-07T06:15:30",
        "2026-09-07T11:15:30+05:00",
        "2026-09-07 06:15:30.000000+00:00",
        " 2026-09-07T06:15:30.0000004+00:00\n",
    ],
)
def test_times_without_fraction_and_in_other_zones(time):
    assert parse(changed(time=time)).time_us == 1_788_761_730_000_000


@pytest.mark.parametrize("user_id", [101, "101", " 101\n", 101.0])
def test_a_user_id_is_a_number_however_it_is_written(user_id):
    assert parse(changed(context={"user_id": user_id})).user_id == 101


@pytest.mark.parametrize("user_id", ["", None, "learner", True, [], {}, 2**70, "9" * 5_000, 1.5])
def test_a_user_id_that_is_none(user_id):
    event = parse(changed(context={"user_id": user_id}))
    assert (event.user_id, event.username) == (None, "learner_01")


def test_a_missing_user_id_and_a_missing_context():
    assert parse(without(raw(), "context", "user_id")).user_id is None
    assert parse(without(raw(), "context")).course_key == COURSE
    assert parse({**raw(), "context": None}).course_key == COURSE


@pytest.mark.parametrize("username", ["learner_01", "learner_01\n", "  learner_01 "])
def test_white_space_around_a_username(username):
    assert parse(changed(username=username)).username == "learner_01"


@pytest.mark.parametrize("username", ["", None, "\n", 7, "anonymous"])
def test_a_username_that_is_none(username):
    event = parse(changed(username=username))
    assert (event.user_id, event.username) == (101, "")
    assert parse(changed(username=username, context={"user_id": None})) == Ignored("no_learner")


def test_old_lines_have_the_username_in_the_context():
    assert parse(changed(username=None, context={"username": "learner_01"})).username == "learner_01"


NOWHERE = {"page": None, "referer": "", "context": {"course_id": "", "path": "/event"}}


@pytest.mark.parametrize(
    ("place", "course"),
    [
        ({"context": {"course_id": COURSE}}, COURSE),
        ({"context": {"course_id": f" {COURSE}\n"}}, COURSE),
        ({"context": {"course_id": "course-v1:SmartPD+DC101+demo+branch@draft-branch"}}, COURSE),
        ({"context": {"course_id": "Demo.Org/DC_101/2014_T2"}}, "Demo.Org/DC_101/2014_T2"),
        ({"context": {"course_id": "ccx-v1:SmartPD+DC101+demo+ccx@7"}}, "ccx-v1:SmartPD+DC101+demo+ccx@7"),
        ({"event": json.dumps({"course_id": COURSE})}, COURSE),
        ({"context": {"path": f"/courses/{COURSE}/xblock"}}, COURSE),
        ({"context": {"path": "/courses/Demo.Org/DC_101/2014_T2/courseware/"}}, "Demo.Org/DC_101/2014_T2"),
        ({"page": f"https://lms.example.org/xblock/{UNIT}?view=student_view"}, COURSE),
        ({"page": f"https://lms.example.org/courses/{COURSE.replace(':', '%3A').replace('+', '%2B')}/info"}, COURSE),
        ({"page": "http://lms.example.org/courses/Demo.Org/DC_101/2014_T2/courseware/a/b/"}, "Demo.Org/DC_101/2014_T2"),
        ({"referer": f"https://apps.example.org/learning/course/{COURSE}/home"}, COURSE),
    ],
)
def test_the_course_is_found_wherever_the_line_names_it(place, course):
    line = changed(**{**NOWHERE, **place, "context": {**NOWHERE["context"], **place.get("context", {})}})
    assert parse(line).course_key == course


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"context": {"course_id": None}},
        {"context": {"course_id": "library-v1:SmartPD+Lib"}},
        {"page": "https://lms.example.org/api/courses/v1/blocks/some"},
        {"page": f"https://lms.example.org/login?next=/courses/{COURSE}/"},
        {"page": 7, "referer": {}},
    ],
)
def test_a_learning_event_without_a_course_is_ignored(place):
    line = changed(**{**NOWHERE, **place, "context": {**NOWHERE["context"], **place.get("context", {})}})
    assert parse(line) == Ignored("no_course")


def test_the_course_of_a_block_key_is_the_last_resort():
    line = changed(**{**NOWHERE, "context": {**NOWHERE["context"], "module": {"usage_key": UNIT}}})
    assert parse({**line, "event_type": "xblock.poll.submitted", "event_source": "server"}).course_key == COURSE


@pytest.mark.parametrize(
    ("module_id", "usage_key"),
    [
        ("introduction", "block-v1:SmartPD+DC101+demo+type@video+block@introduction"),
        (
            "block-v1:SmartPD+DC101+demo+branch@published-branch+version@5f+type@video+block@introduction",
            "block-v1:SmartPD+DC101+demo+type@video+block@introduction",
        ),
        ("block-v1:SmartPD+DC101+demo+type@vertical+block", ""),
        ("what I think of it", ""),
        ("", ""),
        (None, ""),
        (12, ""),
    ],
)
def test_ids_of_videos(module_id, usage_key):
    assert parse(changed("play_video", event=json.dumps({"id": module_id}))).usage_key == usage_key


def test_old_ids_without_their_course():
    event = json.dumps({"id": "i4x-Org-C1-video-a-b"})
    assert parse(changed("play_video", event=event)).usage_key == "i4x://Org/C1/video/a-b"


@pytest.mark.parametrize(
    ("grade", "most", "success", "correct"),
    [
        (2, 2, "correct", True),
        (2.0, 2.0, "incorrect", True),
        (1, 2, "incorrect", False),
        (0, 0, "incorrect", False),
        (0, 0, "correct", True),
        (None, None, "correct", True),
        (None, None, "incorrect", False),
        (None, None, None, None),
        ("NaN", "x", None, None),
    ],
)
def test_right_means_fully_right(grade, most, success, correct):
    event = {**raw("problem_check")["event"], "grade": grade, "max_grade": most, "success": success}
    assert parse(changed("problem_check", event=event)).correct is correct


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400, "1" * 5_000])
def test_numbers_that_json_does_not_have(number):
    line = CHECK.replace(b'"grade": 1', b'"grade": ' + number.encode())
    assert line != CHECK
    event = parse_line(line)
    assert event.earned is None
    assert event.correct is True  # by its success


def test_unpaired_surrogates_cannot_break_what_is_written_later():
    event = parse_line(LINE.replace(b'"learner_01"', b'"learner_\\ud800"'))
    assert event.username == "learner_?"
    assert len(event.digest) == 16


@pytest.mark.parametrize("source", [None, "", "carrier pigeon", 3])
def test_an_unknown_source_is_the_server(source):
    assert parse(changed(event_source=source)).source == "server"


def test_unlisted_types_are_ignored():
    assert parse(changed(event_type="edx.something.new")) == Ignored("unlisted")


def test_own_payload_keeps_ids_and_numbers_only():
    line = raw("smartpd.diagnosis.answered")
    line["event"] |= {"item": "what I wrote, in words", "points": float("inf"), "total": [1], "option": {"a": 1}}
    payload = parse(line).payload
    assert {"item", "points", "total", "option"}.isdisjoint(payload)
    assert payload["competency"] == "1.1"


# --- digests -----------------------------------------------------------------------------------


def test_the_digest_does_not_depend_on_the_order_of_keys():
    line = raw("problem_check")
    turned = {key: line[key] for key in reversed(line)}
    assert parse(turned).digest == parse(line).digest


def test_the_digest_does_not_depend_on_when_the_event_was_received():
    line = raw("edx.video.played")
    again = changed("edx.video.played", context={"received_at": "2026-09-08T00:00:00Z"})
    assert parse(again).digest == parse(line).digest == parse(without(line, "context", "received_at")).digest


def test_the_digest_depends_on_everything_else():
    line = raw("problem_check")
    others = [
        changed("problem_check", time="2026-09-07T06:15:31+00:00"),
        changed("problem_check", session="another"),
        changed("problem_check", context={"user_id": 102}),
        changed("problem_check", event={**line["event"], "attempts": 3}),
    ]
    assert len({parse(each).digest for each in [line, *others]}) == 5


def test_lines_that_only_the_slow_reader_reads_have_one_digest_too():
    line = CHECK.replace(b'"attempts": 2', b'"attempts": NaN')
    turned = json.dumps(dict(reversed(json.loads(line).items()))).encode()
    assert turned != line
    assert parse_line(turned).digest == parse_line(line).digest


# --- phones and tablets ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "web"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", "mobile"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148", "mobile"),
        ("", "web"),
        (None, "web"),
    ],
)
def test_client(agent, client):
    assert parse(changed(agent=agent)).client == client


# --- clocks that are wrong ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "received", "taken"),
    [
        ("2027-10-11T09:00:00+00:00", "2026-09-07T06:20:00+00:00", "2026-09-07T06:20:00+00:00"),
        ("2026-09-07T06:20:01+00:00", "2026-09-07T06:20:00+00:00", "2026-09-07T06:20:00+00:00"),
        # Sent when the line was back, days later: the device knows best.
        ("2026-09-05T10:00:00+00:00", "2026-09-07T06:20:00+00:00", "2026-09-05T10:00:00+00:00"),
        ("2025-09-07T06:20:00+00:00", "2026-09-07T06:20:00+00:00", "2025-09-07T06:20:00+00:00"),
        # A battery was empty, and the clock began anew.
        ("2001-01-01T00:00:00+00:00", "2026-09-07T06:20:00+00:00", "2026-09-07T06:20:00+00:00"),
        ("2026-09-05T10:00:00+00:00", "no time", "2026-09-05T10:00:00+00:00"),
        ("2026-09-05T10:00:00+00:00", 5, "2026-09-05T10:00:00+00:00"),
    ],
)
def test_a_clock_that_cannot_be_right_gives_way_to_the_time_of_receipt(device, received, taken):
    content = json.loads(LINE)
    content["time"] = device
    content["context"]["received_at"] = received
    expected = {**json.loads(LINE), "time": taken}
    assert parse(content).time_us == parse(expected).time_us
