"""What the needs diagnostic decides, on a small instrument: two areas, three competencies, four items."""

from __future__ import annotations

import itertools
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import Framework, Instrument, Item, load_framework, load_instrument, score_answers
from smartpd_analytics.data import Area, Competency, Level, Option
from smartpd_xblocks import needs_diagnostic as nd

NOW = "2026-10-01T08:00:00+00:00"


def text(words: str) -> dict[str, str]:
    return {"en": words, "ru": f"{words} ру", "uz": f"{words} uz"}


FRAMEWORK = Framework(
    id="two_areas",
    version="1",
    title=text("Two areas"),
    source="made up for tests",
    areas=(Area("1", text("Planning"), text("How you plan")), Area("2", text("Teaching"), text(""))),
    competencies=(
        Competency("1.1", "1", text("Goals"), text("")),
        Competency("2.1", "2", text("Methods"), text("")),
        Competency("2.2", "2", text("Feedback"), text("")),
    ),
    levels=(
        Level("low", 0, text("Beginner"), text("Takes first steps")),
        Level("high", 1, text("Master"), text("Leads others")),
    ),
)


def item(item_id: str, competency: str) -> Item:
    options = tuple(Option(str(n), n, text(f"option {n}")) for n in range(5))
    return Item(item_id, competency, text(f"Question {item_id}"), text(""), options)


INSTRUMENT = Instrument(
    id="small",
    version="2",
    kind="self_assessment",
    framework_id="two_areas",
    title=text("Small"),
    intro=text("Intro"),
    minutes=3,
    # Not in the framework's order, as an author might have written it.
    items=(item("b1", "2.1"), item("a1", "1.1"), item("b2", "2.2"), item("a2", "1.1")),
    cut_scores=(0, 8),
)
SPEAKER = nd.Speaker(str, "en")


def fresh(instrument: Instrument = INSTRUMENT) -> nd.Attempt:
    return nd.attempt_on(nd.Attempt(), instrument)


def give(attempt: nd.Attempt, item_id: str, option_id: str, **page: object) -> nd.Change:
    page = {"version": "2", "number": attempt.number, **page}
    return nd.answer(
        attempt, INSTRUMENT, FRAMEWORK, item_id=item_id, option_id=option_id, phase="entry", now=NOW, **page
    )


def end(attempt: nd.Attempt, **page: object) -> nd.Change:
    page = {"version": "2", "number": attempt.number, **page}
    return nd.finish(attempt, INSTRUMENT, FRAMEWORK, phase="entry", now=NOW, **page)


def filled(*options: str) -> nd.Attempt:
    attempt = fresh()
    for one, option in zip(("a1", "a2", "b1", "b2"), options, strict=False):
        attempt = give(attempt, one, option).attempt
    return attempt


# --- answering --------------------------------------------------------------------------------


def test_the_first_answer_starts_the_attempt() -> None:
    change = give(fresh(), "b1", "3")

    assert change.attempt.answers == {"b1": "3"}
    assert change.attempt.started == NOW
    assert change.attempt.area == "2"
    assert [name for name, _ in change.events] == ["smartpd.diagnosis.started", "smartpd.diagnosis.answered"]


def test_a_later_answer_does_not_start_again() -> None:
    change = give(replace(filled("1"), started="2026-09-01T00:00:00+00:00"), "b1", "3")
    assert change.attempt.started == "2026-09-01T00:00:00+00:00"
    assert [name for name, _ in change.events] == ["smartpd.diagnosis.answered"]


def test_an_answer_can_be_changed() -> None:
    change = give(filled("1", "2"), "a1", "4")
    assert change.attempt.answers == {"a1": "4", "a2": "2"}
    assert change.score.answered == 2


def test_the_same_answer_again_changes_nothing() -> None:
    attempt = filled("1", "2")
    change = give(attempt, "a2", "2")
    assert change.attempt is attempt
    assert change.events == ()


@pytest.mark.parametrize(
    ("item_id", "option_id", "page", "status", "names"),
    [
        ("zz", "1", {}, 400, "“zz”"),
        ("a1", "9", {}, 400, "“9” (it has: 0, 1, 2, 3, 4)"),
        ("a1", "", {}, 400, "“”"),
        ("a1", "1", {"version": "1"}, 409, "has changed"),
        ("a1", "1", {"number": 7}, 409, "another page"),
    ],
)
def test_what_cannot_be_saved_is_said(
    item_id: str, option_id: str, page: dict[str, object], status: int, names: str
) -> None:
    attempt = filled("1", "2")
    with pytest.raises(nd.Refusal) as refused:
        give(attempt, item_id, option_id, **page)
    assert refused.value.status == status
    assert names in str(refused.value)
    assert attempt.answers == {"a1": "1", "a2": "2"}


def test_a_page_that_does_not_name_its_attempt_is_believed() -> None:
    assert give(fresh(), "a1", "1", number=None).attempt.answers == {"a1": "1"}


