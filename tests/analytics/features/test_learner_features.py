"""The features of learners, by hand-made logs whose answers are known."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import LANGUAGES, ContentUnit, CourseMap
from smartpd_analytics.errors import InputError
from smartpd_analytics.features import FEATURES, TABLES, feature_tables, learner_features
from smartpd_analytics.planning import read_course_map

from tests.analytics.features.feature_events import (
    COURSE,
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
from tests.analytics.features.many_events import DAYS, many_events

DOCS = Path(__file__).parents[3] / "docs" / "features.md"
OTHER = "course-v1:Org+C2+R1"
END = datetime(1970, 1, 1, tzinfo=UTC)


def moment(**when) -> datetime:
    return END + timedelta(microseconds=at(**when))


def rows_of(*events, **more) -> dict[str, dict]:
    found = learner_features(table_of(events), **more).to_pylist()
    return {row["learner"]: row for row in found}


def test_every_feature_is_documented_as_it_is():
    text = DOCS.read_text(encoding="utf-8")
    rows = [tuple(part.strip() for part in line.strip("|").split("|")) for line in text.splitlines() if "|" in line]
    told = {row[0].strip("`"): row for row in rows if len(row) == 6}
    for feature in FEATURES:
        _name, group, unit, _range, meaning, missing = told.get(feature.name, ("",) * 6)
        assert (group, unit, meaning, missing) == (
            feature.group,
            feature.unit,
            feature.meaning,
            feature.missing or "never",
        ), feature.name
    assert [name for name in told if name in {feature.name for feature in FEATURES}] == [f.name for f in FEATURES]
    assert set(LANGUAGES) == {lang for feature in FEATURES for lang in feature.words if feature.words[lang]}


def test_every_column_of_every_table_is_documented():
    text = DOCS.read_text(encoding="utf-8")
    units = (ContentUnit(key("problem", "b1"), {}, "problem", key("vertical", "u1"), competencies=("2.1",)),)
    made = feature_tables(table_of(many_events(1)), course_map=CourseMap(units))
    assert set(made) == set(TABLES)
    for name, table in made.items():
        section = text.partition(f"\n## `{name}`")[2].partition("\n## ")[0] + text.partition("\n## ")[0]
        told = set(re.findall(r"`([a-z_0-9]+)`", section))
        assert set(table.column_names) <= told, name
        assert table.num_rows, name


def test_time_days_and_answers_of_one_learner():
    hour = 3600
    row = rows_of(
        enrolled(at(0)),
        opened(at(60), "u1"),
        answered(at(120), "p1", False, attempt=1),
        answered(at(150), "p1", True, attempt=2),
        opened(at(2 * hour), "u2"),
        answered(at(2 * hour + 30), "p2", True, attempt=1, unit="u2"),
        opened(at(0, days=1), "u1"),
        opened(at(0, days=4), "u2"),
        as_of=moment(days=10),
    )["ona"]
    assert (row["sessions"], row["active_days"], row["acts"]) == (4, 3, 7)
    assert row["minutes"] == (90 + 60 + 30 + 60 + 60 + 60) / 60
    assert (row["longest_streak"], row["longest_gap"], row["mean_gap"]) == (2, 6, 2.0)
    assert (row["days_since_start"], row["days_silent"]) == (10.0, 6.0)
    assert (row["answers"], row["problems_tried"], row["problems_solved"], row["problems_failing"]) == (3, 2, 2, 0)
    assert (row["first_try_share"], row["right_share"], row["answers_per_problem"]) == (0.5, 2 / 3, 1.5)
    assert row["seconds_per_answer"] == (60 + 30 + 30) / 3
    assert (row["units_opened"], row["returns"], row["stopped_at"]) == (2, 2, key("vertical", "u2"))
    assert (row["progress"], row["stopping_position"], row["enrolled"]) == (1.0, 1.0, 1)
    assert row["pace"] is None


def test_each_minute_belongs_to_one_medium():
    row = rows_of(
        opened(at(0), "u1"),
        video(at(60), "play_video", "v1"),
        video(at(240), "pause_video", "v1"),
        answered(at(300), "p1", True),
        event(at(360), "edx.forum.thread.viewed", "forum"),
        event(at(480), "edx.forum.comment.created", "forum"),
    )["ona"]
    # A minute of text, three of video, one before the answer, then the forum with a minute for the last act.
    assert row["minutes"] == 9.0
    shares = [row[f"{name}_share"] for name in ("text", "video", "practice", "discussion")]
    assert shares == [1 / 9, 3 / 9, 1 / 9, 4 / 9]
    assert (row["forum_reads"], row["forum_posts"]) == (1, 1)


def test_pace_is_measured_by_the_median_of_the_course():
    log = [
        opened(at(day), f"u{unit}", name)
        for day, (name, units) in enumerate(zip("abc", (1, 2, 4), strict=True))
        for unit in range(units)
    ]
    found = rows_of(*log, as_of=moment(days=7))
    assert [found[name]["pace"] for name in "abc"] == pytest.approx([0.5, 1.0, 2.0], rel=1e-4)


def test_trends_compare_the_last_two_fortnights():
    row = rows_of(
        answered(at(days=1), "p0", True, attempt=1),
        answered(at(days=20), "p1", False, attempt=1),
        answered(at(days=21), "p2", False, attempt=1),
        answered(at(days=22), "p3", True, attempt=1),
        answered(at(days=35), "p4", True, attempt=1),
        as_of=moment(days=40),
    )["ona"]
    assert (row["trend_answers"], row["trend_active_days"]) == (-0.5, -0.5)
    assert row["trend_first_try"] == 1 - 1 / 3
    assert row["trend_social"] is None


def test_due_dates_of_the_course_map():
    def due(block: str, day: float, **more) -> ContentUnit:
        return ContentUnit(key("problem", block), {}, "problem", key("vertical", "u1"), due_us=at(days=day), **more)

    course_map = CourseMap((due("p1", 3), due("p2", 5), due("p3", 6), due("p9", 30)))
    row = rows_of(
        answered(at(days=1), "p1", True), answered(at(days=7), "p2", True), as_of=moment(days=10), course_map=course_map
    )["ona"]
    assert (row["due_passed"], row["missed_share"], row["late_share"]) == (3, 1 / 3, 1 / 3)
    assert row["days_before_due"] == 0.0


def test_competencies_follow_the_course_map():
    unit = ContentUnit(key("vertical", "u1"), {}, "vertical", key("vertical", "u1"), competencies=("1.1",))
    own = ContentUnit(key("problem", "p2"), {}, "problem", key("vertical", "u1"), competencies=("2.1", "2.2"))
    log = table_of([answered(at(1), "p1", True), answered(at(2), "p2", False), answered(at(3), "p2", True)])
    found = feature_tables(log, ("competencies",), course_map=CourseMap((unit, own)))["competencies"].to_pylist()
    told = [(row["competency"], row["problems_tried"], row["first_right"], row["right"]) for row in found]
    assert told == [("1.1", 1, 1, 1), ("2.1", 1, 0, 1), ("2.2", 1, 0, 1)]


def test_staff_are_no_learners_and_open_no_units():
    log = [staff(at(0)), opened(at(1), "u9", "boss"), opened(at(2), "u1")]
    found = rows_of(*log)
    assert set(found) == {"ona"}
    assert found["ona"]["units_in_course"] == 1


def test_items_tell_difficulty_and_discrimination():
    log = []
    for number in range(12):
        good = number < 6
        for place, problem in enumerate(("p1", "p2", "p3")):
            log.append(answered(at(100 * number + place), problem, good, f"l{number}", attempt=1))
        # Right for those who are wrong elsewhere, and wrong for the others.
        log.append(answered(at(100 * number + 50), "odd", not good, f"l{number}", attempt=1))
    items = feature_tables(table_of(log), ("items",))["items"].to_pylist()
    found = {row["usage_key"].rpartition("@")[2]: row for row in items}
    assert {row["difficulty"] for row in found.values()} == {0.5}
    assert found["odd"]["discrimination"] == pytest.approx(-1.0)
    assert found["p1"]["discrimination"] == pytest.approx(1.0)


def test_units_and_weeks_for_course_teams():
    log = [
        opened(at(0), "u1"),
        opened(at(120), "u2"),
        opened(at(180), "u1"),
        opened(at(0, days=8), "u1", "bek"),
        opened(at(0, days=30), "u2", "lola"),
    ]
    made = feature_tables(table_of(log), ("units", "weeks", "courses"))
    units = {row["unit_key"].rpartition("@")[2]: row for row in made["units"].to_pylist()}
    assert (units["u1"]["learners"], units["u1"]["visits"], units["u1"]["returns"]) == (2, 3, 1)
    assert (units["u1"]["exits"], units["u2"]["exits"], units["u1"]["drop_off"]) == (2, 1, 1.0)
    assert [row["active"] for row in made["weeks"].to_pylist()] == [1, 1, 1]
    assert made["courses"].to_pylist()[0]["active_7d"] == 1


def test_all_courses_together_count_each_person_once():
    log = [
        opened(at(0), "u1"),
        opened(at(120), "u2", course_key=OTHER),
        opened(at(180), "u1", "bek"),
        opened(at(0, days=8), "u1", course_key=OTHER),
        opened(at(60, days=8), "u1", "lola", course_key=OTHER),
        staff(at(90, days=8), "boss"),
    ]
    first, second = feature_tables(table_of(log), ("site",))["site"].to_pylist()
    assert (first["courses"], first["active"], first["new"], first["sessions"]) == (2, 2, 2, 3)
    assert (second["courses"], second["active"], second["new"]) == (1, 2, 1)
    assert second["as_of"] == moment(seconds=90, days=8)


def test_the_weeks_of_all_courses_add_up():
    made = feature_tables(table_of(many_events(3, 500)), ("weeks", "site"))
    for row in made["site"].to_pylist():
        same = [each for each in made["weeks"].to_pylist() if each["monday"] == row["monday"]]
        assert row["courses"] == len(same)
        assert row["active"] <= sum(each["active"] for each in same)
        for name in ("sessions", "answers", "forum_posts"):
            assert row[name] == sum(each[name] for each in same), name
        assert row["minutes"] == pytest.approx(sum(each["minutes"] for each in same))


def test_progress_ends_where_it_said():
    heard = []
    feature_tables(table_of(many_events(3, 50)), ("learners", "items"), progress=lambda *step: heard.append(step))
    assert [done for done, _ in heard] == list(range(1, len(heard) + 1))
    assert {total for _, total in heard} == {len(heard)}


def test_values_keep_their_ranges():
    table = learner_features(table_of(many_events(5, 600)))
    for feature in FEATURES:
        kind = table.schema.field(feature.name).type
        assert str(kind) == ("int64" if feature.whole else "double"), feature.name
        values = [value for value in table[feature.name].to_pylist() if value is not None]
        assert all(value >= feature.low for value in values), feature.name
        assert feature.high is None or all(value <= feature.high for value in values), feature.name


@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), day=st.floats(1, DAYS - 1))
def test_nothing_later_has_any_influence(seed, day):
    """Neither by medians, nor by who is staff, what the course consists of, or who is one person."""
    log = list(many_events(seed, 200))
    as_of = moment(days=day)
    known = [each for each in log if each.time_us <= at(days=day)]
    everything, so_far = feature_tables(table_of(log), as_of=as_of), feature_tables(table_of(known), as_of=as_of)
    for name, table in everything.items():
        assert table.equals(so_far[name]), name


def test_the_order_of_the_rows_does_not_matter():
    table = table_of(many_events(3))
    backwards = table.take(list(range(table.num_rows - 1, -1, -1)))
    assert feature_tables(backwards) == feature_tables(table)


def test_no_event_no_row():
    for name, table in feature_tables(table_of([])).items():
        assert table.num_rows == 0, name


def test_wrong_questions_are_refused():
    with pytest.raises(InputError, match="no table 'learner'"):
        feature_tables(table_of([]), ("learner",))
    with pytest.raises(InputError, match="time zone"):
        learner_features(table_of([]), as_of=datetime(2026, 1, 1))


def test_local_days():
    log = [opened(at(17 * 3600), "u1"), opened(at(19 * 3600), "u1")]  # 23:00 and 1:00 UTC
    assert rows_of(*log)["ona"]["active_days"] == 2
    tashkent = rows_of(*log, utc_offset=timedelta(hours=5))["ona"]
    assert (tashkent["active_days"], tashkent["night_share"], tashkent["morning_share"]) == (1, 0.5, 0.5)
    assert COURSE in {row["course_key"] for row in [tashkent]}


@pytest.mark.parametrize(
    ("due", "when"),
    [
        ("2026-10-11", datetime(2026, 10, 12, tzinfo=UTC)),
        ("2026-10-11T18:00", datetime(2026, 10, 11, 18, tzinfo=UTC)),
        ("2026-10-11T18:00+05:00", datetime(2026, 10, 11, 13, tzinfo=UTC)),
    ],
)
def test_due_dates_in_a_course_map_file(tmp_path, due, when):
    path = tmp_path / "map.csv"
    path.write_text(f"block_id,due\np1,{due}\np2,soon\n", encoding="utf-8")
    found = read_course_map(path)
    assert [unit.due_us for unit in found.units] == [(when - END) // timedelta(microseconds=1), None]
    assert len(found.problems) == 1
    assert "'soon'" in found.problems[0]
