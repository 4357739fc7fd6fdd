"""Reverse items, missing answers and standard errors."""

from dataclasses import replace
from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import AreaNorm, MissingAnswers
from smartpd_analytics.diagnosis import score_answers, self_assessment_estimates
from smartpd_analytics.frameworks import load_framework, load_instrument

FRAMEWORK = load_framework("digcompedu")
INSTRUMENT = load_instrument("digcompedu_selfassessment")
ITEM_IDS = [item.id for item in INSTRUMENT.items]
OPTIONS = ["0", "1", "2", "3", "4"]

partial_answers = st.dictionaries(st.sampled_from(ITEM_IDS), st.sampled_from(OPTIONS))
some_items = st.sets(st.sampled_from(ITEM_IDS))
policies = st.builds(MissingAnswers, st.sampled_from(["refuse", "person_mean", "zero"]), st.floats(0.1, 1))


def reversed_at(item_ids, instrument=INSTRUMENT):
    items = tuple(replace(item, reverse=item.reverse != (item.id in item_ids)) for item in instrument.items)
    return replace(instrument, items=items)


def worded_the_other_way(answers, item_ids):
    return {item_id: str(4 - int(option)) if item_id in item_ids else option for item_id, option in answers.items()}


def with_missing(policy, least_share=0.5):
    return replace(INSTRUMENT, missing=MissingAnswers(policy, least_share))


# --- reverse items ----------------------------------------------------------------------------


@given(partial_answers, some_items, policies)
def test_reversing_an_item_and_its_answer_changes_nothing(answers, item_ids, missing):
    instrument = replace(INSTRUMENT, missing=missing)
    turned = score_answers(reversed_at(item_ids, instrument), FRAMEWORK, worded_the_other_way(answers, item_ids))
    assert turned == score_answers(instrument, FRAMEWORK, answers)
    assert reversed_at(item_ids, reversed_at(item_ids)) == INSTRUMENT


def test_a_reverse_item_counts_from_the_other_end_of_its_own_points():
    options = tuple(replace(option, points=option.points + 1) for option in INSTRUMENT.items[0].options)
    item = replace(INSTRUMENT.items[0], options=options, reverse=True)
    seven = replace(INSTRUMENT, items=(item,), cut_scores=(0, 1, 2, 3, 4, 5))
    points = [score_answers(seven, FRAMEWORK, {item.id: option}).points for option in OPTIONS]
    assert points == [5, 4, 3, 2, 1]


# --- missing answers --------------------------------------------------------------------------

AREA_2 = ("i2_1", "i2_2", "i2_3")


def test_refuse_gives_no_level_before_the_last_answer():
    area = score_answers(with_missing("refuse"), FRAMEWORK, {"i2_1": "4", "i2_2": "2"}).areas[1]
    assert (area.share, area.level) == (0.75, None)


def test_person_mean_gives_a_level_once_enough_is_answered():
    answers = {"i2_1": "4", "i2_2": "2"}
    for least, level in ((0.5, "C1"), (2 / 3, "C1"), (0.7, None), (1.0, None)):
        area = score_answers(with_missing("person_mean", least), FRAMEWORK, answers).areas[1]
        assert (area.points, area.share, area.level) == (6, 0.75, level)
    result = score_answers(with_missing("person_mean", 0.05), FRAMEWORK, answers)
    assert (result.share, result.level, result.complete) == (0.75, "C1", False)


@given(partial_answers)
def test_person_mean_is_as_if_missing_answers_were_the_mean_of_the_others(answers):
    result = score_answers(with_missing("person_mean", 1.0), FRAMEWORK, answers)
    for area in result.areas:
        if area.share is not None:
            missing = area.total - area.answered
            imputed = area.points + missing * 4 * area.share
            assert isclose(imputed / area.max_points, area.share)


def test_zero_counts_missing_answers_as_nothing():
    result = score_answers(with_missing("zero"), FRAMEWORK, {"i2_1": "4", "i2_2": "2"})
    assert (result.share, result.level) == (6 / 88, "A1")
    assert (result.areas[1].share, result.areas[1].level) == (0.5, "B1")
    assert (result.areas[0].share, result.areas[0].level, result.areas[0].error) == (0.0, "A1", None)
    untouched = score_answers(with_missing("zero"), FRAMEWORK, {})
    assert (untouched.share, untouched.level, untouched.areas[0].share) == (None, None, None)


@given(partial_answers, policies)
def test_estimates_rest_on_given_answers_alone(answers, missing):
    score = score_answers(replace(INSTRUMENT, missing=missing), FRAMEWORK, answers)
    assert {estimate.competency_id for estimate in self_assessment_estimates(score)} == {
        item.competency_id for item in INSTRUMENT.items if item.id in answers
    }


@given(partial_answers, policies)
def test_complete_answers_score_the_same_by_every_policy(answers, missing):
    complete = dict.fromkeys(ITEM_IDS, "2") | answers
    assert score_answers(replace(INSTRUMENT, missing=missing), FRAMEWORK, complete) == score_answers(
        INSTRUMENT, FRAMEWORK, complete
    )


# --- standard errors --------------------------------------------------------------------------


def test_without_norms_the_error_comes_from_the_noise_of_items():
    result = score_answers(INSTRUMENT, FRAMEWORK, dict.fromkeys(ITEM_IDS, "2"))
    assert isclose(result.areas[1].error, 0.16 / sqrt(3))
    assert isclose(result.error, 0.16 / sqrt(22))
    partial = score_answers(INSTRUMENT, FRAMEWORK, {"i2_1": "4"})
    assert (partial.areas[1].error, partial.areas[0].error, partial.error) == (0.16, None, 0.16)


def test_with_norms_it_is_the_standard_error_of_measurement():
    normed = replace(INSTRUMENT, norms=(AreaNorm("2", sd=3.0, alpha=0.75),), norms_source="norm sample")
    result = score_answers(normed, FRAMEWORK, dict.fromkeys(ITEM_IDS, "2"))
    assert isclose(result.areas[1].error, 3.0 * 0.5 / 12)
    assert isclose(result.areas[0].error, 0.16 / sqrt(4))
    others = sum((0.16 * 4) ** 2 for item_id in ITEM_IDS if item_id not in AREA_2)
    assert isclose(result.error, sqrt(others + 1.5**2) / 88)
    one = score_answers(normed, FRAMEWORK, {"i2_1": "4"})
    assert isclose(one.areas[1].error, 3.0 * 0.5 / 12 * sqrt(3))


@given(partial_answers, policies)
def test_an_error_stands_where_there_is_an_answer(answers, missing):
    result = score_answers(replace(INSTRUMENT, missing=missing), FRAMEWORK, answers)
    for part in (result, *result.areas):
        assert (part.error is None) == (part.answered == 0)
        assert part.error is None or 0 < part.error <= 0.16


def test_more_answers_never_widen_the_error():
    errors = [
        score_answers(INSTRUMENT, FRAMEWORK, dict.fromkeys(ITEM_IDS[:count], "3")).error for count in range(1, 23)
    ]
    assert errors == sorted(errors, reverse=True)
