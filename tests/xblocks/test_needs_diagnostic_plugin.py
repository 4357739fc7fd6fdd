"""The needs diagnostic with the real plugin behind it: its rows and the block's state stand or fall together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from smartpd import api
from smartpd._page import profile_csv
from smartpd_analytics.api import load_framework, load_instrument, read_course_map
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


def test_an_answer_on_the_way_takes_few_statements(site: Site, django_assert_max_num_queries: Any) -> None:
    give(site, "i1_1", "4")
    for option in "01":
        # Begin, the learner's row, the answers, the consent, commit.
        with django_assert_max_num_queries(6):
            assert give(site, "i1_2", option).json == {"answered": 2, "total": 22, "complete": False}
    assert known() == {**dict.fromkeys(known()), "1.1": 1.0, "1.2": 0.25}


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


# --- targets ------------------------------------------------------------------------------------

DEAN = {"id": "dean", "name": {"en": "Dean", "ru": "Декан", "uz": "Dekan"}, "level": "A2", "targets": {"1.1": "C2"}}
#: One unit for a competency each; the learner stands at half of all points in both.
UNITS = "usage_key,title,competencies\nu1,Professional talk,1.1\nu2,Finding materials,2.1\n"


@pytest.fixture
def units(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text(UNITS, encoding="utf-8")
    api.store_course_map(COURSE, read_course_map(path, load_framework("digcompedu")))


def told() -> dict[str, str]:
    """What is recommended: title -> the reason."""
    return {each.title["en"]: each.reason["en"] for each in api.recommendations(7, COURSE)}


def author(site: Site, **settings: object) -> None:
    site.open(NeedsDiagnosticBlock, role="author", name="one", settings=settings)


def choose_role(site: Site, role: str) -> None:
    assert site.post(site.open(NeedsDiagnosticBlock, name="one"), "choose_role", {"role": role}).status == 200


def test_recommendations_follow_the_targets_set_in_studio(site: Site, units: None) -> None:
    author(site, target_level="A2", targets={"2.1": "C2"})
    answer_all(site, "2", name="one")
    profile = api.profile(7, COURSE)
    assert (profile.target_level, profile.target_role) == ("A2", {})
    # 50 of 100 is past A2, so nothing is to be reached but in 2.1, whose level C2 begins at 81 of 88 points.
    assert {each.competency_id for each in profile.competencies if each.gap} == {"2.1"}
    assert set(told()) == {"Finding materials"}
    assert "the target of this course is 92%" in told()["Finding materials"]


def test_recommendations_follow_the_role_and_name_it(site: Site, units: None) -> None:
    author(site, target_level="A1", roles=[DEAN])
    choose_role(site, "dean")
    answer_all(site, "2", name="one")
    assert set(told()) == {"Professional talk"}
    assert "the target of your role “Dean” is 92%" in told()["Professional talk"]
    reason = api.recommendations(7, COURSE)[0].reason
    assert "цель для вашей роли «Декан» — 92%" in reason["ru"]
    assert "«Dekan» roli uchun maqsad — 92%" in reason["uz"]
    _header, rows = profile_csv(api.profile(7, COURSE), ())
    assert ["Target", None, "Dean", None, 23, None, "A2", None, None, None] in rows
    # Another role than before: the advice is another one at once.
    choose_role(site, "")
    assert "Professional talk" not in told()


def give_in(site: Site, name: str, item: str) -> None:
    data = {"item": item, "option": "2", "version": INSTRUMENT.version}
    assert site.post(site.open(NeedsDiagnosticBlock, name=name), "save_answer", data).status == 200


def test_targets_changed_in_studio_reach_who_is_answering_with_the_next_answer(site: Site) -> None:
    author(site, target_level="A1")
    give_in(site, "one", "i1_1")
    give_in(site, "one", "i1_2")
    author(site, target_level="C2")
    give_in(site, "one", "i1_3")
    assert api.profile(7, COURSE).target_level == "C2"
    author(site, target_level="C2", targets={"1.1": "A2"})
    give_in(site, "one", "i1_4")
    assert known()["1.4"] == 0.5
    assert {each.competency_id: each.gap for each in api.profile(7, COURSE).competencies}["1.1"] == 0


def test_the_targets_are_those_of_the_block_in_which_was_answered_last(site: Site) -> None:
    author(site, target_level="A1", roles=[DEAN])
    site.open(NeedsDiagnosticBlock, role="author", name="two", settings={"target_level": "C1", "phase": "exit"})
    levels = {"one": "A1", "two": "C1"}
    for item, name in zip(INSTRUMENT.items, ("one", "one", "two", "one", "two", "two"), strict=False):
        give_in(site, name, item.id)
        assert api.profile(7, COURSE).target_level == levels[name]
    # A role chosen in another block counts until the next answer in this one.
    choose_role(site, "dean")
    assert api.profile(7, COURSE).target_level == "A2"
    give_in(site, "two", "i6_1")
    assert api.profile(7, COURSE).target_level == "C1"


def test_who_wants_advice_again_in_the_middle_has_the_targets_again(site: Site) -> None:
    author(site, target_level="A1")
    give_in(site, "one", "i1_1")
    give_in(site, "one", "i1_2")
    for advice in (False, True):
        choices = {"advice": advice, "team": True, "evaluation": True}
        reply = site.post(site.open(NeedsDiagnosticBlock, name="one"), "save_consent", {"choices": choices})
        assert reply.status == 200
    assert api.profile(7, COURSE).target_level == "A1"
    assert known()["1.2"] == 0.5


def test_targets_changed_in_studio_reach_who_has_finished_with_the_next_look(site: Site, units: None) -> None:
    author(site, target_level="A1")
    answer_all(site, "2", name="one")
    author(site, target_level="C2")
    reply = site.post(site.open(NeedsDiagnosticBlock, name="one"), "result", {"version": INSTRUMENT.version})
    assert "the target of this course is 92%" in reply.json["html"]
    assert api.profile(7, COURSE).target_level == "C2"


def test_who_wants_no_advice_keeps_no_role(site: Site, units: None) -> None:
    author(site, target_level="A1", roles=[DEAN])
    choose_role(site, "dean")
    assert api.profile(7, COURSE).target_role == DEAN["name"]
    api.record_consent(7, COURSE, {"advice": False})
    assert api.profile(7, COURSE).target_role == {}
    choose_role(site, "dean")
    assert api.profile(7, COURSE).target_role == {}


@pytest.mark.parametrize(("still", "offered", "marked"), [(22, 3, 0), (4, 3, 0), (1, 1, 2)])
def test_needs_that_work_in_the_course_has_met_come_last_and_are_no_goals(
    site: Site, monkeypatch: pytest.MonkeyPatch, still: int, offered: int, marked: int
) -> None:
    answer_all(site, "1", name="one")
    known = api.profile

    def with_work(user_id: int, course_key: str) -> api.ProfileData:
        found = known(user_id, course_key)
        met = [
            replace(each, value=0.9, sources=(*each.sources, replace(each.sources[0], source="problems", value=1.0)))
            for each in found.competencies[: len(found.competencies) - still]
        ]
        return replace(found, competencies=(*met, *found.competencies[len(met) :]))

    monkeypatch.setattr(api, "profile", with_work)
    html = site.post(site.open(NeedsDiagnosticBlock, name="one"), "result", {}).json["html"]
    assert html.count("data-goal=") == offered
    assert html.count("Together with your work in the course") == marked
