"""The course team's part of the needs diagnostic, with the real plugin behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from smartpd import api
from smartpd.models import DiagnosisAnswers, DiagnosisResult, TeamAct
from smartpd_analytics.api import instrument_to_document
from smartpd_xblocks import needs_diagnostic as nd
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from xblock.scorable import Score

from tests.xblocks.needs_diagnostic import INSTRUMENT, call, chosen, fill, give, open_block, page
from tests.xblocks.runtime import COURSE, Reply, Site

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "block-v1:SmartPD+DC101+demo+type@needsdiagnosticblock+block@one"
NUMBER = {"learner": 7, "other_learner": 8, "staff": 3}


class States:
    """Another learner's state on the small site, as ``smartpd.compat.learner_states`` asks for it."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def _mine(self, user: Any) -> dict[str, tuple[Any, ...]]:
        return {at[-1]: at for at in self.site.store.texts if at[2] == user.pk}

    def read(self, user: Any, usage_key: Any) -> dict[str, Any]:
        return {name: json.loads(self.site.store.texts[at]) for name, at in self._mine(user).items()}

    def write(self, user: Any, usage_key: Any, fields: Mapping[str, Any]) -> None:
        block = self.site.open(NeedsDiagnosticBlock, role=next(role for role, pk in NUMBER.items() if pk == user.pk))
        for name, value in fields.items():
            setattr(block, name, value)
        block.save()

    def clear(self, user: Any, usage_key: Any, by: Any) -> None:
        assert by.username == "staff"
        for at in self._mine(user).values():
            del self.site.store.texts[at]


@pytest.fixture(autouse=True)
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, pk in NUMBER.items():
        get_user_model().objects.create_user(id=pk, username=name, is_staff=name == "staff")
    monkeypatch.setattr("smartpd.compat.learner_states", lambda: States(site))


def act(site: Site, handler: str, **data: Any) -> Reply:
    return site.post(open_block(site, "staff"), handler, data)


# --- the panel --------------------------------------------------------------------------------


def test_the_panel_is_offered_to_the_course_team_alone_and_loads_later(site: Site) -> None:
    fill(site)
    staff = open_block(site, "staff").render("student_view", {})
    assert "data-team" in staff.content
    assert "Learners at each level" not in staff.content
    assert any("needs_diagnostic_team.js" in each.data for each in staff.resources)
    for role in ("learner", "not_enrolled", "anonymous", "masquerade", "author"):
        fragment = open_block(site, role).render("student_view", {})
        assert "data-team" not in fragment.content
        assert not any("needs_diagnostic_team" in each.data for each in fragment.resources)


def test_the_summary_shows_the_class(site: Site) -> None:
    assert "Nobody has answered here yet" in act(site, "team_summary").json["html"]
    give(site, "i1_1", "3")
    assert "Nobody has finished yet" in act(site, "team_summary").json["html"]
    fill(site, "1")
    html = act(site, "team_summary").json["html"]
    assert "Finished: 1" in html
    assert "Fewer than five learners" in html
    assert html.count("<svg") == 2
    assert "A2: 1" in html
    assert f'href="/smartpd/{COURSE}/team/results/" target="_top"' in html


def test_learners_are_found_with_what_can_be_done(site: Site) -> None:
    fill(site)
    call(site, "finish")
    give(site, "i1_1", "3", role="other_learner")
    html = act(site, "team_learners", search="").json["html"]
    assert "Learners who have answered here: 2" in html
    assert "22 of 22" in html
    assert "1 of 22" in html
    assert html.count('data-team-do="team_reopen"') == 1
    assert html.count('data-team-do="team_reset"') == 2
    found = act(site, "team_learners", search="OTHER").json["html"]
    assert "1 of 22" in found
    assert "22 of 22" not in found
    assert "Nobody of this name" in act(site, "team_learners", search="<b>").json["html"]
    assert act(site, "team_learners", search=["x"]).status == 400
    for strange in ("%", "'", "x" * 10_000):
        assert "Nobody of this name" in act(site, "team_learners", search=f"other{strange}").json["html"]
    assert "1 of 22" in act(site, "team_learners", search="other\x00").json["html"]


