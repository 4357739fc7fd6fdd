"""What learners choose, through the door: consent and what refusing does, stated needs, items seen, goals."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from smartpd import _class_results, api
from smartpd.facts import CourseContext, learner_state
from smartpd.models import CompetencyEstimate, DiagnosisResult, Goal, Profile, Recommendation, StatedNeeds
from smartpd_analytics.api import (
    AnswerError,
    ContentUnit,
    CourseMap,
    framework_of,
    load_instrument,
    score_ability,
    score_answers,
)

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, course_map, key, score

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(api.PURPOSES, True)
MINE = f"/smartpd/{COURSE}/"


def record(user, *, phase="entry", option="1"):
    api.record_diagnosis(user.pk, COURSE, usage_key=DIAGNOSTIC, phase=phase, score=score(option=option))


def known(user):
    return [each.competency_id for each in api.profile(user.pk, COURSE).competencies if each.value is not None]


# --- consent ------------------------------------------------------------------------------------


def test_nobody_is_taken_to_have_been_asked(learner):
    assert api.consent(learner.pk, COURSE) == {}
    record(learner)
    assert known(learner)


def test_a_choice_is_kept_and_can_be_changed(learner):
    api.record_consent(learner.pk, COURSE, ALL)
    api.record_consent(learner.pk, COURSE, {"team": False}, wording="abc")
    assert api.consent(learner.pk, COURSE) == {**ALL, "team": False}
    with pytest.raises(api.InvalidRecordError, match="advice, team, evaluation"):
        api.record_consent(learner.pk, COURSE, {"advertising": True})


def test_without_advice_answers_make_no_estimates_and_no_level(learner):
    api.store_course_map(COURSE, course_map())
    api.record_consent(learner.pk, COURSE, {**ALL, "advice": False})
    record(learner)
    profile = api.profile(learner.pk, COURSE)
    assert (profile.level, known(learner), profile.diagnosis_total) == ("", [], 0)
    assert DiagnosisResult.objects.count() == 1, "the course team may still see it"
    assert "take_diagnosis" not in [action.kind for action in api.recommendations(learner.pk, COURSE)]


def test_refusing_later_undoes_and_allowing_again_brings_it_back(learner):
    record(learner)
    before = api.profile(learner.pk, COURSE)
    api.record_consent(learner.pk, COURSE, {**ALL, "advice": False})
    assert (api.profile(learner.pk, COURSE).level, CompetencyEstimate.objects.count()) == ("", 0)
    api.record_consent(learner.pk, COURSE, ALL)
    after = api.profile(learner.pk, COURSE)
    assert (after.level, after.competencies) == (before.level, before.competencies)


def test_who_refuses_everything_leaves_nothing(learner):
    record(learner)
    nothing = dict.fromkeys(api.PURPOSES, False)
    api.record_consent(learner.pk, COURSE, nothing)
    record(learner)
    assert DiagnosisResult.objects.count() == CompetencyEstimate.objects.count() == 0


def test_the_course_team_does_not_see_who_refuses(learner, other, teacher, client):
    api.store_course_map(COURSE, course_map())
    record(learner)
    record(other)
    api.record_consent(learner.pk, COURSE, {**ALL, "team": False})
    rows = {row.username: row for row in api.course_overview(COURSE).learners}
    assert (rows["primus"].level, rows["primus"].action, rows["primus"].private) == ("", None, True)
    assert rows["secunda"].level == "A2"
    assert [row.profile.user.username for row in _class_results.result_rows(COURSE)] == ["secunda"]
    assert next(iter(api.class_results(COURSE))).finished == 2, "the figures of the course were allowed"
    client.force_login(teacher)
    assert client.get(f"{MINE}?learner=primus").status_code == 403
    assert client.get(f"{MINE}my.csv?learner=primus").status_code == 403
    assert client.get(f"{MINE}?learner=secunda").status_code == 200
    assert "keeps the results to themselves" in client.get(f"{MINE}team/").content.decode()
    client.force_login(learner)
    assert "A2" in client.get(MINE).content.decode()


def test_the_figures_of_the_course_leave_out_who_refuses(learner, other):
    record(learner)
    record(other)
    api.record_consent(learner.pk, COURSE, {**ALL, "evaluation": False})
    assert next(iter(api.class_results(COURSE))).finished == 1
    assert dict(api.course_overview(COURSE).levels) == {"A2": 1}


# --- needs --------------------------------------------------------------------------------------

NEEDS = load_instrument("learning_needs")


def say(user, **answers):
    api.record_needs(
        user.pk, COURSE, usage_key=key("smartpd_needs_diagnostic", "survey"), instrument=NEEDS, answers=answers
    )


def test_stated_needs_are_kept_without_the_learners_own_words(learner):
    assert api.stated_needs(learner.pk, COURSE) is None
    say(learner, hours="2,5", mode="own_time", own_goal="Secret wishes")
    needs = api.stated_needs(learner.pk, COURSE)
    assert (needs.hours, dict(needs.answers)) == (2.5, {"hours": "2.5", "mode": "own_time"})
    assert "Secret" not in str(StatedNeeds.objects.values())
    say(learner, mode="room")
    assert api.stated_needs(learner.pk, COURSE).hours is None


def fired_for(user, map_of, **answers):
    """Unit -> the rules about ways and languages that spoke for or against it, of two units that train the same."""
    api.store_course_map(COURSE, map_of)
    record(user)
    say(user, **answers)
    about = {"way-of-choice", "way-not-possible", "language-of-choice", "another-language"}
    rows = Recommendation.objects.filter(profile__user=user, kind="start")
    return {row.title["en"]: about & set(row.rules) for row in rows}


def test_the_way_and_the_language_that_a_learner_prefers_count(learner):
    rows = [
        ("u1", "Seminar", ("room",), ("en",)),
        ("u2", "Self-study", ("asynchronous", "online"), ("uz", "ru")),
        ("u3", "Anything", (), ()),
    ]
    units = tuple(
        ContentUnit(key("vertical", block), {"en": title}, "vertical", competencies=("1.1",), modes=modes,
                    languages=languages, position=number)
        for number, (block, title, modes, languages) in enumerate(rows)
    )  # fmt: skip
    course = CourseMap(units, "digcompedu")
    said = fired_for(learner, course, mode="own_time", modes_possible="live+own_time", language="uz")
    assert said["Self-study"] == {"way-of-choice", "language-of-choice"}
    assert said["Seminar"] == {"way-not-possible", "another-language"}
    assert said["Anything"] == set()
    first = api.recommendations(learner.pk, COURSE)[0]
    assert first.title["en"] == "Self-study"
    # What is not said, or is no answer to go by, counts for nothing.
    said = fired_for(learner, course, mode="changing", language="other")
    assert not any(said.values())


def test_stated_needs_are_facts_of_the_recommendations(learner):
    api.store_course_map(COURSE, course_map())
    record(learner)
    before = {action.target: action.rank for action in api.recommendations(learner.pk, COURSE)}
    say(learner, hours="3", connection="slow", sitting="quarter", goal_areas="2")
    state = learner_state(Profile.objects.get(), CourseContext(CourseKey.from_string(COURSE)))
    facts = state.facts
    assert (facts.hours_a_week, facts.sitting_minutes, facts.slow_connection) == (3.0, 15, True)
    assert facts.wished == {"2.1", "2.2", "2.3"}
    rows = Recommendation.objects.filter(profile__user=learner)
    assert any("wished-area" in row.rules for row in rows)
    assert before


def test_needs_are_advice_and_refusing_it_takes_them_away(learner):
    say(learner, hours="3")
    api.record_consent(learner.pk, COURSE, {**ALL, "advice": False})
    assert api.stated_needs(learner.pk, COURSE) is None
    say(learner, hours="3")
    assert api.stated_needs(learner.pk, COURSE) is None


def test_only_answers_to_a_needs_survey_are_needs(learner):
    with pytest.raises(AnswerError):
        say(learner, hours="many")
    motivation = load_instrument("learning_motivation")
    with pytest.raises(api.InvalidRecordError, match="needs survey"):
        api.record_needs(learner.pk, COURSE, usage_key=DIAGNOSTIC, instrument=motivation, answers={})


def test_a_survey_is_not_taken_for_the_diagnosis_of_the_course(learner, other):
    survey = score_answers(NEEDS, framework_of(NEEDS), {"hours": "3"})
    at = key("smartpd_needs_diagnostic", "survey")
    api.record_diagnosis(learner.pk, COURSE, usage_key=at, phase="entry", score=survey)
    assert api.profile(learner.pk, COURSE).diagnosis_total == 0
    assert api.profile(other.pk, COURSE).diagnosis_total == 0


def test_a_questionnaire_is_not_compared_with_another(learner):
    motivation = load_instrument("learning_motivation")
    answers = {item.id: item.options[5].id for item in motivation.items}
    moved = score_answers(motivation, framework_of(motivation), answers)
    record(learner)
    at = key("smartpd_needs_diagnostic", "motivation")
    api.record_diagnosis(learner.pk, COURSE, usage_key=at, phase="exit", score=moved)
    entry, last = api.class_results(COURSE)
    assert (last.change, last.levels, last.needs) == (None, (), ())
    assert last.mean == pytest.approx(moved.share)
    assert [area.area_id for area in last.areas] == [scale.id for scale in motivation.scales]
    assert entry.levels


# --- items of adaptive tests --------------------------------------------------------------------


def test_items_seen_add_up_over_the_blocks_of_a_course(learner):
    assert api.asked_items(learner.pk, COURSE, "t") == ()
    api.record_asked(learner.pk, COURSE, instrument_id="t", items=["a", "b"])
    api.record_asked(learner.pk, COURSE, instrument_id="t", items=["c", "a"])
    assert api.asked_items(learner.pk, COURSE, "t") == ("b", "c", "a")
    assert api.asked_items(learner.pk, COURSE, "u") == ()


def test_the_result_of_an_adaptive_test_is_its_share_and_not_its_points(learner, client):
    test = load_instrument("digital_teaching_test")
    answers = {item.id: item.options[0].id for item in test.items if item.kind == "choice"}
    found = score_ability(test, framework_of(test), answers)
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=found)
    (kept,) = api.profile(learner.pk, COURSE).diagnoses
    assert kept.share == pytest.approx(found.share)
    assert kept.error == pytest.approx(found.error)
    assert kept.share != pytest.approx(kept.points / kept.max_points)
    client.force_login(learner)
    assert f"{round(found.share * 100)}% of the whole test, estimated" in client.get(MINE).content.decode()
    assert next(iter(api.class_results(COURSE))).mean == pytest.approx(found.share)


# --- goals --------------------------------------------------------------------------------------


def goal(**more):
    due = timezone.localdate() + timedelta(weeks=6)
    made = api.GoalData("digcompedu", "2.1", "B2", 0.25, 0.57, 2.5, due, "accepted", "A bank of <b>my</b> sources")
    return replace(made, **more)


def test_a_goal_is_kept_changed_and_shown(learner, client):
    record(learner)
    api.record_goal(learner.pk, COURSE, goal())
    api.record_goal(learner.pk, COURSE, goal(hours=3.0))
    (kept,) = api.goals(learner.pk, COURSE)
    assert (kept.hours, kept.title["en"] != "", kept.level_name["en"]) == (3.0, True, "Expert")
    client.force_login(learner)
    html = client.get(MINE).content.decode()
    assert "My goals" in html
    assert "At the start: 25%, now: 25%." in html
    assert "&lt;b&gt;my&lt;/b&gt;" in html
    table = client.get(f"{MINE}my.csv").getvalue().decode()
    assert "A bank of <b>my</b> sources" in table


@pytest.mark.parametrize("lang", ["ru", "uz"])
def test_goals_are_shown_in_the_readers_language(learner, client, lang):
    api.record_goal(learner.pk, COURSE, goal(hours=2.5))
    client.force_login(learner)
    html = client.get(MINE, headers={"accept-language": lang}).content.decode()
    assert "My goals" not in html
    assert "2,5" in html


def test_a_declined_goal_is_kept_and_not_shown(learner, client):
    record(learner)
    api.record_goal(learner.pk, COURSE, goal(status="declined"))
    assert [each.status for each in api.goals(learner.pk, COURSE)] == ["declined"]
    client.force_login(learner)
    assert "My goals" not in client.get(MINE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"competency_id": "9.9"}, "competency"),
        ({"level": "D1"}, "level"),
        ({"hours": 0}, "hours"),
        ({"hours": 41}, "hours"),
        ({"target": 1.2}, "target"),
        ({"status": "perhaps"}, "status"),
        ({"words": "x" * 501}, "words"),
        ({"due": timezone.localdate()}, "due"),
    ],
)
def test_what_is_no_goal_is_refused_by_name(learner, wrong, said):
    with pytest.raises(api.InvalidRecordError, match=f"^{said}"):
        api.record_goal(learner.pk, COURSE, goal(**wrong))
    assert not Goal.objects.exists()


def test_all_of_it_goes_with_the_learner(learner):
    api.record_consent(learner.pk, COURSE, ALL)
    say(learner, hours="3")
    api.record_asked(learner.pk, COURSE, instrument_id="t", items=["a"])
    api.record_goal(learner.pk, COURSE, goal())
    Profile.objects.all().delete()
    assert api.consent(learner.pk, COURSE) == {}
    assert (api.stated_needs(learner.pk, COURSE), api.goals(learner.pk, COURSE)) == (None, ())
    assert api.asked_items(learner.pk, COURSE, "t") == ()
    assert get_user_model().objects.filter(pk=learner.pk).exists()


def test_ones_own_table_has_choices_and_needs(learner, client):
    api.record_consent(learner.pk, COURSE, {**ALL, "team": False})
    say(learner, hours="3")
    client.force_login(learner)
    table = client.get(f"{MINE}my.csv").getvalue().decode()
    assert "Consent,team" in table
    assert "refused" in table
    assert "Stated needs,hours" in table
