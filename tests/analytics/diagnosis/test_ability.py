"""Ability against scipy's own integration and optimisation, and the curves of the models."""

from itertools import pairwise
from math import exp, inf, isclose, isfinite, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from smartpd_analytics.api import (
    AnswerError,
    InputError,
    ItemBank,
    ItemParameters,
    category_probabilities,
    estimate_ability,
    item_information,
)
from smartpd_analytics.api import test_information as information_of

RASCH = ItemBank("rasch", "1pl", tuple(ItemParameters(f"r{n}", 1.1, (n / 2 - 2,)) for n in range(9)))
MIXED = ItemBank(
    "mixed",
    "mixed",
    (
        ItemParameters("two", 1.4, (-0.5,)),
        ItemParameters("hard", 0.8, (1.5,)),
        ItemParameters("three", 1.7, (0.3,), guessing=0.2),
        ItemParameters("graded", 1.2, (-1.5, -0.2, 0.9)),
        ItemParameters("steep", 2.2, (-0.4, 0.1)),
    ),
    ability_mean=0.3,
    ability_sd=1.2,
)
CATEGORIES = {item.item_id: len(item.thresholds) for item in MIXED.items}

items = st.one_of(
    st.builds(
        ItemParameters,
        st.just("x"),
        st.floats(0.2, 4),
        st.tuples(st.floats(-4, 4)),
        guessing=st.floats(0, 0.5),
    ),
    st.builds(
        ItemParameters,
        st.just("x"),
        st.floats(0.2, 4),
        st.lists(st.floats(-4, 4), min_size=2, max_size=5, unique_by=lambda b: round(b, 2)).map(sorted).map(tuple),
    ),
)
mixed_answers = st.fixed_dictionaries({}, optional={name: st.integers(0, top) for name, top in CATEGORIES.items()})


def plain_probability(item, category, ability):
    """Straight from the definition."""
    at_least = [1.0, *(item.guessing + (1 - item.guessing) / (1 + exp(-item.discrimination * (ability - b)))
                       for b in item.thresholds), 0.0]  # fmt: skip
    return at_least[category] - at_least[category + 1]


def log_likelihood(bank, answers, ability):
    return sum(log(plain_probability(item, answers[item.item_id], ability)) for item in bank.items
               if item.item_id in answers)  # fmt: skip


def log_posterior(bank, answers, ability):
    return log_likelihood(bank, answers, ability) - ((ability - bank.ability_mean) / bank.ability_sd) ** 2 / 2


# --- curves -----------------------------------------------------------------------------------


@given(items, st.floats(-6, 6))
def test_probabilities_follow_the_definition_and_sum_to_one(item, ability):
    found = category_probabilities(item, ability)
    assert len(found) == len(item.thresholds) + 1
    assert isclose(sum(found), 1, abs_tol=1e-12)
    for category, chance in enumerate(found):
        assert 0 < chance <= 1
        assert isclose(chance, plain_probability(item, category, ability), rel_tol=1e-6, abs_tol=1e-12)


@given(items, st.floats(-4, 4))
def test_information_is_the_expected_squared_slope_of_the_log_likelihood(item, ability):
    step = 1e-5
    expected = 0.0
    for low, high, now in zip(
        category_probabilities(item, ability - step),
        category_probabilities(item, ability + step),
        category_probabilities(item, ability),
        strict=True,
    ):
        expected += ((high - low) / (2 * step)) ** 2 / now
    assert isclose(item_information(item, ability), expected, rel_tol=1e-4, abs_tol=1e-9)


@given(st.lists(items, max_size=6), st.lists(items, max_size=6), st.floats(-4, 4))
def test_information_adds_up(some, others, ability):
    together = information_of([*some, *others], ability)
    assert isclose(together, information_of(some, ability) + information_of(others, ability), abs_tol=1e-12)
    assert together >= 0


def test_curves_keep_their_digits_far_out():
    item = ItemParameters("x", 2.0, (0.0, 1.0))
    for ability in (-30.0, 30.0):
        assert all(chance > 0 for chance in category_probabilities(item, ability))
        assert isclose(item_information(item, ability), 4 * exp(-2 * (30 if ability < 0 else 29)), rel_tol=0.2)


# --- estimates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        {"two": 1, "hard": 0, "three": 1, "graded": 2},
        {"two": 0, "hard": 0, "three": 0, "graded": 0, "steep": 0},
        {"two": 1, "hard": 1, "three": 1, "graded": 3, "steep": 2},
        {"graded": 1},
        {"three": 1},
        {"steep": 1},
        {"hard": 0, "steep": 1},
        {},
    ],
)
def test_estimates_are_those_of_scipy(answers):
    def moment(power, about=0.0):
        return quad(
            lambda z: (z - about) ** power * exp(log_posterior(MIXED, answers, z)), -9, 9, epsabs=1e-13, limit=300
        )[0]

    eap = estimate_ability(MIXED, answers)
    mean = moment(1) / moment(0)
    assert isclose(eap.value, mean, abs_tol=2e-5)
    assert isclose(eap.error, (moment(2, mean) / moment(0)) ** 0.5, rel_tol=1e-4)

    found = minimize_scalar(
        lambda z: -log_posterior(MIXED, answers, z), bounds=(-6, 6), method="bounded", options={"xatol": 1e-9}
    )
    mode = estimate_ability(MIXED, answers, method="map")
    assert isclose(mode.value, found.x, abs_tol=1e-6)
    answered = [item for item in MIXED.items if item.item_id in answers]
    assert isclose(mode.error, (information_of(answered, mode.value) + 1.2**-2) ** -0.5)
    assert eap.answered == mode.answered == len(answers)


