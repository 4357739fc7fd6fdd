"""One person is one learner; who is forgotten is gone and stays away; what changed is told."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from smartpd_analytics.errors import InputError, StoreError
from smartpd_analytics.store import (
    StoreOptions,
    _tidy,
    forget_learner,
    ingest,
    open_store,
    read_event_log,
    retry_quarantined,
    with_person,
)

from tests.analytics.store.store_logs import COURSES, START, all_bytes, line, lines, written

IDENTIFIED = StoreOptions(identified=True)
DAY = (START - datetime(1970, 1, 1, tzinfo=UTC)).days


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def take(store, tmp_path):
    def take(*content, options=IDENTIFIED, **more):
        take.count += 1
        return ingest([written(tmp_path / f"{take.count}.log", content)], store, options=options, **more)

    take.count = 0
    return take


def reset_by(learner, course, *, whose):
    """A line that only staff can cause: somebody's answers were deleted."""
    event = {
        "event_type": "edx.grades.problem.state_deleted",
        "event_source": "server",
        "time": "2026-10-20T00:00:00+00:00",
        "username": f"teacher{learner}",
        "context": {"user_id": 100 + learner, "course_id": course},
        "event": {"user_id": str(whose), "course_id": course},
    }
    return json.dumps(event)


def learners(store, **options):
    return [row["learner"] for row in open_store(store).arrow(**options).to_pylist()]


@pytest.mark.parametrize("options", [IDENTIFIED, StoreOptions()], ids=["identified", "pseudonyms"])
def test_one_learner_whatever_the_line_carries_and_whenever_that_is_known(store, take, options):
    take(line(1, learner=5, username=""), options=options)
    take(line(2, learner=5, user_id=None), options=options)
    assert len(set(learners(store))) == 2, "nothing ties them together yet"
    take(line(3, learner=5), line(4, learner=6), options=options)
    (one, two, three, other) = learners(store)
    assert one == two == three != other
    if options.identified:
        assert (one, other) == ("teacher5", "teacher6")


def test_a_renamed_learner_stays_one(store, take):
    take(line(1, learner=5), line(2, learner=5, username="newname"), line(3, learner=5, user_id=None))
    assert learners(store) == ["newname", "newname", "newname"]


def test_the_store_and_the_table_in_memory_follow_one_rule(store, take, tmp_path):
    import narwhals as nw

    content = [
        line(
            number,
            learner=number % 4,
            course=COURSES[0],
            user_id=(None, "")[number % 5 > 0],
            username=("", None)[number % 3 > 0],
        )
        for number in range(60)
    ]
    take(*content)
    memory = with_person(nw.from_native(read_event_log([tmp_path / "1.log"]).table).lazy())
    names = dict(memory.collect().select("digest", "username").iter_rows())
    for row in open_store(store).arrow().to_pylist():
        assert row["username"] == names[row["digest"]]


def test_logs_of_two_sites_together_do_not_make_one_of_two_people(tmp_path):
    import narwhals as nw

    # Two sites gave the number 105 to different people; each line of the second course carries only the number.
    logs = written(
        tmp_path / "two.log",
        [
            line(1, learner=5, course=COURSES[0], username="scooby"),
            line(2, learner=5, course=COURSES[1], username="velma"),
            line(3, learner=5, course=COURSES[0], username=""),
            line(4, learner=5, course=COURSES[1], username=""),
        ],
    )
    people = with_person(nw.from_native(read_event_log([logs]).table).lazy()).collect()
    found = {(course, name) for course, name in people.select("course_key", "username").iter_rows()}
    assert found == {(COURSES[0], "scooby"), (COURSES[1], "velma")}


def test_one_course_or_month_is_read_alone(store, take):
    take(*(line(number) for number in range(600)))
    found = open_store(store)
    month = datetime(2026, 9, 1, tzinfo=UTC)
    for course in COURSES:
        rows = found.arrow(courses=[course], since=month).to_pylist()
        assert rows
        assert {row["course_key"] for row in rows} == {course}
        assert all(row["time"] >= month for row in rows)
        files = found.parquet_files(courses=[course], since=month)
        assert files
        assert not set(files) & set(found.parquet_files(courses=[each for each in COURSES if each != course]))
        assert not set(files) & set(found.parquet_files(until=month))
    assert found.relation(courses=["course-v1:no+such+course"]).fetchall() == []
    with pytest.raises(InputError, match="no time zone"):
        found.relation(since=datetime(2026, 9, 1))


