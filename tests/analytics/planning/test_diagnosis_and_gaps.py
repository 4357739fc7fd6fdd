"""The diagnosis comes first, then the units for the largest gaps."""

from dataclasses import replace

from smartpd_analytics.data import (
    ContentUnit,
    CourseMap,
)
from smartpd_analytics.planning import recommend

from tests.analytics.planning.told import estimates, kinds, told


def test_a_beginner_takes_the_diagnosis_then_the_first_unit(small):
    recommendation = recommend(small.facts(diagnosis_total=22, diagnosis_key=small.key("smartpd", "d")), small.course())
    assert kinds(recommendation) == ["take_diagnosis", "start", "start"]
    diagnosis, start, _ = recommendation.actions
    assert (diagnosis.target, diagnosis.minutes) == (small.key("smartpd", "d"), 11)
    assert "22 questions" in diagnosis.reason["en"]
    assert "22 вопроса" in diagnosis.reason["ru"]
    assert start.target == small.unit(1)


def test_a_diagnosis_half_done_is_finished(small):
    facts = small.facts(diagnosis_answered=21, diagnosis_total=22, diagnosis_key="d")
    action = recommend(facts, small.course()).actions[0]
    assert (action.kind, action.minutes) == ("take_diagnosis", 1)
    assert action.reason["en"].startswith("You have answered 21 of 22 questions of the self-assessment. About 1 minute")
    assert recommend(replace(facts, diagnosis_answered=22), small.course()).actions[0].kind == "start"


def test_a_diagnosis_answered_in_haste_is_to_be_answered_once_more(small):
    facts = small.facts(diagnosis_answered=22, diagnosis_total=22, diagnosis_minutes=12, diagnosis_key="d")
    assert "take_diagnosis" not in kinds(recommend(facts, small.course()))
    action = recommend(replace(facts, diagnosis_hasty=True), small.course()).actions[0]
    assert (action.kind, action.target, action.minutes) == ("take_diagnosis", "d", 12)
    assert action.reason["en"].startswith("You answered the self-assessment faster than its questions can be read")
    assert "около 12 минут," in action.reason["ru"]
    begun = replace(facts, diagnosis_hasty=True, diagnosis_answered=21)
    assert "You have answered 21 of 22" in recommend(begun, small.course()).actions[0].reason["en"]


def test_the_unit_of_the_diagnostic_is_no_unit_to_study(small):
    home, needs = small.key("vertical", "diagnostic"), small.key("smartpd_needs_diagnostic", "needs")
    row = ContentUnit(needs, {"en": "Your needs"}, "smartpd_needs_diagnostic", home)
    course = CourseMap(
        (ContentUnit(home, {"en": "Diagnostic"}, "vertical", home), row, *small.course().units[5:]), "digcompedu"
    )
    facts = small.facts(diagnosis_total=22, diagnosis_key=needs)
    diagnosis, *others = recommend(facts, course).actions
    assert (diagnosis.target, diagnosis.title["en"]) == (needs, "Your needs")
    assert [action.target for action in others] == [small.unit(2), small.unit(3)]
    assert others[0].reason["en"].startswith("Next in the course comes")
    blocks = [small.viewed(n) for n in (2, 3, 4)]
    blocks += [small.tried(n, letter, solved=True) for n in (2, 3, 4) for letter in "ab"]
    finished = replace(facts, activity=small.activity(blocks), diagnosis_answered=22)
    assert kinds(recommend(finished, course)) == ["stretch"]


def test_a_diagnostic_beside_problems_does_not_hide_them(small):
    needs = small.key("smartpd_needs_diagnostic", "needs")
    row = ContentUnit(needs, {}, "smartpd_needs_diagnostic", small.unit(1), 99)
    course = CourseMap((*small.course(1).units, row))
    facts = small.facts([small.tried(1, wrong=3)], diagnosis_total=22, diagnosis_key=needs)
    assert kinds(recommend(facts, course))[:2] == ["retry", "take_diagnosis"]
    assert kinds(recommend(replace(facts, diagnosis_answered=22), course))[0] == "retry"


def test_the_unit_for_the_largest_gap_comes_before_the_next_one(small):
    facts = small.facts(estimates=estimates(c11=0.5, c21=0.5, c31=0.12, c41=0.5))
    recommendation = recommend(facts, small.course(levels="B1B1A1B1"))
    action = recommendation.actions[0]
    assert (action.kind, action.target, action.competencies) == ("start", small.unit(3), ("3.1",))
    assert "large-gap" in told(recommendation)
    assert action.reason["en"].startswith("In “Teaching” you are at 12%, your target is 57%.")


