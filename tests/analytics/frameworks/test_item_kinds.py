"""Items with one right answer, with several, and with an order: reading, spelling, scoring."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import AnswerError, load_framework, score_answers
from smartpd_analytics.data import Item, Option
from smartpd_analytics.errors import InstrumentError
from smartpd_analytics.frameworks import read_instrument

TEXT = "{en: a, ru: б, uz: v}"
OPTIONS = "[{id: a, points: 1, text: T}, {id: b, points: 0, text: T}, {id: c, points: 1, text: T}]".replace("T", TEXT)
HEAD = f"""
id: own_test
version: "1"
kind: knowledge_test
framework: digcompedu
missing: {{policy: zero}}
title: {TEXT}
intro: {TEXT}
minutes: 5
cut_scores: [0, 1, 2, 3, 4, 5]
items:
"""


def item(number, more=""):
    return f'  - {{id: q{number}, competency: "1.1", text: {TEXT}, options: {OPTIONS}{more}}}\n'


def written(tmp_path, *items):
    path = tmp_path / "own.yaml"
    path.write_text(HEAD + "".join(items), encoding="utf-8")
    return path


@pytest.fixture
def instrument(tmp_path):
    more = (", type: multiple", ", type: order", "", ", type: multiple", ", type: order, scenario: " + TEXT)
    return read_instrument(written(tmp_path, *(item(number, text) for number, text in enumerate(more))))


def test_what_a_file_says_of_its_items(instrument):
    assert [each.kind for each in instrument.items] == ["multiple", "order", "choice", "multiple", "order"]
    assert instrument.items[4].scenario["uz"] == "v"
    assert instrument.items[0].help == {}
    assert instrument.max_points == 5


def test_several_are_right_all_together_or_not_at_all(instrument):
    framework = load_framework("digcompedu")
    points = {
        answer: score_answers(instrument, framework, {"q0": answer}).points
        for answer in ("a+c", "c+a", "a", "a+b+c", "b")
    }
    assert points == {"a+c": 1, "c+a": 1, "a": 0, "a+b+c": 0, "b": 0}


def test_an_order_is_right_as_it_stands_in_the_file(instrument):
    framework = load_framework("digcompedu")
    for order in permutations("abc"):
        answer = "+".join(order)
        assert score_answers(instrument, framework, {"q1": answer}).points == int(answer == "a+b+c")


@pytest.mark.parametrize(
    ("item_id", "answer"),
    [("q0", "a+a"), ("q0", "a+z"), ("q0", ""), ("q1", "a+b"), ("q1", "a+b+b"), ("q2", "a+c"), ("q0", ["a"]), ("q0", 1)],
)
def test_what_is_no_answer_is_refused(instrument, item_id, answer):
    with pytest.raises(AnswerError):
        score_answers(instrument, load_framework("digcompedu"), {item_id: answer})


IDS = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=8, unique=True)


@given(IDS, st.sampled_from(["choice", "multiple", "order"]), st.data())
def test_an_answer_has_one_spelling_and_counts_between_least_and_most(ids, kind, data):
    options = tuple(Option(each, data.draw(st.integers(0, 1)), {"en": each}) for each in ids)
    one = Item("i", "1.1", {}, {}, options, kind=kind)
    answer = "+".join(data.draw(st.lists(st.sampled_from([*ids, "z", ""]), max_size=9)))
    spelt = one.canonical(answer)
    if spelt is None:
        return
    assert one.canonical(spelt) == spelt
    assert sorted(spelt.split("+")) == sorted(answer.split("+"))
    assert one.min_points <= one.points_of(spelt) <= one.max_points


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (", type: puzzle", "'puzzle' is no type of item"),
        (", type: order, reverse: true", "has no other end"),
        (", irt: {discrimination: 0, difficulty: 0}", "a discrimination of 0"),
        (", irt: {discrimination: 1, difficulty: hard}", "this is no number"),
        (", irt: {discrimination: 1, difficulty: 0, guessing: 1}", "no probability of guessing"),
        (", irt: {difficulty: 0}", "'discrimination' is missing"),
        (", colour: red", "this key is not known"),
    ],
)
def test_mistakes_are_named_with_item_and_line(tmp_path, more, problem):
    path = written(tmp_path, item(0), item(1, more))
    with pytest.raises(InstrumentError, match=problem) as found:
        read_instrument(path)
    assert "item 2" in str(found.value)
    assert found.value.line == HEAD.count("\n") + 2


def test_parameters_of_an_item_come_with_its_area(tmp_path):
    more = ", irt: {discrimination: 1.2, difficulty: -0.5, guessing: 0.25}"
    path = written(tmp_path, *(item(number, more) for number in range(5)))
    parameters = read_instrument(path).items[0].parameters
    assert (parameters.discrimination, parameters.thresholds, parameters.guessing) == (1.2, (-0.5,), 0.25)
    assert (parameters.item_id, parameters.area_id) == ("q0", "1")