def test_a_level_from_hasty_answers_says_so(site: Site) -> None:
    for number, item in enumerate(INSTRUMENT.items):
        give(site, item.id, str(number % 4))
    call(site, "finish")
    row = DiagnosisResult.objects.get()
    DiagnosisResult.objects.update(created=row.modified - timedelta(seconds=22))
    html = act(site, "team_learners", search="").json["html"]
    assert "not reliable: answered too fast" in html
    DiagnosisResult.objects.update(created=row.modified - timedelta(minutes=10))
    html = act(site, "team_learners", search="").json["html"]
    assert "not reliable" not in html
    assert not re.search(r"\d{4}-\d\d-\d\d", html), "days are written as people write them"


def test_a_learner_who_does_not_show_results_is_not_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site)
    hidden = frozenset(DiagnosisResult.objects.values_list("profile_id", flat=True))
    monkeypatch.setattr("smartpd._team_acts.private_profiles", lambda _course_key: hidden)
    html = act(site, "team_learners", search="").json["html"]
    assert 'data-learner="learner"' not in html
    # Who is asked for by the whole name can be helped all the same, and shows no level.
    html = act(site, "team_learners", search="learner").json["html"]
    assert 'data-learner="learner"' in html
    assert "does not show results" in html
    assert "B1" not in html


def test_without_the_plugin_the_team_is_told(site: Site, no_plugin: None) -> None:
    for handler in ("team_summary", "team_learners", "team_reset", "team_reopen"):
        reply = act(site, handler, learner="learner", search="")
        assert (reply.status, "not installed" in reply.error) == (409, True)


# --- reset ------------------------------------------------------------------------------------


def test_a_reset_deletes_all_and_tells_the_learner(site: Site) -> None:
    fill(site)
    call(site, "finish")
    give(site, "i1_1", "3", role="other_learner")
    assert api.profile(7, COURSE).level == "B1"
    site.events.clear()

    reply = act(site, "team_reset", learner="learner")

    assert reply.status == 200
    assert "The answers of learner are deleted" in reply.json["said"]
    assert {name for name, value in site.stored().items() if value} == {"team_act"}
    assert api.profile(7, COURSE).level == ""
    assert not api.profile(7, COURSE).diagnoses
    assert {each.value for each in api.profile(7, COURSE).competencies} == {None}
    assert DiagnosisAnswers.objects.count() == DiagnosisResult.objects.count() == 1, "the other learner's stay"
    [kept] = TeamAct.objects.all()
    assert (kept.act, kept.by.username, kept.answered, kept.profile.user.username) == ("reset", "staff", 22, "learner")
    [(name, event)] = site.events
    assert name == "smartpd.diagnosis.reset"
    assert event == {
        "usage_key": KEY, "instrument": INSTRUMENT.id, "version": INSTRUMENT.version, "phase": "entry",
        "learner_id": 7, "answered": 22, "attempt": 1,
    }  # fmt: skip

    html = page(site)
    assert "The course team has reset this questionnaire" in html
    assert chosen(html) == {}
    fill(site)
    call(site, "finish")
    assert "has reset" not in page(site)


def test_nothing_of_who_refused_evaluation_is_logged(site: Site) -> None:
    give(site, "i1_1", "3")
    api.record_consent(7, COURSE, {"advice": True, "team": True, "evaluation": False})
    site.events.clear()
    assert act(site, "team_reset", learner="learner").status == 200
    assert (TeamAct.objects.count(), site.events) == (1, [])


def test_a_page_that_was_open_before_the_reset_writes_nothing(site: Site) -> None:
    give(site, "i1_1", "3", attempt=1)
    act(site, "team_reset", learner="learner")
    reply = give(site, "i1_2", "3", attempt=1)
    assert reply.status == 409
    assert "your course team" in reply.error
    assert open_block(site).answers == {}
    assert give(site, "i1_2", "3", attempt=2).status == 200


