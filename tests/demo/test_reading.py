"""The course team's button that reads the tracking log again."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from smartpd import api

from demo import reading
from demo.course import COURSE_KEY, usage_key
from demo.habits import LAST_DAY
from demo.prepare import moved

BUTTON = f"/courses/{COURSE_KEY}/read-log/"


@pytest.fixture
def team(signed_in, settings, tmp_path):
    settings.DEMO_SIMULATED_LOG = tmp_path / "simulated.log"
    until_yesterday = timedelta(days=(datetime.now(UTC) - LAST_DAY).days - 1)
    with gzip.open(settings.DEMO_SHIPPED_LOG, "rt", encoding="utf-8") as shipped:
        settings.DEMO_SIMULATED_LOG.write_text("".join(moved(shipped, until_yesterday)), encoding="utf-8")
    return signed_in("course_team")


def press(client):
    return client.post(BUTTON, follow=True).content.decode()


def test_it_says_what_it_read_and_learners_have_it(team):
    page = press(team)
    assert "smartpd-notice-success" in page
    assert "Lines read: 690 = " in page
    assert "Learners updated: 5" in page
    assert api.recommendations(105, COURSE_KEY)[0].kind == "retry"


def test_what_was_done_here_counts_at_the_next_reading(team, signed_in):
    learner = signed_in("newcomer")
    for number in range(3):
        address = f"/courses/{COURSE_KEY}/xblock/{usage_key('problem', 'checks-gain')}/handler/xmodule_handler"
        learner.get(f"/courses/{COURSE_KEY}/unit/checks/")
        learner.post_json(f"{address}/problem_check", {"answer": str(number)})
    press(team)
    assert api.profile(106, COURSE_KEY).activity.summary.wrong == 3


def test_the_course_team_is_no_learner(team):
    team.get(f"/courses/{COURSE_KEY}/unit/checks/")
    page = press(team)
    assert "Learners updated: 5" in page
    assert "course_team" not in [row.username for row in api.team_learners(COURSE_KEY)]


def test_reading_twice_at_once_is_said_and_not_done(team):
    with reading._reading:
        page = press(team)
    assert "being read just now" in page
    assert not any(row.begun for row in api.team_learners(COURSE_KEY))


def test_a_log_that_cannot_be_read_is_said(team, settings):
    settings.DEMO_SIMULATED_LOG.write_bytes(b"")
    settings.DEMO_TRACKING_LOG.unlink()
    page = press(team)
    assert "could not be read" in page
    assert "Traceback" not in page
