"""What is left to do where a problem takes no more attempts."""

from dataclasses import replace

from smartpd_analytics.planning import recommend


def used_up(small, number: int, letter: str = "a", **more):
    """Two wrong answers, and no more are allowed."""
    return small.tried(number, letter, wrong=2, **({"attempts_used": 2, "attempts_allowed": 2} | more))


def test_who_has_used_up_the_attempts_goes_back_to_what_explains_it(small):
    blocks = [small.viewed(1), small.played(1), used_up(small, 1, "a"), small.tried(1, "b", solved=True)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("revisit", small.video(1))
    assert action.reason["en"] == (
        "You have used 2 of 2 attempts at “Question 1a”, and the last answer was not right. "
        "Open the video “Video 1”; if something stays unclear, ask the course team."
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


def test_who_guesses_reads_where_something_is_not_solved(small):
    solved = [small.viewed(1), *(small.tried(1, letter, wrong=2, solved=True, fast_answers=3) for letter in "ab")]
    failed = [small.viewed(2), *(used_up(small, 2, letter, fast_answers=1) for letter in "ab")]
    action = recommend(small.facts([*solved, *failed]), small.course()).actions[0]
    assert (action.kind, action.target) == ("read_first", small.unit(2))
    assert "all of them wrong" in action.reason["en"]


def test_not_all_three_actions_look_back(small):
    blocks = [small.viewed(n) for n in (1, 2, 3)]
    blocks += [used_up(small, n, letter, fast_answers=2) for n in (1, 2) for letter in "ab"]
    kinds = [action.kind for action in recommend(small.facts(blocks), small.course()).actions]
    assert kinds[:2] == ["read_first", "revisit"]
    assert kinds[2] not in {"read_first", "revisit"}


def test_who_guessed_until_all_was_closed_reads_before_going_on(small):
    blocks = [small.viewed(1), *(used_up(small, 1, letter, fast_answers=2) for letter in "ab")]
    blocks += [small.viewed(2), small.tried(2, "a", wrong=1, solved=True, fast_answers=2)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert (action.kind, action.target) == ("read_first", small.unit(1))
    assert action.reason["en"].endswith("Read the unit “Unit 1” in peace before you go on.")
