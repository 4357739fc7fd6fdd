"""The needs diagnostic through its handlers, as each role meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from smartpd_analytics.api import load_framework

from tests.xblocks.conftest import Door
from tests.xblocks.needs_diagnostic import INSTRUMENT, VERSION, call, chosen, fill, give, open_block, page
from tests.xblocks.runtime import Site, speaking

GOLDEN = Path(__file__).parent / "test_needs_diagnostic_golden"
pytestmark = pytest.mark.usefixtures("no_plugin")


# --- a learner's way --------------------------------------------------------------------------


def test_the_first_screen_says_what_it_is_for_how_long_and_how_much(site: Site) -> None:
    html = page(site)
    assert "Questions: 22" in html
    assert f"Time: about {INSTRUMENT.minutes} min" in html
    # The guess, and the questions with five answers each.
    assert html.count("<fieldset") == html.count("<legend") == 1 + 22
    assert html.count('type="radio"') == 6 + 110
    assert len(re.findall(r"<section data-step", html)) == 6
    assert "<noscript>" in html


def test_it_speaks_the_readers_language(site: Site) -> None:
    first = INSTRUMENT.items[0].text
    with speaking("uz"):
        assert first["uz"] in page(site, lang="uz")
    with speaking("ru"):
        assert first["ru"] in page(site, lang="ru")


def test_answers_are_kept_and_shown_again(site: Site) -> None:
    assert give(site, "i1_1", "3").json == {"answered": 1, "total": 22, "complete": False}
    assert give(site, "i1_2", "0").json["answered"] == 2

    html = page(site)

    assert chosen(html) == {"i1_1": "3", "i1_2": "0"}
    assert "Answered: 2 of 22" in html
    assert site.stored()["answers"] == {"i1_1": "3", "i1_2": "0"}


def test_nobody_sees_anothers_answers(site: Site) -> None:
    give(site, "i1_1", "3")
    assert chosen(page(site, "other_learner")) == {}
    assert chosen(page(site, "anonymous")) == {}


def test_finishing_gives_the_result_and_completes_the_unit(site: Site) -> None:
    fill(site, "3")

    reply = call(site, "finish")

    assert reply.json["level"] == "C1"
    assert "Your level: C1" in reply.json["html"]
    assert "Points: 66 of 88 (75%)" in reply.json["html"]
    assert "<svg" in reply.json["html"]
    assert reply.json["html"].count('<th scope="row">') == 6
    assert ("completion", {"completion": 1.0}) in site.events
    again = page(site)
    assert 'data-screen="result"' in again
    assert "Your level: C1" in again
    assert again.count("disabled>") > 100


def test_the_three_largest_gaps_are_shown(site: Site) -> None:
    for item in INSTRUMENT.items:
        give(site, item.id, {"i6_5": "0", "i1_1": "1", "i3_2": "1"}.get(item.id, "4"))
    html = call(site, "finish").json["html"]
    framework = load_framework(INSTRUMENT.framework_id)
    titles = {c.id: c.title["en"] for c in framework.competencies}
    found = re.findall(r"<li><strong>(.*?)</strong>", html)
    assert found == [titles["6.5"], titles["1.1"], titles["3.2"]]


def test_who_comes_back_reads_how_far_it_is_and_what_was_read_before_is_folded(site: Site) -> None:
    assert "data-left" not in page(site)
    assert "Questions: 22" in page(site)
    for item in INSTRUMENT.items[:11]:
        give(site, item.id, "2")
    assert "Answered: 11 of 22. Time left: about 6 min" in page(site)
    intro = page(site).split('data-screen="intro"')[1].split("</section>")[0]
    assert (
        intro.index("data-left") < intro.index("<details>") < intro.index("Questions: 22") < intro.index("</details>")
    )
    fill(site)
    intro = page(site).split('data-screen="intro"')[1].split("</section>")[0]
    assert "You have answered all questions." in intro
    assert intro.index("Finish and see my result") < intro.index("Look through my answers")
    assert "Show my result" not in intro


def test_where_the_whole_has_reached_the_target_single_areas_may_not_have(site: Site) -> None:
    fill(site, "3")
    for item in INSTRUMENT.items[:4]:
        give(site, item.id, "1")
    html = call(site, "finish").json["html"]
    assert "On the whole the target is reached. Areas that are still below it: 1" in html
    assert "Your overall level is more dependable." in html


def test_what_is_finished_is_read_and_answered_again_only_when_that_is_confirmed(site: Site) -> None:
    fill(site)
    html = call(site, "finish").json["html"]
    assert html.index("data-retake") < html.index("data-sure hidden") < html.index("data-retake-yes")
    assert "You start with empty answers and cannot come back to these." in html
    assert "data-reading>" in page(site)
    call(site, "retake")
    assert "data-reading hidden>" in page(site)


def test_what_is_reached_stands_alone_in_a_narrow_list(site: Site) -> None:
    fill(site, "4")
    html = call(site, "finish").json["html"]
    assert html.count("<td>reached</td>") == 6
    assert 'data-label="To the target"' not in html


def test_the_result_so_far_can_be_seen_at_any_time(site: Site) -> None:
    assert "No question is answered yet" in call(site, "result").json["html"]
    give(site, "i1_1", "3")
    html = call(site, "result").json["html"]
    assert "Your level appears when every question is answered" in html
    assert "3 (answered: 1 of 4)" in html
    assert "overall level" not in html, "there is none yet"


def test_open_questions_keep_it_open(site: Site) -> None:
    give(site, "i1_1", "3")
    reply = call(site, "finish")
    assert (reply.status, "Questions still open: 21" in reply.error) == (400, True)
    assert not [name for name, _ in site.events if name == "completion"]


def test_answering_again_keeps_what_was_before(site: Site) -> None:
    fill(site)
    call(site, "finish")

    assert call(site, "retake").json == {"version": VERSION, "attempt": 2}
    assert call(site, "retake").json == {"version": VERSION, "attempt": 2}

    stored = site.stored()
    assert stored["answers"] == {}
    assert [(one["number"], len(one["answers"])) for one in stored["earlier"]] == [(1, 22)]
    assert stored["earlier"][0]["completed"]
    assert chosen(page(site)) == {}
    assert give(site, "i1_1", "4", attempt=2).status == 200


def test_an_unfinished_attempt_is_not_thrown_away_by_asking_to_start_again(site: Site) -> None:
    give(site, "i1_1", "3")
    assert call(site, "retake").json["attempt"] == 1
    assert site.stored()["answers"] == {"i1_1": "3"}


def test_a_hidden_result_is_not_sent(site: Site) -> None:
    fill(site)
    open_block(site, "author", settings={"show_results": False})
    reply = call(site, "finish")
    assert reply.json["level"] is None
    assert "Your level" not in reply.json["html"]
    assert "<svg" not in call(site, "result").json["html"]
    assert "<svg" not in page(site)


# --- guessing, measuring, comparing -------------------------------------------------------------


def test_a_guess_is_kept_and_held_against_the_result(site: Site) -> None:
    assert 'data-item="guess"' in page(site)
    assert call(site, "save_guess", level="A2").status == 200
    assert re.search(r'value="A2" checked', page(site))
    fill(site, "3")
    html = call(site, "finish").json["html"]
    assert "You expected A2 (Explorer): your answers show more than you expected." in html
    [guessed] = [data for name, data in site.events if name == "smartpd.diagnosis.guessed"]
    assert (guessed["level"], guessed["phase"], guessed["version"]) == ("A2", "entry", VERSION)


@pytest.mark.parametrize(("guess", "words"), [("C1", "just what came out"), ("C2", "more of yourself")])
def test_a_guess_that_is_right_or_high_is_said(site: Site, guess: str, words: str) -> None:
    call(site, "save_guess", level=guess)
    fill(site, "3")
    assert words in call(site, "finish").json["html"]


def test_after_the_first_answer_there_is_no_guessing_any_more(site: Site) -> None:
    call(site, "save_guess", level="A2")
    give(site, "i1_1", "3")
    assert call(site, "save_guess", level="C2").status == 409
    assert site.stored()["guess"] == "A2"
    # Sent twice over a bad line it is the same guess.
    assert call(site, "save_guess", level="A2").status == 200


def test_a_level_that_there_is_not_cannot_be_guessed(site: Site) -> None:
    reply = call(site, "save_guess", level="Z9")
    assert reply.status == 400
    assert "Z9" in reply.error
    assert "A1, A2, B1, B2, C1, C2" in reply.error


def test_the_course_team_may_not_ask_for_a_guess(site: Site) -> None:
    open_block(site, "author", settings={"ask_guess": False})
    assert 'data-item="guess"' not in page(site)


def test_the_error_of_measurement_is_told(site: Site) -> None:
    fill(site, "3")
    html = call(site, "finish").json["html"]
    assert re.search(r"Allowing for the error of measurement: (between [ABC][12] .* and [ABC][12]|[ABC][12])", html)


def test_the_last_time_stands_beside_this_time(site: Site) -> None:
    fill(site, "1")
    assert "Last time" not in call(site, "finish").json["html"]
    call(site, "retake")
    for item in INSTRUMENT.items:
        give(site, item.id, "3" if item.id.startswith("i1") else "1", attempt=2)
    html = call(site, "finish").json["html"]
    assert "Last time and now" in html
    assert "A difference may also come from answering twice" in html
    # What is answered twice within the same phase is no gain.
    assert "gained most" not in html
    assert "<strong>+50 points, clear</strong>" in html
    assert html.count("no change") == 5
    assert re.search(r"<li>[A-Z]\w+\.? \d+, 20\d\d: A2, 22 of 88 points</li>", html)


def test_what_was_answered_can_be_taken_home_as_a_table(site: Site) -> None:
    give(site, "i1_1", "3")
    reply = site.post(open_block(site), "own_answers", {}, method="GET")
    lines = reply.text.lstrip("\ufeff").splitlines()
    assert reply.status == 200
    assert len(lines) == 23
    assert lines[0] == "Area,Question,Answer,Points"
    assert lines[1].endswith(",3")
    assert lines[2].endswith(",,")


@pytest.mark.parametrize("role", ["anonymous", "not_enrolled"])
def test_nobody_else_takes_a_table(site: Site, role: str) -> None:
    give(site, "i1_1", "3")
    assert site.post(open_block(site, role), "own_answers", {}, method="GET").status in (401, 403)


# --- what cannot be saved ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"item": "i9_9", "option": "1", "version": VERSION}, 400),
        ({"item": "i1_2", "option": "7", "version": VERSION}, 400),
        ({"item": "i1_2", "option": 1, "version": VERSION}, 400),
        ({"item": ["i1_2"], "option": "1", "version": VERSION}, 400),
        ({"item": "i1_2", "option": "1"}, 400),
        ({"item": "i1_2", "option": "1", "version": VERSION, "attempt": "1"}, 400),
        ({"item": "i1_2", "option": "1", "version": VERSION, "attempt": True}, 400),
        ([1, 2], 400),
        (None, 400),
        (b"{", 400),
        ({"item": "i1_2", "option": "1", "version": "0"}, 409),
        ({"item": "i1_2", "option": "1", "version": VERSION, "attempt": 5}, 409),
    ],
)
def test_bad_input_is_said_and_costs_nothing(site: Site, sent: Any, status: int) -> None:
    give(site, "i1_1", "3")
    before, events = site.stored(), list(site.events)

    reply = site.post(open_block(site), "save_answer", sent)

    assert reply.status == status
    assert reply.error
    assert "Traceback" not in reply.error
    assert (site.stored(), site.events) == (before, events)


def test_the_same_answer_twice_is_saved_once(site: Site) -> None:
    give(site, "i1_1", "3")
    events = list(site.events)
    assert give(site, "i1_1", "3").json == {"answered": 1, "total": 22, "complete": False}
    assert site.events == events


def test_after_finishing_an_answer_is_refused_and_the_result_stays(site: Site) -> None:
    fill(site)
    call(site, "finish")
    before = site.stored()
    assert give(site, "i1_1", "4").status == 409
    assert site.stored() == before


def test_finishing_twice_completes_once(site: Site) -> None:
    fill(site)
    assert call(site, "finish").status == call(site, "finish").status == 200
    names = [name for name, _ in site.events]
    assert names.count("smartpd.diagnosis.completed") == names.count("completion") == 1


@pytest.mark.parametrize("handler", ["save_answer", "finish", "retake", "result"])
def test_handlers_take_posts_only(site: Site, handler: str) -> None:
    assert site.post(open_block(site), handler, {}, method="GET").status == 405


def test_text_sent_by_a_learner_is_escaped(site: Site) -> None:
    reply = give(site, "<img src=x onerror=alert(1)>", "1")
    assert reply.status == 400
    # The script shows it by textContent; nothing of it ever reaches a page.
    assert "onerror" not in page(site)


# --- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("handler", ["save_answer", "finish", "retake"])
@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 401), ("not_enrolled", 403), ("author", 403), ("stranger", 403)]
)
def test_who_may_not_write_changes_nothing(site: Site, role: str, status: int, handler: str) -> None:
    reply = call(site, handler, role=role, item="i1_1", option="3")
    assert (reply.status, bool(reply.error)) == (status, True)
    assert site.store.texts == {}
    assert site.events == []


@pytest.mark.parametrize("role", ["anonymous", "not_enrolled", "author", "stranger"])
def test_who_may_not_write_can_read_and_is_told(site: Site, role: str) -> None:
    html = page(site, role)
    assert "data-read-only" in html
    assert INSTRUMENT.items[21].text["en"] in html
    assert html.count("disabled>") >= 110


@pytest.mark.parametrize("role", ["anonymous", "not_enrolled"])
def test_results_are_for_learners_of_the_course(site: Site, role: str) -> None:
    assert call(site, "result", role=role).status in (401, 403)


def test_staff_are_learners_too(site: Site) -> None:
    assert give(site, "i1_1", "3", role="staff").status == 200
    assert "data-read-only" not in page(site, "staff")


def test_it_works_in_the_bare_workbench(site: Site) -> None:
    assert give(site, "i1_1", "3", role="sdk").status == 200
    assert chosen(page(site, "sdk")) == {"i1_1": "3"}


def test_staff_who_look_as_a_learner_see_all_and_write_nothing(site: Site, door: Door) -> None:
    door.read_only = True
    assert call(site, "save_answer", role="masquerade", item="i1_1", option="3").status == 403
    assert "data-read-only" in page(site, "masquerade")
    assert call(site, "result", role="masquerade").status == 200
    assert (door.diagnoses, site.events) == ([], [])


# --- events -----------------------------------------------------------------------------------


def test_events_of_one_way_through(site: Site) -> None:
    give(site, "i1_1", "3")
    give(site, "i1_1", "2")
    fill(site, "2")
    call(site, "finish")
    seen = [{"name": name, "event": event} for name, event in site.events]

    shown = [*seen[:3], *seen[-3:]]

    assert [one["name"] for one in seen].count("smartpd.diagnosis.answered") == 23
    assert shown == json.loads((GOLDEN / "events.json").read_text(encoding="utf-8"))


# --- when the instrument changes --------------------------------------------------------------


def test_an_unknown_instrument_is_said_to_each_in_their_words(site: Site) -> None:
    open_block(site, "author", settings={"instrument": "gone"})
    learner, staff, author = page(site), page(site, "staff"), page(site, "author", view="author_view")
    assert "not available at the moment" in learner
    assert "gone" not in learner
    assert "gone" in staff
    assert "accepted: digcompedu_selfassessment" in author
    reply = give(site, "i1_1", "3")
    assert (reply.status, site.stored()) == (409, {})
    assert open_block(site).student_view_data()["available"] is False
    assert open_block(site).index_dictionary()["content"] == {"display_name": "Where do you stand?"}


def test_answers_to_a_withdrawn_version_go_into_the_history(site: Site) -> None:
    give(site, "i1_1", "3")
    block = open_block(site)
    block.instrument_version = "0"
    block.save()

    html = page(site)
    assert "The questionnaire has changed since you last answered" in html
    assert chosen(html) == {}
    assert give(site, "i2_1", "1", version="0").status == 409
    assert site.stored()["answers"] == {"i1_1": "3"}

    assert give(site, "i2_1", "1", attempt=2).status == 200
    stored = site.stored()
    assert stored["answers"] == {"i2_1": "1"}
    assert stored["earlier"][0]["answers"] == {"i1_1": "3"}
    assert stored["earlier"][0]["version"] == "0"
