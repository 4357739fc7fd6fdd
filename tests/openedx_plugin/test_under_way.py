"""Answers on the way wait to be scored, and nobody who reads can tell."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError
from opaque_keys.edx.keys import UsageKey
from smartpd import _under_way, api
from smartpd.models import CompetencyEstimate, DiagnosisAnswers, DiagnosisResult, DiagnosisUnderWay
from smartpd.signals.deletion import _forget
from smartpd_analytics.api import (
    InstrumentError,
    framework_of,
    load_instrument,
    score_ability,
    score_answers,
)

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, activity, course_map, key
from tests.openedx_plugin.pages import page, table

pytestmark = pytest.mark.django_db

INSTRUMENT = load_instrument("digcompedu_selfassessment")
ITEMS = [item.id for item in INSTRUMENT.items]
EXIT = key("smartpd_needs_diagnostic", "exit")
EXIT_KEY = UsageKey.from_string(EXIT)
KEY = api.DiagnosisKey(DIAGNOSTIC, "entry", INSTRUMENT.id, INSTRUMENT.version)


def scored(answers: dict[str, str], instrument: Any = INSTRUMENT) -> Any:
    return score_answers(instrument, framework_of(instrument), answers)


def whole(user: Any, answers: dict[str, str], *, usage_key: str = DIAGNOSTIC, terms: str = "", **more: Any) -> None:
    """As the block records a first answer, the last, and any on other terms."""
    said = {"phase": "exit" if usage_key == EXIT else "entry", "answers": answers, **more}
    score = said.pop("score", None) or scored(answers)
    api.record_diagnosis(user.pk, COURSE, usage_key=usage_key, score=score, terms=terms, **said)


def on_the_way(
    user: Any, answers: dict[str, str], *, usage_key: str = DIAGNOSTIC, terms: str = "same", **more: Any
) -> bool:
    said = {"phase": "exit" if usage_key == EXIT else "entry", "instrument": INSTRUMENT, "answers": answers}
    return api.record_answers(user.pk, COURSE, usage_key=usage_key, terms=terms, **{**said, **more})


@pytest.fixture
def waiting(learner: Any) -> Any:
    """A learner with one answer that is scored and two that are not yet: 1.1 the lowest, 1.2 and 1.3 the highest."""
    api.store_course_map(COURSE, course_map())
    whole(learner, {"i1_1": "0"}, terms="same")
    assert on_the_way(learner, {"i1_1": "0", "i1_2": "4"})
    assert on_the_way(learner, {"i1_1": "0", "i1_2": "4", "i1_3": "4"})
    assert DiagnosisResult.objects.get().answered == 1
    return learner


def values(user: Any) -> dict[str, float]:
    return {each.competency_id: each.value for each in api.profile(user.pk, COURSE).competencies if each.sources}


# --- writing ------------------------------------------------------------------------------------


def test_an_answer_on_the_way_is_one_statement(waiting: Any, django_assert_num_queries: Any) -> None:
    with api.learner_turn(waiting.pk, COURSE), django_assert_num_queries(1):
        assert on_the_way(waiting, dict.fromkeys(ITEMS[:4], "2"))


@pytest.mark.parametrize("other", [{"terms": "other"}, {"usage_key": EXIT}, {"phase": "interim"}])
def test_on_other_terms_more_is_to_be_recorded(waiting: Any, other: dict[str, str]) -> None:
    assert not on_the_way(waiting, dict.fromkeys(ITEMS[:4], "2"), **other)
    assert values(waiting) == {"1.1": 0.0, "1.2": 1.0, "1.3": 1.0}


def test_before_the_first_answer_and_without_terms_nothing_goes_on(learner: Any) -> None:
    assert not on_the_way(learner, {"i1_1": "0"})
    assert not DiagnosisResult.objects.exists()
    whole(learner, {"i1_1": "0"})
    assert not on_the_way(learner, {"i1_1": "0", "i1_2": "4"}, terms="")
    assert not DiagnosisUnderWay.objects.exists()


def test_what_cannot_be_scored_again_does_not_wait(learner: Any) -> None:
    # A score that is not of these answers, by these items.
    whole(learner, {"i1_1": "0"}, score=scored({"i1_1": "1"}), terms="same")
    assert not on_the_way(learner, {"i1_1": "0", "i1_2": "4"})


def test_own_words_are_neither_kept_nor_waited_for(learner: Any) -> None:
    survey = load_instrument("learning_needs")
    [own] = [item for item in survey.all_items if item.private]
    answers = {own.id: "My very own words", "sitting": "half"}
    whole(learner, answers, score=scored(answers, survey), terms="same")
    assert not on_the_way(learner, answers, instrument=survey)
    assert not DiagnosisUnderWay.objects.exists()
    assert "very own" not in json.dumps(list(DiagnosisAnswers.objects.values_list("answers", flat=True)))


def test_an_adaptive_test_waits_and_has_no_level_yet(learner: Any) -> None:
    test = load_instrument("digital_teaching_test")
    ids = [item.id for item in test.items if item.parameters is not None][:3]
    answers = {each: next(item for item in test.items if item.id == each).options[0].id for each in ids}
    first = {ids[0]: answers[ids[0]]}
    so_far = score_ability(test, framework_of(test), first, most=20)
    whole(learner, first, score=so_far, terms="same")
    assert on_the_way(learner, answers, instrument=test)
    [result] = api.profile(learner.pk, COURSE).diagnoses
    expected = score_ability(test, framework_of(test), answers)
    assert (result.answered, result.total, result.level, result.share) == (3, 20, "", expected.share)
    # It still goes on as it was.
    assert on_the_way(learner, first, instrument=test)
    assert api.profile(learner.pk, COURSE).diagnoses[0].answered == 1


# --- reading ------------------------------------------------------------------------------------

#: Name -> what a reader makes of the one who waits, and what has to be in it.
READERS: dict[str, Any] = {
    "profile": (lambda user: api.profile(user.pk, COURSE).diagnosis_answered, 3),
    "results in the profile": (lambda user: [each.points for each in api.profile(user.pk, COURSE).diagnoses], [8]),
    "estimates": (values, {"1.1": 0.0, "1.2": 1.0, "1.3": 1.0}),
    "single answers": (
        lambda _user: [dict(each.answers) for each in api.single_answers(COURSE, KEY)],
        [{"i1_1": "0", "i1_2": "4", "i1_3": "4"}],
    ),
    "learners of the block": (
        lambda _user: [each.answered for each in api.learners_of_block(COURSE, DIAGNOSTIC)[0]],
        [3],
    ),
    "what is answered": (
        lambda user: on_the_way(user, {}) and api.answered_versions(COURSE),
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_every_reader_sees_answers_on_the_way_at_once(waiting: Any, name: str) -> None:
    read, expected = READERS[name]
    assert read(waiting) == expected
    # And again, with nothing left to do.
    assert not DiagnosisUnderWay.objects.filter(answered_at__isnull=False).exists()
    assert read(waiting) == expected


@pytest.mark.parametrize(
    "rows", [lambda: api.course_overview(COURSE).learners, lambda: tuple(api.team_learners(COURSE))]
)
def test_the_list_of_learners_doubts_the_newest_answers(waiting: Any, rows: Any) -> None:
    assert rows()[0].cautions == ()
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:21], "4"))
    assert rows()[0].cautions == ("same_option",)


def test_the_pages_and_tables_see_them(waiting: Any, teacher: Any, client: Any) -> None:
    assert "3 of 22 questions" in page(client, "my_development", waiting)
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:4], "2"))
    [row] = table(client, "class_results_csv", teacher)
    assert (row["Points"], row["Complete"], row["Areas, %"]) == ("8", "no", "Professional engagement: 50")
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:5], "2"))
    said = [value for row in table(client, "my_csv", waiting) for value in row.values()]
    assert "5 of 22 questions answered" in said


def test_advice_heeds_them(waiting: Any) -> None:
    def largest() -> Any:
        return {each for action in api.recommendations(waiting.pk, COURSE) for each in action.competencies}

    answers = {**dict.fromkeys(ITEMS, "4"), "i2_1": "0"}
    del answers["i6_1"]
    assert on_the_way(waiting, answers)
    assert largest() == {"2.1"}
    del answers["i6_2"]
    assert on_the_way(waiting, {**answers, "i2_1": "4", "i2_3": "0"})
    assert largest() == {"2.3"}


@pytest.mark.parametrize(
    "act",
    [
        lambda user: api.refresh(user.pk, COURSE),
        lambda user: api.record_progress(user.pk, COURSE, usage_key="u1", status="done"),
        lambda user: api.store_activity(COURSE, activity("primus", user.pk)),
        lambda user: api.record_consent(user.pk, COURSE, {"evaluation": False}),
        lambda user: whole(user, {"i4_1": "2"}, usage_key=EXIT),
    ],
)
def test_whatever_is_recorded_beside_them_finds_them_scored(waiting: Any, act: Any) -> None:
    act(waiting)
    assert DiagnosisResult.objects.get(phase="entry").answered == 3
    assert CompetencyEstimate.objects.filter(source="self_assessment", competency_id="1.3").exists()


def test_a_goal_starts_where_the_learner_stands_by_the_newest_answer(waiting: Any) -> None:
    goal = api.GoalData(
        framework_id="digcompedu", competency_id="1.2", level="B2", start=0.1, target=0.6, hours=2.0,
        due=datetime(2027, 5, 1).date(), status="accepted",
    )  # fmt: skip
    api.record_goal(waiting.pk, COURSE, goal)
    assert api.goals(waiting.pk, COURSE)[0].start == 1.0


# --- consent, resets ----------------------------------------------------------------------------


def test_who_refuses_everything_keeps_nothing(waiting: Any) -> None:
    api.record_consent(waiting.pk, COURSE, dict.fromkeys(api.PURPOSES, False))
    for model in (DiagnosisUnderWay, DiagnosisResult, DiagnosisAnswers, CompetencyEstimate):
        assert not model.objects.exists(), model
    assert not on_the_way(waiting, {"i1_1": "3"})
    whole(waiting, {"i1_1": "3"}, terms="same")
    assert not on_the_way(waiting, {"i1_1": "3"})
    assert not DiagnosisUnderWay.objects.exists()
    assert not DiagnosisResult.objects.exists()


def test_without_advice_they_give_no_estimates_and_with_it_again_they_do(waiting: Any) -> None:
    api.record_consent(waiting.pk, COURSE, {"advice": False})
    assert not on_the_way(waiting, dict.fromkeys(ITEMS[:4], "4"))
    whole(waiting, dict.fromkeys(ITEMS[:4], "4"), terms="same")
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:5], "4"))
    assert api.profile(waiting.pk, COURSE).diagnoses[0].answered == 5
    assert values(waiting) == {}
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:6], "4"))
    api.record_consent(waiting.pk, COURSE, {"advice": True})
    assert values(waiting) == dict.fromkeys(values(waiting), 1.0)
    assert len(values(waiting)) == 6


def test_a_reset_takes_them_along(waiting: Any) -> None:
    whole(waiting, {"i1_1": "1"}, usage_key=EXIT, terms="same")
    assert on_the_way(waiting, {"i1_1": "1", "i1_2": "1"}, usage_key=EXIT)
    _forget(waiting.pk, EXIT_KEY, None)
    assert not DiagnosisUnderWay.objects.exists()
    assert values(waiting) == {"1.1": 0.0, "1.2": 1.0, "1.3": 1.0}
    assert not on_the_way(waiting, {"i1_1": "1", "i1_2": "1"}, usage_key=EXIT)


# --- what may go wrong --------------------------------------------------------------------------


def test_a_reading_that_is_cut_off_loses_nothing(waiting: Any, monkeypatch: Any) -> None:
    def cut_off(*_args: Any, **_more: Any) -> None:
        raise DatabaseError("the server has gone away")

    monkeypatch.setattr(_under_way, "keep_diagnosis", cut_off)
    with pytest.raises(DatabaseError):
        api.profile(waiting.pk, COURSE)
    # Answers are taken in the meantime.
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:6], "4"))
    monkeypatch.undo()
    assert api.profile(waiting.pk, COURSE).diagnosis_answered == 6


def test_an_instrument_that_is_gone_costs_no_answer(waiting: Any, monkeypatch: Any, caplog: Any) -> None:
    def gone(*_args: Any) -> None:
        raise InstrumentError("no instrument", accepted="")

    monkeypatch.setattr(_under_way, "find_instrument", gone)
    assert api.profile(waiting.pk, COURSE).diagnosis_answered == 1
    assert "cannot be scored" in caplog.text
    monkeypatch.undo()
    assert DiagnosisAnswers.objects.get().answers == {"i1_1": "0", "i1_2": "4", "i1_3": "4"}
    assert not on_the_way(waiting, dict.fromkeys(ITEMS[:4], "2"))
    whole(waiting, dict.fromkeys(ITEMS[:4], "2"), terms="same")
    assert on_the_way(waiting, dict.fromkeys(ITEMS[:5], "2"))
    assert api.profile(waiting.pk, COURSE).diagnosis_answered == 5


def test_a_clock_that_goes_wrong_leaves_no_old_advice(waiting: Any, monkeypatch: Any) -> None:
    from smartpd.models import Profile

    moment = Profile.objects.get().modified
    monkeypatch.setattr(api.timezone, "now", lambda: moment)
    answers = {**dict.fromkeys(ITEMS[:21], "4"), "i2_1": "0"}
    assert on_the_way(waiting, answers)
    monkeypatch.undo()
    found = {each for action in api.recommendations(waiting.pk, COURSE) for each in action.competencies}
    assert found == {"2.1"}


# --- the same as scoring at once ----------------------------------------------------------------


def everything(user: Any) -> Any:
    """All that is known of a learner, without moments and names."""
    profile = api.profile(user.pk, COURSE)
    return (
        profile.level,
        profile.diagnosis_answered,
        profile.diagnosis_total,
        [
            (each.competency_id, each.value, each.gap, [(s.source, s.value, s.error, s.evidence) for s in each.sources])
            for each in profile.competencies
        ],
        sorted(
            (d.usage_key, d.phase, d.answered, d.points, d.level, d.complete, [(a.area_id, a.share) for a in d.areas])
            for d in profile.diagnoses
        ),
        [(a.rank, a.kind, a.target, a.reason) for a in api.recommendations(user.pk, COURSE)],
        [(e.complete, dict(e.answers)) for e in api.single_answers(COURSE, KEY) if e.username == user.username],
    )


@pytest.mark.parametrize("seed", range(12))
def test_scoring_later_comes_to_the_same(learner: Any, other: Any, seed: int) -> None:
    api.store_course_map(COURSE, course_map())
    chance = Random(seed)  # noqa: S311
    answers: dict[str, dict[str, str]] = {DIAGNOSTIC: {}, EXIT: {}}

    def answer(usage_key: str) -> None:
        own = answers[usage_key]
        # Few items, so that both diagnostics say something of the same competencies.
        own[chance.choice(ITEMS[:8])] = chance.choice("01234")
        complete = {**dict.fromkeys(ITEMS, "2"), **own} if chance.random() < 0.08 else own
        if complete is own and not on_the_way(learner, own, usage_key=usage_key):
            whole(learner, own, usage_key=usage_key, terms="same")
        elif complete is not own:
            whole(learner, complete, usage_key=usage_key, terms="same")
        whole(other, complete, usage_key=usage_key)

    def both(act: Any) -> Any:
        return lambda: [act(user) for user in (learner, other)]

    def targets(user: Any) -> None:
        level = levels.setdefault(len(steps_taken), chance.choice(["A2", "B2", "C2"]))
        api.record_targets(user.pk, COURSE, api.TargetsData(DIAGNOSTIC, "digcompedu", level))

    levels: dict[int, str] = {}
    steps_taken: list[Any] = []
    given = dict.fromkeys(api.PURPOSES, True)
    others = [
        both(lambda user: api.refresh(user.pk, COURSE)),
        both(lambda user: api.record_progress(user.pk, COURSE, usage_key=key("vertical", "u1"), status="doing")),
        both(lambda user: api.store_activity(COURSE, activity(user.username, user.pk))),
        both(targets),
        both(lambda user: api.record_consent(user.pk, COURSE, {**given, "advice": False})),
        both(lambda user: api.record_consent(user.pk, COURSE, given)),
        both(lambda user: api.record_consent(user.pk, COURSE, dict.fromkeys(api.PURPOSES, False))),
        both(lambda user: _forget(user.pk, EXIT_KEY, None)),
        lambda: api.course_overview(COURSE),
        lambda: api.class_results(COURSE),
        lambda: api.profile(learner.pk, COURSE),
    ]
    for _number in range(60):
        step = chance.choice(others) if chance.random() < 0.2 else None
        steps_taken.append(step)
        if step is None:
            answer(chance.choice([DIAGNOSTIC, DIAGNOSTIC, EXIT]))
        else:
            step()
    assert everything(learner) == everything(other)


def test_times_tell_when_the_answers_came(waiting: Any, monkeypatch: Any) -> None:
    before = DiagnosisUnderWay.objects.get().answered_at
    row = api.profile(waiting.pk, COURSE).diagnoses[0]
    assert row.modified == before
    assert replace(row, modified=before) == row
