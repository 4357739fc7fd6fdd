"""What learners of different habits are told to do next, and why."""

import re
from dataclasses import replace

import pytest
from smartpd_analytics.data import (
    LANGUAGES,
    BlockActivity,
    CompetencyEstimate,
    ContentUnit,
    CourseMap,
)
from smartpd_analytics.expert import load_rules
from smartpd_analytics.planning import finished_keys, recommend


def kinds(recommendation) -> list[str]:
    return [action.kind for action in recommendation.actions]


def told(recommendation) -> set[str]:
    """Rules about the learner that fired."""
    return {firing.rule_id for firing in recommendation.trace if not firing.target}


def estimates(**values: float) -> tuple[CompetencyEstimate, ...]:
    return tuple(
        CompetencyEstimate(name[1] + "." + name[2], value, 0.1, "combined", 1) for name, value in values.items()
    )


# --- four habits, four first actions ----------------------------------------------------------


@pytest.fixture(name="guesser")
def _guesser(small):
    blocks = [small.viewed(number) for number in (1, 2, 3, 4)]
    for number in (1, 2, 3, 4):
        fast = 4 if number == 3 else 1
        blocks += [
            small.tried(number, "a", wrong=3, solved=True, fast_answers=fast),
            small.tried(number, "b", wrong=2, solved=number != 3, fast_answers=1),
        ]
    return small.facts(blocks)


@pytest.fixture(name="watcher")
def _watcher(small):
    blocks = [part for number in (1, 2, 3, 4) for part in (small.viewed(number), small.played(number, 6))]
    return small.facts([*blocks, small.tried(1, "a", solved=True)])


@pytest.fixture(name="stopper")
def _stopper(small):
    blocks = [small.viewed(1, days_ago=30), small.tried(1, "a", wrong=2, days_ago=29), small.viewed(2, days_ago=29)]
    log = small.activity(
        blocks, days_silent=29.0, days_of_activity=5.0, active_days=3, pace=0.3, stopped_at=small.unit(2)
    )
    return small.facts(log)


@pytest.fixture(name="failer")
def _failer(small):
    blocks = [small.viewed(number) for number in (1, 2, 3, 4)]
    blocks += [small.tried(number, letter, solved=True) for number in (1, 2, 3, 4) for letter in "ab"][:-1]
    return small.facts([*blocks, small.tried(4, "b", wrong=3)])


