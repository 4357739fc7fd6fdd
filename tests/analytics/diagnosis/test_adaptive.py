"""Adaptive tests with simulated learners: which item comes, when it ends, what is promised about shares."""

import random
from dataclasses import replace
from math import exp, isclose
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.api import (
    AdaptiveSettings,
    AnswerError,
    InputError,
    ItemBank,
    ItemParameters,
    estimate_ability,
    item_information,
    next_item,
)

AREAS = ("1", "2", "3")


def bank_of(count, seed=1, **more):
    draws = random.Random(seed)  # noqa: S311
    return ItemBank(
        "simulated",
        "2pl",
        tuple(
            ItemParameters(f"i{n}", draws.lognormvariate(0.2, 0.3), (draws.gauss(0, 1),), area_id=AREAS[n % 3])
            for n in range(count)
        ),
        simulated=True,
        **more,
    )


BANK = bank_of(120)
BY_ID = {item.item_id: item for item in BANK.items}
ONE_BEST = AdaptiveSettings(error=0.0, randomesque=1)


def learner(ability, seed):
    draws = random.Random(seed)  # noqa: S311

    def answer(item_id):
        item = BY_ID[item_id]
        return int(draws.random() < 1 / (1 + exp(-item.discrimination * (ability - item.difficulty))))

    return answer


def take(answer, how=ONE_BEST, bank=BANK, **more):
    answers = {}
    while True:
        step = next_item(bank, answers, how, **more)
        if step.stopped:
            return answers, step
        assert step.item_id not in answers
        answers[step.item_id] = answer(step.item_id)


runs = st.builds(learner, st.floats(-3, 3), st.integers(0, 10_000))


def test_the_first_item_tells_most_about_an_average_learner():
    step = next_item(BANK, {}, ONE_BEST)
    best = max(BANK.items, key=lambda item: item_information(item, 0.0))
    assert (step.item_id, step.stopped, step.ability.answered) == (best.item_id, "", 0)


@given(runs)
@settings(max_examples=20)
def test_every_item_tells_nearly_the_most_at_the_estimate_before_it(answer):
    answers, _step = take(answer)
    asked, shares = {}, []
    for item_id, category in answers.items():
        ability = estimate_ability(BANK, asked).value
        told = item_information(BY_ID[item_id], ability)
        most = max(item_information(item, ability) for item in BANK.items if item.item_id not in asked)
        shares.append(told / most)
        asked[item_id] = category
    # Items are ranked at points 0.1 apart.
    assert min(shares) > 0.85
    assert fmean(shares) > 0.98


@given(runs, st.integers(0, 5), st.sets(st.sampled_from(sorted(BY_ID)), max_size=60))
@settings(max_examples=30)
def test_no_item_twice_none_excluded_and_the_same_seed_gives_the_same_test(answer, seed, excluded):
    how = AdaptiveSettings(error=0.3, max_items=25)
    answers, step = take(answer, how, seed=seed, excluded=excluded)
    assert not excluded & answers.keys()
    assert len(answers) == step.ability.answered <= 25
    again = {}
    while not (step := next_item(BANK, dict(again), how, seed=seed, excluded=frozenset(excluded))).stopped:
        again[step.item_id] = answers[step.item_id]
    assert list(again.items()) == list(answers.items())


def test_a_new_process_asks_the_same():
    fresh = bank_of(120)
    assert fresh is not BANK
    answers = {"i3": 1, "i8": 0, "i77": 1}
    for seed in range(5):
        assert next_item(fresh, answers, seed=seed) == next_item(BANK, answers, seed=seed)


def test_different_seeds_share_out_the_best_five():
    first = {next_item(BANK, {}, seed=seed).item_id for seed in range(200)}
    best = sorted(BANK.items, key=lambda item: -item_information(item, 0.0))[:5]
    assert first == {item.item_id for item in best}


def test_randomesque_choice_lowers_the_highest_exposure():
    def most_seen(randomesque):
        how = AdaptiveSettings(error=0.0, max_items=8, randomesque=randomesque)
        seen = dict.fromkeys(BY_ID, 0)
        for number in range(60):
            for item_id in take(learner(number / 20 - 1.5, number), how, seed=number)[0]:
                seen[item_id] += 1
        return max(seen.values()) / 60

    assert most_seen(1) == 1.0
    assert most_seen(5) < 0.8


# --- the end ----------------------------------------------------------------------------------