def test_a_very_long_id_is_not_sent_back_whole() -> None:
    with pytest.raises(nd.Refusal) as refused:
        give(fresh(), "x" * 100_000, "1")
    assert len(str(refused.value)) < 400


# --- finishing and starting again -------------------------------------------------------------


def test_finishing_tells_the_result_once() -> None:
    change = end(filled("1", "2", "3", "4"))
    assert change.attempt.completed == NOW
    assert change.events == (
        (
            "smartpd.diagnosis.completed",
            {
                "instrument": "small",
                "version": "2",
                "phase": "entry",
                "points": 10,
                "max_points": 16,
                "level": "high",
                "areas": {"1": 3, "2": 7},
            },
        ),
    )
    assert end(change.attempt).events == ()


def test_open_questions_keep_an_attempt_open() -> None:
    with pytest.raises(nd.Refusal, match="Questions still open: 1") as refused:
        end(filled("1", "2", "3"))
    assert refused.value.status == 400


def test_a_finished_attempt_takes_no_answers() -> None:
    with pytest.raises(nd.Refusal) as refused:
        give(end(filled("1", "2", "3", "4")).attempt, "a1", "4")
    assert refused.value.status == 409


def test_another_instrument_or_version_begins_the_next_attempt() -> None:
    stored = filled("1", "2")
    assert nd.attempt_on(stored, INSTRUMENT) is stored

    newer = nd.attempt_on(stored, replace(INSTRUMENT, version="3"))

    assert (newer.number, newer.version, newer.answers) == (2, "3", {})
    assert nd.attempt_on(nd.Attempt(), INSTRUMENT).number == 1
    assert nd.archived(stored)["answers"] == {"a1": "1", "a2": "2"}


def test_answers_that_the_instrument_does_not_have_are_left_aside() -> None:
    answers = {"b1": "2", "zz": "1", "a1": "17"}
    assert nd.usable_answers(INSTRUMENT, answers) == {"b1": "2"}


# --- the screens ------------------------------------------------------------------------------


def screens(attempt: nd.Attempt, lang: str = "en") -> nd.Questions:
    return nd.questions(INSTRUMENT, FRAMEWORK, attempt.answers, last_area=attempt.area, lang=lang)


def test_one_area_is_one_step_in_the_frameworks_order() -> None:
    view = screens(filled("1"), "uz")
    assert [(step.title, [i.id for i in step.items], step.open) for step in view.steps] == [
        ("Planning uz", ["a1", "a2"], 1),
        ("Teaching uz", ["b1", "b2"], 2),
    ]
    assert [i.number for step in view.steps for i in step.items] == [1, 2, 3, 4]
    assert [option.id for option in view.steps[0].items[0].options if option.chosen] == ["1"]
    assert (view.answered, view.total) == (1, 4)


@pytest.mark.parametrize(
    ("options", "area", "resume_at"),
    [
        ((), "", 1),
        (("1",), "1", 1),
        (("1", "2"), "1", 2),
        (("1", "2", "3"), "2", 2),
        (("1", "2", "3", "4"), "2", 2),
        (("1",), "2", 2),
    ],
)
def test_a_learner_goes_on_where_they_left(options: tuple[str, ...], area: str, resume_at: int) -> None:
    assert screens(replace(filled(*options), area=area)).resume_at == resume_at


def test_after_the_last_area_an_open_question_before_it_comes_up() -> None:
    attempt = replace(fresh(), answers={"a1": "1", "b1": "1", "b2": "1"}, area="2")
    assert screens(attempt).resume_at == 1


# --- the result -------------------------------------------------------------------------------


def results(attempt: nd.Attempt, target: str = "high", lang: str = "en") -> nd.Result:
    score = score_answers(INSTRUMENT, FRAMEWORK, attempt.answers)
    return nd.result(
        score, INSTRUMENT, FRAMEWORK, target=target, lang=lang, radar_title="Areas", radar_description="Table below"
    )


def test_the_result_names_level_target_and_gaps() -> None:
    found = results(filled("4", "4", "0", "1"), lang="ru")

    assert (found.level, found.level_name, found.level_text) == ("high", "Master ру", "Leads others ру")
    assert (found.points, found.max_points, found.percent) == (9, 16, 56)
    assert (found.target, found.target_percent) == ("high", 50)
    assert [(area.area_id, area.percent, area.gap) for area in found.areas] == [("1", 100, 0), ("2", 13, 37)]
    assert [(gap.competency_id, gap.percent, gap.gap) for gap in found.gaps] == [("2.1", 0, 50), ("2.2", 25, 25)]
    assert found.gaps[0].area == "Teaching ру"


def test_equal_gaps_come_in_the_frameworks_order() -> None:
    assert [gap.competency_id for gap in results(filled("0", "0", "0", "0")).gaps] == ["1.1", "2.1", "2.2"]


