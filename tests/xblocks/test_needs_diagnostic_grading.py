"""Grades, attempts and closing of the needs diagnostic, as the platform asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from smartpd_analytics.api import load_instrument, say_day
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from xblock.scorable import Score

from tests.xblocks.needs_diagnostic import INSTRUMENT, call, fill, give, open_block, page
from tests.xblocks.runtime import Site, StoreDown

pytestmark = pytest.mark.usefixtures("no_plugin")
MAX = float(INSTRUMENT.max_points)
KNOWLEDGE = "digital_teaching_test"


@pytest.fixture(autouse=True)
def clock_of_the_site() -> Iterator[None]:
    with timezone.override("UTC"):
        yield


def graded(site: Site, by: str, **settings: Any) -> None:
    open_block(site, "author", settings={"graded_by": by, **settings})


def grades(site: Site) -> list[tuple[float, float]]:
    return [(data["value"], data["max_value"]) for name, data in site.events if name == "grade"]


def answer_all(site: Site, option: str, attempt: int = 1) -> None:
    for item in INSTRUMENT.items:
        assert give(site, item.id, option, attempt=attempt).status == 200


def closing(monkeypatch: pytest.MonkeyPatch, **due: Any) -> datetime:
    """The subsection's due date, as the platform's inheritance gives it to the block."""
    moment = datetime.now(UTC) + timedelta(**due)
    monkeypatch.setattr(NeedsDiagnosticBlock, "due", moment, raising=False)
    return moment


# --- what brings points -----------------------------------------------------------------------


def test_by_itself_nothing_is_graded(site: Site) -> None:
    fill(site)
    assert call(site, "finish").status == 200
    block = open_block(site)
    assert (block.has_score, block.max_score(), block.allows_rescore()) == (False, None, False)
    assert grades(site) == []
    assert "raw_earned" not in site.stored()
    assert "Nobody grades them" in page(site)


def test_having_answered_brings_all_points_whatever_was_answered(site: Site) -> None:
    graded(site, "completion", weight=5)
    assert open_block(site).max_score() == 1.0
    html = page(site)
    assert "answering everything brings 5 points" in html
    assert "Nobody grades" not in html
    fill(site, "0")
    assert grades(site) == []
    call(site, "finish")
    assert grades(site) == [(1.0, 1.0)]
    # Pressed twice, told once.
    call(site, "finish")
    assert grades(site) == [(1.0, 1.0)]


def test_the_result_brings_its_share_and_the_platform_applies_the_weight(site: Site) -> None:
    graded(site, "score", weight=2.5)
    assert "your result brings up to 2.5 points" in page(site)
    assert open_block(site).max_score() == MAX
    fill(site, "3")
    call(site, "finish")
    assert grades(site) == [(MAX * 3 / 4, MAX)]
    assert open_block(site).get_score() == Score(MAX * 3 / 4, MAX)


def test_the_best_attempt_counts(site: Site) -> None:
    graded(site, "score")
    answer_all(site, "3")
    call(site, "finish")
    call(site, "retake")
    answer_all(site, "1", attempt=2)
    call(site, "finish")
    assert grades(site) == [(MAX * 3 / 4, MAX)]
    call(site, "retake")
    answer_all(site, "4", attempt=3)
    call(site, "finish")
    assert grades(site) == [(MAX * 3 / 4, MAX), (MAX, MAX)]


def test_the_grade_and_the_state_are_saved_together_or_not_at_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    graded(site, "score")
    fill(site, "3")

    def fails(_self: Any, _block: Any, event_type: str, _data: Any) -> None:
        if event_type == "grade":
            raise StoreDown(event_type)

    with monkeypatch.context() as broken:
        broken.setattr("tests.xblocks.runtime.SiteRuntime.publish", fails)
        reply = call(site, "finish")
    assert reply.status == 503
    assert len(site.stored()["answers"]) == 22
    # The memory store of the tests has no transaction; of the database's, test_needs_diagnostic_plugin tells.
    assert call(site, "finish").status == 200


# --- rescoring --------------------------------------------------------------------------------


def test_rescoring_gives_what_the_answers_are_worth_now(site: Site) -> None:
    fill(site, "2")
    call(site, "finish")
    assert grades(site) == []
    # Graded only after learners have finished: rescoring brings the grades in.
    graded(site, "score")
    block = open_block(site)
    assert block.has_submitted_answer()
    block.rescore(only_if_higher=False)
    block.save()
    assert grades(site) == [(MAX / 2, MAX)]
    assert open_block(site).get_score() == Score(MAX / 2, MAX)


def test_calculating_changes_nothing(site: Site) -> None:
    graded(site, "score")
    fill(site, "2")
    call(site, "finish")
    before = site.stored()
    block = open_block(site)
    assert block.calculate_score() == Score(MAX / 2, MAX)
    block.save()
    assert site.stored() == before


@pytest.mark.parametrize("weight", [1.0, 10.0, 0.5])
def test_the_course_teams_own_score_holds_against_a_worse_one(site: Site, weight: float) -> None:
    graded(site, "score", weight=weight)
    answer_all(site, "1")
    call(site, "finish")
    block = open_block(site)
    # The platform hands over score and maximum divided by the weight.
    block.set_score(Score(raw_earned=0.9 * MAX / weight, raw_possible=MAX / weight))
    block.publish_grade()
    block.save()
    earned, possible = grades(site)[-1]
    assert earned / possible == pytest.approx(0.9)
    call(site, "retake")
    answer_all(site, "3", attempt=2)
    call(site, "finish")
    assert len(grades(site)) == 2
    block = open_block(site)
    block.rescore(only_if_higher=True)
    assert len(grades(site)) == 2
    block.rescore(only_if_higher=False)
    assert grades(site)[-1] == (MAX * 3 / 4, MAX)


def test_rescoring_says_why_it_cannot(site: Site) -> None:
    with pytest.raises(TypeError, match="not graded"):
        open_block(site).rescore(only_if_higher=False)
    graded(site, "score")
    give(site, "i1_1", "3")
    block = open_block(site)
    assert not block.has_submitted_answer()
    with pytest.raises(ValueError, match="not finished"):
        block.rescore(only_if_higher=False)


def test_answers_to_a_version_that_is_gone_keep_their_score(site: Site) -> None:
    graded(site, "score")
    fill(site, "3")
    call(site, "finish")
    block = open_block(site)
    block.instrument_version = "0.0"
    block.rescore(only_if_higher=False)
    assert grades(site)[-1] == (MAX * 3 / 4, MAX)


def test_an_attempt_that_is_under_way_leaves_the_last_ones_grade(site: Site) -> None:
    graded(site, "completion")
    fill(site, "3")
    call(site, "finish")
    call(site, "retake")
    give(site, "i1_1", "0", attempt=2)
    block = open_block(site)
    assert block.has_submitted_answer()
    block.rescore(only_if_higher=False)
    assert grades(site)[-1] == (1.0, 1.0)


# --- how often --------------------------------------------------------------------------------


def test_attempts_end_where_the_course_team_says(site: Site) -> None:
    graded(site, "score", max_attempts=2)
    assert "Attempts: at most 2. The best one counts." in page(site)
    fill(site)
    assert "data-retake" in call(site, "finish").json["html"]
    assert call(site, "retake").status == 200
    answer_all(site, "3", attempt=2)
    assert "data-retake" not in call(site, "finish").json["html"]
    before = site.stored()
    reply = call(site, "retake")
    assert reply.status == 403
    assert "all attempts (2)" in reply.error
    assert site.stored() == before


# --- until when -------------------------------------------------------------------------------


def test_before_it_closes_the_learner_reads_until_when(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = closing(monkeypatch, days=1)
    assert f"Open until {say_day(moment.date(), 'en')}, {moment:%H:%M} (UTC)" in page(site)
    assert give(site, "i1_1", "3").status == 200


@pytest.mark.parametrize(
    ("handler", "data"),
    [
        ("save_answer", {"item": "i1_2", "option": "3"}),
        ("save_answer", {"item": "i1_1", "option": "0"}),
        ("finish", {}),
        ("save_guess", {"level": "B1"}),
    ],
)
def test_after_closing_nothing_is_taken_and_all_is_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch, handler: str, data: dict[str, str]
) -> None:
    if handler == "finish":
        fill(site)
    elif handler == "save_answer":
        give(site, "i1_1", "3")
    before, events = site.stored() if site.store.texts else {}, list(site.events)
    moment = closing(monkeypatch, minutes=-5)
    reply = call(site, handler, **data)
    assert reply.status == 403
    assert f"Answering ended on {say_day(moment.date(), 'en')}, {moment:%H:%M}" in reply.error
    assert "kept" in reply.error
    assert (site.stored(), site.events) == (before, events)


def test_a_closed_page_shows_what_was_answered_and_offers_nothing_to_press(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(site, "i1_1", "3")
    closing(monkeypatch, hours=-1)
    html = page(site)
    assert "Answering ended on" in html
    assert 'value="3" checked disabled' in html
    assert 'data-item="guess"' not in html
    assert open_block(site).student_view().json_init_args["locked"] is True
    # What there is of a result can still be seen.
    assert "answered: 1 of 4" in call(site, "result").json["html"]


def test_the_result_stays_and_no_new_attempt_begins_after_closing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site, "3")
    call(site, "finish")
    closing(monkeypatch, hours=-1)
    html = page(site)
    assert "Your level: C1" in html
    assert "data-retake" not in html
    assert call(site, "retake").status == 403
    # Sent again over a bad line, what was saved in time is no late answer.
    assert call(site, "finish").json["level"] == "C1"


def test_the_grace_period_counts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    closing(monkeypatch, minutes=-5)
    monkeypatch.setattr(NeedsDiagnosticBlock, "graceperiod", timedelta(minutes=10), raising=False)
    assert give(site, "i1_1", "3").status == 200
    monkeypatch.setattr(NeedsDiagnosticBlock, "graceperiod", timedelta(minutes=1), raising=False)
    assert give(site, "i1_2", "3").status == 403


def test_times_are_those_of_the_learners_clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NeedsDiagnosticBlock, "due", datetime(2100, 1, 1, 20, tzinfo=UTC), raising=False)
    block = open_block(site)
    users = block.runtime.service(block, "user")
    account = users.get_current_user()
    account.opt_attrs["edx-platform.user_preferences"] = {"time_zone": "Asia/Tashkent"}
    monkeypatch.setattr(users, "get_current_user", lambda: account)
    assert block.grading_facts() == ["Open until Jan. 2, 2100, 01:00 (Asia/Tashkent)"]
    account.opt_attrs["edx-platform.user_preferences"] = {"time_zone": "../etc/passwd"}
    assert block.grading_facts() == ["Open until Jan. 1, 2100, 20:00 (UTC)"]


# --- the form ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"graded_by": "luck"}, "Graded:"),
        ({"weight": -1}, "Points:"),
        ({"weight": "Infinity"}, "Points:"),
        ({"weight": "five"}, "wrong kind"),
        ({"max_attempts": 0}, "Maximum attempts:"),
        ({"max_attempts": "2.5"}, "wrong kind"),
    ],
)
def test_bad_settings_are_said_at_their_field(site: Site, values: dict[str, Any], named: str) -> None:
    reply = site.post(open_block(site, "author"), "submit_studio_edits", {"values": values})
    assert reply.status == 400
    ((field, said),) = reply.json["fields"].items()
    assert field in values
    assert named in said[0]


def test_the_course_team_reads_in_studio_what_learners_are_told(site: Site) -> None:
    graded(site, "score", weight=2.5, max_attempts=2)
    html = page(site, "author", view="author_view")
    assert "your result brings up to 2.5 points" in html
    assert "Attempts: at most 2" in html


def test_settings_are_saved_as_a_form_sends_them(site: Site) -> None:
    values = {"graded_by": "score", "weight": "2.5", "max_attempts": "3"}
    assert site.post(open_block(site, "author"), "submit_studio_edits", {"values": values}).status == 200
    block = open_block(site)
    assert (block.graded_by, block.weight, block.max_attempts) == ("score", 2.5, 3)
    assert site.post(open_block(site, "author"), "submit_studio_edits", {"values": {"max_attempts": ""}}).status == 200
    assert open_block(site).max_attempts is None


def test_a_knowledge_test_has_the_maximum_of_its_own_points(site: Site) -> None:
    graded(site, "score", instrument=KNOWLEDGE)
    assert open_block(site).max_score() == load_instrument(KNOWLEDGE).max_points
    graded(site, "score", instrument="gone")
    assert open_block(site).max_score() is None
