"""The bundled knowledge test: spread, balance, and parameters that fit its cut scores."""

from collections import Counter

import pytest
from smartpd_analytics.api import (
    LANGUAGES,
    AdaptiveSettings,
    category_probabilities,
    level_at_ability,
    load_framework,
    load_instrument,
    load_item_bank,
    next_item,
    score_ability,
    score_answers,
    score_estimates,
)

FRAMEWORK = load_framework("digcompedu")
TEST = load_instrument("digital_teaching_test")
BANK = load_item_bank("digital_teaching_test")
CHOICES = [item for item in TEST.items if item.kind == "choice"]
SEVERAL = [item for item in TEST.items if item.kind == "multiple"]
LEVELS = [level.id for level in FRAMEWORK.levels]


def right_answer(item):
    if item.kind == "choice":
        return next(option.id for option in item.options if option.points)
    chosen = item.options if item.kind == "order" else [option for option in item.options if option.points]
    return "+".join(option.id for option in chosen)


def wrong_answer(item):
    if item.kind == "order":
        return "+".join(option.id for option in reversed(item.options))
    return next(option.id for option in item.options if not option.points)


def test_every_area_has_ten_items_of_every_type_and_level():
    for area in FRAMEWORK.areas:
        own = [item for item in TEST.items if item.area_id == area.id]
        assert len(own) >= 10
        kinds = Counter(item.kind for item in own)
        assert kinds["choice"] >= 7
        assert kinds["multiple"] >= 1
        assert kinds["order"] == 1
        assert sum(bool(item.scenario) for item in own) >= 2
        assert {item.level for item in own} == set(LEVELS)
        assert {item.competency_id for item in own} == {each.id for each in FRAMEWORK.competencies_of(area.id)}


def test_the_bank_is_as_large_as_the_documentation_says():
    assert Counter(item.kind for item in TEST.items) == {"choice": 49, "multiple": 11, "order": 6}
    assert sum(bool(item.scenario) for item in TEST.items) == 13
    assert TEST.max_points == 83


def test_right_answers_stand_at_every_place_alike():
    places = Counter(next(n for n, option in enumerate(item.options) if option.points) for item in CHOICES)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) - min(places.values()) <= 2
    assert all(len(item.options) == 4 for item in CHOICES)
    places = Counter(n for item in SEVERAL for n, option in enumerate(item.options) if option.points)
    assert set(places) == set(range(5))
    assert all(sum(option.points for option in item.options) == 2 for item in SEVERAL)
    # Nothing in the ids of an order tells it.
    assert all(
        [option.id for option in item.options] != sorted(option.id for option in item.options)
        for item in TEST.items
        if item.kind == "order"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_longest_option_is_seldom_the_right_one(lang):
    longest = 0
    for item in CHOICES:
        lengths = {option.points: 0 for option in item.options}
        for option in item.options:
            lengths[option.points] = max(lengths[option.points], len(option.text[lang]))
        longest += lengths[1] > lengths[0]
    # One in four by chance.
    assert longest <= len(CHOICES) / 4


@pytest.mark.parametrize("item", TEST.items, ids=lambda item: item.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_options_can_be_compared_and_read_on_a_phone(item, lang):
    lengths = [len(option.text[lang]) for option in item.options]
    assert max(lengths) <= 80
    if item.kind == "choice":
        assert max(lengths) <= 2 * min(lengths)
    assert len({option.text[lang] for option in item.options}) == len(item.options)
    assert item.text[lang].endswith("?")
    assert len(item.text[lang]) <= 170


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_question_stands_twice(lang):
    questions = [(item.scenario.get(lang, ""), item.text[lang]) for item in TEST.items]
    assert len(set(questions)) == len(questions)


def test_parameters_are_provisional_and_rise_with_the_level():
    assert BANK.provisional
    assert not BANK.simulated
    assert {parameters.item_id for parameters in BANK.items} == {item.id for item in TEST.items}
    mean = {}
    for level in LEVELS:
        own = [item.parameters.difficulty for item in TEST.items if item.level == level]
        mean[level] = sum(own) / len(own)
        # Who stands in the middle of a level is expected to solve its items more often than not.
        assert level_at_ability(FRAMEWORK, TEST, mean[level]) == level
    assert sorted(mean, key=mean.__getitem__) == LEVELS


def test_cut_scores_are_the_points_expected_at_the_ability_cuts():
    for ability, cut in zip(TEST.ability_cuts, TEST.cut_scores[1:], strict=True):
        expected = sum(
            sum(chance * points for points, chance in enumerate(category_probabilities(parameters, ability)))
            for parameters in BANK.items
        )
        assert abs(expected - cut) <= 0.5


def test_everything_right_is_the_highest_level_and_everything_wrong_the_lowest():
    right = score_answers(TEST, FRAMEWORK, {item.id: right_answer(item) for item in TEST.items})
    wrong = score_answers(TEST, FRAMEWORK, {item.id: wrong_answer(item) for item in TEST.items})
    assert (right.points, right.level) == (TEST.max_points, "C2")
    assert (wrong.points, wrong.level) == (0, "A1")
    # No answer is known without error.
    assert 0 < right.error < 0.05
    assert 0 < wrong.error < 0.05
    assert {estimate.source for estimate in score_estimates(right)} == {"knowledge_test"}
    assert len(score_estimates(right)) == 22
    for high, low in zip(score_estimates(right), score_estimates(wrong), strict=True):
        assert 0 < low.value < high.value < 1
        assert min(low.error, high.error) > 0.05


@pytest.mark.parametrize("known", LEVELS)
def test_an_adaptive_test_finds_who_knows_the_items_up_to_a_level(known):
    answers = {}
    settings = AdaptiveSettings(max_items=20, error=0, area_shares={area.id: 1 / 6 for area in FRAMEWORK.areas})
    items = {item.id: item for item in TEST.items}
    while True:
        categories = {item_id: items[item_id].category_of(answer) for item_id, answer in answers.items()}
        step = next_item(BANK, categories, settings, seed=7)
        if step.stopped:
            break
        item = items[step.item_id]
        knows = LEVELS.index(item.level) <= LEVELS.index(known)
        answers[item.id] = right_answer(item) if knows else wrong_answer(item)
    assert step.stopped == "length"
    assert Counter(items[item_id].area_id for item_id in answers).most_common()[-1][1] >= 3
    score = score_ability(TEST, FRAMEWORK, answers)
    assert abs(LEVELS.index(score.level) - LEVELS.index(known)) <= 1
    assert score.ability.value == pytest.approx(step.ability.value)
    assert score.ability.answered == 20
    assert 0 < score.share < 1
    assert 0 < score.error < 0.2
    assert {area.area_id for area in score.areas} == {area.id for area in FRAMEWORK.areas}
    # What is left of the bank is enough for a second test without any item of the first.
    again = next_item(BANK, {}, settings, seed=8, excluded=set(answers))
    assert again.item_id not in answers