def test_staff_are_left_out_where_they_are_staff(store, take):
    take(*(line(number, learner=number % 2, course=COURSES[number // 2 % 2]) for number in range(20)))
    take(reset_by(1, COURSES[0], whose=3))
    rows = open_store(store).arrow(with_staff=False).to_pylist()
    assert {(row["learner"], row["course_key"]) for row in rows} == {
        ("teacher0", COURSES[0]),
        ("teacher0", COURSES[1]),
        ("teacher1", COURSES[1]),
    }


def test_changes_name_the_learners_courses_and_days_that_new_events_touch(store, take):
    take(line(1, learner=1, course=COURSES[0]), line(2, learner=2, course=COURSES[1]))
    token = open_store(store).generation
    assert open_store(store).changed_since(token).days.num_rows == 0
    assert open_store(store).changed_since(0).everything
    take(line(500, learner=2, course=COURSES[0]), line(1, learner=1, course=COURSES[0]))
    changes = open_store(store).changed_since(token)
    later = DAY + (7 * 500) // (24 * 60)
    assert not changes.everything
    assert changes.days.to_pylist() == [{"learner": "teacher2", "course_key": COURSES[0], "day": later}]
    assert open_store(store).changed_since(changes.token).days.num_rows == 0


def test_changes_name_those_whose_events_got_another_learner(store, take):
    take(line(1, learner=1, course=COURSES[0], username=""), line(2, learner=2, course=COURSES[1]))
    token = open_store(store).generation
    take(line(900, learner=1, course=COURSES[1]))
    changes = open_store(store).changed_since(token)
    found = {(row["learner"], row["course_key"], row["day"]) for row in changes.days.to_pylist()}
    assert ("teacher1", COURSES[0], DAY) in found, "what stood under the id alone"
    assert not any(learner == "teacher2" for learner, _, _ in found)


def test_people_and_changes_survive_tidying(store, take, monkeypatch):
    monkeypatch.setattr(_tidy, "_MANY_SIDES", 8)
    tokens = {}
    for number in range(12):
        take(line(number, learner=number))
        tokens[number] = open_store(store).generation
    for number, token in tokens.items():
        found = open_store(store).changed_since(token).days["learner"].to_pylist()
        assert set(found) == {f"teacher{later}" for later in range(number + 1, 12)}
        assert len(found) == 11 - number
    assert {each["username"] for each in open_store(store).people().to_pylist()} == {f"teacher{n}" for n in range(12)}
    for folder in ("people", "changes"):
        assert len(list((store / folder).iterdir())) < 12


@pytest.mark.parametrize("options", [IDENTIFIED, StoreOptions()], ids=["identified", "pseudonyms"])
def test_who_is_forgotten_is_gone_and_does_not_come_back(store, take, tmp_path, options):
    gone, stay = "sevara.unique", "other.unique"
    content = [
        line(1, username=gone, user_id=7_654_321),
        line(2, username="", user_id=7_654_321),
        line(3, username=gone, user_id=None),
        line(4, username=stay, user_id=1_234_567),
        line(5, username=gone, user_id=7_654_321)[:250],
        line(6, username=stay, user_id=1_234_567)[:250],
    ]
    take(*content, options=options)
    pseudonyms = {
        (row["username"], row["user_id"])
        for row in open_store(store).arrow().to_pylist()
        if row["time"] < START + timedelta(minutes=25)
    }
    before = open_store(store).account()
    report = forget_learner(gone, store)
    assert (report.events, report.courses, report.quarantined, report.marks >= 2) == (3, 3, 1, True)
    secrets = [gone, "7654321", *(str(value) for pair in pseudonyms for value in pair if value)]

    def check():
        found = all_bytes(store)
        for secret in secrets:
            assert secret.encode() not in found
        assert open_store(store).arrow().num_rows == 1
        account = open_store(store).account()
        assert account.read == account.accepted + account.duplicate + account.ignored + account.quarantined
        assert account.accepted == 1
        return account

    assert check().ignored == before.ignored + 4
    assert open_store(store).changed_since(report.events).everything
    again = take(line(9, username="", user_id=7_654_321), *content, options=options)
    assert again.lines.ignored_reasons["forgotten"] == 5
    check()
    retry_quarantined(store)
    check()


def test_an_id_that_turns_out_to_be_theirs_goes_as_well(store, take):
    take(line(1, username="", user_id=55))
    forget_learner("sevara.unique", store)
    assert len(learners(store)) == 1, "nobody knew whose that is"
    take(line(2, username="sevara.unique", user_id=55))
    assert learners(store) == []
    take(line(3, username="", user_id=55))
    assert learners(store) == []


def test_what_staff_did_to_them_goes_as_well(store, take):
    take(reset_by(9, "course-v1:a+b+c", whose=7_654_321), options=StoreOptions())
    assert open_store(store).events == 1
    forget_learner("user:7654321", store)
    assert open_store(store).events == 0


def test_a_learner_is_forgotten_by_what_readers_show(store, take):
    take(line(1, learner=1), line(2, learner=2, username=""), options=StoreOptions())
    one, two = learners(store)
    assert forget_learner(one, store).events == 1
    assert forget_learner(two, store).events == 1
    assert learners(store) == []


def test_forgetting_nobody_is_refused(store, take):
    with pytest.raises(StoreError, match="no store"):
        forget_learner("x", store)
    take(*lines(0, 5))
    with pytest.raises(InputError):
        forget_learner(" ", store)
    assert re.search("teacher0", repr(learners(store)))
