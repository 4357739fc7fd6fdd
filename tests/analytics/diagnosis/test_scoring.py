"""Scoring the bundled instrument: borders, bounds, partial answers, answers that do not belong."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.diagnosis import cut_shares, level_at, score_answers
from smartpd_analytics.errors import AnswerError, InputError
from smartpd_analytics.frameworks import load_framework, load_instrument

FRAMEWORK = load_framework("digcompedu")
INSTRUMENT = load_instrument("digcompedu_selfassessment")
ITEM_IDS = [item.id for item in INSTRUMENT.items]
OPTION_IDS = ["0", "1", "2", "3", "4"]

partial_answers = st.dictionaries(st.sampled_from(ITEM_IDS), st.sampled_from(OPTION_IDS))
full_answers = st.fixed_dictionaries({item_id: st.sampled_from(OPTION_IDS) for item_id in ITEM_IDS})


def score(answers):
    return score_answers(INSTRUMENT, FRAMEWORK, answers)


def answers_worth(points):
    """Answers to all items that are worth ``points`` together."""
    each, more = divmod(points, len(ITEM_IDS))
    return {item_id: str(each + (index < more)) for index, item_id in enumerate(ITEM_IDS)}


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (0, "A1"), (19, "A1"), (20, "A2"), (33, "A2"), (34, "B1"), (49, "B1"),
        (50, "B2"), (65, "B2"), (66, "C1"), (80, "C1"), (81, "C2"), (88, "C2"),
    ],
)  # fmt: skip
def test_cut_scores_at_their_borders(points, level):
    result = score(answers_worth(points))
    assert (result.points, result.max_points, result.level, result.complete) == (points, 88, level, True)


def test_area_maxima_and_levels_in_proportion():
    result = score(answers_worth(88))
    assert [(area.area_id, area.max_points) for area in result.areas] == [
        ("1", 16), ("2", 12), ("3", 16), ("4", 12), ("5", 12), ("6", 20),
    ]  # fmt: skip
    # Area 2 has 12 points: 4/12 lies under the cut of 34/88 for B1, 5/12 above it.
    four = score({"i2_1": "4", "i2_2": "0", "i2_3": "0"}).areas[1]
    five = score({"i2_1": "4", "i2_2": "1", "i2_3": "0"}).areas[1]
    assert (four.points, four.level) == (4, "A2")
    assert (five.points, five.level) == (5, "B1")


def test_partial_answers_count_over_the_answered_items_alone():
    result = score({"i1_1": "4", "i1_2": "1"})
    area = result.areas[0]
    assert (area.points, area.max_points, area.answered, area.total, area.share) == (5, 16, 2, 4, 5 / 8)
    assert area.level is None
    assert (result.points, result.max_points, result.answered, result.total, result.level) == (5, 88, 2, 22, None)
    first, second, third = result.competencies[:3]
    assert (first.share, first.level, second.share, second.level) == (1.0, "C2", 0.25, "A2")
    assert (third.share, third.level, third.answered, third.total) == (None, None, 0, 1)
    assert (third.competency_id, third.area_id) == ("1.3", "1")


def test_no_answers_at_all():
    result = score({})
    assert (result.answered, result.points, result.level, result.complete) == (0, 0, None, False)
    assert [area.share for area in result.areas] == [None] * 6
    assert [competency.competency_id for competency in result.competencies] == [c.id for c in FRAMEWORK.competencies]


def test_competencies_without_an_item_are_left_out():
    short = replace(INSTRUMENT, items=INSTRUMENT.items[:2], cut_scores=(0, 1, 2, 3, 4, 5))
    result = score_answers(short, FRAMEWORK, {"i1_1": "4", "i1_2": "0"})
    assert [competency.competency_id for competency in result.competencies] == ["1.1", "1.2"]
    assert [area.area_id for area in result.areas] == ["1"]
    assert (result.max_points, result.level) == (8, "C1")


def test_several_items_of_one_competency_are_taken_together():
    twin = replace(INSTRUMENT.items[0], id="twin")
    longer = replace(INSTRUMENT, items=(*INSTRUMENT.items, twin))
    half = score_answers(longer, FRAMEWORK, {"i1_1": "3"}).competencies[0]
    whole = score_answers(longer, FRAMEWORK, {"i1_1": "3", "twin": "1"}).competencies[0]
    assert (half.answered, half.total, half.share, half.level) == (1, 2, 0.75, None)
    assert (whole.answered, whole.points, whole.max_points, whole.share, whole.level) == (2, 4, 8, 0.5, "B1")


@given(partial_answers)
def test_bounds_and_sums(answers):
    result = score(answers)
    assert result.answered == len(answers)
    assert 0 <= result.points <= result.max_points == 88
    assert sum(area.points for area in result.areas) == result.points
    assert sum(competency.points for competency in result.competencies) == result.points
    assert sum(area.answered for area in result.areas) == result.answered
    for part in (*result.areas, *result.competencies):
        assert (part.share is None) == (part.answered == 0)
        assert (part.level is not None) == (part.answered == part.total)
        assert part.share is None or 0.0 <= part.share <= 1.0


@given(full_answers, st.sampled_from(ITEM_IDS))
def test_a_better_answer_never_lowers_anything(answers, item_id):
    before = score(answers)
    after = score({**answers, item_id: str(min(4, int(answers[item_id]) + 1))})
    order = [level.id for level in FRAMEWORK.levels]
    assert after.points >= before.points
    assert order.index(after.level) >= order.index(before.level)
    for was, now in zip(before.areas + before.competencies, after.areas + after.competencies, strict=True):
        assert now.share >= was.share
        assert order.index(now.level) >= order.index(was.level)


@given(partial_answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert score(dict(shuffled)) == score(answers)


def test_an_unknown_item_or_option_is_named_with_what_exists():
    with pytest.raises(AnswerError) as caught:
        score({"i1_1": "2", "i9_9": "0"})
    assert (caught.value.problem, caught.value.item_id, caught.value.accepted[0]) == ("unknown_item", "i9_9", "i1_1")
    for option in ("5", "", None, 2, ["2"]):
        with pytest.raises(AnswerError) as caught:
            score({"i1_1": option})
        assert (caught.value.problem, caught.value.item_id) == ("unknown_option", "i1_1")
        assert caught.value.accepted == ("0", "1", "2", "3", "4")


def test_cut_shares_and_the_levels_they_part():
    shares = cut_shares(INSTRUMENT)
    assert shares == (0.0, 20 / 88, 34 / 88, 50 / 88, 66 / 88, 81 / 88)
    for share, level in zip(shares, FRAMEWORK.levels, strict=True):
        assert level_at(FRAMEWORK, INSTRUMENT, share) == level.id
    assert level_at(FRAMEWORK, INSTRUMENT, 0.57) == "B2"
    assert level_at(FRAMEWORK, INSTRUMENT, 1.0) == "C2"


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_share_has_no_level(share):
    with pytest.raises(InputError, match="0 to 1"):
        level_at(FRAMEWORK, INSTRUMENT, share)


def test_instrument_and_framework_must_belong_together():
    other = replace(FRAMEWORK, id="other")
    with pytest.raises(InputError, match="does not belong to the framework 'other'"):
        score_answers(INSTRUMENT, other, {})
    with pytest.raises(InputError, match="does not belong to the framework 'other'"):
        level_at(other, INSTRUMENT, 0.5)
