"""The course as the log shows it, and how a course map completes it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import ContentUnit, CourseMap
from smartpd_analytics.features import learner_activity, observed_course_map

from tests.analytics.features.feature_events import COURSE, answered, at, event, key, opened, staff, table_of, video


def keys(course_map):
    return [unit.usage_key.rpartition("@")[2] for unit in course_map.units]


def test_units_stand_in_the_order_in_which_most_people_met_them():
    events = [
        opened(at(100 * person + place), unit, f"learner{person}")
        for person, units in enumerate((("a", "b", "c", "d"), ("a", "b", "d"), ("c", "d"), ("a", "c", "b"), ("b", "d")))
        for place, unit in enumerate(units)
    ]
    assert keys(observed_course_map(table_of(events), COURSE)) == ["a", "b", "c", "d"]


def test_staff_do_not_change_the_order():
    events = [staff(at(0)), *(opened(at(unit), f"u{9 - unit}", "boss") for unit in range(5, 9))]
    events += [opened(at(50 + unit), f"u{unit}", "ona") for unit in range(1, 4)]
    assert keys(observed_course_map(table_of(events), COURSE)) == ["u1", "u2", "u3", "u4"]


def test_blocks_follow_their_unit():
    events = [
        opened(at(0), "u1"),
        video(at(10), "play_video", "v1", duration=150.0),
        answered(at(200), "p1", True),
        opened(at(300), "u2"),
        answered(at(340), "p2", True, unit="u2"),
    ]
    found = observed_course_map(table_of(events), COURSE)
    assert keys(found) == ["u1", "v1", "p1", "u2", "p2"]
    assert [unit.position for unit in found.units] == [0, 1, 2, 3, 4]
    by_id = dict(zip(keys(found), found.units, strict=True))
    assert by_id["p1"].unit_key == key("vertical", "u1")
    assert (by_id["v1"].block_type, by_id["v1"].minutes) == ("video", 3)


def test_a_unit_is_described_by_its_first_named_block():
    found = observed_course_map(table_of([opened(at(0), "u1"), answered(at(40), "p1", True)]), COURSE)
    assert found.units[0].title["en"] == "Unit with “Problem p1”"
    assert not found.units[0].titled


def test_a_unit_without_named_blocks_is_called_by_its_number():
    found = observed_course_map(table_of([opened(at(0), "u1")]), COURSE)
    assert found.units[0].title == {"en": "Unit no. 1", "ru": "Раздел 1", "uz": "1-boʻlim"}


def test_a_unit_takes_no_less_than_its_video():
    """Who skips the video is soon through; the next one may want to see it."""
    through = [
        found
        for person in ("l1", "l2", "l3")
        for found in (opened(at(0), "u1", person), answered(at(40), "p1", True, person), opened(at(60), "u2", person))
    ]
    assert observed_course_map(table_of(through), COURSE).units[0].minutes == 1
    watched = video(at(10), "play_video", "v1", duration=333.0)
    assert observed_course_map(table_of([*through, watched]), COURSE).units[0].minutes == 7, "6 of video, 1 of question"


def test_the_newest_title_counts():
    def named(seconds, title):
        return event(at(seconds), "showanswer", "problem", usage_key=key("problem", "p1"), title=title)

    found = observed_course_map(table_of([named(0, "Old"), named(5, "New"), named(9, "")]), COURSE)
    assert found.units[0].title == {"en": "New"}


def test_typical_minutes_need_three_people():
    def people(count):
        for number in range(count):
            yield opened(at(1000 * number), "u1", f"l{number}")
            yield opened(at(1000 * number + 100 * (number + 1)), "u2", f"l{number}")

    assert observed_course_map(table_of(people(2)), COURSE).units[0].minutes is None
    assert observed_course_map(table_of(people(3)), COURSE).units[0].minutes == 4


def test_an_unknown_course_is_empty():
    assert observed_course_map(table_of([opened(at(0), "u1")]), "course-v1:No+Such+One") == CourseMap()


def test_a_course_map_is_used_only_where_its_keys_belong():
    other = "course-v1:Org+C2+R1"
    table = table_of([opened(at(0), "u1"), opened(at(0), "x", course_key=other)])
    course_map = CourseMap((ContentUnit(key("vertical", "u9"), {"en": "Nine"}, "vertical", key("vertical", "u9")),))
    report = learner_activity(table, course_map=course_map)
    assert report.mapped == {COURSE}
    assert keys(report.maps[COURSE]) == ["u9", "u1"]
    assert report.learners[0].units_in_course == 2
    assert report.learners[1].units_in_course == 1


def test_a_map_of_bare_ids_belongs_to_the_course_that_has_them():
    table = table_of([opened(at(0), "u1")])
    known = CourseMap(
        (ContentUnit("u1", {"en": "One"}, unit_key="u1"), ContentUnit("u2", {"en": "Two"}, unit_key="u2", position=1))
    )
    report = learner_activity(table, course_map=known)
    assert [unit.usage_key for unit in report.maps[COURSE].units] == [key("vertical", "u1"), "u2"]
    stranger = CourseMap((ContentUnit("zz", {"en": "Z"}, unit_key="zz"),))
    assert learner_activity(table, course_map=stranger).mapped == frozenset()


@settings(deadline=None, max_examples=10)
@given(st.permutations(["a", "b", "c", "d", "e"]), st.integers(min_value=1, max_value=4))
def test_everybody_in_the_same_order_gives_that_order(order, people):
    events = [
        opened(at(1000 * person + place), unit, f"l{person}")
        for person in range(people)
        for place, unit in enumerate(order)
    ]
    assert keys(observed_course_map(table_of(events), COURSE)) == order
