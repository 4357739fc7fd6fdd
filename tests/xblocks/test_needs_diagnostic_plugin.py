"""The needs diagnostic with the real plugin behind it: its rows and the block's state stand or fall together."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from smartpd import api
from smartpd_analytics.api import load_instrument
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.runtime import COURSE, Reply, Site

INSTRUMENT = load_instrument("digcompedu_selfassessment")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def account() -> None:
    get_user_model().objects.create_user(id=7, username="learner")


def give(site: Site, item: str, option: str) -> Reply:
    data = {"item": item, "option": option, "version": INSTRUMENT.version}
    return site.post(site.open(NeedsDiagnosticBlock), "save_answer", data)


def known() -> dict[str, float | None]:
    return {one.competency_id: one.value for one in api.profile(7, COURSE).competencies}


def test_answers_change_the_profile_at_once(site: Site) -> None:
    assert give(site, "i1_1", "4").status == 200
    before = known()
    assert give(site, "i1_1", "0").status == 200
    assert known()["1.1"] < before["1.1"]


def test_a_full_set_of_answers_gives_the_profile_its_level(site: Site) -> None:
    for item in INSTRUMENT.items:
        assert give(site, item.id, "3").status == 200
    assert api.profile(7, COURSE).level == "C1"
    reply = site.post(site.open(NeedsDiagnosticBlock), "finish", {"version": INSTRUMENT.version})
    assert reply.json["level"] == "C1"


def test_without_the_blocks_state_there_is_no_row(site: Site) -> None:
    site.open(NeedsDiagnosticBlock)
    give(site, "i1_1", "4")
    before = known()
    site.store.down = True

    assert give(site, "i1_1", "0").status == 503

    site.store.down = False
    assert known() == before
    assert site.open(NeedsDiagnosticBlock).answers == {"i1_1": "4"}


def test_without_the_account_there_is_no_state(site: Site) -> None:
    get_user_model().objects.all().delete()
    assert give(site, "i1_1", "4").status == 503
    assert site.stored() == {}


def answer_all(site: Site, option: str, *, name: str) -> Reply:
    for item in INSTRUMENT.items:
        data = {"item": item.id, "option": option, "version": INSTRUMENT.version}
        assert site.post(site.open(NeedsDiagnosticBlock, name=name), "save_answer", data).status == 200
    return site.post(site.open(NeedsDiagnosticBlock, name=name), "finish", {"version": INSTRUMENT.version})


def test_before_and_after_the_course_stand_side_by_side(site: Site) -> None:
    answer_all(site, "1", name="entry")
    site.open(NeedsDiagnosticBlock, role="author", name="exit", settings={"phase": "exit"})
    html = answer_all(site, "3", name="exit").json["html"]
    assert "Before and after" in html
    assert "Level: A2 (Explorer) before, C1 (Leader) now" in html
    assert "You have gained most in" in html
    assert html.count("+50 points") == 7
