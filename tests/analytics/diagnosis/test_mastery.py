"""Mastery tracking: answer by answer in plain Python, and fitted to answers in numpy."""

import json
import math
import random
import sys
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import (
    DEFAULT_SKILL,
    InputError,
    MasteryModel,
    MasteryState,
    SkillModel,
    begin_mastery,
    expect_right,
    mastery_estimate,
    mastery_model_from_json,
    mastery_model_to_json,
    observe_answer,
    trace_answers,
)
from smartpd_analytics.pipeline import fit_mastery

shares = st.floats(0, 1)
logits = st.floats(-6, 6)


@st.composite
def skills(draw):
    levels = draw(st.integers(2, 4))
    weights = draw(st.lists(st.floats(0.01, 1), min_size=levels, max_size=levels))
    return SkillModel(
        start=tuple(weight / math.fsum(weights) for weight in weights),
        learn=tuple(draw(st.lists(shares, min_size=levels - 1, max_size=levels - 1))),
        ease=tuple(sorted(draw(st.lists(logits, min_size=levels, max_size=levels)))),
        items=draw(st.dictionaries(st.sampled_from("ab"), logits)),
    )


answers = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12)


def followed(skill, given_answers, state=None):
    state = state or begin_mastery(skill)
    for item, correct in given_answers:
        state = observe_answer(skill, state, correct=correct, item=item)
    return state


def by_enumeration(skill, given_answers):
    """P(answers) summed over every path through the levels: slow, and beyond doubt."""
    levels = range(len(skill.start))
    total = 0.0
    for path in product(levels, repeat=len(given_answers)):
        chance = skill.start[path[0]]
        for before, after in pairwise(path):
            up = skill.learn[before] if before < len(skill.learn) else 0.0
            chance *= {before: 1 - up, before + 1: up}.get(after, 0.0)
        for level, (item, correct) in zip(path, given_answers, strict=True):
            p = 1 / (1 + math.exp(-(skill.ease[level] + skill.items.get(item, 0.0))))
            chance *= p if correct else 1 - p
        total += chance
    return total


# --- following --------------------------------------------------------------------------------


@given(skills(), st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=5))
def test_the_chance_of_a_whole_sequence_is_that_of_all_its_paths(skill, given_answers):
    chance, state = 1.0, begin_mastery(skill)
    for item, correct in given_answers:
        right = expect_right(skill, state, item)
        chance *= right if correct else 1 - right
        state = observe_answer(skill, state, correct=correct, item=item)
    assert chance == pytest.approx(by_enumeration(skill, given_answers), rel=1e-9)


@given(skills(), answers)
def test_beliefs_are_shares_and_the_estimate_lies_within_its_bounds(skill, given_answers):
    state = followed(skill, given_answers)
    assert sum(state.belief) == pytest.approx(1)
    assert all(-1e-12 <= share <= 1 + 1e-12 for share in state.belief)
    estimate = mastery_estimate("2.1", state)
    assert 0 <= estimate.value <= 1
    assert 0 <= estimate.error <= 0.5 + 1e-9
    assert (estimate.source, estimate.evidence) == ("mastery", len(given_answers))


@given(skills(), answers, st.sampled_from("abc"))
def test_a_right_answer_never_leaves_a_lower_estimate_than_a_wrong_one(skill, given_answers, item):
    before = followed(skill, given_answers)
    right, wrong = (observe_answer(skill, before, correct=correct, item=item) for correct in (True, False))
    assert mastery_estimate("x", right).value >= mastery_estimate("x", wrong).value - 1e-12


@given(skills(), answers, answers)
def test_it_goes_on_from_a_stored_state_as_if_it_had_never_stopped(skill, first, second):
    stored = MasteryState(**json.loads(json.dumps({"belief": followed(skill, first).belief, "evidence": len(first)})))
    stored = MasteryState(tuple(stored.belief), stored.evidence)
    assert followed(skill, second, stored) == followed(skill, first + second)


@given(
    st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("12"), st.sampled_from("ab"), st.booleans())), skills()
)
def test_many_learners_at_once_are_each_followed_alone(stream, skill):
    model = MasteryModel({"1": skill})
    states = trace_answers(model, stream)
    for (learner, competency), state in states.items():
        mine = [(item, correct) for who, what, item, correct in stream if (who, what) == (learner, competency)]
        assert state == followed(model.skill(competency), mine)


def test_a_harder_item_tells_less_when_failed_and_more_when_solved():
    skill = SkillModel((0.5, 0.5), (0.1,), (-1.0, 1.5), {"hard": -2.0})
    start = begin_mastery(skill)
    value = {
        (item, correct): mastery_estimate("x", observe_answer(skill, start, correct=correct, item=item)).value
        for item in ("hard", "average")
        for correct in (True, False)
    }
    assert value["hard", True] > value["average", True]
    assert value["hard", False] > value["average", False]


def test_an_answer_that_cannot_be_tells_nothing():
    certain = SkillModel((1.0, 0.0), (0.0,), (-40.0, 40.0))
    state = observe_answer(certain, begin_mastery(certain), correct=True)
    assert all(math.isfinite(share) for share in state.belief)


