"""Going on: where one stopped, what comes next, what waits."""

from dataclasses import replace

from smartpd_analytics.data import (
    BlockActivity,
    CourseMap,
)
from smartpd_analytics.planning import finished_keys, recommend

from tests.analytics.planning.told import kinds


def test_who_stopped_in_a_unit_resumes_it(small):
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.viewed(2, days_ago=3)]
    action = recommend(small.facts(small.activity(blocks, stopped_at=small.unit(2))), small.course()).actions[0]
    assert (action.kind, action.target) == ("resume", small.unit(2))
    assert "2 questions still wait" in action.reason["en"]


def test_after_a_finished_unit_comes_the_next(small):
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.tried(1, "b", solved=True)]
    recommendation = recommend(small.facts(small.activity(blocks, stopped_at=small.unit(1))), small.course())
    assert (recommendation.actions[0].kind, recommendation.actions[0].target) == ("start", small.unit(2))
    assert recommendation.actions[0].reason["en"].startswith("Next in the course comes the unit “Unit 2”.")


def test_what_has_open_prerequisites_waits(small):
    course = small.course(needs={2: (3,)})
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.tried(1, "b", solved=True)]
    targets = [action.target for action in recommend(small.facts(blocks), course).actions]
    assert targets == [small.unit(3), small.unit(4)]
    done = recommend(small.facts(blocks, done=frozenset({"u3"})), course)
    assert [action.target for action in done.actions] == [small.unit(2), small.unit(4)]


def test_what_is_open_in_a_unit_comes_before_the_next_unit(small):
    blocks = [small.viewed(2), small.tried(2, "a", wrong=2)]
    actions = recommend(small.facts(blocks), small.course()).actions
    assert [(action.kind, action.target) for action in actions[:2]] == [
        ("retry", small.problem(2, "a")),
        ("practise", small.problem(2, "b")),
    ]


def test_no_two_ways_lead_to_the_same_place_while_there_is_another(small):
    closed = {"attempts_used": 3, "attempts_allowed": 3, "fast_answers": 3}
    blocks = [small.viewed(n) for n in (1, 2, 3)]
    blocks += [small.tried(n, "a", wrong=3, **closed) for n in (1, 2, 3)]
    blocks += [small.tried(n, "b", solved=True, attempts_used=1, attempts_allowed=1) for n in (1, 2, 3)]
    actions = recommend(small.facts(small.activity(blocks)), small.course(3)).actions
    assert [action.kind for action in actions] == ["read_first", "revisit", "revisit"]
    assert [action.target[-1] for action in actions] == ["1", "2", "3"]


def test_a_wrong_answer_is_called_one(small):
    blocks = [small.viewed(1), small.tried(1, "a", wrong=1), small.tried(1, "b", solved=True)]
    facts = small.facts(small.activity(blocks, stopped_at=small.unit(1)))
    action = recommend(facts, small.course()).actions[0]
    assert (action.kind, action.target) == ("resume", small.unit(1))
    assert action.reason["en"].startswith("In the unit “Unit 1” 1 question is still to be solved; an answer there was")


def test_attempts_given_back_are_told(small):
    again = small.tried(1, "a", wrong=3, attempts_used=0, attempts_allowed=3)
    action = recommend(small.facts([small.viewed(1), again]), small.course()).actions[0]
    assert (action.kind, action.target) == ("retry", small.problem(1, "a"))
    assert action.reason["en"].startswith(
        "You had used up your attempts at “Question 1a”, and the course team has given"
    )


