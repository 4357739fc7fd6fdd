"""What holds for the advice to any learner in any course."""

import random
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import LANGUAGES, CompetencyEstimate, ContentUnit, CourseMap, Recommendation
from smartpd_analytics.expert import FACTS, load_rules
from smartpd_analytics.planning import recommend

UNITS = 5
EVIDENCE_KINDS = {"retry", "review", "practise"}


def recommended(small, case, **change) -> Recommendation:
    facts, course = build(small, case)
    return recommend(replace(facts, **change), course, limit=case["limit"])


def build(small, case):
    """Facts and course map of a drawn case. All totals of the log follow from its blocks."""
    blocks = []
    for (number, letter), (wrong, solved, fast, shown, days) in sorted(case["problems"].items()):
        answers = wrong + solved
        if answers:
            more = {"fast_answers": min(fast, answers), "answers_shown": shown}
            if (number, letter) in case["closed"]:
                more |= {"attempts_used": answers, "attempts_allowed": answers}
            blocks.append(small.tried(number, letter, wrong=wrong, solved=solved, days_ago=days, **more))
    blocks += [small.viewed(number, days_ago=2) for number in sorted(case["views"])]
    blocks += [small.played(number, plays, days_ago=2) for number, plays in sorted(case["plays"].items()) if plays]
    log = None
    if case["has_log"]:
        log = small.activity(
            blocks,
            days_silent=case["days_silent"],
            days_of_activity=case["days_of_activity"],
            active_days=case["active_days"],
            pace=case["pace"],
            stopped_at=small.unit(case["stopped"]) if case["stopped"] else "",
        )
    levels = "".join(case["levels"]) if case["levels"] else ""
    # Prerequisites only point backwards, as they do once circles are opened.
    needs = {number: tuple(other for other in needed if other < number) for number, needed in case["needs"].items()}
    course = small.course(UNITS, levels=levels, needs=needs) if case["has_map"] else CourseMap()
    facts = small.facts(
        log,
        estimates=tuple(
            CompetencyEstimate(f"{number}.1", value, 0.1, "combined", 1) for number, value in case["estimates"].items()
        ),
        diagnosis_answered=case["diagnosed"],
        diagnosis_total=22,
        diagnosis_key=small.key("smartpd_needs_diagnostic", "d"),
        done=frozenset(
            small.problem(number, "a") if is_problem else small.unit(number) for number, is_problem in case["done"]
        ),
    )
    return facts, course


numbers = st.integers(1, UNITS)
cases = st.fixed_dictionaries(
    {
        "problems": st.dictionaries(
            st.tuples(numbers, st.sampled_from("ab")),
            st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 4), st.integers(0, 2), st.floats(0.1, 40)),
            max_size=2 * UNITS,
        ),
        "closed": st.sets(st.tuples(numbers, st.sampled_from("ab"))),
        "views": st.sets(numbers),
        "plays": st.dictionaries(numbers, st.integers(0, 9)),
        "has_log": st.booleans(),
        "has_map": st.booleans(),
        "days_silent": st.floats(0, 40),
        "days_of_activity": st.floats(0, 60),
        "active_days": st.integers(1, 30),
        "pace": st.none() | st.floats(0, 4),
        "stopped": st.integers(0, UNITS),
        "levels": st.none() | st.lists(st.sampled_from(["A1", "B1", "C2"]), min_size=UNITS, max_size=UNITS),
        "needs": st.dictionaries(numbers, st.sets(numbers, max_size=2), max_size=UNITS),
        "estimates": st.dictionaries(numbers, st.floats(0, 1), max_size=UNITS),
        "diagnosed": st.integers(0, 22),
        "done": st.sets(st.tuples(numbers, st.booleans()), max_size=4),
        "limit": st.integers(0, 6),
    }
)