def test_who_guesses_reads_first(small, guesser):
    recommendation = recommend(guesser, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("read_first", small.unit(3))
    assert "fast-guessing" in told(recommendation)
    assert action.rules == ("read-before-answering",)
    assert action.reason["en"] == (
        "Here you gave 5 answers faster than a question can be read, 4 of them wrong. "
        "Read the unit “Unit 3” first, then answer again."
    )
    assert action.reason["ru"].startswith("Здесь вы дали 5 ответов быстрее, чем можно прочитать вопрос")
    assert "«3-boʻlim» boʻlimini oʻqib chiqing" in action.reason["uz"]


def test_who_watches_without_answering_answers_the_first_open_question(small, watcher):
    recommendation = recommend(watcher, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("practise", small.problem(1, "b"))
    assert action.reason["en"] == (
        "So far you have played videos 24 times and given 1 answer. "
        "Now try this problem, and you will see what has stayed."
    )
    assert action.reason["ru"].startswith("Вы уже 24 раза включали видео и дали 1 ответ.")


def test_who_stopped_in_the_first_week_comes_back(small, stopper):
    recommendation = recommend(stopper, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target, action.minutes) == ("come_back", small.unit(2), 10)
    assert {"stopped-in-first-week", "silence", "long-silence"} <= told(recommendation)
    assert action.reason["en"] == (
        "You made a good start and then stopped 29 days ago. "
        "Open the unit “Unit 2” for 10 minutes, that is enough for today."
    )
    assert action.reason["uz"].startswith("Siz yaxshi boshlagan edingiz, lekin 29 kun oldin toʻxtab qoldingiz.")


def test_who_fails_one_problem_watches_the_video_before_it_and_tries_again(small, failer):
    action = recommend(failer, small.course()).actions[0]
    assert (action.kind, action.target) == ("retry", small.problem(4, "b"))
    assert (action.first, action.first_title["en"]) == (small.video(4), "Video 4")
    assert action.minutes == 5 + 8
    assert action.reason == {
        "en": "You have answered “Question 4b” wrong 3 times. Watch the video before it, then try again.",
        "ru": "Вы 3 раза неверно ответили на задание «Question 4b». "
        "Посмотрите видео перед ним, а затем попробуйте снова.",
        "uz": "Siz «Question 4b»ga 3 marta notoʻgʻri javob berdingiz. "
        "Undan oldingi videoni koʻring, soʻng yana urinib koʻring.",
    }


def test_the_same_holds_from_the_log_alone(guesser, watcher, stopper, failer):
    first = {
        name: recommend(facts, CourseMap()).actions[0].kind
        for name, facts in {"guesser": guesser, "stopper": stopper, "failer": failer}.items()
    }
    assert first == {"guesser": "read_first", "stopper": "come_back", "failer": "retry"}
    # Nobody knows of unanswered problems without a map; a unit already seen is where they are.
    nothing_answered = replace(
        watcher,
        activity=replace(
            watcher.activity, answers=0, blocks=tuple(b for b in watcher.activity.blocks if b.block_type != "problem")
        ),
    )
    action = recommend(nothing_answered, CourseMap()).actions[0]
    assert (action.kind, action.title) == ("practise", {"en": "Unit", "ru": "Раздел", "uz": "Boʻlim"})


def test_what_comes_before_a_failed_problem(small):
    def first(*left_out: str) -> str:
        course = small.course(1)
        units = tuple(row for row in course.units if row.block_type not in left_out)
        return recommend(small.facts([small.tried(1, wrong=2)]), CourseMap(units)).actions[0].first

    assert first() == small.video(1)
    assert first("video") == small.key("html", "t1")
    assert first("video", "html") == small.unit(1)
    alone = BlockActivity("i4x://O/C/problem/p", "problem", "", "", answers=2, wrong=2, failing=2)
    action = recommend(small.facts([alone]), CourseMap()).actions[0]
    assert (action.first, action.first_title, action.minutes) == ("", {}, 5)
    assert action.reason["en"] == (
        "You have answered this problem wrong 2 times. Read the question once more, slowly, then try again."
    )


# --- diagnosis and gaps -----------------------------------------------------------------------


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


def test_the_unit_of_the_diagnostic_is_no_unit_to_study(small):
    home, needs = small.key("vertical", "diagnostic"), small.key("smartpd_needs_diagnostic", "needs")
    row = ContentUnit(needs, {"en": "Your needs"}, "smartpd_needs_diagnostic", home)
    course = CourseMap((ContentUnit(home, {"en": "Diagnostic"}, "vertical", home), row, *small.course().units[5:]))
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
    assert action.reason["en"].startswith("Your answers put you at 10% overall")
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


# --- going on ---------------------------------------------------------------------------------


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


def test_answers_looked_up_are_answered_again(small):
    blocks = [small.viewed(1)]
    blocks += [small.tried(n, "a", wrong=1, solved=True, days_ago=4, answers_shown=1) for n in (1, 2, 3)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("review", small.problem(1, "a"))
    assert action.reason["en"].startswith("You have opened solutions 3 times so far, here as well.")


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
        course = small.course(units, levels=levels)
        return [action.reason["en"] for action in recommend(small.facts(blocks), course).actions]

    assert told_of(1) == told_of(2) == []
    assert told_of(3)[0].startswith("You have finished every unit that is known of this course, 3 in all.")
    assert told_of(1, "A1")[0].startswith("You have gone through the whole course")
    blocks = [small.viewed(1), small.tried(1, "a", solved=True), small.tried(1, "b", solved=True)]
    assert "stretch" not in kinds(recommend(small.facts(blocks), small.course(levels="A1A1A1A1")))


def test_a_unit_without_a_name_is_described(small):
    course = small.course(1)
    described = {"en": "Unit with “Passwords”", "ru": "Раздел с «Passwords»", "uz": "«Passwords» bor boʻlim"}
    units = (replace(course.units[0], title=described, titled=False), *course.units[1:])
    action = recommend(small.facts([]), replace(course, units=units)).actions[0]
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
    assert action.reason["en"].startswith("You have begun “Keys” but not finished it.")
    assert action.reason["ru"].startswith("Вы начали задание «Keys»")


# --- attempts used up ------------------------------------------------------------------------


def used_up(small, number: int, letter: str = "a", **more):
    """Two wrong answers, and no more are allowed."""
    return small.tried(number, letter, wrong=2, **({"attempts_used": 2, "attempts_allowed": 2} | more))


def test_who_has_used_up_the_attempts_goes_back_to_what_explains_it(small):
    blocks = [small.viewed(1), small.played(1), used_up(small, 1, "a"), small.tried(1, "b", solved=True)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("revisit", small.video(1))
    assert action.reason["en"] == (
        "You have used 2 of 2 attempts at “Question 1a”, and the last answer was not right. "
        "Go back to the video “Video 1”; if something stays unclear, ask the course team."
    )


def test_who_has_been_back_asks_the_course_team(small):
    blocks = [
        small.viewed(1, days_ago=1),
        small.played(1),
        used_up(small, 1, "a", days_ago=3),
        small.tried(1, "b", solved=True, days_ago=3),
    ]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("ask", small.problem(1, "a"))
    unplayed = recommend(small.facts([block for block in blocks if not block.plays]), small.course()).actions[0]
    assert (unplayed.kind, unplayed.target) == ("revisit", small.video(1))


def test_an_attempt_that_is_left_is_an_attempt(small):
    blocks = [small.viewed(1), used_up(small, 1, "a", attempts_used=0), small.tried(1, "b", solved=True)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("retry", small.problem(1, "a"))


def test_the_limit_may_stand_in_the_course_map_alone(small):
    course = small.course()
    units = tuple(replace(u, max_attempts=2) if u.usage_key == small.problem(1, "a") else u for u in course.units)
    blocks = [small.viewed(1), used_up(small, 1, "a", attempts_allowed=None), small.tried(1, "b", solved=True)]
    assert recommend(small.facts(blocks), course).actions[0].kind == "retry"
    assert recommend(small.facts(blocks), replace(course, units=units)).actions[0].kind == "revisit"


def test_a_refused_answer_closes_a_problem_whose_limit_nobody_knows(small):
    blocks = [small.viewed(1), used_up(small, 1, "a", attempts_allowed=None, refused=True)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert action.kind == "revisit"
    assert action.reason["en"].startswith("You cannot answer “Question 1a” any more")


def test_another_problem_that_trains_the_same_stands_in(small):
    course = small.course(levels="A1A1A1A1")
    blocks = [small.viewed(1), small.played(1), used_up(small, 1, "a")]
    actions = recommend(small.facts(blocks), course, limit=5).actions
    instead = next(action for action in actions if action.target == small.problem(1, "b"))
    assert instead.kind == "practise"
    assert instead.reason["en"].startswith("You cannot answer “Question 1a” any more.")


def test_a_unit_whose_last_problems_are_closed_is_finished(small):
    course = small.course(2, needs={2: (1,)})
    blocks = [small.viewed(1), small.played(1), used_up(small, 1, "a"), small.tried(1, "b", solved=True)]
    actions = recommend(small.facts(small.activity(blocks, stopped_at=small.unit(1))), course).actions
    assert [(action.kind, action.target) for action in actions] == [
        ("revisit", small.video(1)),
        ("start", small.unit(2)),
    ]


def test_who_guessed_until_all_was_closed_reads_before_going_on(small):
    blocks = [small.viewed(1), *(used_up(small, 1, letter, fast_answers=2) for letter in "ab")]
    blocks += [small.viewed(2), small.tried(2, "a", wrong=1, solved=True, fast_answers=2)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("read_first", small.unit(1))
    assert action.reason["en"].endswith("Read the unit “Unit 1” in peace before you go on.")


# --- no action, or none of this kind ----------------------------------------------------------


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


# --- keys, titles, rules ----------------------------------------------------------------------


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
    assert (stuck[0].minutes, stuck[0].competencies) == (12, ("1.1",))


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


# --- what is finished ---------------------------------------------------------------------------


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