def test_part_of_the_answers_give_no_level() -> None:
    found = results(filled("4", "4"))
    assert (found.level, found.complete) == ("", False)
    assert [area.percent for area in found.areas] == [100, None]
    assert found.gaps == ()


def test_a_target_that_the_framework_lacks_gives_no_gaps() -> None:
    found = results(filled("0", "0", "0", "0"), target="C9")
    assert (found.target, found.target_percent, found.gaps) == ("", None, ())
    assert {area.gap for area in found.areas} == {None}


def test_the_result_screen_is_honest_about_half_an_area() -> None:
    screen = nd.result_screen(filled("4", "4", "1"), INSTRUMENT, FRAMEWORK, SPEAKER, target="high")

    assert screen["level_line"] == "Your level appears when every question is answered."
    assert screen["points_line"] == "Answered: 3 of 4"
    whole, half = screen["areas"]
    assert (whole["points"], whole["gap"]) == ("8 of 8", "reached")
    assert (half["points"], half["gap"], half["level"]) == ("1 (answered: 1 of 2)", "25% to go", "low (Beginner)")


def test_less_than_half_an_area_has_no_level() -> None:
    one_of_four = nd.Attempt("digcompedu_selfassessment", answers={"i1_1": "3"}, started="2026-10-01T08:00:00+00:00")
    screen = nd.result_screen(
        one_of_four, load_instrument("digcompedu_selfassessment"), load_framework("digcompedu"), SPEAKER, target="B2"
    )
    assert [screen["areas"][0][name] for name in ("percent", "gap", "level")] == [75, "–", "–"]


def test_the_result_screen_says_it_in_words() -> None:
    screen = nd.result_screen(filled("4", "4", "0", "1"), INSTRUMENT, FRAMEWORK, SPEAKER, target="high")

    assert screen["level_line"] == "Your level: high (Master)"
    assert screen["points_line"] == "Points: 9 of 16 (56%)"
    assert screen["target_line"] == "Target of this course: high (Master) (from 50%)"
    assert screen["gaps"][0]["text"] == "You are at 0%; the target is 50% away."


def test_every_phrase_has_only_the_values_that_it_is_given() -> None:
    every_phrase = {**nd.SCREEN_WORDS, **nd.SCRIPT_WORDS}
    for name, words in every_phrase.items():
        fields = [field for _, field, _, _ in string.Formatter().parse(words) if field]
        assert all(field.isidentifier() for field in fields), name
    assert not any("{" in words for words in SPEAKER.plain().values())


# --- whatever is answered ---------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["a1", "a2", "b1", "b2", "zz"]), st.sampled_from(["0", "1", "2", "3", "4", "5"])),
    max_size=12,
)


@given(STEPS)
def test_any_way_through_keeps_the_last_good_answer_to_each_question(steps: list[tuple[str, str]]) -> None:
    attempt, expected, events = fresh(), {}, []
    for item_id, option_id in steps:
        try:
            change = give(attempt, item_id, option_id)
        except nd.Refusal:
            continue
        attempt, expected[item_id] = change.attempt, option_id
        events += [name for name, _ in change.events]

    assert attempt.answers == expected
    assert events.count("smartpd.diagnosis.started") == (1 if expected else 0)
    shown = [o.id for s in screens(attempt).steps for i in s.items for o in i.options if o.chosen]
    assert sorted(shown) == sorted(expected.values())


@given(st.tuples(*[st.sampled_from("01234")] * 4))
def test_gaps_are_largest_first_and_lie_between_nothing_and_the_target(options: tuple[str, ...]) -> None:
    found = results(filled(*options))
    gaps = [gap.gap for gap in found.gaps]
    assert gaps == sorted(gaps, reverse=True)
    assert len(gaps) <= 3
    for gap in found.gaps:
        assert 0 < gap.gap <= 50
        assert abs(gap.percent + gap.gap - 50) <= 1
    assert all(0 <= area.percent <= 100 for area in found.areas)


def test_settings_are_checked_one_by_one() -> None:
    good = {
        "display_name": "Title",
        "instrument": "digcompedu_selfassessment",
        "phase": "exit",
        "target_level": "B2",
    }
    assert nd.settings_problems(**good) == ()
    bad = {"display_name": " ", "instrument": "none", "phase": "later", "target_level": "Z9"}
    named = {"display_name": "Title", "instrument": "Questionnaire", "phase": "Phase", "target_level": "Target level"}
    for name, value in bad.items():
        (problem,) = nd.settings_problems(**{**good, name: value})
        assert str(problem).startswith(f"{named[name]}:")
        assert "accepted" in str(problem) or name == "display_name"
    both = [str(problem) for problem in nd.settings_problems(**{**good, "display_name": "", "phase": ""})]
    assert len(list(itertools.chain(both))) == 2


def test_levels_to_choose_from_are_those_of_the_frameworks() -> None:
    assert nd.level_ids()[:6] == ("A1", "A2", "B1", "B2", "C1", "C2")