@given(cases)
def test_advice_is_well_formed(small, case):
    facts, _ = build(small, case)
    actions = recommended(small, case).actions
    assert len(actions) <= case["limit"]
    assert [action.rank for action in actions] == list(range(1, len(actions) + 1))
    assert len({action.target for action in actions}) == len(actions)
    assert facts.done.isdisjoint(action.target for action in actions)
    for action in actions:
        assert action.kind in FACTS["kind"].values
        assert action.target
        assert action.minutes > 0
        for text in (action.title, action.reason):
            assert set(text) == set(LANGUAGES)
            assert all(text.values())
        for sentence in action.reason.values():
            assert sentence.endswith(".")
            assert not re.search(r"[{}|]", sentence)
    scores = [action.score for action in actions]
    if len({action.kind for action in actions}) == len(actions):
        assert [round(score, 6) for score in scores] == scores


@given(cases)
def test_nobody_is_asked_to_answer_what_takes_no_more_answers(small, case):
    facts, _ = build(small, case)
    used_up = {b.usage_key for b in facts.activity.blocks if b.attempts_allowed} if facts.activity else set()
    for action in recommended(small, case).actions:
        assert action.kind == "ask" or action.target not in used_up
        if action.kind in {"ask", "retry", "review"}:
            assert (action.target in used_up) == (action.kind == "ask")


@given(cases)
def test_nothing_with_an_open_prerequisite_and_nothing_blocked(small, case):
    facts, course = build(small, case)
    log = {block.usage_key: block for block in facts.activity.blocks} if facts.activity else {}
    finished = {unit for unit in (small.unit(number) for number in range(1, UNITS + 1)) if unit in facts.done}
    for number in range(1, UNITS + 1):
        both = [log.get(small.problem(number, letter)) for letter in "ab"]
        solved = [bool(b and b.solved) for b in both]
        solved = [
            s or small.problem(number, letter) in facts.done or bool(b and b.attempts_allowed)
            for b, s, letter in zip(both, solved, "ab", strict=True)
        ]
        if all(solved) and any(block.unit_key == small.unit(number) for block in log.values()):
            finished.add(small.unit(number))
    high = {each.competency_id for each in facts.estimates if each.value >= facts.default_target - 0.005}
    reached = {row.usage_key for row in course.units if row.competencies and set(row.competencies) <= high}
    recommendation = recommended(small, case)
    for action in recommendation.actions:
        row = course.get(action.target)
        home = course.get(row.unit_key) if row else None
        if home:
            assert set(home.prerequisites) <= finished | reached
    assert not any(firing.concluded.get("block") for firing in recommendation.trace)


@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(small, case, shuffle: random.Random):
    facts, course = build(small, case)

    def mixed(values) -> tuple:
        return tuple(shuffle.sample(values, len(values)))

    other = replace(facts, estimates=mixed(facts.estimates))
    if facts.activity:
        other = replace(other, activity=replace(facts.activity, blocks=mixed(facts.activity.blocks)))
    again = recommend(other, replace(course, units=mixed(course.units)), limit=case["limit"])
    assert again == recommend(facts, course, limit=case["limit"])


@given(cases, numbers, st.sampled_from("ab"), st.integers(1, 5))
@settings(max_examples=300)
def test_more_failures_never_lower_a_retry(small, case, number, letter, more):
    """Its place among the retries: one more answer may well change what is said of the learner as a whole."""
    case |= {"has_log": True, "limit": 50, "closed": case["closed"] - {(number, letter)}}
    wrong, _, fast, shown, days = case["problems"].get((number, letter), (1, False, 0, 0, 3.0))

    def rank(failures: int) -> float:
        problems = case["problems"] | {(number, letter): (failures, False, min(fast, wrong), shown, days)}
        actions = recommended(small, case | {"problems": problems}).actions
        retries = [action.target for action in actions if action.kind == "retry"]
        target = small.problem(number, letter)
        return retries.index(target) if target in retries else float("inf")

    before = max(wrong, 1)
    assert rank(before + more) <= rank(before)


@given(cases)
def test_the_rules_decide_nothing_by_chance(small, case):
    facts, course = build(small, case)
    first = recommend(facts, course, rules=load_rules(), limit=case["limit"])
    assert first == recommend(facts, course, limit=case["limit"])


@given(st.lists(st.builds(ContentUnit, st.text(max_size=8), st.just({}), st.sampled_from(["", "problem", "vertical"]))))
def test_any_course_map_gives_advice_or_none(small, units):
    facts = small.facts([small.viewed(1), small.tried(1, wrong=2)])
    assert recommend(facts, CourseMap(tuple(units))).actions