def test_answers_looked_up_are_answered_again(small):
    blocks = [small.viewed(1)]
    blocks += [small.tried(n, "a", wrong=1, solved=True, days_ago=4, answers_shown=1) for n in (1, 2, 3)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("review", small.problem(1, "a"))
    assert action.reason["en"].startswith("You have opened solutions 3 times so far, here as well.")


def test_what_is_not_solved_comes_before_what_was_looked_up(small):
    blocks = [small.viewed(1)]
    blocks += [small.tried(n, "a", wrong=4, solved=True, days_ago=9, answers_shown=5) for n in (1, 2, 3)]
    blocks += [small.tried(4, "a", wrong=2)]
    recommendation = recommend(small.facts(blocks), small.course())
    assert kinds(recommendation)[:2] == ["retry", "review"]


def test_a_review_waits_a_day(small):
    def reviewed(days_ago: float) -> list[str]:
        blocks = [small.tried(1, letter, wrong=4, solved=True, days_ago=days_ago) for letter in "ab"]
        return kinds(recommend(small.facts(blocks), small.course(1)))

    assert "review" not in reviewed(0.5)
    assert "review" in reviewed(3.5)


def test_a_strong_learner_who_has_finished_carries_it_into_teaching(small):
    blocks = [small.viewed(n) for n in (1, 2, 3, 4)]
    blocks += [small.tried(n, letter, solved=True) for n in (1, 2, 3, 4) for letter in "ab"]
    recommendation = recommend(small.facts(blocks), small.course())
    assert kinds(recommendation) == ["stretch"]
    assert "8 problems" in recommendation.actions[0].reason["en"]
    assert "100%" in recommendation.actions[0].reason["en"]


def test_silence_is_measured_by_ones_own_rhythm(small):
    def first(active_days: int) -> str:
        log = small.activity(
            [small.viewed(1), small.viewed(2)], days_silent=8.0, days_of_activity=35.0, active_days=active_days
        )
        return recommend(small.facts(replace(log, answers=5)), small.course()).actions[0].kind

    assert first(30) == "come_back"
    assert first(6) == "resume"


def test_next_is_what_comes_after_the_place_where_one_is(small):
    blocks = [small.viewed(n) for n in (1, 3)]
    blocks += [small.tried(n, letter, solved=True) for n in (1, 3) for letter in "ab"]
    log = small.activity(blocks, stopped_at=small.unit(3))
    first, second = recommend(small.facts(log), small.course()).actions
    assert (first.target, second.target) == (small.unit(4), small.unit(2))
    assert first.reason["en"].startswith("Next in the course comes the unit “Unit 4”.")
    assert second.reason["en"].startswith("You have passed over the unit “Unit 2”, which stands before")


def test_a_whole_course_is_only_spoken_of_where_a_map_says_what_that_is(small):
    def told_of(units: int, levels: str = "") -> list[str]:
        blocks = [small.viewed(n) for n in range(1, units + 1)]
        blocks += [
            small.tried(n, letter, wrong=1, solved=True, days_ago=0.5) for n in range(1, units + 1) for letter in "ab"
        ]
        course = replace(small.course(units, levels=levels), framework_id="digcompedu" if levels else "")
        return [action.reason["en"] for action in recommend(small.facts(blocks), course).actions]

    assert told_of(1) == told_of(2) == []
    assert told_of(3)[0].startswith("You have finished every unit that is known of this course, 3 in all.")
    assert told_of(1, "A1")[0].startswith("You have gone through the whole course")
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.tried(1, "b", solved=True)]
    assert "stretch" not in kinds(recommend(small.facts(blocks), small.course(levels="A1A1A1A1")))


def test_without_a_map_the_order_of_the_course_is_not_told_as_a_fact(small):
    blocks = [small.viewed(3), *(small.tried(3, letter, solved=True) for letter in "ab")]
    log = small.activity(blocks, stopped_at=small.unit(3))
    actions = recommend(small.facts(log), replace(small.course(), framework_id="")).actions
    assert {action.target for action in actions} == {small.unit(1), small.unit(2), small.unit(4)}
    said = [action.reason["en"] for action in actions]
    assert not [words for words in said if "Next in the course" in words or "stands before" in words]
    assert said[0] == "You have not opened the unit “Unit 4” yet. It is a part of this course too."


def test_where_one_left_off_is_said_only_of_that_place(small):
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.viewed(2), small.tried(2, "a", solved=True)]
    blocks.append(small.tried(2, "b", solved=True))
    log = small.activity(blocks, stopped_at=small.unit(2))
    resume = next(a for a in recommend(small.facts(log), small.course()).actions if a.kind == "resume")
    assert resume.reason["en"].startswith("In the unit “Unit 1” you have passed over 1 question.")