@pytest.mark.parametrize("right", range(10))
def test_wle_of_the_2pl_maximises_the_likelihood_times_the_root_of_information(right):
    # Warm (1989): for the 1PL and 2PL the weight is the square root of the information.
    answers = {item.item_id: int(number < right) for number, item in enumerate(RASCH.items)}

    def weighted(z):
        return log_likelihood(RASCH, answers, z) + log(information_of(RASCH.items, z)) / 2

    found = minimize_scalar(lambda z: -weighted(z), bounds=(-7, 7), method="bounded", options={"xatol": 1e-9})
    wle = estimate_ability(RASCH, answers, method="wle")
    assert isclose(wle.value, found.x, abs_tol=1e-5)
    assert isclose(wle.error, information_of(RASCH.items, wle.value) ** -0.5)


@given(mixed_answers.filter(bool))
@example({"hard": 0, "steep": 1})
def test_wle_of_mixed_items_solves_warms_equation(answers):
    wle = estimate_ability(MIXED, answers, method="wle")
    answered = [item for item in MIXED.items if item.item_id in answers]
    h = 1e-4
    rise = bend = 0.0
    for item in answered:
        low, now, high = (category_probabilities(item, wle.value + shift) for shift in (-h, 0, h))
        rise += (log(high[answers[item.item_id]]) - log(low[answers[item.item_id]])) / (2 * h)
        for a, b, c in zip(low, now, high, strict=True):
            bend += (c - a) / (2 * h) * (a - 2 * b + c) / h**2 / b
    information = information_of(answered, wle.value)
    assert abs(rise + bend / (2 * information)) < 1e-4 * (1 + information)
    assert isfinite(wle.value)
    assert isfinite(wle.error)


@pytest.mark.parametrize("method", ["eap", "map", "wle"])
def test_one_more_right_answer_means_more_ability(method):
    values = [
        estimate_ability(RASCH, {item.item_id: int(n < right) for n, item in enumerate(RASCH.items)}, method=method)
        for right in range(10)
    ]
    assert all(isfinite(each.value) for each in values)
    assert all(low.value < high.value - 0.1 for low, high in pairwise(values))


@given(st.sets(st.sampled_from([item.item_id for item in RASCH.items])), st.randoms(use_true_random=False))
def test_with_one_slope_only_the_number_right_counts(right, random):
    others = set(random.sample([item.item_id for item in RASCH.items], len(right)))
    one, other = (
        estimate_ability(RASCH, {item.item_id: int(item.item_id in chosen) for item in RASCH.items})
        for chosen in (right, others)
    )
    assert isclose(one.value, other.value, abs_tol=1e-9)


@given(mixed_answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter_for_ability(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    for method in ("eap", "map", "wle"):
        one, other = (estimate_ability(MIXED, given, method=method) for given in (answers, dict(shuffled)))
        assert isclose(one.value, other.value, abs_tol=1e-9)


def test_without_answers_the_population_stands():
    eap, mode, wle = (estimate_ability(MIXED, {}, method=method) for method in ("eap", "map", "wle"))
    assert isclose(eap.value, 0.3)
    assert isclose(eap.error, 1.2, rel_tol=1e-3)
    assert (mode.value, mode.error) == (pytest.approx(0.3), pytest.approx(1.2))
    assert (wle.value, wle.error) == (0.3, inf)


def test_several_hundred_answers_underflow_nothing():
    long = ItemBank("long", "2pl", tuple(ItemParameters(str(n), 1.5, (n % 7 - 3.0,)) for n in range(2000)))
    answers = {item.item_id: number % 2 for number, item in enumerate(long.items)}
    assert all(isfinite(estimate_ability(long, answers, method=method).value) for method in ("eap", "map", "wle"))
    hopeless = ItemBank("steep", "2pl", (ItemParameters("x", 90.0, (9.0,)), ItemParameters("y", 90.0, (-9.0,))))
    for method in ("eap", "map", "wle"):
        assert isfinite(estimate_ability(hopeless, {"x": 1, "y": 0}, method=method).value)


def test_what_does_not_belong_is_named():
    with pytest.raises(AnswerError) as caught:
        estimate_ability(MIXED, {"two": 1, "none": 0})
    assert (caught.value.problem, caught.value.item_id) == ("unknown_item", "none")
    for category in (2, -1, "1", None, [1]):
        with pytest.raises(AnswerError) as caught:
            estimate_ability(MIXED, {"two": category})
        assert (caught.value.problem, caught.value.item_id) == ("unknown_option", "two")
    with pytest.raises(InputError, match="eap, map, wle"):
        estimate_ability(MIXED, {}, method="mle")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (ItemParameters("q", 0.0, (0.0,)), "discrimination is 0.0"),
        (ItemParameters("q", float("nan"), (0.0,)), "discrimination is nan"),
        (ItemParameters("q", 1.0, ()), r"thresholds are \[\]"),
        (ItemParameters("q", 1.0, (inf,)), "thresholds"),
        (ItemParameters("q", 1.0, (1.0, 0.5)), "ascending"),
        (ItemParameters("q", 1.0, (0.0,), guessing=1.0), "guessing is 1.0"),
        (ItemParameters("q", 1.0, (0.0, 1.0), guessing=0.1), "graded"),
        (ItemParameters("two", 1.0, (0.0,)), "second time"),
    ],
)
def test_an_item_that_no_model_can_use_is_named(item, said):
    bank = ItemBank("b", "2pl", (MIXED.items[0], item))
    with pytest.raises(InputError, match=rf"item 2 .*{said}"):
        estimate_ability(bank, {})


def test_a_bank_without_spread_is_refused():
    with pytest.raises(InputError, match="standard deviation above 0"):
        estimate_ability(ItemBank("b", "2pl", MIXED.items, ability_sd=0.0), {})
