"""Surveys and motivation questionnaires, consent and goals in the needs diagnostic, with the real plugin behind it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation
from smartpd import api
from smartpd.models import DiagnosisResult
from smartpd_analytics.api import load_instrument
from smartpd_xblocks import needs_diagnostic as nd
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.runtime import COURSE, Reply, Site, speaking

SELF = load_instrument("digcompedu_selfassessment")
NEEDS = load_instrument("learning_needs")
MOTIVATION = load_instrument("learning_motivation")
SECRET = "I want <b>to teach</b> online"
YES = dict.fromkeys(nd.PURPOSES, True)


@pytest.fixture(autouse=True)
def account() -> None:
    get_user_model().objects.create_user(id=7, username="learner")


def opened(site: Site, role: str = "learner", **more: Any) -> NeedsDiagnosticBlock:
    return site.open(NeedsDiagnosticBlock, role=role, **more)


def settings(site: Site, **values: Any) -> None:
    opened(site, "author", settings=values)


def call(site: Site, handler: str, *, role: str = "learner", name: str = "one", **data: Any) -> Reply:
    return site.post(opened(site, role, name=name), handler, {"version": "1", **data})


def give(site: Site, item: str, answer: str) -> Reply:
    return call(site, "save_answer", item=item, option=answer)


def said(item: Any) -> str:
    """Some answer to an item."""
    if item.kind == "number":
        return "4"
    if item.kind == "text":
        return SECRET
    ids = [option.id for option in item.options]
    return "+".join(ids) if item.kind == "order" else ids[0]


def answer_all(site: Site, instrument: Any) -> Reply:
    for item in instrument.items:
        assert give(site, item.id, said(item)).status == 200
    return call(site, "finish")


def page(site: Site, role: str = "learner") -> str:
    return opened(site, role).render("student_view", {}).content


# --- surveys ------------------------------------------------------------------------------------


def test_all_four_kinds_can_be_chosen() -> None:
    kinds = {load_instrument(each).kind for each in nd.questionnaire_ids()}
    assert kinds == {"self_assessment", "knowledge_test", "needs_survey", "motivation"}


def test_a_survey_asks_in_every_way_and_counts_what_needs_an_answer(site: Site) -> None:
    settings(site, instrument=NEEDS.id)
    html = page(site)
    assert "Questions: 23" in html, "one of the 24 may be left out"
    assert html.count("<fieldset") == 24
    assert html.count("<textarea") == 1
    assert html.count('inputmode="decimal"') == 2
    assert 'data-item="own_goal" data-kind="text" data-optional data-most="300"' in html
    assert "Which level do you expect" not in html


def test_its_end_says_what_was_told_and_what_it_changes(site: Site) -> None:
    settings(site, instrument=NEEDS.id)
    html = answer_all(site, NEEDS).json["html"]
    assert "What you have told" in html
    assert "You can give 4 hours a week" in html
    assert "I want &lt;b&gt;to teach&lt;/b&gt; online" in html
    assert "Your level" not in html
    assert api.stated_needs(7, COURSE).hours == 4
    assert ("completion", {"completion": 1.0}) in site.events


def test_a_learners_own_words_are_told_to_nobody(site: Site, monkeypatch: Any) -> None:
    settings(site, instrument=NEEDS.id)
    answer_all(site, NEEDS)
    assert SECRET not in json.dumps(site.events)
    assert SECRET not in str(api.stated_needs(7, COURSE).answers)
    assert "to teach" in site.post(opened(site), "own_answers", {}).text
    monkeypatch.setattr(api, "is_read_only", lambda _course: True)
    for text in (page(site, "masquerade"), call(site, "result", role="masquerade").text):
        assert "to teach" not in text
    table = site.post(opened(site, "masquerade"), "own_answers", {}).text
    assert "to teach" not in table


def test_the_optional_one_may_be_left_out_and_taken_back(site: Site) -> None:
    settings(site, instrument=NEEDS.id)
    for item in NEEDS.items[:-1]:
        give(site, item.id, said(item))
    assert give(site, "own_goal", "Words").json["complete"]
    assert give(site, "own_goal", "").status == 200
    assert "own_goal" not in site.stored()["answers"]
    assert call(site, "finish").status == 200


@pytest.mark.parametrize(
    ("item", "answer", "error"),
    [
        ("hours", "41", "a number from 0 to 40"),
        ("hours", "many", "a number from 0 to 40"),
        ("own_goal", "x" * 301, "at most 300 characters"),
        ("goal_areas", "1+2+3+4", "Choose 1 to 3"),
        ("tools", "none+slides", "Choose 1 to"),
        ("form", "", "no answer"),
    ],
)
def test_what_is_no_answer_is_said_in_words_and_not_saved(site: Site, item: str, answer: str, error: str) -> None:
    settings(site, instrument=NEEDS.id)
    reply = give(site, item, answer)
    assert (reply.status, error in reply.error) == (400, True), reply.error
    assert not site.stored().get("answers")


# --- motivation ---------------------------------------------------------------------------------


def test_motivation_ends_in_a_profile_of_its_scales(site: Site) -> None:
    settings(site, instrument=MOTIVATION.id)
    for item in MOTIVATION.items:
        give(site, item.id, "6" if item.area_id == "task_value" else "3")
    html = call(site, "finish").json["html"]
    assert html.count('<th scope="row">') == 6
    assert "Strongest: Value of the course" in html
    assert "6.0 of 7" in html
    assert "83%" in html, "(6 - 1) / (7 - 1)"
    assert "<svg" in html
    assert "Task value" in html or "Value of the course: 83%" in html, "the picture in words"
    assert "Your level" not in html
    assert "Where you can gain most" not in html
    (kept,) = api.profile(7, COURSE).diagnoses
    assert kept.share is not None
    assert f"altogether: {round(kept.share * 100)}%" in html


def test_before_and_after_of_motivation_stand_side_by_side(site: Site) -> None:
    for name, phase, option in (("one", "entry", "2"), ("two", "exit", "7")):
        opened(site, "author", name=name, settings={"instrument": MOTIVATION.id, "phase": phase})
        for item in MOTIVATION.items:
            worth = str(8 - int(option)) if item.reverse else option
            call(site, "save_answer", name=name, item=item.id, option=worth)
        html = call(site, "finish", name=name).json["html"]
    assert "Before and after" in html
    assert "Altogether: 17% before, 100% now" in html
    assert "Level:" not in html


@pytest.mark.parametrize("lang", ["ru", "uz"])
@pytest.mark.parametrize("instrument", [NEEDS, MOTIVATION])
def test_they_speak_the_readers_language(site: Site, lang: str, instrument: Any) -> None:
    settings(site, instrument=instrument.id)
    answer_all(site, instrument)
    with speaking(lang):
        html = page(site)
    left = [words for words in ("What you have told", "Strongest", "You may leave", "Mean answer") if words in html]
    assert left == []
    assert instrument.items[0].text[lang] in html


# --- consent ------------------------------------------------------------------------------------


def consent(site: Site, **choices: bool) -> Reply:
    return call(site, "save_consent", choices={**YES, **choices})


def test_where_the_course_asks_consent_comes_first(site: Site) -> None:
    settings(site, ask_consent=True)
    html = page(site)
    assert re.search(r'data-screen="consent"[^>]*(?<!hidden)>', html)
    assert html.count('type="checkbox"') == 3
    assert not re.search(r"<input[^>]* checked", html), "nothing is agreed to beforehand"
    reply = give(site, "i1_1", "3")
    assert (reply.status, "Choose first" in reply.error) == (409, True)
    assert consent(site).status == 200
    assert give(site, "i1_1", "3").status == 200
    assert re.search(r'data-screen="consent"[^>]* hidden>', page(site))


def test_where_it_does_not_ask_nobody_is_asked(site: Site) -> None:
    assert 'data-screen="consent"' not in page(site)


def test_a_courses_own_words_are_shown_and_escaped(site: Site) -> None:
    settings(site, ask_consent=True, consent_text="Our <i>rules</i>.\nSecond line.")
    html = page(site)
    assert "<p>Our &lt;i&gt;rules&lt;/i&gt;.</p>" in html
    assert "<p>Second line.</p>" in html


def test_who_refuses_everything_answers_and_sees_the_result(site: Site) -> None:
    settings(site, ask_consent=True)
    consent(site, advice=False, team=False, evaluation=False)
    html = answer_all(site, SELF).json["html"]
    assert "Your level: A1" in html
    assert DiagnosisResult.objects.count() == 0
    assert [name for name, _ in site.events if name.startswith("smartpd.")] == []
    assert ("completion", {"completion": 1.0}) in site.events


def test_a_refusal_can_be_taken_back_and_what_is_there_counts_then(site: Site) -> None:
    settings(site, ask_consent=True)
    consent(site, advice=False, team=False, evaluation=False)
    answer_all(site, SELF)
    consent(site)
    assert api.profile(7, COURSE).level == "A1"
    consent(site, advice=False)
    assert api.profile(7, COURSE).level == ""


def test_the_team_looking_on_as_the_learner_sees_nothing_of_who_refuses(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr(api, "is_read_only", lambda _course: True)
    settings(site, ask_consent=True)
    api.record_consent(7, COURSE, {**YES, "team": False})
    site.store.texts.clear()
    html = page(site, "masquerade")
    assert "does not want to show" in html
    assert "data-item" not in html
    assert call(site, "result", role="masquerade").status == 403
    api.record_consent(7, COURSE, YES)
    assert "data-item" in page(site, "masquerade")


def test_without_the_plugin_the_choice_is_kept_in_the_block(site: Site, no_plugin: None) -> None:
    settings(site, ask_consent=True)
    assert give(site, "i1_1", "3").status == 409
    consent(site, evaluation=False)
    assert give(site, "i1_1", "3").status == 200
    assert site.stored()["consent"] == {**YES, "evaluation": False}
    assert site.events == []


@pytest.mark.parametrize("choices", [None, {}, {"advice": True}, {**YES, "team": "yes"}])
def test_half_a_choice_is_none(site: Site, choices: Any) -> None:
    settings(site, ask_consent=True)
    assert call(site, "save_consent", choices=choices).status == 400
    assert api.consent(7, COURSE) == {}


# --- goals --------------------------------------------------------------------------------------


def day(**later: int) -> str:
    return (datetime.now(UTC).date() + timedelta(**later)).isoformat()


def goal(site: Site, **more: Any) -> Reply:
    made = {"competency": "1.1", "hours": "2,5", "due": day(weeks=3), "words": "New <b>letters</b>"}
    return call(site, "save_goal", **{**made, "status": "accepted", **more})


def test_a_goal_is_offered_for_each_of_the_largest_needs(site: Site) -> None:
    html = answer_all(site, SELF).json["html"]
    assert html.count("data-goal=") == 3
    forms = [form.split("</form>")[0] for form in html.split("<form ")[1:]]
    assert all("The days are planned one goal after the other" in form for form in forms), "where the days are"
    assert html.count("The days are planned") == 3
    assert "Reach B2 (Expert): 57% or more in this competency. Now you are at 0%." in html
    assert 'value="2"' in html, "hours a week where nobody has said how many there are"


def test_the_hours_stated_in_the_survey_make_the_days(site: Site) -> None:
    api.record_needs(
        7, COURSE, usage_key="block-v1:SmartPD+DC101+demo+type@smartpd_needs_diagnostic+block@survey",
        instrument=NEEDS, answers={"hours": "5", "goal_areas": "1"},
    )  # fmt: skip
    html = answer_all(site, SELF).json["html"]
    assert 'name="hours" type="number" min="0.5" max="40" step="0.5" required value="5"' in html
    # 17.1 hours at 5 a week.
    assert day(weeks=4) in html
    assert "your wish" in html


def test_goals_go_by_the_targets_of_single_competencies(site: Site) -> None:
    opened(site, "author", settings={"targets": {"1.1": "C2"}})
    assert "Reach C2" in answer_all(site, SELF).json["html"]
    assert goal(site, competency="1.1").status == 200
    (kept,) = api.goals(7, COURSE)
    assert kept.level == "C2"


def test_a_goal_is_taken_changed_and_given_up(site: Site) -> None:
    answer_all(site, SELF)
    reply = goal(site)
    assert "New &lt;b&gt;letters&lt;/b&gt;" in reply.json["html"]
    (kept,) = api.goals(7, COURSE)
    assert (kept.competency_id, kept.level, kept.start, kept.hours) == ("1.1", "B2", 0.0, 2.5)
    assert kept.target == pytest.approx(50 / 88)
    goal(site, hours=4)
    goal(site, status="declined")
    (kept,) = api.goals(7, COURSE)
    assert (kept.hours, kept.status) == (2.5, "declined")
    assert "No goal here for now" in page(site)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hours": "0"}, "Hours a week"),
        ({"hours": "lots"}, "Hours a week"),
        ({"due": "soon"}, "Day"),
        ({"due": day(days=0)}, "Day"),
        ({"due": day(days=800)}, "Day"),
        ({"words": "x" * 501}, "at most 500"),
        ({"status": "perhaps"}, "Take the goal"),
    ],
)
def test_what_is_no_goal_is_said_in_words(site: Site, wrong: dict[str, Any], said: str) -> None:
    answer_all(site, SELF)
    reply = goal(site, **wrong)
    assert (reply.status, said in reply.error) == (400, True)
    assert api.goals(7, COURSE) == ()


def test_there_are_no_goals_before_the_end_nor_without_the_plugin(site: Site, no_plugin: None) -> None:
    give(site, "i1_1", "0")
    assert goal(site).status == 409
    assert "data-goal=" not in answer_all(site, SELF).json["html"]


def test_the_note_on_ones_own_words_names_a_refusal_only_where_one_can_refuse(site: Site) -> None:
    html = answer_all(site, SELF).json["html"]
    assert html.count("The course team sees it too.") == 3
    assert "unless you refuse" not in html
    api.record_consent(7, COURSE, dict.fromkeys(api.PURPOSES, True))
    html = call(site, "result").json["html"]
    assert html.count("unless you refuse") == 3
    assert "The course team sees it too." not in html


@pytest.mark.parametrize(
    ("lang", "hours", "said"),
    [
        ("en", 1, "take about 1 hour."),
        ("en", 2, "take about 2 hours."),
        ("ru", 1, "занимают около 1 часа."),
        ("ru", 5, "занимают около 5 часов."),
        ("uz", 1, "taxminan 1 soat oladi."),
    ],
)
def test_hours_are_counted_as_the_language_counts(site: Site, lang: str, hours: int, said: str) -> None:
    with translation.override(lang):
        assert opened(site)._speaker().counted("goal_hours_course", hours).endswith(said)


def test_broken_hours_have_the_readers_decimal_mark(site: Site) -> None:
    with translation.override("ru"):
        speaker = opened(site)._speaker()
        assert speaker.counted("needs_hours", 2.5).startswith("Вы можете уделять 2,5 часа в неделю")
        assert speaker.counted("needs_hours", 1).startswith("Вы можете уделять 1 час в неделю")
