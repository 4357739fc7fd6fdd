"""What the diagnostic and the matrix record, and what follows from it, through the door."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd import api
from smartpd.models import DiagnosisResult, Profile, ProgressMark, Recommendation
from smartpd_analytics.api import framework_of, load_instrument, score_answers

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, OTHER_COURSE, activity, course_map, key, score

pytestmark = pytest.mark.django_db


def record(user, answered=22, option="1", *, phase="entry", usage_key=DIAGNOSTIC, **chosen):
    api.record_diagnosis(user.pk, COURSE, usage_key=usage_key, phase=phase, score=score(answered, option, **chosen))


# --- diagnosis ----------------------------------------------------------------------------------


def test_nothing_is_known_of_a_newcomer(learner):
    profile = api.profile(learner.pk, COURSE)
    assert (profile.level, profile.diagnosis_total, profile.activity, profile.as_of) == ("", 0, None, None)
    assert len(profile.competencies) == 22
    assert all(each.value is None and each.gap is None for each in profile.competencies)
    assert api.recommendations(learner.pk, COURSE) == ()


def test_the_first_answers_show_at_once(learner):
    record(learner, 4)
    profile = api.profile(learner.pk, COURSE)
    assert (profile.diagnosis_answered, profile.diagnosis_total, profile.level) == (4, 22, "")
    assert [each.competency_id for each in profile.competencies if each.value is not None] == [
        "1.1", "1.2", "1.3", "1.4",
    ]  # fmt: skip
    area = profile.areas[0]
    assert (area.estimated, area.total) == (4, 4)
    assert profile.areas[1].value is None
    assert profile.diagnosis_link == f"/courses/{COURSE}/jump_to/{DIAGNOSTIC}"


def test_an_area_has_a_level_once_half_of_it_is_known(learner):
    levels = []
    for answered in (1, 2):
        record(learner, answered)
        area = api.profile(learner.pk, COURSE).areas[0]
        assert area.value == 0.25
        levels.append(area.level)
    assert levels == [None, "A2"]


def test_a_complete_diagnosis_gives_the_level(learner):
    record(learner, option="2")
    profile = api.profile(learner.pk, COURSE)
    assert (profile.level, profile.target_level) == ("B1", "B2")
    assert profile.level_name["uz"]
    result = profile.diagnoses[0]
    assert (result.points, result.max_points, result.complete, result.level) == (44, 88, True, "B1")


def test_gap_and_value_add_up_to_the_target_and_name_their_source(learner):
    record(learner, option="1", i1_1="4")
    by_id = {each.competency_id: each for each in api.profile(learner.pk, COURSE).competencies}
    assert by_id["1.1"].gap == 0
    low = by_id["1.2"]
    assert low.value + low.gap == pytest.approx(low.target)
    assert low.target == pytest.approx(50 / 88)
    assert [source.source for source in low.sources] == ["self_assessment"]


def test_the_course_map_tells_that_there_is_a_diagnostic(learner):
    units = course_map().units
    diagnostic = replace(units[0], usage_key=DIAGNOSTIC, block_type="smartpd_needs_diagnostic", competencies=())
    api.store_course_map(COURSE, replace(course_map(), units=(*units, diagnostic)))
    profile = api.profile(learner.pk, COURSE)
    assert (profile.diagnosis_answered, profile.diagnosis_total) == (0, 22)
    assert DIAGNOSTIC in profile.diagnosis_link


def test_one_learners_diagnosis_tells_the_others_where_it_is(learner, other):
    record(learner)
    profile = api.profile(other.pk, COURSE)
    assert (profile.diagnosis_answered, profile.diagnosis_total) == (0, 22)
    assert DIAGNOSTIC in profile.diagnosis_link


def test_recording_the_same_again_changes_nothing(learner):
    record(learner)
    before = [list(model.objects.values()) for model in (DiagnosisResult, Recommendation)]
    profile = api.profile(learner.pk, COURSE)
    record(learner)
    assert [list(model.objects.values()) for model in (DiagnosisResult, Recommendation)] == before
    assert api.profile(learner.pk, COURSE) == profile


def test_a_changed_answer_replaces_the_old_one(learner):
    record(learner, option="1")
    record(learner, option="1", i1_1="4")
    assert DiagnosisResult.objects.count() == 1
    by_id = {each.competency_id: each for each in api.profile(learner.pk, COURSE).competencies}
    assert by_id["1.1"].value > by_id["1.2"].value


def test_answering_again_keeps_the_last_result_until_the_new_one_is_complete(learner):
    record(learner, option="2")
    record(learner, 3, option="4")
    profile = api.profile(learner.pk, COURSE)
    assert (profile.level, profile.diagnosis_answered) == ("B1", 22)
    by_id = {each.competency_id: each for each in profile.competencies}
    assert by_id["1.1"].value > by_id["6.5"].value, "the new answers count, the rest keeps its last estimate"
    record(learner, option="4")
    assert [(each.level, each.complete) for each in api.profile(learner.pk, COURSE).diagnoses] == [("C2", True)]


def test_another_version_and_another_phase_are_results_of_their_own(learner):
    record(learner, option="1")
    newer = replace(score(option="2"), instrument_version="2")
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=newer)
    record(learner, option="3", phase="exit")
    profile = api.profile(learner.pk, COURSE)
    assert [(each.phase, each.instrument_version, each.points) for each in profile.diagnoses] == [
        ("entry", "1", 22), ("entry", "2", 44), ("exit", "1", 66),
    ]  # fmt: skip
    assert profile.level == "C1"


def test_opaque_keys_and_strings_are_the_same(learner):
    api.record_diagnosis(
        learner.pk, CourseKey.from_string(COURSE), usage_key=UsageKey.from_string(DIAGNOSTIC), phase="entry",
        score=score(),
    )  # fmt: skip
    record(learner)
    assert DiagnosisResult.objects.count() == 1


def test_courses_are_kept_apart(learner):
    record(learner)
    assert api.profile(learner.pk, OTHER_COURSE).level == ""
    assert api.recommendations(learner.pk, OTHER_COURSE) == ()


def test_a_rollback_of_the_block_takes_everything_back(learner):
    def answer_and_fail():
        with transaction.atomic():
            record(learner)
            raise RuntimeError("the block could not save")

    with pytest.raises(RuntimeError):
        answer_and_fail()
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phase": "middle"}, "entry, interim, exit"),
        ({"usage_key": key("html", "x", OTHER_COURSE)}, f"a block of {COURSE}"),
        ({"usage_key": "nonsense"}, f"a block of {COURSE}"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_is_lost(learner, wrong, said):
    record(learner, 5)
    with pytest.raises(api.InvalidRecordError, match=re.escape(said)):
        record(learner, 6, **wrong)
    assert api.profile(learner.pk, COURSE).diagnosis_answered == 5


def test_no_account_and_no_course():
    with pytest.raises(api.UnknownLearnerError, match="999"):
        api.record_diagnosis(999, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score())
    with pytest.raises(api.UnknownLearnerError):
        api.profile(999, COURSE)
    for course in ("", "nonsense", "library-v1:Org+L"):
        with pytest.raises(api.InvalidRecordError, match="course-v1:Org"):
            api.recommendations(1, course)


def test_a_mistake_in_the_sites_rules_costs_no_answer(learner, settings, tmp_path, caplog):
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [nonsense", encoding="utf-8")
    settings.SMARTPD_RULES_FILE = str(rules)
    record(learner, 7)
    assert api.profile(learner.pk, COURSE).diagnosis_answered == 7
    assert "no recommendation" in caplog.text


# --- what to do next ----------------------------------------------------------------------------


def test_recommendations_change_with_an_answer(learner):
    api.store_course_map(COURSE, course_map())
    record(learner, option="4")
    before = api.recommendations(learner.pk, COURSE)
    record(learner, option="4", i2_1="0", i2_3="0")
    after = api.recommendations(learner.pk, COURSE)
    assert after != before
    first = after[0]
    assert first.rank == 1
    assert set(first.reason) >= {"en", "ru", "uz"}
    assert all(first.reason.values())
    assert first.minutes > 0
    assert first.link == f"/courses/{COURSE}/jump_to/{first.target}"
    assert len(after) <= 3


def test_the_number_of_recommendations_is_a_setting(learner, settings):
    settings.SMARTPD_RECOMMENDATIONS = 1
    api.store_course_map(COURSE, course_map())
    record(learner, option="0")
    assert len(api.recommendations(learner.pk, COURSE)) == 1


def test_reading_recommendations_takes_three_queries_however_many_there_are(learner, django_assert_num_queries):
    api.store_course_map(COURSE, course_map())
    record(learner, option="0")
    with django_assert_num_queries(3):
        assert api.recommendations(learner.pk, COURSE)


def test_an_answer_on_the_way_is_heeded_by_whoever_reads_next(learner):
    api.store_course_map(COURSE, course_map())
    record(learner, 1, option="0")
    # The first one is heeded at once: whoever has begun is recommended something.
    assert Recommendation.objects.filter(profile__user=learner).exists()
    computed = Profile.objects.get(user=learner).modified
    record(learner, 21, option="0")
    # Kept, and estimates with it, but what follows from it is not computed yet.
    assert Profile.objects.get(user=learner).modified == computed
    assert api.profile(learner.pk, COURSE).diagnosis_answered == 21
    first = api.recommendations(learner.pk, COURSE)
    assert Profile.objects.get(user=learner).modified > computed
    computed = Profile.objects.get(user=learner).modified
    assert api.recommendations(learner.pk, COURSE) == first
    assert Profile.objects.get(user=learner).modified == computed


def test_a_complete_result_is_heeded_at_once(learner):
    api.store_course_map(COURSE, course_map())
    record(learner, option="0")
    assert {row.profile.user_id for row in Recommendation.objects.all()} == {learner.pk}


def test_queries_of_an_answer_do_not_grow_with_what_is_known(learner, other, django_assert_max_num_queries):
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    for answered in (1, 21, 22):
        # The whole record; what an answer on the way takes is in test_under_way.py.
        with django_assert_max_num_queries(28):
            record(learner, answered)


def test_the_traces_of_the_rules_are_kept(learner):
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    rows = list(Recommendation.objects.order_by("rank"))
    assert rows
    for row in rows:
        assert {firing["rule_id"] for firing in row.trace} <= set(row.rules)
    assert any(row.trace for row in rows)


# --- progress -----------------------------------------------------------------------------------


def test_marks_are_kept_changed_and_taken_back(learner):
    unit = key("vertical", "u1")
    for status in ("planned", "doing", "done", "done"):
        api.record_progress(learner.pk, COURSE, usage_key=unit, status=status)
        assert list(ProgressMark.objects.values_list("usage_key", "status")) == [(unit, status)]
    api.record_progress(learner.pk, COURSE, usage_key=unit, status="none")
    api.record_progress(learner.pk, COURSE, usage_key=unit, status="none")
    assert not ProgressMark.objects.exists()


def test_what_is_done_is_not_recommended(learner):
    api.store_course_map(COURSE, course_map())
    record(learner, option="0")
    target = api.recommendations(learner.pk, COURSE)[0].target
    unit = {each.usage_key: each.unit_key for each in course_map().units}[target]
    api.record_progress(learner.pk, COURSE, usage_key=unit, status="done")
    assert unit not in {each.target for each in api.recommendations(learner.pk, COURSE)}


def test_a_mark_may_name_a_block_by_its_bare_id(learner):
    api.record_progress(learner.pk, COURSE, usage_key="u1", status="done")
    assert ProgressMark.objects.get().usage_key == "u1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "perhaps"},
        {"usage_key": ""},
        {"usage_key": "x" * 256},
        {"usage_key": "a\0b"},
        {"usage_key": key("vertical", "u1", OTHER_COURSE)},
    ],
)
def test_marks_that_cannot_be_kept_are_refused(learner, wrong):
    with pytest.raises(api.InvalidRecordError):
        api.record_progress(learner.pk, COURSE, **{"usage_key": key("vertical", "u1"), "status": "done", **wrong})
    assert not ProgressMark.objects.exists()


def test_an_answer_now_is_a_sign_of_life(learner):
    """The log is a month old, but whoever has answered today has not fallen silent."""
    long_ago = timezone.now() - timedelta(days=30)
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk, as_of=long_ago, last_seen=long_ago - timedelta(days=20)))
    assert "come_back" in {each.kind for each in api.recommendations(learner.pk, COURSE)}
    record(learner, 3)
    assert "come_back" not in {each.kind for each in api.recommendations(learner.pk, COURSE)}
    assert timezone.now() - api.profile(learner.pk, COURSE).activity.last_active < timedelta(minutes=5)


# --- as somebody else ---------------------------------------------------------------------------


def test_outside_a_masquerade_everything_may_be_written():
    assert api.is_read_only(COURSE) is False


def test_the_address_of_ones_own_page():
    assert api.my_development_url(COURSE) == f"/smartpd/{COURSE}/"


# --- instruments of the other kinds -------------------------------------------------------------


def record_other(user, instrument_id, answer_of):
    instrument = load_instrument(instrument_id)
    answers = {item.id: answer_of(item) for item in instrument.items if item.required}
    made = score_answers(instrument, framework_of(instrument), answers)
    assert made.complete
    usage_key = key("smartpd_needs_diagnostic", instrument_id)
    api.record_diagnosis(user.pk, COURSE, usage_key=usage_key, phase="entry", score=made)
    return made


def some_answer(item):
    if item.kind == "number":
        return "3"
    options = [option.id for option in item.options]
    return "+".join(options) if item.kind == "order" else options[0]


def test_a_knowledge_test_is_a_source_beside_the_self_assessment(learner):
    record(learner, option="1")
    record_other(learner, "digital_teaching_test", some_answer)
    by_id = {each.competency_id: each for each in api.profile(learner.pk, COURSE).competencies}
    assert {source.source for source in by_id["1.1"].sources} == {"self_assessment", "knowledge_test"}
    values = [source.value for source in by_id["1.1"].sources]
    assert min(values) <= by_id["1.1"].value <= max(values)


@pytest.mark.parametrize("instrument_id", ["learning_motivation", "learning_needs"])
def test_what_has_no_level_leaves_level_and_estimates_alone(learner, instrument_id):
    record(learner, option="2")
    before = api.profile(learner.pk, COURSE)
    made = record_other(learner, instrument_id, some_answer)
    after = api.profile(learner.pk, COURSE)
    assert (made.level, after.level) == (None, "B1")
    assert after.competencies == before.competencies


def test_which_versions_are_answered_in_which_block(learner, other):
    assert api.answered_versions(COURSE) == ()
    record(learner, 4)
    record(learner)
    record(other, 1)
    record(learner, 3, usage_key=key("smartpd_needs_diagnostic", "later"), phase="exit")
    found = {(each.usage_key, each.phase): each for each in api.answered_versions(COURSE)}
    assert found[DIAGNOSTIC, "entry"].learners == 2
    assert found[DIAGNOSTIC, "entry"].instrument_id == "digcompedu_selfassessment"
    assert found[key("smartpd_needs_diagnostic", "later"), "exit"].learners == 1
    assert api.answered_versions(OTHER_COURSE) == ()
