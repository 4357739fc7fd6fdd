"""How firm an estimate is, and signs of hasty answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import (
    answering_cautions,
    combine_estimates,
    firmness,
    likely_range,
    load_framework,
    load_instrument,
    score_answers,
    self_assessment_estimates,
)
from smartpd_analytics.data import CompetencyEstimate

INSTRUMENT = load_instrument("digcompedu_selfassessment")
FRAMEWORK = load_framework("digcompedu")
WORDS = ["first_impression", "rough", "firm"]


def answered(*options):
    answers = {item.id: option for item, option in zip(INSTRUMENT.items, options, strict=False)}
    return score_answers(INSTRUMENT, FRAMEWORK, answers)


# --- firmness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "evidence", "word"),
    [
        (0.2, 1, "first_impression"),
        (0.05, 4, "first_impression"),
        (0.19, 30, "first_impression"),
        (0.185, 5, "rough"),
        (0.12, 300, "rough"),
        (0.092, 30, "firm"),
    ],
)
def test_the_word_follows_error_and_number_of_answers(error, evidence, word):
    assert firmness(error, evidence) == word


def test_two_answers_are_never_as_firm_as_thirty():
    own = self_assessment_estimates(answered("2", "2"))[0]
    solved = CompetencyEstimate(own.competency_id, 0.66, 0.083, "problems", 29)
    (both,) = combine_estimates([own, solved])
    assert firmness(own.error, own.evidence) == "first_impression"
    assert firmness(both.error, both.evidence) == "firm"


def test_a_self_assessment_alone_is_never_firm():
    whole = self_assessment_estimates(answered(*["2"] * 22))
    assert {firmness(each.error, 1000) for each in whole} == {"first_impression"}
    assert firmness(0.12, 1000) == "rough", "what no number of answers takes away"


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 100), st.integers(0, 100))
def test_less_error_and_more_answers_never_make_it_less_firm(error, other, evidence, more):
    better = firmness(min(error, other), evidence + more)
    assert WORDS.index(better) >= WORDS.index(firmness(max(error, other), evidence))


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_likely_range_holds_the_value_and_stays_on_the_scale(value, error):
    low, high = likely_range(value, error)
    assert 0 <= low <= value <= high <= 1


# --- hasty answers ------------------------------------------------------------------------------


def cautions(*options, seconds=None):
    return answering_cautions(answered(*options).competencies, seconds=seconds)


VARIED = ("1", "2", "3") * 7 + ("1",)


@pytest.mark.parametrize(
    ("options", "seconds", "found"),
    [
        (VARIED, 600, ()),
        (VARIED, None, ()),
        (["2"] * 22, 600, ("same_option",)),
        (["0"] * 22, None, ("same_option",)),
        (["2"] * 22, 30, ("same_option", "very_fast")),
        (VARIED, 30, ("very_fast",)),
        (["2"] * 21 + ["3"], 600, ()),
        # Too few to say anything.
        (["2"] * 9, 5, ()),
        (["2"] * 10, 600, ("same_option",)),
        ([], None, ()),
    ],
)
def test_what_speaks_for_hasty_answers(options, seconds, found):
    assert cautions(*options, seconds=seconds) == found


@pytest.mark.parametrize(("each", "found"), [(0.0, ()), (0.49, ()), (0.5, 1), (1.99, 1), (2.0, ()), (60, ())])
def test_answers_that_a_device_sent_in_one_go_are_not_hasty(each, found):
    assert cautions(*VARIED, seconds=21 * each) == (("very_fast",) if found else ())