def test_a_state_of_another_model_is_refused_alone_and_begins_anew_in_a_stream():
    three = SkillModel((0.4, 0.3, 0.3), (0.1, 0.1), (-1.0, 0.0, 1.0))
    with pytest.raises(InputError, match="3 levels"):
        observe_answer(DEFAULT_SKILL, begin_mastery(three), correct=True)
    states = trace_answers(MasteryModel(), [("x", "1", "a", True)], states={("x", "1"): begin_mastery(three)})
    assert len(states["x", "1"].belief) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": (1.0,)},
        {"start": (0.9, 0.9)},
        {"learn": (0.1, 0.1)},
        {"learn": (1.5,)},
        {"ease": (1.0, 0.0)},
        {"ease": (math.nan, 0.0)},
        {"items": {"a": math.inf}},
    ],
)
def test_a_skill_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        SkillModel(**({"start": (0.5, 0.5), "learn": (0.1,), "ease": (-1.0, 1.0)} | wrong))


# --- files ------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(["1.1", "2.3", "x"]), skills()), skills())
def test_a_model_survives_its_file(found, default):
    model = MasteryModel(found, default)
    assert mastery_model_from_json(mastery_model_to_json(model)) == model


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ("[1]", "no mastery model"),
        ('{"smartpd_mastery_model": 99}', "99"),
        ('{"smartpd_mastery_model": 1, "skills": 3}', "skills"),
        ('{"smartpd_mastery_model": 1, "skills": {"1.1": {"start": [1]}}}', "1.1"),
        ('{"smartpd_mastery_model": 1, "skills": {"1.1": {"start": [1], "learn": [], "ease": ["x"]}}}', "1.1"),
        ('{"smartpd_mastery_model": 1, "skills": {"1.1": {"start": [2, 3], "learn": [1], "ease": [1, 2]}}}', "1.1"),
    ],
)
def test_a_file_that_is_no_model_is_named(text, said):
    with pytest.raises(InputError, match=said) as refused:
        mastery_model_from_json(text, file="mastery.json")
    assert "mastery.json" in str(refused.value)


# --- fitting ----------------------------------------------------------------------------------


def simulated(skill, *, learners, length, seed, items=("",)):
    """Answers of learners who follow ``skill``: columns for ``fit_mastery``."""
    chance = random.Random(seed)  # noqa: S311
    columns = [], [], [], []
    for learner in range(learners):
        level = chance.choices(range(len(skill.start)), skill.start)[0]
        for _ in range(length):
            item = chance.choice(items)
            row = (learner, "1.1", chance.random() < skill.right(item)[level], item)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
            level += level < len(skill.learn) and chance.random() < skill.learn[level]
    return columns


def test_it_finds_the_parameters_that_made_the_answers():
    truth = SkillModel((0.6, 0.4), (0.2,), (-1.4, 2.0))
    found = fit_mastery(*simulated(truth, learners=1500, length=8, seed=1), item_effects=False).skill("1.1")
    assert len(found.start) == 2
    assert found.start == pytest.approx(truth.start, abs=0.05)
    assert found.learn == pytest.approx(truth.learn, abs=0.04)
    assert found.right() == pytest.approx(truth.right(), abs=0.04)
    assert found.answers == 12_000


def test_it_finds_which_items_are_hard_and_leaves_equal_ones_equal():
    items = {"easy": 1.2, "middle": 0.0, "hard": -1.2}
    truth = SkillModel((0.6, 0.4), (0.1,), (-1.0, 1.0), items)
    found = fit_mastery(*simulated(truth, learners=600, length=6, seed=2, items=tuple(items))).skill("1.1")
    assert {item: found.items[item] for item in items} == pytest.approx(items, abs=0.3)
    equal = SkillModel((0.6, 0.4), (0.1,), (-1.0, 1.0))
    found = fit_mastery(*simulated(equal, learners=600, length=6, seed=3, items=tuple(items))).skill("1.1")
    assert all(abs(offset) < 0.15 for offset in found.items.values())


def test_it_takes_three_levels_where_there_are_three():
    truth = SkillModel((0.4, 0.3, 0.3), (0.05, 0.05), (-2.2, 0.0, 2.2))
    assert len(fit_mastery(*simulated(truth, learners=800, length=10, seed=4)).skill("1.1").start) == 3


def test_little_data_stay_near_the_assumed_skill():
    found = fit_mastery(["x"], ["1.1"], [True], ["a"]).skill("1.1")
    assert 0.1 < expect_right(found, begin_mastery(found)) < 0.9
    assert found.answers == 1


def test_competencies_do_not_mix_and_the_order_between_them_does_not_matter():
    one = simulated(SkillModel((0.9, 0.1), (0.05,), (-2.0, 0.0)), learners=80, length=5, seed=5)
    two = simulated(SkillModel((0.1, 0.9), (0.3,), (0.0, 2.0)), learners=80, length=5, seed=6)
    two[1][:] = ["2.2"] * len(two[1])
    after = [first + second for first, second in zip(one, two, strict=True)]
    turned = [
        [value for pair in zip(first, second, strict=True) for value in pair]
        for first, second in zip(one, two, strict=True)
    ]
    together = fit_mastery(*after, levels=[2])
    assert fit_mastery(*turned, levels=[2]) == together
    alone = fit_mastery(*one, levels=[2]).skill("1.1")
    assert together.skill("1.1").ease == pytest.approx(alone.ease, abs=0.05)
    assert together.skill("unheard of") == DEFAULT_SKILL


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([], [], []), "no answers"),
        ((["x"], ["1.1"], [True, False]), "different lengths"),
        ((["x"], ["1.1"], [True], ["a", "b"]), "different lengths"),
    ],
)
def test_columns_that_cannot_be_fitted_are_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        fit_mastery(*arguments)


def test_the_lms_follows_mastery_without_numpy():
    import subprocess

    code = "import sys; sys.modules['numpy'] = None; from smartpd_analytics.api import trace_answers, MasteryModel; "
    code += "print(len(trace_answers(MasteryModel(), [('x', '1.1', 'a', True)])))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("1", "")
