"""Answers given too fast for the question to have been read."""

from smartpd_analytics.features import learner_activity

from tests.analytics.features.feature_events import answered, at, opened, table_of, video


def fast(*events):
    return {each.learner: each.fast_answers for each in learner_activity(table_of(events)).learners}


def careful(problems=("p1", "p2"), people=12, pause=40.0):
    """People who open the unit and take ``pause`` seconds for each problem."""
    for number in range(people):
        start = 1000 * number
        yield opened(at(start), "u1", f"careful{number}")
        for place, problem in enumerate(problems, start=1):
            yield answered(at(start + pause * place), problem, True, f"careful{number}")


def test_a_guesser_is_told_from_careful_people():
    found = fast(
        *careful(),
        opened(at(99000), "u1", "hasty"),
        answered(at(99003.3), "p1", False, "hasty"),
        answered(at(99006.5), "p1", True, "hasty"),
        answered(at(99009), "p2", False, "hasty"),
    )
    assert found.pop("hasty") == 3
    assert set(found.values()) == {0}


def test_six_seconds_after_looking_the_answer_up_is_no_guess():
    found = fast(*careful(), opened(at(99000), "u1", "looks"), answered(at(99006.3), "p1", True, "looks"))
    assert found["looks"] == 0


def test_reading_first_and_submitting_all_at_once_is_no_guess():
    found = fast(
        *careful(),
        opened(at(99000), "u1", "batch"),
        answered(at(99090), "p1", True, "batch"),
        answered(at(99092), "p2", True, "batch"),
    )
    assert found["batch"] == 0


def test_trying_again_at_once_is_a_guess_however_long_the_unit_was_open():
    found = fast(
        *careful(),
        opened(at(99000), "u1", "again"),
        answered(at(99090), "p1", False, "again"),
        answered(at(99092), "p1", False, "again"),
    )
    assert found["again"] == 1


def test_the_clock_starts_anew_with_every_act():
    found = fast(
        *careful(),
        opened(at(99000), "u1", "viewer"),
        video(at(99001), "play_video", "v1", "viewer"),
        video(at(99061), "pause_video", "v1", "viewer"),
        answered(at(99063), "p1", True, "viewer"),
    )
    # A minute on the page is time enough to have read the question.
    assert found["viewer"] == 0


def test_an_answer_without_a_known_start_is_never_fast():
    found = fast(*careful(), answered(at(99000), "p1", False, "late"))
    assert found["late"] == 0


def test_long_questions_have_a_longer_threshold_of_at_most_ten_seconds():
    slow = list(careful(pause=300.0))
    found = fast(
        *slow,
        opened(at(99000), "u1", "nine"),
        answered(at(99009), "p1", False, "nine"),
        opened(at(99900), "u1", "eleven"),
        answered(at(99911), "p1", False, "eleven"),
    )
    assert (found["nine"], found["eleven"]) == (1, 0)


def test_with_few_answers_to_a_problem_the_course_sets_the_threshold():
    found = fast(*careful(), opened(at(99000), "u1", "rare"), answered(at(99003.5), "p9", False, "rare"))
    assert found["rare"] == 1
