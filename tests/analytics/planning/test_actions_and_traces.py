"""How many actions, of which kinds, in which words, and the trace that explains them."""

import re
from dataclasses import replace

import pytest
from smartpd_analytics.data import (
    LANGUAGES,
    BlockActivity,
    ContentUnit,
    CourseMap,
)
from smartpd_analytics.expert import load_rules
from smartpd_analytics.planning import recommend

from tests.analytics.planning.told import kinds


def test_who_has_left_the_course_is_told_nothing(small, failer):
    left = replace(failer, activity=replace(failer.activity, enrolled=False))
    assert recommend(left, small.course()).actions == ()
    unknown = replace(failer, activity=replace(failer.activity, enrolled=None))
    assert recommend(unknown, small.course()).actions


def test_nothing_known_gives_nothing_and_no_error(small):
    assert recommend(small.facts(), CourseMap()).actions == ()


def test_what_is_done_is_not_proposed(small, failer):
    assert recommend(replace(failer, done=frozenset({"p4b"})), small.course()).actions[0].kind != "retry"
    everything = frozenset(row.usage_key for row in small.course().units)
    assert recommend(replace(failer, done=everything), small.course()).actions == ()


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 10])
def test_never_more_than_asked_for(small, guesser, limit):
    actions = recommend(guesser, small.course(), limit=limit).actions
    assert [action.rank for action in actions] == list(range(1, len(actions) + 1))
    assert len(actions) <= limit


def test_no_third_of_a_kind_while_there_is_something_else(small):
    blocks = [small.viewed(n) for n in (1, 2, 3)] + [small.tried(n, "a", wrong=4) for n in (1, 2, 3)]
    assert kinds(recommend(small.facts(blocks), small.course())).count("retry") == 2
    only = CourseMap(tuple(row for row in small.course(3).units if not row.usage_key.endswith("b")))
    assert kinds(recommend(small.facts(blocks), only)) == ["retry", "retry", "retry"]


def test_bare_ids_of_a_map_find_the_blocks_of_the_log(small):
    course = CourseMap(
        (
            ContentUnit("u1", {"en": "First"}, unit_key="u1", competencies=("1.1",), minutes=12),
            ContentUnit("u2", {"en": "Second"}, unit_key="u2", position=1, prerequisites=("u1",)),
        )
    )
    blocks = [small.viewed(1), small.tried(1, "a", solved=True)]
    action = recommend(small.facts(blocks), course).actions[0]
    assert (action.kind, action.target, action.title["ru"]) == ("start", "u2", "Second")
    stuck = recommend(small.facts([small.viewed(1), small.tried(1, "a", wrong=1)]), course).actions
    assert [(action.kind, action.target) for action in stuck] == [("resume", small.unit(1))]
    # Of the unit's 12 minutes, those of the one problem that is left.
    assert (stuck[0].minutes, stuck[0].competencies) == (5, ("1.1",))


def test_blocks_under_the_title_of_a_unit_belong_together(small):
    home = "A unit without a row"
    course = CourseMap(
        (
            ContentUnit("v", {"en": "Film"}, "video", home),
            ContentUnit("p", {"en": "Question"}, "problem", home, position=1),
        )
    )
    failed = BlockActivity("p", "problem", "", "", answers=2, wrong=2, failing=2)
    action = recommend(small.facts([failed]), course).actions[0]
    assert (action.first, action.first_title["en"]) == ("v", "Film")
    # A title cannot be opened: the unit opens at its first block.
    start = recommend(small.facts(), course).actions[0]
    assert (start.target, start.title["en"]) == ("v", home)


def test_titles_of_the_log_cannot_break_a_sentence(small):
    odd = "{target} {answers|a|b} «<script>» \\1"
    failed = BlockActivity("x@p", "problem", "", odd, answers=2, wrong=2, failing=2)
    action = recommend(small.facts([failed]), CourseMap()).actions[0]
    assert odd in action.reason["en"]


def test_rules_of_ones_own_replace_the_bundled_ones(small, failer, tmp_path):
    words = "{en: T., ru: Т., uz: T.}"
    path = tmp_path / "mine.yaml"
    path.write_text(
        "rules:\n  - {id: no-retry, scope: candidate, when: 'kind == \"retry\"', block: true, "
        f"title: {words}, explanation: {words}, why: w}}\n",
        encoding="utf-8",
    )
    recommendation = recommend(failer, small.course(), rules=load_rules(path))
    assert "retry" not in kinds(recommendation)
    assert all(action.reason["en"] for action in recommendation.actions)


def test_a_trace_explains_each_action(small, guesser):
    recommendation = recommend(guesser, small.course())
    for action in recommendation.actions:
        fired = {firing.rule_id for firing in recommendation.trace if firing.target == action.target}
        assert set(action.rules) <= fired
    about = [firing for firing in recommendation.trace if firing.rule_id == "fast-guessing"]
    assert about[0].saw == {"fast_answers": 11, "problems_tried": 8, "first_try_share": 0}
    assert about[0].concluded == {"guesses_fast": True}
    assert set(about[0].title) == set(LANGUAGES)


def test_every_sentence_is_whole(small, guesser, watcher, stopper, failer):
    for facts in (guesser, watcher, stopper, failer):
        for course in (small.course(), CourseMap()):
            for action in recommend(facts, course, limit=9).actions:
                for sentence in action.reason.values():
                    assert re.fullmatch(r"[A-ZА-ЯЁ«“\"].*\.", sentence), sentence
                    assert not re.search(r"[{}|…]", sentence)
