"""An adaptive test: the logic on the bundled bank, and the block through its handlers."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from smartpd import api
from smartpd_analytics.api import framework_of, load_instrument, load_item_bank
from smartpd_xblocks import needs_diagnostic as nd
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.runtime import COURSE, Reply, Site

TEST = load_instrument("digital_teaching_test")
FRAMEWORK = framework_of(TEST)
BANK = load_item_bank(TEST.id, TEST.version)
ITEMS = {item.id: item for item in TEST.items}
LENGTH = 12


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  answers of a test learner


def some_answer(item: Any, random: Random) -> str:
    ids = [option.id for option in item.options]
    if item.kind == "order":
        return "+".join(random.sample(ids, len(ids)))
    if item.kind == "multiple":
        return "+".join(random.sample(ids, random.randint(1, len(ids))))
    return random.choice(ids)


def go_through(plan: nd.AdaptivePlan, random: Random) -> nd.Attempt:
    attempt = nd.attempt_on(nd.Attempt(), TEST)
    attempt = nd.take_up(attempt, TEST, FRAMEWORK, plan).attempt
    while not attempt.completed:
        item = nd.pending_item(attempt, TEST)
        assert item is not None
        change = nd.answer_and_go_on(
            attempt, TEST, FRAMEWORK, plan,
            item_id=item.id, option_id=some_answer(item, random), version=TEST.version, number=None,
            phase="entry", now="2026-10-01T09:00:00+00:00",
        )  # fmt: skip
        assert change.attempt.answers.keys() >= attempt.answers.keys()
        attempt = change.attempt
    return attempt


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32), length=st.integers(6, 24), error=st.sampled_from([0.3, 0.35, 0.45]))
def test_any_way_through_ends_in_time_asks_nothing_twice_and_covers_the_areas(
    seed: int, length: int, error: float
) -> None:
    attempt = go_through(nd.AdaptivePlan(length, error, seed=seed), dice(seed))
    assert 5 <= len(attempt.asked) <= length
    assert len(set(attempt.asked)) == len(attempt.asked)
    assert set(attempt.asked) == set(attempt.answers)
    areas = Counter(ITEMS[item].area_id for item in attempt.asked)
    sizes = Counter(item.area_id for item in BANK.items)
    for area, size in sizes.items():
        assert abs(areas[area] - len(attempt.asked) * size / len(BANK.items)) < 2
    score = nd.score_of(attempt, TEST, FRAMEWORK)
    assert score.complete
    assert score.level
    assert score.ability is not None
    assert score.ability.error <= error or len(attempt.asked) == length


@pytest.mark.parametrize("seed", range(4))
def test_a_later_test_asks_other_questions_while_the_bank_allows(seed: int) -> None:
    random = dice(seed)
    first = go_through(nd.AdaptivePlan(20, 0.0, seed=seed), random).asked
    second = go_through(nd.AdaptivePlan(20, 0.0, seen=first, seed=seed), random).asked
    assert not set(first) & set(second)
    # An area of 11 items has not three times 4 of them: what comes back is what was asked longest ago.
    third = go_through(nd.AdaptivePlan(20, 0.0, seen=first + second, seed=seed), random).asked
    assert len(third) == 20
    assert not set(third) & set(second)
    assert len(set(third) & set(first)) <= 6


def test_what_is_kept_back_leaves_each_area_enough() -> None:
    everything = [item.item_id for item in BANK.items]
    kept = nd.not_again(BANK, everything, 20)
    left = Counter(item.area_id for item in BANK.items if item.item_id not in kept)
    sizes = Counter(item.area_id for item in BANK.items)
    assert all(left[area] >= 20 * size / len(BANK.items) for area, size in sizes.items())
    assert nd.not_again(BANK, ["no such item"], 20) == frozenset()


def test_half_a_test_has_no_level_and_no_end() -> None:
    plan = nd.AdaptivePlan(LENGTH, 0.3)
    begun = nd.take_up(nd.attempt_on(nd.Attempt(), TEST), TEST, FRAMEWORK, plan).attempt
    score = nd.score_of(begun, TEST, FRAMEWORK, most=LENGTH)
    assert (score.level, score.complete, score.answered, score.total) == (None, False, 0, LENGTH)
    with pytest.raises(nd.Refusal, match="another question"):
        nd.finish(begun, TEST, FRAMEWORK, version=TEST.version, number=None, phase="entry", now="x")


# --- the block ----------------------------------------------------------------------------------


@pytest.fixture
def learner() -> None:
    get_user_model().objects.create_user(id=7, username="learner")


def opened(site: Site, role: str = "learner", name: str = "one", **more: Any) -> Any:
    return site.open(NeedsDiagnosticBlock, role=role, name=name, **more)


@pytest.fixture
def testing(site: Site) -> Site:
    for name, phase in (("one", "entry"), ("two", "exit")):
        values = {"instrument": TEST.id, "adaptive": True, "adaptive_length": LENGTH, "phase": phase}
        opened(site, "author", name, settings=values)
    return site


def call(site: Site, handler: str, *, name: str = "one", **data: Any) -> Reply:
    return site.post(opened(site, name=name), handler, {"version": TEST.version, **data})


def run(site: Site, name: str, random: Random) -> tuple[list[str], Reply]:
    reply = call(site, "take_up", name=name)
    asked = []
    while "item" in reply.json:
        item = ITEMS[reply.json["item"]]
        asked.append(item.id)
        assert item.text["en"] in reply.text.replace("\\u2019", "’") or item.id in reply.text
        reply = call(site, "give_answer", name=name, item=item.id, option=some_answer(item, random))
        assert reply.status == 200, reply.text
    return asked, reply


def test_it_leads_to_a_result_with_its_error(testing: Site, learner: None) -> None:
    asked, reply = run(testing, "one", dice(1))
    assert reply.json["level"]
    assert "Estimated for the whole test:" in reply.json["result"]
    assert f"Questions asked: {len(asked)}." in reply.json["result"]
    (kept,) = api.profile(7, COURSE).diagnoses
    assert (kept.complete, kept.answered, kept.level) == (True, len(asked), reply.json["level"])
    assert kept.error is not None
    assert ("completion", {"completion": 1.0}) in testing.events
    assert [name for name, _ in testing.events].count("smartpd.diagnosis.completed") == 1


def test_the_page_has_no_question_before_it_is_asked(testing: Site, learner: None) -> None:
    html = opened(testing).render("student_view", {}).content
    assert "data-item" not in html.replace('data-item="guess"', "")
    assert f"at most {LENGTH}" in html
    first = call(testing, "take_up").json["item"]
    assert call(testing, "take_up").json["item"] == first, "resumed, here or on another device"


def test_who_comes_back_reads_how_many_are_answered(testing: Site, learner: None) -> None:
    def said() -> bool:
        return "data-left" in opened(testing).render("student_view", {}).content

    item = ITEMS[call(testing, "take_up").json["item"]]
    assert not said()
    call(testing, "give_answer", item=item.id, option=some_answer(item, dice(1)))
    assert said()
    assert f"Answered: 1 of at most {LENGTH}" in opened(testing).render("student_view", {}).content


def test_an_answer_stays_and_only_the_question_at_hand_is_answered(testing: Site, learner: None) -> None:
    first = ITEMS[call(testing, "take_up").json["item"]]
    answer = some_answer(first, dice(1))
    second = call(testing, "give_answer", item=first.id, option=answer).json
    assert call(testing, "give_answer", item=first.id, option=answer).json == second, "sent again"
    other = next(each for each in (some_answer(first, dice(n)) for n in range(99)) if first.canonical(each) != answer)
    assert call(testing, "give_answer", item=first.id, option=other).status == 409
    elsewhere = next(item.id for item in TEST.items if item.id not in (first.id, second["item"]))
    assert call(testing, "give_answer", item=elsewhere, option="a").status == 409
    assert call(testing, "save_answer", item=elsewhere, option="a").status == 409
    assert call(testing, "finish").status == 400
    assert call(testing, "give_answer", item=second["item"], option="").status == 400
    assert call(testing, "give_answer", item=second["item"], option="zz").status == 400
    assert len(testing.stored()["answers"]) == 1


def test_the_exit_test_and_a_second_try_ask_other_questions(testing: Site, learner: None) -> None:
    entry, _reply = run(testing, "one", dice(1))
    last, reply = run(testing, "two", dice(2))
    assert not set(entry) & set(last)
    assert "Before and after" in reply.json["result"]
    call(testing, "retake", name="two")
    again, reply = run(testing, "two", dice(3))
    assert not set(again) & {*entry, *last}
    assert "Your earlier results" in reply.json["result"]


def test_without_the_plugin_a_second_try_asks_other_questions_too(testing: Site, no_plugin: None) -> None:
    first, _reply = run(testing, "one", dice(1))
    call(testing, "retake")
    second, _reply = run(testing, "one", dice(2))
    assert not set(first) & set(second)


def test_half_a_test_tells_nothing_of_its_answers(testing: Site, learner: None) -> None:
    item = ITEMS[call(testing, "take_up").json["item"]]
    call(testing, "give_answer", item=item.id, option=some_answer(item, dice(1)))
    assert "appears when the test is finished" in call(testing, "result").json["html"]
    table = testing.post(opened(testing), "own_answers", {}).text
    assert "Points" not in table
    assert len(table.strip().splitlines()) == 2


def test_what_was_begun_as_a_whole_goes_on_as_a_whole(site: Site, no_plugin: None) -> None:
    opened(site, "author", settings={"instrument": TEST.id})
    item = TEST.items[0]
    assert call(site, "save_answer", item=item.id, option=some_answer(item, dice(1))).status == 200
    opened(site, "author", settings={"instrument": TEST.id, "adaptive": True})
    item = TEST.items[1]
    assert call(site, "save_answer", item=item.id, option=some_answer(item, dice(1))).status == 200


def test_settings_that_make_no_adaptive_test_are_said() -> None:
    good = {"display_name": "x", "instrument": TEST.id, "phase": "entry", "target_level": "B2", "adaptive": True}
    fits = {"adaptive_length": 20, "adaptive_error": 0.35}
    assert nd.settings_problems(**good, **fits) == ()
    for wrong in ({"adaptive_length": 67}, {"adaptive_length": 2}, {"adaptive_error": 0.0}):
        (problem,) = nd.settings_problems(**good, **{**fits, **wrong})
        assert problem.about == next(iter(wrong))
    (problem,) = nd.settings_problems(**{**good, "instrument": "digcompedu_selfassessment"}, **fits)
    assert problem.about == "adaptive"
