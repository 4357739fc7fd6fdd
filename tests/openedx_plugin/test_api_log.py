"""What the nightly run stores, through the door."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from smartpd import api
from smartpd.models import ActivitySnapshot, CompetencyEstimate, ContentUnit, DiagnosisResult, Profile, Recommendation
from smartpd_analytics.api import ContentUnit as Unit
from smartpd_analytics.api import CourseMap, load_instrument

from tests.openedx_plugin.made import (
    COURSE,
    DIAGNOSTIC,
    NOW,
    OTHER_COURSE,
    activity,
    block,
    course_map,
    key,
    score,
)

pytestmark = pytest.mark.django_db


# --- course map ---------------------------------------------------------------------------------


def test_a_course_map_comes_back_as_it_was_given():
    assert api.store_course_map(COURSE, course_map()) == 4
    assert api.course_map(COURSE) == course_map()
    assert api.course_map(OTHER_COURSE) == CourseMap()
    assert api.mapped_courses() == (COURSE,)


def test_a_course_map_comes_back_as_it_was_stored():
    """Every field of a unit has its column: one that is new in the analytics would else be lost, or stop the page."""
    whole = Unit(
        key("problem", "p9"),
        {"en": "Whole", "ru": "Целое", "uz": "Butun"},
        "problem",
        key("vertical", "u9"),
        0,
        competencies=("2.1", "2.3"),
        level="B1",
        minutes=7,
        activity="practise",
        modes=("online", "room"),
        languages=("ru", "uz"),
        prerequisites=(key("vertical", "u1"),),
        max_attempts=3,
        titled=False,
        due_us=1_790_000_000_000_000,
    )
    unset = [each.name for each in fields(whole) if each.default == getattr(whole, each.name)]
    assert unset == ["position"]
    stored = CourseMap((whole,), "digcompedu")
    api.store_course_map(COURSE, stored)
    assert api.course_map(COURSE) == stored


def test_someone_new_gets_first_steps_and_nothing_is_stored_for_a_look(learner):
    assert api.recommendations(learner.pk, COURSE) == ()
    needs = Unit(key("smartpd_needs_diagnostic", "needs"), {}, "smartpd_needs_diagnostic", key("vertical", "u1"))
    api.store_course_map(COURSE, replace(course_map(), units=(*course_map().units, needs)))
    first, *others = api.recommendations(learner.pk, COURSE)
    assert (first.kind, first.target, first.unit) == ("take_diagnosis", needs.usage_key, key("vertical", "u1"))
    assert {action.kind for action in others} <= {"start", "prepare"}
    assert not Profile.objects.exists()


def test_an_action_names_its_unit_by_the_course_map_or_else_by_the_log(learner, django_assert_num_queries):
    units = {key("problem", "p1"): key("vertical", "u1"), key("vertical", "u2"): key("vertical", "u2")}
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=(
        block("p1", answers=3, wrong=3, failing=3, first_try_right=False), block("u2", "vertical", "u2"),
    )))  # fmt: skip
    with django_assert_num_queries(4):
        logged = api.recommendations(learner.pk, COURSE)
    assert key("problem", "p1") in {action.target for action in logged}
    assert {action.target: action.unit for action in logged} == {a.target: units[a.target] for a in logged}
    moved = [
        replace(unit, unit_key=key("vertical", "u3")) for unit in course_map().units if unit.block_type == "problem"
    ]
    api.store_course_map(COURSE, CourseMap(tuple(moved), "digcompedu"))
    mapped = {action.target: action.unit for action in api.recommendations(learner.pk, COURSE)}
    assert mapped[key("problem", "p1")] == key("vertical", "u3")


def test_the_unit_of_a_target_that_nobody_knows_is_empty(learner):
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(3))
    assert [(action.target, action.unit) for action in api.recommendations(learner.pk, COURSE)] == [(DIAGNOSTIC, "")]


def test_the_unit_of_a_unit_is_itself(learner):
    api.store_course_map(COURSE, course_map())
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="0"))
    units = {unit.usage_key: unit.unit_key for unit in course_map().units}
    actions = api.recommendations(learner.pk, COURSE)
    assert any(action.target == action.unit for action in actions)
    assert all(action.unit == units[action.target] for action in actions)


def test_a_new_course_map_takes_the_place_of_the_old_one():
    api.store_course_map(COURSE, course_map())
    rows = dict(ContentUnit.objects.values_list("usage_key", "pk"))
    units = course_map().units
    changed = CourseMap((replace(units[0], minutes=99), units[1], Unit("new", {"en": "New"}, position=9)), "digcompedu")
    api.store_course_map(COURSE, changed)
    assert api.course_map(COURSE) == changed
    assert ContentUnit.objects.get(usage_key=units[1].usage_key).pk == rows[units[1].usage_key]


def test_words_from_logs_that_a_database_would_refuse_are_cleaned():
    units = (
        Unit(key("html", "a"), {"en": "nul\0 and half \ud83d of a pair"}, position=0, activity="x" * 100),
        Unit("k" * 300, {"en": "too long a key"}, position=1),
        Unit("", {"en": "no key"}, position=2),
    )
    assert api.store_course_map(COURSE, CourseMap(units)) == 1
    stored = api.course_map(COURSE).units[0]
    assert stored.title == {"en": "nul and half  of a pair"}
    assert stored.activity == "x" * 64


# --- activity -----------------------------------------------------------------------------------


def test_activity_gives_a_profile_estimates_and_advice(learner):
    api.store_course_map(COURSE, course_map())
    result = api.store_activity(COURSE, activity("primus", learner.pk))
    assert (result.outcome, result.problem) == ("updated", "")
    profile = api.profile(learner.pk, COURSE)
    assert profile.activity.summary == activity("primus", learner.pk)
    assert profile.activity.stopped_title["uz"] == "Qidirish"
    assert profile.activity.stopped_link.endswith(key("vertical", "u1"))
    assert profile.as_of == NOW
    problems = {each.competency_id for each in profile.competencies for s in each.sources if s.source == "problems"}
    assert problems == {"2.1"}
    first = api.recommendations(learner.pk, COURSE)[0]
    assert first.target == key("problem", "p1"), "failed three times"


def test_both_sources_are_kept_apart_and_combined(learner):
    api.store_course_map(COURSE, course_map())
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="4"))
    own = {each.competency_id: each.value for each in api.profile(learner.pk, COURSE).competencies}
    api.store_activity(COURSE, activity("primus", learner.pk))
    competency = next(each for each in api.profile(learner.pk, COURSE).competencies if each.competency_id == "2.1")
    values = {source.source: source.value for source in competency.sources}
    assert set(values) == {"problems", "self_assessment"}
    assert values["problems"] < competency.value < values["self_assessment"] == pytest.approx(own["2.1"])


def test_estimates_from_problems_go_when_the_course_map_no_longer_has_them(learner):
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    assert CompetencyEstimate.objects.filter(source="problems").exists()
    api.store_course_map(COURSE, CourseMap())
    api.refresh(learner.pk, COURSE)
    assert not CompetencyEstimate.objects.filter(source="problems").exists()


def _tables():
    return [
        list(model.objects.order_by("pk").values())
        for model in (ActivitySnapshot, CompetencyEstimate, ContentUnit, Recommendation)
    ]


def test_storing_the_same_again_changes_nothing(learner):
    for _again in range(2):
        api.store_course_map(COURSE, course_map())
        api.store_activity(COURSE, activity("primus", learner.pk))
        before = _tables()
    api.refresh(learner.pk, COURSE)
    assert _tables() == before


def test_older_activity_does_not_replace_newer(learner):
    api.store_activity(COURSE, activity("primus", learner.pk))
    older = activity("primus", learner.pk, as_of=NOW - timedelta(days=5), answers=1)
    assert api.store_activity(COURSE, older).outcome == "older"
    assert api.profile(learner.pk, COURSE).activity.summary.answers == 3


@pytest.mark.parametrize(
    ("username", "id_of"),
    [("primus", 77_777), ("nobody", None), ("secunda", "primus"), ("PRIMUS", None), ("user:5", 5)],
)
def test_a_learner_is_known_by_id_and_name_together(learner, other, username, id_of):
    user_id = learner.pk if id_of == "primus" else id_of
    assert api.store_activity(COURSE, activity(username, user_id)).outcome == "unknown"
    assert not Profile.objects.exists()


def test_a_log_without_ids_goes_by_the_name(learner):
    assert api.store_activity(COURSE, activity("primus", None)).outcome == "updated"


def test_one_failure_does_not_stop_the_rest(learner, other, caplog):
    broken = activity("primus", learner.pk, minutes=float("inf"))
    results = list(
        api.store_activities(COURSE, [api.LearnerLogData(broken), api.LearnerLogData(activity("secunda", other.pk))])
    )
    assert [result.outcome for result in results] == ["failed", "updated"]
    assert "ValueError" in results[0].problem
    assert list(Profile.objects.values_list("user", flat=True)) == [other.pk]


# --- what the blocks' own events tell -----------------------------------------------------------


def logged(user, *, answered=22, option="2", version="1", **more):
    items = load_instrument("digcompedu_selfassessment").items[:answered]
    diagnosis = api.LoggedDiagnosisData(
        DIAGNOSTIC, "entry", "digcompedu_selfassessment", version, {item.id: option for item in items}
    )
    return api.LearnerLogData(activity(user.username, user.pk), diagnosis, **more)


def store(*learners):
    return list(api.store_activities(COURSE, learners))


def test_a_diagnosis_known_from_the_log_alone_counts(learner):
    assert store(logged(learner))[0].outcome == "updated"
    profile = api.profile(learner.pk, COURSE)
    assert (profile.level, profile.diagnosis_answered) == ("B1", 22)
    assert profile.diagnoses[0].modified == activity().last_seen, "not the day on which the log was read"


def test_what_the_block_recorded_wins_over_the_log(learner):
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="4"))
    store(logged(learner, answered=9, option="0"))
    profile = api.profile(learner.pk, COURSE)
    assert profile.level == "C2"
    assert len(profile.diagnoses) == 1


def test_the_block_takes_over_what_the_log_told(learner):
    store(logged(learner, answered=9, option="0"))
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(10, "0"))
    store(logged(learner, answered=9, option="0"))
    assert DiagnosisResult.objects.get().answered == 10


def test_answers_to_an_instrument_that_is_not_here_are_said_and_passed_over(learner):
    result = store(logged(learner, version="99"))[0]
    assert result.outcome == "updated"
    assert "99" in result.problem
    assert not DiagnosisResult.objects.exists()


def test_cells_marked_done_count_and_foreign_links_are_passed_over(learner):
    done = frozenset({key("vertical", "u1"), key("vertical", "u1", OTHER_COURSE)})
    api.store_course_map(COURSE, course_map())
    assert store(logged(learner, done=done))[0].outcome == "updated"
    targets = {each.target for each in api.recommendations(learner.pk, COURSE)}
    assert key("vertical", "u1") not in targets


# --- the course team ----------------------------------------------------------------------------


def test_the_overview_pages_searches_and_counts(learner, other, teacher, settings):
    settings.SMARTPD_PAGE_SIZE = 1
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    api.record_diagnosis(other.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="2"))
    first, second = (api.course_overview(COURSE, page=page) for page in (1, 2))
    assert (first.total, first.pages, second.page) == (2, 2, 2)
    assert [row.username for page in (first, second) for row in page.learners] == ["primus", "secunda"]
    assert first.learners[0].action.target == key("problem", "p1")
    assert first.learners[0].full_name == "First Learner"
    assert second.learners[0].level == "B1"
    assert first.levels == (("", 1), ("B1", 1))
    assert api.course_overview(COURSE, page=99).page == 2
    assert api.course_overview(COURSE, page=-5).page == 1
    assert [row.username for row in api.course_overview(COURSE, search="learne").learners] == ["primus"]
    assert api.course_overview(COURSE, search="learne secunda").total == 0
    Group.objects.create(name=OTHER_COURSE)
    assert api.course_overview(OTHER_COURSE).learners == ()


def test_queries_of_the_overview_do_not_grow_with_the_learners(learner, other, django_assert_num_queries):
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=(block("p1"),)))
    with django_assert_num_queries(9):
        api.course_overview(COURSE)
    api.store_activity(COURSE, activity("secunda", other.pk))
    with django_assert_num_queries(9):
        assert api.course_overview(COURSE).total == 2
    with django_assert_num_queries(6):
        assert len(list(api.team_learners(COURSE))) == 2
