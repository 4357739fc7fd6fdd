"""What each learner did: people, answers, videos, units, time, enrolment."""

from datetime import UTC, datetime, timedelta

import pytest
from smartpd_analytics.data import ContentUnit, CourseMap
from smartpd_analytics.errors import InputError
from smartpd_analytics.features import LAST_EVENT_US, learner_activity

from tests.analytics.features.feature_events import (
    COURSE,
    START,
    answered,
    at,
    enrolled,
    event,
    key,
    opened,
    staff,
    table_of,
    video,
)


def report(*events, **options):
    return learner_activity(table_of(events), **options)


def only(*events, **options):
    (learner,) = report(*events, **options).learners
    return learner


def block(learner, usage_key):
    return next(each for each in learner.blocks if each.usage_key == usage_key)


# --- people -----------------------------------------------------------------------------------


def test_lines_with_the_name_the_id_or_both_are_one_person():
    learner = only(
        opened(at(0), "u1", "ona", user_id=7),
        answered(at(40), "p1", False, "", user_id=7),
        answered(at(80), "p1", True, "ona"),
    )
    assert (learner.learner, learner.user_id, learner.answers) == ("ona", 7, 2)


def test_who_has_no_name_in_any_line_is_called_by_the_id():
    assert only(opened(at(0), "u1", "", user_id=7)).learner == "user:7"


def test_a_renamed_user_is_one_person_under_the_newest_name():
    learner = only(
        opened(at(0), "u1", "old", user_id=7), opened(at(60), "u2", "new", user_id=7), opened(at(90), "u3", "old")
    )
    assert (learner.learner, learner.units_opened) == ("new", 3)


def test_staff_of_a_course_are_no_learners_there_but_may_be_elsewhere():
    other = "course-v1:Org+C2+R1"
    found = report(
        opened(at(0), "u1"),
        staff(at(1), "boss"),
        answered(at(2), "p1", True, "boss"),
        answered(at(3), "p1", False, "ona"),
        opened(at(4), "x", "boss", course_key=other),
    )
    assert [(each.course_key, each.learner) for each in found.learners] == [(COURSE, "ona"), (other, "boss")]
    first, second = found.courses
    assert (first.learners, first.staff, second.staff) == (1, 1, 0)
    assert (first.right, first.wrong, first.staff_right, first.staff_wrong) == (1, 1, 1, 0)


def test_the_last_enrolment_event_counts():
    found = report(
        enrolled(at(0), "ona"),
        enrolled(at(0), "bek"),
        enrolled(at(60), "bek", still=False),
        enrolled(at(0), "lola"),
        enrolled(at(10), "lola", still=False),
        enrolled(at(20), "lola"),
        opened(at(0), "u1", "guest"),
    )
    assert {each.learner: each.enrolled for each in found.learners} == {
        "ona": True,
        "bek": False,
        "lola": True,
        "guest": None,
    }
    assert (found.courses[0].enrolled, found.courses[0].enrolment_unknown) == (2, 1)


def test_a_log_that_begins_after_the_enrolments_does_not_know_them():
    (course,) = learner_activity(table_of([opened(at(0), "u1"), opened(at(9), "u1", "bek")])).courses
    assert (course.enrolled, course.enrolment_unknown) == (None, 2)
    (course,) = learner_activity(table_of([opened(at(0), "u1"), enrolled(at(9), still=False)])).courses
    assert (course.enrolled, course.enrolment_unknown) == (0, 0)


def test_who_only_enrolled_has_no_time_and_no_sitting():
    learner = only(enrolled(at(0)), staff(at(500), "boss"))
    assert (learner.sessions, learner.minutes, learner.active_days, learner.stopped_at) == (0, 0.0, 0, "")
    assert learner.first_seen == learner.last_seen == START


def test_grades_written_later_are_no_visit():
    learner = only(
        opened(at(0), "u1"), event(at(days=5), "edx.grades.problem.submitted", "grade", usage_key=key("problem", "p1"))
    )
    assert learner.last_seen == START
    assert learner.days_silent == 5


# --- answers ----------------------------------------------------------------------------------


def test_right_wrong_failing_and_first_try():
    learner = only(
        opened(at(0), "u1"),
        answered(at(50), "p1", True, attempt=1),
        answered(at(100), "p2", True),
        answered(at(150), "p2", False),
        answered(at(200), "p2", False),
        answered(at(250), "p3", False),
        answered(at(300), "p3", True),
        answered(at(350), "p4", True, attempt=4),
    )
    assert (learner.answers, learner.right, learner.wrong) == (7, 4, 3)
    assert (learner.problems_tried, learner.problems_solved, learner.first_try_right) == (4, 3, 2)
    failing = {each.usage_key[-2:]: each.failing for each in learner.blocks if each.answers}
    assert failing == {"p1": 0, "p2": 2, "p3": 0, "p4": 0}
    first = {each.usage_key[-2:]: each.first_try_right for each in learner.blocks if each.answers}
    assert first == {"p1": True, "p2": True, "p3": False, "p4": None}
    assert not block(learner, key("problem", "p2")).solved


def test_an_ungraded_check_is_no_answer():
    learner = only(opened(at(0), "u1"), event(at(40), "problem_check_fail", "problem", usage_key=key("problem", "p1")))
    assert (learner.answers, learner.problems_tried) == (0, 0)


def test_answers_shown_are_counted():
    shown = event(at(40), "showanswer", "problem", usage_key=key("problem", "p1"))
    assert only(opened(at(0), "u1"), shown).answers_shown == 1


# --- videos, units ----------------------------------------------------------------------------