def test_what_was_reset_does_not_come_back_from_the_log(site: Site) -> None:
    fill(site)
    act(site, "team_reset", learner="learner")
    assert not DiagnosisResult.objects.exists()
    from tests.openedx_plugin.made import activity

    logged = api.LoggedDiagnosisData(KEY, "entry", INSTRUMENT.id, INSTRUMENT.version, {"i1_1": "4"})
    [stored] = api.store_activities(COURSE, [api.LearnerLogData(activity("learner", 7, course=COURSE), logged)])
    assert stored.outcome == "updated"
    assert not DiagnosisResult.objects.exists()


def test_a_reset_takes_the_points_back_and_gives_the_attempts_back(site: Site) -> None:
    open_block(site, "author", settings={"graded_by": "completion", "max_attempts": 1})
    fill(site)
    call(site, "finish")
    assert open_block(site).get_score() == Score(1.0, 1.0)
    act(site, "team_reset", learner="learner")
    assert open_block(site).get_score() == Score(0.0, 0.0)
    assert not open_block(site).has_submitted_answer()
    fill(site)
    assert call(site, "finish").status == 200
    assert open_block(site).get_score() == Score(1.0, 1.0)


# --- reopen -----------------------------------------------------------------------------------


def test_reopened_the_learner_goes_on_with_the_same_answers(site: Site) -> None:
    fill(site, "2")
    call(site, "finish")
    assert give(site, "i1_1", "4").status == 409
    site.events.clear()

    assert act(site, "team_reopen", learner="learner").status == 200

    assert [name for name, _event in site.events] == ["smartpd.diagnosis.reopened"]
    html = page(site)
    assert "The course team has reopened this questionnaire for you" in html
    assert len(chosen(html)) == 22
    assert give(site, "i1_1", "4").status == 200
    assert call(site, "finish").status == 200
    assert "has reopened" not in page(site)
    assert [kept.act for kept in TeamAct.objects.all()] == ["reopen"]


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("handler", ["team_reset", "team_reopen"])
@pytest.mark.parametrize("name", ["nobody", "other_learner", "<b>", "🙂"])
def test_who_has_not_answered_here_is_not_touched(site: Site, handler: str, name: str) -> None:
    reply = act(site, handler, learner=name)
    assert reply.status == 404
    assert name in reply.error
    assert (site.store.texts, site.events, TeamAct.objects.count()) == ({}, [], 0)


def test_nothing_to_reopen_and_nothing_to_delete_are_said(site: Site) -> None:
    give(site, "i1_1", "3")
    reply = act(site, "team_reopen", learner="learner")
    assert reply.status == 409
    assert "has not finished" in reply.error
    act(site, "team_reset", learner="learner")
    reply = act(site, "team_reset", learner="learner")
    assert reply.status in (404, 409)
    assert "nothing was changed" in reply.error
    assert TeamAct.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"learner": ""}, {"learner": 7}, {"learner": ["learner"]}])
def test_who_is_meant_must_be_said(site: Site, data: dict[str, Any]) -> None:
    fill(site)
    assert act(site, "team_reset", **data).status == 400
    assert len(open_block(site).answers) == 22


def test_a_learner_cannot_reset_by_the_plugin_either(site: Site) -> None:
    fill(site)
    with (
        pytest.raises(api.NotAllowedError),
        api.team_turn(8, COURSE, username="learner", usage_key=KEY, act="reset") as turn,
    ):
        turn.change = {}
    assert len(open_block(site).answers) == 22


def test_state_and_rows_stand_or_fall_together(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site)
    call(site, "finish")
    site.events.clear()

    def fails(*_args: Any) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(States, "write", fails)
    monkeypatch.setattr(States, "clear", lambda *_args: None)
    reply = act(site, "team_reset", learner="learner")
    assert reply.status == 503
    assert "nothing was changed" in reply.error
    assert "database" not in reply.error
    assert api.profile(7, COURSE).level == "B1"
    assert (TeamAct.objects.count(), site.events) == (0, [])


def test_a_host_without_a_way_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site)
    monkeypatch.setattr("smartpd.compat.learner_states", lambda: None)
    reply = act(site, "team_reset", learner="learner")
    assert (reply.status, "no way to change" in reply.error) == (409, True)


