"""The shipped log is what the demo writes when the simulated learners play; and it tells their habits apart."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from smartpd_analytics.api import read_course_map
from smartpd_analytics.pipeline import learner_activity, read_event_log

from demo.course import COURSE_MAP
from demo.habits import FIRST_DAY, LAST_DAY, all_steps
from demo.people import LEARNERS
from demo.prepare import moved
from demo.record import play, record


@pytest.fixture
def shipped(settings):
    with gzip.open(settings.DEMO_SHIPPED_LOG, "rt", encoding="utf-8") as stream:
        return list(stream)


@pytest.fixture
def activities(settings):
    log = read_event_log([settings.DEMO_SHIPPED_LOG])
    report = learner_activity(log.table, course_map=read_course_map(COURSE_MAP))
    return {activity.learner: activity for activity in report.learners}


def test_recording_again_gives_the_shipped_log(people, shipped, tmp_path):
    log = tmp_path / "again.log"
    play(log)
    again = log.read_text(encoding="utf-8").splitlines(keepends=True)
    assert [json.loads(line) for line in again] == [json.loads(line) for line in shipped], (
        "habits, course or events have changed: run python -m demo.record"
    )


def test_a_play_whose_log_cannot_be_written_stops_at_once(people, tmp_path):
    heard = []
    with pytest.raises(OSError, match="No such file or directory"):
        play(tmp_path / "no" / "such" / "folder.log", progress=lambda done, _all: heard.append(done))
    assert len(heard) < 3


def test_a_recording_is_the_same_bytes_each_time(tmp_path):
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    for target in (first, second):
        record(["one\n", "two\n"], target)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == b"one\ntwo\n"


def test_the_diaries_are_the_same_each_time_and_stay_within_three_weeks():
    steps = list(all_steps())
    assert steps == list(all_steps())
    assert [step.time for step in steps] == sorted(step.time for step in steps)
    assert steps[0].time.date() == FIRST_DAY.date()
    assert steps[-1].time.date() == LAST_DAY.date()


def test_everybody_but_the_newcomer_is_in_the_log(activities):
    assert set(activities) == {person.username for person in LEARNERS} - {"newcomer"}
    assert {activities[person.username].user_id for person in LEARNERS if person.username != "newcomer"} == {
        person.user_id for person in LEARNERS if person.username != "newcomer"
    }


def test_no_line_is_lost(settings):
    account = read_event_log([settings.DEMO_SHIPPED_LOG]).account
    assert (account.quarantined, account.duplicate) == (0, 0)
    assert account.accepted + account.ignored == account.read


def test_the_log_shows_each_habit(activities):
    assert activities["steady"].right > 5 * activities["steady"].wrong
    assert activities["guesser"].fast_answers > 20
    assert activities["guesser"].wrong > activities["guesser"].right
    assert activities["reader"].units_opened == activities["reader"].units_in_course
    assert activities["reader"].answers == 1
    assert activities["stopped"].days_silent > 14
    assert max(block.failing for block in activities["stuck"].blocks) >= 4
    assert activities["stuck"].minutes > 30


def test_moving_a_log_moves_all_its_times_and_nothing_else(shipped):
    by = timedelta(days=40)
    for before, after in zip(shipped, moved(iter(shipped), by), strict=True):
        old, new = json.loads(before), json.loads(after)
        assert datetime.fromisoformat(new.pop("time")) - datetime.fromisoformat(old.pop("time")) == by
        for name in ("created", "modified"):
            if isinstance(old["event"], dict) and name in old["event"]:
                then, now = (datetime.fromisoformat(line["event"].pop(name)) for line in (old, new))
                assert now - then == by
        assert new == old
    assert datetime.fromisoformat(json.loads(shipped[0])["time"]).tzinfo == UTC