def test_videos_count_once_plays_each_time():
    learner = only(
        video(at(0), "play_video", "v1"),
        video(at(60), "stop_video", "v1"),
        video(at(61), "complete_video", "v1"),
        video(at(70), "play_video", "v1"),
        video(at(90), "play_video", "v2"),
        video(at(95), "pause_video", "v2"),
    )
    assert (learner.videos_played, learner.videos_completed) == (2, 1)
    assert (block(learner, key("video", "v1")).plays, block(learner, key("video", "v1")).completions) == (2, 1)


def test_an_old_player_only_says_that_the_video_stopped():
    assert only(video(at(0), "play_video", "v1"), video(at(60), "stop_video", "v1")).videos_completed == 1


def test_a_completion_counts_only_when_complete():
    html = key("html", "h1")
    half = event(at(5), "edx.completion", "completion", usage_key=html, earned=0.5, possible=1.0)
    whole = event(at(9), "edx.completion", "completion", usage_key=html, earned=1.0, possible=1.0)
    assert block(only(half, whole), html).completions == 1


def test_units_opened_and_where_the_learner_stopped():
    learner = only(
        opened(at(0), "u1"),
        opened(at(60), "u2"),
        opened(at(90), "u1"),
        opened(at(120), "u3"),
        event(at(121), "page_close", "page", unit_key=key("vertical", "u1")),
    )
    assert (learner.units_opened, learner.stopped_at) == (3, key("vertical", "u3"))
    assert block(learner, key("vertical", "u1")).views == 2


def test_a_mobile_line_gets_its_unit_from_other_lines_of_the_block():
    found = report(
        video(at(0), "play_video", "v1", "ona", unit="u1"),
        video(at(10), "play_video", "v1", "bek", unit="", source="mobile", client="mobile"),
    )
    assert {each.learner: each.stopped_at for each in found.learners} == {
        "ona": key("vertical", "u1"),
        "bek": key("vertical", "u1"),
    }


def test_a_course_map_names_the_unit_where_no_line_does():
    course_map = CourseMap(
        (
            ContentUnit(key("vertical", "u1"), {"en": "One"}, "vertical", key("vertical", "u1"), 0),
            ContentUnit(key("video", "v1"), {"en": "Film"}, "video", key("vertical", "u1"), 1),
            ContentUnit(key("vertical", "u2"), {"en": "Two"}, "vertical", key("vertical", "u2"), 2),
        )
    )
    learner = only(video(at(0), "play_video", "v1", unit=""), course_map=course_map)
    assert (learner.units_opened, learner.units_in_course) == (1, 2)
    assert learner.stopped_at == key("vertical", "u1")


# --- time -------------------------------------------------------------------------------------


def test_half_an_hour_of_silence_ends_a_sitting():
    learner = only(opened(at(0), "u1"), opened(at(30 * 60), "u2"), opened(at(60 * 60 + 1), "u3"))
    assert learner.sessions == 2
    assert learner.minutes == 30 + 2 * LAST_EVENT_US / 60e6


def test_time_belongs_to_the_unit_on_screen_and_the_block_worked_on():
    learner = only(
        opened(at(0), "u1"),
        video(at(10), "play_video", "v1"),
        video(at(100), "pause_video", "v1"),
        answered(at(145), "p1", True),
        opened(at(150), "u2"),
    )
    seconds = {each.usage_key.rpartition("@")[2]: each.seconds for each in learner.blocks}
    assert seconds == {"u1": 150, "v1": 90, "p1": 45, "u2": 60}


def test_days_are_counted_in_utc():
    learner = only(opened(at(0), "u1"), opened(at(days=1), "u1"), opened(at(60, days=1), "u1"))
    assert learner.active_days == 2


def test_nothing_after_as_of_counts():
    events = (opened(at(0), "u1"), answered(at(50), "p1", False), answered(at(100), "p1", True), staff(at(200), "ona"))
    learner = only(*events, as_of=START + timedelta(seconds=60))
    assert (learner.answers, learner.as_of) == (1, START + timedelta(seconds=60))
    assert report(*events).learners == ()


def test_as_of_without_a_time_zone_is_refused():
    with pytest.raises(InputError, match="time zone"):
        report(opened(at(0), "u1"), as_of=datetime(2026, 9, 7))


def test_pace_is_relative_to_the_median_of_those_who_move():
    found = report(
        *(opened(at(unit), f"u{unit}", "ona") for unit in range(4)),
        *(opened(at(unit), f"u{unit}", "bek") for unit in range(2)),
        opened(at(0), "u0", "lola"),
        enrolled(at(0), "guest"),
        staff(at(days=7), "boss"),
    )
    pace = {each.learner: each.pace for each in found.learners}
    assert pace == {"bek": 1.0, "guest": 0.0, "lola": 0.5, "ona": 2.0}


def test_a_course_of_two_learners_has_no_median():
    found = report(opened(at(0), "u1", "ona"), opened(at(0), "u1", "bek"))
    assert {each.pace for each in found.learners} == {None}


def test_an_empty_table_has_no_learners_and_no_courses():
    found = learner_activity(table_of([]))
    assert (found.learners, found.courses) == ((), ())


def test_as_of_is_the_newest_event_of_each_course():
    other = "course-v1:Org+C2+R1"
    found = report(opened(at(0), "u1"), opened(at(days=3), "x", course_key=other))
    assert [each.as_of for each in found.courses] == [START, START + timedelta(days=3)]
    assert found.courses[0].first == datetime(2026, 9, 7, 6, tzinfo=UTC)