@given(runs, st.floats(0.25, 0.9), st.integers(1, 10), st.integers(10, 40))
@settings(max_examples=40)
def test_it_stops_by_error_or_length_and_never_earlier(answer, error, least, most):
    how = AdaptiveSettings(error=error, min_items=least, max_items=most, randomesque=3)
    answers, step = take(answer, how)
    assert step.item_id == ""
    if step.stopped == "error":
        assert step.ability.error <= error
        assert len(answers) >= least
    else:
        assert step.stopped == "length"
        assert len(answers) == most
        assert step.ability.error > error
    if len(answers) > least:
        before = dict(list(answers.items())[:-1])
        assert estimate_ability(BANK, before).error > error
    assert step.ability == estimate_ability(BANK, answers)


def test_it_stops_by_time_and_at_the_end_of_the_bank():
    how = AdaptiveSettings(max_seconds=600)
    assert next_item(BANK, {}, how, seconds=599).stopped == ""
    assert next_item(BANK, {}, how, seconds=600).stopped == "time"
    small = bank_of(4)
    answers, step = take(lambda _item: 1, AdaptiveSettings(error=0.0, max_items=10), small)
    assert (len(answers), step.stopped) == (4, "bank")
    assert next_item(small, {}, excluded={"i0", "i1", "i2", "i3"}).stopped == "bank"
    assert next_item(ItemBank("none", "2pl", ()), {}).stopped == "bank"


# --- areas ------------------------------------------------------------------------------------


@given(
    runs,
    st.lists(st.floats(0.05, 1), min_size=3, max_size=3),
    st.integers(1, 30),
    st.integers(0, 100),
)
@settings(max_examples=40)
def test_areas_get_their_shares_at_every_length(answer, weights, length, seed):
    shares = {area: weight / sum(weights) for area, weight in zip(AREAS, weights, strict=True)}
    how = AdaptiveSettings(error=0.0, min_items=0, max_items=length, randomesque=2, area_shares=shares)
    answers, step = take(answer, how, seed=seed)
    assert step.stopped == "length"
    asked = [BY_ID[item_id].area_id for item_id in answers]
    for count in range(1, length + 1):
        for area, share in shares.items():
            # Never a whole item ahead, so together never more than two behind.
            assert -2 - 1e-9 < asked[:count].count(area) - share * count < 1 + 1e-9


def test_an_area_that_has_run_out_gives_way_and_one_without_a_share_is_not_asked():
    how = AdaptiveSettings(error=0.0, max_items=30, area_shares={"1": 0.5, "2": 0.5, "3": 0.0})
    outside = {item.item_id for item in BANK.items if item.area_id == "1"} - {"i0", "i3"}
    asked = [BY_ID[item_id].area_id for item_id in take(learner(0, 1), how, excluded=outside)[0]]
    assert (asked.count("1"), asked.count("2"), asked.count("3")) == (2, 28, 0)


# --- how good it is ---------------------------------------------------------------------------


def test_the_estimate_comes_nearer_than_with_items_at_random():
    def error(how):
        squares = []
        for number in range(150):
            ability = random.Random(number).gauss(0, 1)  # noqa: S311
            _answers, step = take(learner(ability, number), how, seed=number)
            squares.append((step.ability.value - ability) ** 2)
        return fmean(squares) ** 0.5

    adaptive = error(AdaptiveSettings(error=0.0, max_items=15))
    at_random = error(AdaptiveSettings(error=0.0, max_items=15, randomesque=len(BANK.items)))
    assert adaptive < 0.42
    assert adaptive < 0.85 * at_random


def test_graded_items_and_another_population_work_as_well():
    graded = ItemBank(
        "graded",
        "graded",
        tuple(ItemParameters(f"g{n}", 1.5, (n / 5 + 48.0, n / 5 + 49.0, n / 5 + 50.5)) for n in range(10)),
        ability_mean=50.0,
        ability_sd=2.0,
    )
    _answers, step = take(lambda _item: 2, AdaptiveSettings(error=0.0, max_items=6, randomesque=1), graded)
    assert step.stopped == "length"
    assert isclose(step.ability.value, 50.0, abs_tol=2.0)
    assert step.ability.error < 0.8


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"error": -0.1}, "error"),
        ({"error": float("nan")}, "error"),
        ({"min_items": 9, "max_items": 3}, "min_items"),
        ({"randomesque": 0}, "randomesque"),
        ({"area_shares": {"1": 0.7, "2": 0.7}}, "sum to 1"),
        ({"area_shares": {"1": 1.5, "2": -0.5}}, "0 or more"),
    ],
)
def test_settings_that_cannot_be_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        next_item(BANK, {}, replace(AdaptiveSettings(), **change))


def test_answers_that_do_not_belong_are_refused():
    for answers in ({"none": 1}, {"i1": 2}, {"i1": [1]}):
        with pytest.raises(AnswerError):
            next_item(BANK, answers)
