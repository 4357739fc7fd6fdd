"""A grade of the needs diagnostic is told in the transaction that saves the answers: both, or neither."""

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from smartpd import api
from smartpd_analytics.api import load_instrument, read_course_map

from demo.course import COURSE_KEY, COURSE_MAP, usage_key
from demo.people import enrol_everyone
from demo.store import learner_state

NEEDS = usage_key("smartpd_needs_diagnostic", "needs")
INSTRUMENT = load_instrument("digcompedu_selfassessment")


@pytest.fixture
def newcomer(transactional_db: None, settings: Any, tmp_path: Any) -> Any:
    settings.DEMO_TRACKING_LOG = tmp_path / "tracking.log"
    enrol_everyone()
    return get_user_model().objects.get(username="newcomer")


def post(person: Any, handler: str, data: dict[str, Any], place: str = "courses") -> Any:
    client = Client(SERVER_NAME="127.0.0.1", HTTP_HOST="127.0.0.1:8000")
    client.force_login(person)
    address = f"/{place}/{COURSE_KEY}/xblock/{NEEDS}/handler/{handler}"
    return client.post(address, json.dumps(data), content_type="application/json")


def logged(settings: Any, name: str) -> list[dict[str, Any]]:
    lines = settings.DEMO_TRACKING_LOG.read_text().splitlines() if settings.DEMO_TRACKING_LOG.exists() else []
    return [event for event in map(json.loads, lines) if event["event_type"] == name]


def test_a_grade_that_cannot_be_told_leaves_the_attempt_open(
    newcomer: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = get_user_model().objects.get(username="course_team")
    api.store_course_map(COURSE_KEY, read_course_map(COURSE_MAP))
    edits = {"values": {"graded_by": "score", "weight": 4}}
    assert post(team, "submit_studio_edits", edits, "studio").status_code == 200
    page = {"version": INSTRUMENT.version}
    for item in INSTRUMENT.items:
        assert post(newcomer, "save_answer", {**page, "item": item.id, "option": "3"}).status_code == 200
    before = learner_state(newcomer.pk, NEEDS)

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the platform's grades are away")

    with monkeypatch.context() as broken:
        broken.setattr("demo.runtime.log_grade", fails)
        reply = post(newcomer, "finish", page)
    assert reply.status_code == 503
    assert "could not be saved" in reply.json()["error"]
    assert learner_state(newcomer.pk, NEEDS) == before
    assert logged(settings, "smartpd.diagnosis.completed") == []

    assert post(newcomer, "finish", page).status_code == 200
    after = learner_state(newcomer.pk, NEEDS)
    assert after["completed_at"]
    assert (after["raw_earned"], after["raw_possible"]) == (66.0, 88.0)
    (grade,) = logged(settings, "edx.grades.problem.submitted")
    told = grade["event"] if isinstance(grade["event"], dict) else json.loads(grade["event"])
    assert told["weighted_earned"] / told["weighted_possible"] == pytest.approx(0.75)
    # The plugin has the result in the same transaction, and what it recommends is of it.
    assert api.profile(newcomer.pk, COURSE_KEY).level == "C1"
    assert api.recommendations(newcomer.pk, COURSE_KEY)
