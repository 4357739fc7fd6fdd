"""One learner's requests at the same moment, each in a thread with a connection of its own: nothing is lost.

Needs a database server with locks on rows (SMARTPD_DATABASE_URL); SQLite in memory has one connection.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client
from smartpd import api
from smartpd_analytics.api import load_instrument
from smartpd_xblocks import learning_matrix

from demo.course import COURSE_KEY, load_course, usage_key
from demo.people import enrol_everyone
from demo.store import learner_state

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not connection.features.has_select_for_update, reason="the database has no locks on rows"),
]

NEEDS = usage_key("smartpd_needs_diagnostic", "needs")
MATRIX = usage_key("smartpd_learning_matrix", "matrix")
PRES = usage_key("smartpd_pres", "pres")
NEWCOMER = "newcomer"
TEXT = " ".join(["word"] * 40)


@pytest.fixture(autouse=True)
def people(settings: Any, tmp_path: Any) -> None:
    settings.DEMO_TRACKING_LOG = tmp_path / "tracking.log"
    enrol_everyone()


@pytest.fixture(params=["with the plugin", "without the plugin"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param.startswith("without"):
        monkeypatch.setattr("smartpd_xblocks.plugin.door", lambda: None)
    return str(request.param)


@pytest.fixture
def together() -> Callable[[list[tuple[str, str, dict[str, Any]]]], list[tuple[int, dict[str, Any]]]]:
    """Sends requests ``(block, handler, data)`` of one learner, all at once."""

    def send(requests: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
        start = threading.Barrier(len(requests))

        def one(request: tuple[str, str, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
            block, handler, data = request
            client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", HTTP_HOST="127.0.0.1:8000")
            try:
                client.force_login(get_user_model().objects.get(username=NEWCOMER))
                start.wait(30)
                address = f"/courses/{COURSE_KEY}/xblock/{block}/handler/{handler}"
                answer = client.post(address, json.dumps(data), content_type="application/json")
                return answer.status_code, answer.json()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(one, requests))

    return send


def cells_of_the_course() -> tuple[learning_matrix.Cell, ...]:
    plan = load_course().block(MATRIX)
    assert plan is not None
    return learning_matrix.read_matrix(plan.fields["matrix"]).matrix.cells


def stored(block: str) -> dict[str, Any]:
    return learner_state(get_user_model().objects.get(username=NEWCOMER).pk, block)


def test_twenty_two_answers_at_once_are_all_kept(together: Any, either: str) -> None:
    instrument = load_instrument("digcompedu_selfassessment")
    wanted = {item.id: item.options[place % 5].id for place, item in enumerate(instrument.items)}
    data = [{"item": item, "option": option, "version": instrument.version} for item, option in wanted.items()]
    replies = together([(NEEDS, "save_answer", one) for one in data])
    assert Counter(status for status, _json in replies) == {200: 22}
    assert stored(NEEDS)["answers"] == wanted
    assert sorted(json["answered"] for _status, json in replies) == list(range(1, 23))
    if either == "with the plugin":
        me = get_user_model().objects.get(username=NEWCOMER)
        assert api.profile(me.pk, COURSE_KEY).level


def test_of_texts_submitted_at_once_one_is_taken_and_the_others_are_told(together: Any, either: str) -> None:
    texts = [dict.fromkeys(("position", "reason", "example", "summary"), f"{TEXT} {number}") for number in range(8)]
    replies = together([(PRES, "submit", {"texts": one, "revision": 0}) for one in texts])
    assert Counter(status for status, _json in replies) == {200: 1, 409: 7}
    ((taken, _reply),) = [(one, reply) for one, reply in zip(texts, replies, strict=True) if reply[0] == 200]
    assert [entry["texts"] for entry in stored(PRES)["submissions"]] == [taken]
    for status, reply in replies:
        if status == 409:
            assert reply["error"]
            assert reply["submission"]["texts"] == taken


def test_of_drafts_saved_at_once_one_is_taken_and_the_others_are_told(together: Any, either: str) -> None:
    texts = [dict.fromkeys(("position", "reason", "example", "summary"), f"draft {number}") for number in range(8)]
    replies = together([(PRES, "save_draft", {"texts": one, "revision": 0}) for one in texts])
    assert Counter(status for status, _json in replies) == {200: 1, 409: 7}
    (taken,) = [one for one, reply in zip(texts, replies, strict=True) if reply[0] == 200]
    assert stored(PRES)["draft"] == taken
    assert all(reply["texts"] == taken for status, reply in replies if status == 409)


def test_marks_and_ratings_of_many_cells_at_once_are_all_kept(together: Any, either: str) -> None:
    cells = [cell.id for cell in cells_of_the_course()][:8]
    requests = [(MATRIX, "mark_cell", {"cell": cell, "status": "done", "was": "none"}) for cell in cells]
    requests += [(MATRIX, "rate_cell", {"cell": cell, "rating": 3, "was": None}) for cell in cells]
    replies = together(requests)
    assert Counter(status for status, _json in replies) == {200: len(requests)}
    kept = stored(MATRIX)["cells"]
    assert {cell: (kept[cell]["status"], kept[cell]["rating"]) for cell in cells} == dict.fromkeys(cells, ("done", 3))


def test_of_different_marks_of_one_cell_the_page_hears_which_holds(together: Any) -> None:
    cell = cells_of_the_course()[0].id
    statuses = ["planned", "doing", "done"]
    replies = together([(MATRIX, "mark_cell", {"cell": cell, "status": one, "was": "none"}) for one in statuses])
    assert Counter(status for status, _json in replies) == {200: 1, 409: 2}
    assert {reply["status"] for _status, reply in replies} == {stored(MATRIX)["cells"][cell]["status"]}