# --- single answers ---------------------------------------------------------------------------


def test_single_answers_are_kept_with_the_result(site: Site) -> None:
    give(site, "i1_1", "3")
    assert DiagnosisAnswers.objects.get().answers == {"i1_1": "3"}
    fill(site, "2")
    assert DiagnosisAnswers.objects.get().answers == {item.id: "2" for item in INSTRUMENT.items}
    get_user_model().objects.get(pk=7).delete()
    assert not DiagnosisAnswers.objects.exists()


def test_own_questions_are_graded_counted_and_kept_with_their_answers(site: Site) -> None:
    """The course's own questionnaire through grading, the class's figures and the report."""
    document = instrument_to_document(INSTRUMENT)
    document["items"][0]["text"] = dict.fromkeys(("en", "ru", "uz"), "Mine?")
    values = {"own_instrument": document, "graded_by": "score"}
    assert site.post(open_block(site, "author"), "submit_studio_edits", {"values": values}).status == 200
    version = open_block(site).own_instrument["version"]
    for item in INSTRUMENT.items:
        assert give(site, item.id, "2", version=version).status == 200
    assert call(site, "finish", version=version).status == 200
    assert open_block(site).get_score() == Score(2.0 * len(INSTRUMENT.items), float(INSTRUMENT.max_points))
    assert len(DiagnosisAnswers.objects.get().answers) == len(INSTRUMENT.items)
    (key,) = api.class_diagnoses(COURSE)
    assert key.instrument_id.startswith(f"{INSTRUMENT.id}-own-")
    assert api.class_items(COURSE, key).statistics.learners == 1
    state = SimpleNamespace(username="learner", state=site.stored())
    rows = [row for _name, row in open_block(site, "author").generate_report_data([state])]
    assert "Mine?" in rows[0].values()


# --- logic ------------------------------------------------------------------------------------


def test_attempts_go_on_being_counted_over_resets() -> None:
    state: dict[str, Any] = {"answers": {"a": "1"}, "earlier": [{}, {}]}
    once = nd.reset(state, now="2026-10-01")
    assert nd.attempts_gone(once) == 3
    again = nd.reset({**once, "answers": {"a": "1"}}, now="2026-10-02")
    assert nd.attempts_gone(again) == 4
    opened = nd.reopened({**again, "completed_at": "2026-10-03"}, now="2026-10-04")
    assert (nd.attempts_gone(opened), opened["completed_at"]) == (4, "")
    with pytest.raises(nd.Refusal):
        nd.reset(once, now="2026-10-05")


def test_a_finished_adaptive_test_is_reset_not_reopened() -> None:
    state: dict[str, Any] = {"answers": {"a": "1"}, "asked": ["a"], "completed_at": "2026-10-01"}
    with pytest.raises(nd.Refusal, match="adaptive test cannot be reopened"):
        nd.reopened(state, now="2026-10-02")
    assert set(nd.reset(state, now="2026-10-02")) == {"team_act"}


def test_only_what_would_be_done_is_offered_and_the_rest_explained(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered() -> tuple[bool, bool]:
        html = act(site, "team_learners", search="").json["html"]
        return 'data-team-do="team_reopen"' in html, "data-team-ask" in html

    def said(words: str) -> bool:
        return words in act(site, "team_learners", search="").json["html"]

    fill(site)
    # Everything is answered, and the result was not asked for yet.
    assert (offered(), said("has not finished and can go on")) == ((False, True), True)
    assert act(site, "team_reopen", learner="learner").status == 409
    call(site, "finish")
    assert (offered(), said("can go on")) == ((True, True), False)
    learner = open_block(site)
    learner.asked = ["i1_1"]
    learner.save()
    assert (offered(), said("a finished adaptive test cannot go on, only start again")) == ((False, True), True)
    # Known from the log alone: the block has nothing to reset.
    site.store.texts.clear()
    assert (offered(), said("nothing is stored in the block")) == ((False, False), True)
    monkeypatch.setattr("smartpd.compat.learner_states", lambda: None)
    assert (offered(), said("This site has no way")) == ((False, False), True)
