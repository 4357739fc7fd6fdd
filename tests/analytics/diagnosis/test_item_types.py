"""Answers of every type: which are accepted, what they are worth, and their category."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import (
    AnswerError,
    InputError,
    check_answers,
    framework_of,
    parse_instrument,
    public_answers,
    score_answers,
)

from tests.analytics.frameworks.own_files import knowledge_test, motivation, national, needs_survey

FRAMEWORK = national()
TEST = parse_instrument(knowledge_test(), framework=FRAMEWORK)
SURVEY = parse_instrument(needs_survey())
MOTIVATION = parse_instrument(motivation())
HOME = {item.id: (instrument, item) for instrument in (TEST, SURVEY, MOTIVATION) for item in instrument.items}

RIGHT = {"one": "c", "some": "b+d", "order": "d+b+a+c"}


def points(item_id, answer):
    item = HOME[item_id][1]
    return item.points_of(item.canonical(answer))


def test_a_choice_is_right_or_wrong():
    assert [points("one", option) for option in "abcd"] == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("chosen", "worth"),
    [("bd", 2), ("db", 2), ("b", 1), ("bda", 1), ("ba", 0), ("bdac", 0), ("abcde", 0), ("a", 0)],
)
def test_partial_credit_for_several_is_right_minus_wrong(chosen, worth):
    assert points("some", "+".join(chosen)) == worth


@pytest.mark.parametrize(
    ("order", "worth"), [("dbac", 2), ("bdac", 1), ("dbca", 1), ("abdc", 0), ("cabd", 0), ("bdca", 0)]
)
def test_partial_credit_for_an_order_is_pairs_in_order(order, worth):
    assert points("order", "+".join(order)) == worth


def test_guessing_an_order_gains_little():
    worths = [points("order", "+".join(order)) for order in permutations("abcd")]
    assert worths.count(2) == 1
    assert worths.count(1) == 3


@given(st.sets(st.sampled_from("abcde"), min_size=1))
def test_more_right_options_never_cost_and_wrong_ones_never_gain(chosen):
    worth = points("some", "+".join(sorted(chosen)))
    for option in set("abcde") - chosen:
        more = points("some", "+".join(sorted({*chosen, option})))
        assert more >= worth if option in "bd" else more <= worth


def test_all_or_nothing_is_the_rule_where_nothing_else_is_said():
    document = knowledge_test()
    for item in document["items"][1:]:
        del item["scoring"]
        item["irt"] = {"discrimination": 1, "difficulty": 0}
    items = parse_instrument(document, framework=FRAMEWORK).items
    assert [items[1].points_of(answer) for answer in ("b+d", "b")] == [2, 0]
    assert [items[2].points_of(answer) for answer in ("d+b+a+c", "b+d+a+c")] == [2, 0]
    assert [items[1].category_of(answer) for answer in ("b+d", "b")] == [1, 0]


@pytest.mark.parametrize(
    ("item_id", "answer", "problem"),
    [
        ("one", "e", "unknown_option"),
        ("one", ["c"], "unknown_option"),
        ("one", None, "unknown_option"),
        ("some", "b+x", "unknown_option"),
        ("some", "", "unknown_option"),
        ("some", ["b", "d"], "unknown_option"),
        ("some", "b+b", "option_twice"),
        ("order", "a+b", "options_missing"),
        ("order", "a+b+c+c", "option_twice"),
        ("tools", "pc+phone+board", "wrong_number"),
        ("tools", "pc+none", "not_alone"),
        ("hours", "many", "not_a_number"),
        ("hours", "nan", "not_a_number"),
        ("hours", "1e9", "not_a_number"),
        ("hours", 3, "not_a_number"),
        ("hours", "41", "out_of_range"),
        ("hours", "-1", "out_of_range"),
        ("wish", "  ", "no_words"),
        ("wish", 3, "no_words"),
        ("wish", "w" * 101, "too_long"),
        ("m1", "8", "unknown_option"),
    ],
)
def test_what_is_no_answer_is_refused(item_id, answer, problem):
    instrument, item = HOME[item_id]
    assert item.canonical(answer) is None
    with pytest.raises(AnswerError) as caught:
        check_answers(instrument, {item_id: answer})
    assert (caught.value.item_id, caught.value.problem) == (item_id, problem)
    assert item_id in str(caught.value)
    assert caught.value.accepted


def test_answers_are_kept_in_one_form():
    given_and_kept = {
        "tools": ("phone+pc", "pc+phone"),
        "first": ("c+a+b", "c+a+b"),
        "hours": (" 3,50 ", "3.5"),
        "wish": (" more ", "more"),
    }
    given_answers = {item_id: given for item_id, (given, _) in given_and_kept.items()}
    assert check_answers(SURVEY, given_answers) == {item_id: kept for item_id, (_, kept) in given_and_kept.items()}
    assert check_answers(SURVEY, {"tools": "none", "hours": "3.0"}) == {"tools": "none", "hours": "3"}


def test_own_words_stand_in_no_message_and_leave_with_no_export():
    with pytest.raises(AnswerError) as caught:
        check_answers(SURVEY, {"wish": "my own words " * 20})
    assert "own words" not in str(caught.value)
    assert public_answers(SURVEY, {"hours": "3", "wish": "x"}) == {"hours": "3"}


# --- whole instruments ------------------------------------------------------------------------


def test_a_test_is_scored_by_what_is_right():
    score = score_answers(TEST, FRAMEWORK, RIGHT)
    assert (score.points, score.max_points, score.share, score.level) == (5, 5, 1.0, "L3")
    assert [(area.area_id, area.points, area.max_points) for area in score.areas] == [("A", 3, 3), ("B", 2, 2)]
    # Who has everything right is not taken to be measured without error.
    assert score.error > 0
    partly = score_answers(TEST, FRAMEWORK, {"one": "c", "some": "b"})
    assert (partly.points, partly.share, partly.level, partly.complete) == (2, 0.4, "L2", False)


def test_a_survey_counts_answers_and_scores_nothing():
    score = score_answers(SURVEY, None, {"hours": "3", "tools": "pc"})
    assert (score.answered, score.total, score.points, score.share, score.level) == (2, 5, 0, None, None)
    assert [(area.area_id, area.answered, area.total) for area in score.areas] == [("work", 1, 3), ("means", 1, 2)]
    everything = {"hours": "3", "tools": "pc", "online": "daily", "mode": "never", "first": "a+b+c"}
    assert score_answers(SURVEY, None, everything).complete
    # What need not be answered counts once it is.
    assert score_answers(SURVEY, None, {**everything, "wish": "more"}).total == 6


def test_a_motivation_scale_is_told_as_a_share_of_the_way_from_lowest_to_highest():
    score = score_answers(MOTIVATION, None, {"m1": "7", "m2": "4", "m3": "2"})
    value, calm = score.areas
    assert (value.points, value.mean, value.share) == (11, 5.5, 0.75)
    assert (calm.points, calm.mean, calm.share) == (6, 6.0, 5 / 6)
    assert score.share == pytest.approx((6 + 3 + 5) / 18)
    assert (score.competencies, score.level, score.complete) == ((), None, True)
    own = framework_of(MOTIVATION)
    assert score_answers(MOTIVATION, own, {"m1": "7", "m2": "4", "m3": "2"}) == score
    assert [(area.id, area.title["uz"]) for area in own.areas] == [("value", "value uz"), ("calm", "calm uz")]
    assert [item.competency_id for item in MOTIVATION.items] == ["value", "value", "calm"]
    with pytest.raises(InputError, match="does not belong to the framework 'national'"):
        score_answers(MOTIVATION, FRAMEWORK, {})
    with pytest.raises(InputError, match="does not belong to the framework ''"):
        score_answers(TEST, None, {})


def test_an_item_that_is_switched_off_is_neither_asked_nor_scored():
    assert [item.id for item in MOTIVATION.items] == ["m1", "m2", "m3"]
    assert [item.id for item in MOTIVATION.switched_off] == ["m4"]
    assert [item.id for item in MOTIVATION.all_items] == ["m1", "m2", "m3", "m4"]
    with pytest.raises(AnswerError) as caught:
        score_answers(MOTIVATION, None, {"m4": "1"})
    assert caught.value.problem == "unknown_item"
