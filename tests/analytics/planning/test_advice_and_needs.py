"""Where diagnosis and course meet: what is reached, what a unit leads to, and the words of a second reason."""

from dataclasses import replace

from smartpd_analytics.data import CompetencyEstimate, CourseMap
from smartpd_analytics.planning import recommend


def estimates(**values: float) -> tuple[CompetencyEstimate, ...]:
    return tuple(
        CompetencyEstimate(f"{name[1]}.{name[2]}", value, 0.1, "combined", 1) for name, value in values.items()
    )


def started(recommendation) -> list[str]:
    return [action.target for action in recommendation.actions if action.kind == "start"]


def test_a_unit_whose_competencies_are_reached_is_not_proposed(small):
    facts = small.facts(estimates=estimates(c11=0.9, c21=0.3, c31=0.9, c41=0.9))
    assert started(recommend(facts, small.course(levels="B1B1B1B1"))) == [small.unit(2)]


def test_one_competency_below_its_target_is_enough_to_propose_a_unit(small):
    course = small.course(1, levels="B1")
    both = replace(course, units=tuple(replace(unit, competencies=("1.1", "2.1")) for unit in course.units))
    assert started(recommend(small.facts(estimates=estimates(c11=0.9, c21=0.3)), both)) == [small.unit(1)]
    assert started(recommend(small.facts(estimates=estimates(c11=0.9)), both)) == [small.unit(1)]
    assert started(recommend(small.facts(estimates=estimates(c11=0.9, c21=0.9)), both)) == []


def test_the_order_of_the_course_yields_to_a_known_need(small):
    facts = small.facts(estimates=estimates(c11=0.5, c21=0.35, c31=0.5, c41=0.5))
    assert started(recommend(facts, small.course(levels="B1B1B1B1")))[0] == small.unit(2)
    little = small.facts(estimates=estimates(c11=0.5, c21=0.49, c31=0.5, c41=0.5))
    assert started(recommend(little, small.course(levels="B1B1B1B1")))[0] == small.unit(1)


def test_a_preparation_says_what_it_leads_to(small):
    facts = small.facts(estimates=estimates(c11=0.1, c21=0.1, c31=0.1, c41=0.1))
    action = recommend(facts, small.course(levels="A1B1B1B1", needs={3: (1,)})).actions[0]
    assert (action.kind, action.target) == ("prepare", small.unit(1))
    assert "prepares you for the unit “Unit 3”" in action.reason["en"]
    alone = recommend(facts, small.course(levels="A1B1B1B1")).actions[0]
    assert "prepares you" not in alone.reason["en"]


def test_who_gets_a_unit_far_above_is_told_so(small):
    course = small.course(2, levels="C2A2")
    same = replace(course, units=tuple(replace(unit, competencies=("1.1",)) for unit in course.units))
    high = recommend(small.facts(estimates=estimates(c11=0.3)), same).actions[1]
    assert high.target == small.unit(1)
    assert high.reason["en"].startswith("Your level and that of the unit “Unit 1” are 4 levels apart")
    assert "на 4 уровня выше" in high.reason["ru"]


def test_a_problem_that_nobody_can_place_is_answered_not_opened(small):
    problem = "i4x://O/C/problem/p"
    course = CourseMap(tuple(replace(u, unit_key="", usage_key=problem) for u in small.course(1).units[3:4]))
    (action,) = recommend(small.facts(), course).actions
    assert (action.kind, action.target) == ("practise", problem)
    assert action.reason["en"].startswith("You have not answered")


def test_a_rule_says_the_same_in_other_words_the_second_time(small):
    blocks = [part for number in (1, 2, 3) for part in (small.viewed(number), small.played(number, 6))]
    first, second, *_ = recommend(small.facts(blocks), small.course()).actions
    assert (first.kind, second.kind) == ("practise", "practise")
    assert first.rules[0] == second.rules[0] == "answer-after-watching"
    assert first.reason["en"].startswith("So far you have played videos 18 times")
    assert second.reason["en"] == "You have not answered “Question 2a” either. For it, 5 minutes are enough."


def test_who_looked_on_and_fell_silent_comes_back_with_one_answer(small):
    blocks = [part for number in (1, 2, 3) for part in (small.viewed(number), small.played(number, 6))]
    log = small.activity(blocks, days_silent=19.0, active_days=10)
    action = recommend(small.facts(log), small.course()).actions[0]
    assert action.kind == "practise"
    assert action.reason["en"].startswith("You were last here 19 days ago, and until then you looked more")


def test_minutes_of_the_diagnosis_are_a_share_of_its_instruments(small):
    facts = small.facts(diagnosis_answered=11, diagnosis_total=22, diagnosis_key="d")
    assert recommend(facts, small.course()).actions[0].minutes == 6
    assert recommend(replace(facts, diagnosis_minutes=30), small.course()).actions[0].minutes == 15


def test_a_target_reached_in_the_one_thing_known_says_nothing_of_the_rest(small):
    """No diagnosis, and the problems of one unit solved: the others are still to be begun."""
    recommendation = recommend(small.facts(estimates=estimates(c11=0.9)), small.course(levels="B1B1B1B1"))
    assert started(recommendation)[0] == small.unit(2)
    assert "stretch" not in [action.kind for action in recommendation.actions]
