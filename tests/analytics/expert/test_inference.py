"""Forward chaining: certainty, order, fixpoint, and what a trace says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.expert import FACTS, combine_certainty, infer, judge, load_rules

WORDS = "{en: a, ru: б, uz: c}"


def rule(rule_id: str, when: str, rest: str, scope: str = "learner") -> str:
    return (
        f"  - {{id: {rule_id}, scope: {scope}, when: '{when}', {rest}, "
        f"title: {WORDS}, explanation: {WORDS}, why: because}}\n"
    )


@pytest.fixture(name="load")
def _load(tmp_path: Path):
    def load(*rules: str):
        path = tmp_path / "rules.yaml"
        path.write_text("rules:\n" + "".join(rules), encoding="utf-8")
        return load_rules(path)

    return load


def facts(**known):
    return {name: fact.default for name, fact in FACTS.items() if fact.scope == "learner"} | known


def candidate(**known):
    return {name: fact.default for name, fact in FACTS.items() if fact.scope == "candidate"} | known


def test_two_pieces_of_evidence_add_up(load):
    rules = load(
        rule("a", "answers > 0", "certainty: 0.6, conclude: {keen: {type: boolean}}"),
        rule("b", "sessions > 0", "certainty: 0.8, conclude: {keen: {type: boolean}}"),
    )
    assert infer(rules, facts(answers=1.0, sessions=1.0)).certainty["keen"] == pytest.approx(0.92)
    assert infer(rules, facts(answers=1.0)).certainty["keen"] == pytest.approx(0.6)


def test_a_chain_is_as_certain_as_its_weakest_premise_times_the_rule(load):
    rules = load(
        rule("end", "middle and other", "certainty: 0.5, conclude: {end: {type: boolean}}"),
        rule("middle", "answers > 0", "certainty: 0.8, conclude: {middle: {type: boolean}}"),
        rule("other", "answers > 0", "certainty: 0.9, conclude: {other: {type: boolean}}"),
    )
    inference = infer(rules, facts(answers=1.0))
    assert inference.facts["end"] is True
    assert inference.certainty["end"] == pytest.approx(0.4)
    assert [firing.rule_id for firing in inference.trace] == ["middle", "other", "end"]


def test_too_little_certainty_concludes_nothing(load):
    rules = load(
        rule("a", "answers > 0", "certainty: 0.19, conclude: {keen: {type: boolean}}"),
        rule("b", "keen", "conclude: {keener: {type: boolean}}"),
    )
    inference = infer(rules, facts(answers=1.0))
    assert inference.facts["keen"] is False
    assert inference.facts["keener"] is False
    assert inference.certainty == {}


def test_a_rule_about_an_absence_waits_for_all_that_could_conclude_it(load):
    rules = load(
        rule("z", "not keen", "priority: 100, conclude: {idle: {type: boolean}}"),
        rule("a", "answers > 0", "priority: -100, conclude: {keen: {type: boolean}}"),
    )
    assert infer(rules, facts(answers=1.0)).facts["idle"] is False
    assert infer(rules, facts()).facts["idle"] is True


def test_conflicts_go_by_priority_then_specificity_then_id(load):
    rules = load(
        rule("b", "answers > 0", "conclude: {x: {type: text, value: general b}}"),
        rule("a", "answers > 0", "conclude: {x: {type: text, value: general a}}"),
        rule("d", "answers > 0 and sessions > 0", "conclude: {x: {type: text, value: specific}}"),
        rule("c", "answers > 0", "priority: 1, conclude: {x: {type: text, value: first}}"),
    )
    assert [r.id for r in rules.learner] == ["c", "d", "a", "b"]
    assert infer(rules, facts(answers=1.0, sessions=1.0)).facts["x"] == "first"


def test_a_verdict_has_points_the_first_reason_and_a_trace(load):
    reason = "{en: 'E {target}.', ru: 'Р {target}.', uz: 'U {target}.'}"
    rules = load(
        rule("keen", "answers > 0", "certainty: 0.5, conclude: {keen: {type: boolean}}"),
        rule("low", 'kind == "start"', f"boost: 10, reason: {reason.replace('E', 'low')}", "candidate"),
        rule("high", 'kind == "start" and keen', f"priority: 5, boost: 10, reason: {reason}", "candidate"),
        rule("stop", "target_prerequisites_open > 0", "block: true", "candidate"),
    )
    inference = infer(rules, facts(answers=1.0))
    verdict = judge(rules, inference, candidate(kind="start"), "unit")
    assert verdict.points == {"high": 5.0, "low": 10.0}
    assert verdict.reason["en"] == "E {target}."
    assert not verdict.blocked
    first = verdict.trace[0]
    assert (first.rule_id, first.target, first.certainty) == ("high", "unit", 0.5)
    assert first.saw == {"kind": "start", "keen": True}
    assert first.concluded == {"boost": 5.0, "reason": True}
    assert judge(rules, inference, candidate(kind="start", target_prerequisites_open=1.0), "unit").blocked


def test_a_trace_shows_numbers_as_people_write_them(load):
    rules = load(rule("a", "answers > 0 and right_share >= 0", "conclude: {keen: {type: boolean}}"))
    assert infer(rules, facts(answers=3.0, right_share=1 / 3)).trace[0].saw == {"answers": 3, "right_share": 0.3333}
    assert isinstance(infer(rules, facts(answers=3.0)).trace[0].saw["answers"], int)


shares = st.floats(0, 1, allow_nan=False)


@given(shares, shares, shares)
def test_combining_certainty_is_commutative_associative_and_never_lowers(a, b, c):
    assert combine_certainty(a, b) == pytest.approx(combine_certainty(b, a))
    left = combine_certainty(combine_certainty(a, b), c)
    assert left == pytest.approx(combine_certainty(a, combine_certainty(b, c)))
    assert max(a, b) - 1e-12 <= combine_certainty(a, b) <= 1 + 1e-12


numbers = {name: st.floats(0, 400) for name, fact in FACTS.items() if fact.type == "number" and fact.scope == "learner"}
flags = {name: st.booleans() for name, fact in FACTS.items() if fact.type == "boolean" and fact.scope == "learner"}


@given(st.fixed_dictionaries(numbers | flags))
def test_the_bundled_rules_reach_a_fixpoint_for_any_learner(known):
    rules = load_rules()
    inference = infer(rules, known)
    assert len(inference.trace) == len({firing.rule_id for firing in inference.trace})
    # Judged again on what was concluded, every rule says the same: nothing is left to conclude.
    again = {rule.id for rule in rules.learner if rule.condition.holds(inference.facts)}
    assert again == {firing.rule_id for firing in inference.trace}
    assert all(0.2 <= certainty <= 1.0 for certainty in inference.certainty.values())
