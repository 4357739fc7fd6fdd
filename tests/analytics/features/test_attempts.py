"""How many attempts are used and allowed, and who gets them back."""

import pytest
from smartpd_analytics.features import learner_activity

from tests.analytics.features.feature_events import answered, at, event, key, opened, table_of

PROBLEM = key("problem", "p1")


def tries(*events, username: str = "ona"):
    found = learner_activity(table_of([opened(at(0), "u1", username), *events]))
    learner = next(each for each in found.learners if each.learner == username)
    block = next(each for each in learner.blocks if each.usage_key == PROBLEM)
    return block.attempts_used, block.attempts_allowed, block.refused


def checked(time_us: int, attempt: int, username: str = "ona", **more):
    return answered(time_us, "p1", False, username, attempt=attempt, **more)


def told(time_us: int, used: int, allowed: int, username: str = "ona", **more):
    """What the page of the graded answer says."""
    payload = {"allowed": allowed}
    return event(time_us, "problem_graded", "grade", username, usage_key=PROBLEM, attempt=used, payload=payload, **more)


def refused(time_us: int, failure: str = "closed", name: str = "problem_check_fail"):
    return event(time_us, name, "problem", usage_key=PROBLEM, payload={"failure": failure})


def given_back(time_us: int, name: str = "attempts_reset", **payload):
    return event(time_us, name, "staff", "boss", user_id=9, usage_key=PROBLEM, payload=payload)


def test_the_page_of_an_answer_says_used_and_allowed():
    assert tries(checked(at(1), 1), told(at(2), 1, 3), checked(at(3), 2), told(at(4), 2, 3)) == (2, 3, False)


def test_an_answer_alone_says_how_many_are_used():
    assert tries(checked(at(1), 1), checked(at(3), 2)) == (2, None, False)


def test_the_limit_that_others_were_told_counts_too():
    assert tries(checked(at(1), 2), told(at(2), 1, 2, "bek", user_id=2), told(at(9), 1, 2, "dil", user_id=3)) == (
        2,
        2,
        False,
    )


def test_one_browser_alone_does_not_set_the_limit_for_all():
    claimed = told(at(9), 1, 1, "liar", user_id=4)
    agreed = (told(at(2), 1, 3, "bek", user_id=2), told(at(3), 1, 3, "dil", user_id=3))
    assert tries(checked(at(1), 1), *agreed, claimed) == (1, 3, False)


def test_a_limit_that_was_raised_counts_as_it_is_now():
    before = [told(at(minute), 2, 2, name, user_id=minute) for minute, name in ((1, "bek"), (2, "dil"))]
    after = [told(at(minute), 3, 4, name, user_id=minute) for minute, name in ((11, "bek"), (12, "dil"))]
    assert tries(checked(at(5), 2), *before, *after) == (2, 4, False)


@pytest.mark.parametrize("name", ["problem_check_fail", "save_problem_fail"])
def test_a_refusal_closes_until_an_answer_is_taken_again(name):
    assert tries(checked(at(1), 1), refused(at(2), name=name)) == (1, None, True)
    assert tries(checked(at(1), 1), refused(at(2), name=name), checked(at(3), 2)) == (2, None, False)
    assert tries(checked(at(1), 1), refused(at(2), "unreset", name=name)) == (1, None, False)


@pytest.mark.parametrize(
    "given",
    [
        {"learner": "ona"},
        {"everybody": True},
        {"name": "edx.grades.problem.state_deleted", "learner_id": 7},
    ],
)
def test_staff_give_attempts_back(given):
    mine = (checked(at(1), 2, user_id=7), told(at(2), 2, 2), refused(at(3)))
    assert tries(*mine) == (2, 2, True)
    assert tries(*mine, given_back(at(10), **given)) == (0, 2, False)
    assert tries(*mine, given_back(at(10), **given), checked(at(20), 1, user_id=7)) == (1, 2, False)


def test_what_the_course_team_has_deleted_is_neither_solved_nor_failed():
    def block(*events):
        (found,) = [each for each in learner_activity(table_of([*events])).learners[0].blocks if each.answers]
        return found.solved, found.failing, found.answers

    def solved(time_us, attempt):
        return answered(time_us, "p1", True, "ona", attempt=attempt, user_id=7)

    deleted = given_back(at(10), name="edx.grades.problem.state_deleted", learner_id=7)
    right = solved(at(1), 1)
    assert block(right) == (True, 0, 1)
    assert block(right, deleted) == (False, 0, 1)
    assert block(right, deleted, solved(at(20), 1)) == (True, 0, 2)
    wrong = [checked(at(second), second, user_id=7) for second in (1, 2)]
    assert block(*wrong) == (False, 2, 2)
    assert block(*wrong, deleted) == (False, 0, 2)


def test_what_others_get_back_stays_with_them():
    mine = (checked(at(1), 2, user_id=7), told(at(2), 2, 2))
    others = (
        given_back(at(10), learner="bek"),
        given_back(at(11), name="edx.grades.problem.state_deleted", learner_id=8),
    )
    assert tries(*mine, *others) == (2, 2, False)


def test_ones_own_reset_gives_nothing_back():
    own = event(at(5), "reset_problem", "problem", usage_key=PROBLEM)
    assert tries(checked(at(1), 2), told(at(2), 2, 2), own) == (2, 2, False)


def test_bookkeeping_is_no_activity():
    found = learner_activity(table_of([opened(at(0), "u1"), checked(at(10), 1), told(at(4000), 1, 2)])).learners[0]
    assert (found.sessions, found.minutes) == (
        learner_activity(table_of([opened(at(0), "u1"), checked(at(10), 1)])).learners[0].sessions,
        learner_activity(table_of([opened(at(0), "u1"), checked(at(10), 1)])).learners[0].minutes,
    )