def test_what_is_reached_keeps_no_larger_need_waiting(small):
    course = small.course(2, levels="B1B1", needs={2: (1,)})
    facts = small.facts(estimates=estimates(c11=0.75, c21=0.0))
    assert [action.target for action in recommend(facts, course).actions] == [small.unit(2)]
    failed = replace(facts, activity=small.activity([small.tried(1, wrong=3)]))
    targets = [action.target for action in recommend(failed, course).actions]
    assert targets[0] == small.problem(1)
    assert small.unit(2) not in targets


def test_the_way_to_a_large_need_is_told_as_such(small):
    course = small.course(4, levels="B1B1B1B1", needs={4: (3,), 3: (2,)})
    facts = small.facts(estimates=estimates(c11=0.35, c21=0.5, c31=0.5, c41=0.0))
    first, second = recommend(facts, course).actions
    assert [first.target, second.target] == [small.unit(2), small.unit(1)]
    assert first.reason["en"] == (
        "You can gain more from the unit “Unit 4”, and that builds on the unit “Unit 2”. So begin here, about "
        "20 minutes are enough."
    )
    assert "раздел «Раздел 4»" in first.reason["ru"]
    assert "«2-boʻlim» boʻlimiga tayanadi" in first.reason["uz"]
    nearly = replace(facts, estimates=estimates(c11=0.35, c21=0.5, c31=0.5, c41=0.5))
    assert recommend(nearly, course).actions[0].target == small.unit(1)


def test_targets_of_ones_own_count(small):
    facts = small.facts(estimates=estimates(c11=0.5, c21=0.5), targets={"2.1": 1.0})
    assert recommend(facts, small.course(2, levels="B1B1")).actions[0].target == small.unit(2)


def test_a_unit_far_above_the_learner_waits(small):
    """… where there is a lower way to the same; where there is none, the largest need is not left alone."""
    course = small.course(2, levels="C2A2")
    high, low = (unit for unit in course.units if unit.block_type == "vertical")
    facts = small.facts(estimates=estimates(c11=0.3, c21=0.3))
    same = replace(
        course,
        units=tuple(replace(u, competencies=("1.1",)) if u.usage_key == low.usage_key else u for u in course.units),
    )
    actions = recommend(facts, same).actions
    assert [action.target for action in actions] == [low.usage_key, high.usage_key]
    assert "level-too-high" in actions[1].rules
    alone = recommend(facts, course).actions
    assert all("level-too-high" not in action.rules for action in alone)


def test_low_initial_skills_are_prepared_first(small):
    facts = small.facts(estimates=estimates(c11=0.1, c21=0.1, c31=0.1, c41=0.1))
    recommendation = recommend(facts, small.course(levels="B1B1A1B1"))
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("prepare", small.unit(3))
    assert "low-initial-skills" in told(recommendation)
    assert action.reason["en"].startswith("By your answers you are just beginning")
    assert "In “Teaching” you are at 10%, your target is 57%" in action.reason["en"]


def test_what_is_nearly_reached_is_no_preparation(small):
    facts = small.facts(estimates=estimates(c11=0.5, c21=0.0, c31=0.05, c41=0.05))
    action = recommend(facts, small.course(levels="A1B1B1B1")).actions[0]
    assert (action.kind, action.target) == ("prepare", small.unit(2))


def test_a_unit_that_trains_nothing_is_no_preparation(small):
    course = small.course(levels="A1B1B1B1")
    untrained = tuple(
        replace(unit, competencies=()) if unit.unit_key == small.unit(1) or unit.usage_key == small.unit(1) else unit
        for unit in course.units
    )
    facts = small.facts(estimates=estimates(c11=0.1, c21=0.1, c31=0.1, c41=0.1))
    action = recommend(facts, replace(course, units=untrained)).actions[0]
    assert (action.kind, action.target) == ("prepare", small.unit(2))


def test_who_has_reached_every_target_is_told_so_and_sent_to_no_unit(small):
    facts = small.facts(estimates=estimates(c11=1.0, c21=0.9, c31=0.8, c41=0.57))
    actions = recommend(facts, small.course()).actions
    assert [action.kind for action in actions] == ["stretch"]
    assert actions[0].reason["en"].startswith("You have reached the target in every competency")