def test_who_enrolled_and_never_came_is_not_told_of_a_good_start(small):
    never = small.activity([], days_silent=20.0, days_of_activity=0.0, sessions=0, minutes=0.0, active_days=1)
    recommendation = recommend(small.facts(never), small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("start", small.unit(1))
    assert action.reason["en"].startswith("You came to this course 20 days ago and have not begun yet. Start with")
    assert "come_back" not in kinds(recommendation)
    diagnosed = recommend(small.facts(never, diagnosis_key=small.key("x", "d"), diagnosis_total=22), small.course())
    assert kinds(diagnosed)[0] == "take_diagnosis"


def test_who_has_hardly_looked_in_is_asked_back_without_praise(small):
    blocks = [small.viewed(1, days_ago=20)]
    looked_in = small.activity(blocks, days_silent=20.0, days_of_activity=0.0, sessions=1, minutes=1.0, active_days=1)
    action = recommend(small.facts(looked_in), small.course()).actions[0]
    assert action.kind == "come_back"
    assert action.reason["en"].startswith("You were last here 20 days ago.")


def test_what_the_course_team_took_back_is_said_to_be_taken_back(small):
    again = [small.tried(1, letter, taken_back=True) for letter in "ab"]
    blocks = [small.viewed(1), small.played(1), *(replace(block, answers=1, right=1) for block in again)]
    action = recommend(small.facts(blocks), small.course(1)).actions[0]
    assert (action.kind, action.target) == ("resume", small.unit(1))
    assert action.reason["en"].startswith("The course team has taken back answers of yours in the unit “Unit 1”.")
    assert action.minutes == 10, "two questions"


def test_who_failed_for_good_is_not_congratulated(small):
    blocks = [small.viewed(n) for n in (1, 2, 3, 4)]
    blocks += [small.tried(n, letter, solved=True) for n in (1, 2, 3) for letter in "ab"]
    blocks += [small.tried(4, "a", solved=True), small.tried(4, "b", wrong=2, attempts_used=2, attempts_allowed=2)]
    assert "stretch" not in kinds(recommend(small.facts(blocks), small.course()))


def test_what_a_title_says_itself_is_not_said_before_it(small):
    course = small.course(1)
    title = {"en": "Unit: passwords", "ru": "Раздел: пароли", "uz": "Boʻlim: parollar"}
    units = (replace(course.units[0], title=title), *course.units[1:])
    reason = recommend(small.facts(), replace(course, units=units)).actions[0].reason
    assert reason["en"] == "Next in the course comes “Unit: passwords”."
    assert reason["ru"] == "Следующим по курсу идёт «Раздел: пароли»."
    assert reason["uz"] == "Kurs boʻyicha navbatda — «Boʻlim: parollar»."


def test_a_unit_without_a_name_is_described(small):
    course = small.course(1)
    described = {"en": "Unit with “Passwords”", "ru": "Раздел с «Passwords»", "uz": "«Passwords» bor boʻlim"}
    units = (replace(course.units[0], title=described, titled=False), *course.units[1:])
    action = recommend(small.facts(), replace(course, units=units)).actions[0]
    assert action.title == described
    assert action.reason == {
        "en": "Next in the course comes the unit with “Passwords”.",
        "ru": "Следующим по курсу идёт раздел с «Passwords».",
        "uz": "Kurs boʻyicha navbatda — «Passwords» bor boʻlim.",
    }


def test_a_block_whose_unit_nobody_knows_is_no_unit(small):
    alone = BlockActivity(
        small.key("problem", "x"), "problem", "", "Keys", answers=1, wrong=1, failing=1, fast_answers=1
    )
    action = recommend(small.facts([alone]), CourseMap(), limit=1).actions[0]
    assert action.kind == "resume"
    assert action.reason["en"].startswith("You have answered “Keys”, but not yet right.")
    assert action.reason["ru"].startswith("На задание «Keys» пока нет верного ответа.")


def test_finished_is_what_the_log_says_not_what_the_learner_says(small):
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.tried(1, "b", solved=True), small.viewed(2)]
    facts = small.facts(blocks)
    course_map = small.course()
    found = finished_keys(facts, course_map)
    assert small.unit(1) in found
    assert small.problem(1, "a") in found
    assert small.unit(2) not in found, "opened, and its problems wait"
    marked = replace(facts, done=frozenset({small.unit(3)}))
    assert finished_keys(marked, course_map) == found
