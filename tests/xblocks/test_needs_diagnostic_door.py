"""The needs diagnostic and the door of the plugin, which a stand-in answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from smartpd_analytics.api import ContentUnit, load_framework, score_answers
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.conftest import Door
from tests.xblocks.needs_diagnostic import INSTRUMENT, VERSION, call, fill, give, open_block
from tests.xblocks.runtime import COURSE, Site

pytestmark = pytest.mark.usefixtures("no_plugin")


# --- the plugin -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_each_answer_reaches_the_plugin(site: Site, door: Door) -> None:
    give(site, "i1_1", "3")
    give(site, "i1_1", "3")
    give(site, "i1_2", "1")

    usage = "block-v1:SmartPD+DC101+demo+type@needsdiagnosticblock+block@one"
    framework = load_framework(INSTRUMENT.framework_id)
    assert door.diagnoses == [
        (7, COURSE, usage, "entry", score_answers(INSTRUMENT, framework, {"i1_1": "3"})),
        (7, COURSE, usage, "entry", score_answers(INSTRUMENT, framework, {"i1_1": "3", "i1_2": "1"})),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_the_plugin_cannot_take_is_not_kept_by_halves(
    site: Site, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    give(site, "i1_1", "3")
    before, events = site.stored(), list(site.events)
    door.matter = RuntimeError("the database is gone")

    reply = give(site, "i1_2", "1")

    assert reply.status == 503
    assert "Your earlier answers are kept" in reply.error
    assert "database" not in reply.error
    assert "the database is gone" in caplog.text
    assert (site.stored(), site.events) == (before, events)
    door.matter = None
    assert give(site, "i1_2", "1").status == 200
    assert site.stored()["answers"] == {"i1_1": "3", "i1_2": "1"}


@pytest.mark.django_db(transaction=True)
def test_state_that_cannot_be_saved_is_said(site: Site, door: Door) -> None:
    block = open_block(site)
    site.store.down = True
    reply = site.post(block, "save_answer", {"item": "i1_1", "option": "3", "version": VERSION})
    assert reply.status == 503
    assert site.stored() == {}
    assert site.events == []


@pytest.mark.django_db(transaction=True)
def test_the_result_names_what_to_do_next(site: Site, door: Door) -> None:
    door.actions = (
        SimpleNamespace(
            title={"en": "Quiz <1>"},
            reason={"en": "You failed it twice."},
            minutes=10,
            link="/jump/1",
            first="block-v1:x",
            first_title={"en": "Video"},
            target="block-v1:quiz",
        ),
        SimpleNamespace(target="block-v1:SmartPD+DC101+demo+type@needsdiagnosticblock+block@one"),
    )
    give(site, "i1_1", "3")
    html = call(site, "result").json["html"]
    assert '<a href="/jump/1" target="_top">Quiz &lt;1&gt;</a>' in html
    assert "You failed it twice." in html
    assert "about 10 min" in html
    assert "First: Video" in html
    assert 'href="/courses/x/smartpd/" target="_top"' in html
    assert html.count('target="_top"') == 2, "answering again has a button of its own here"


@pytest.mark.django_db(transaction=True)
def test_a_need_that_no_unit_of_the_course_trains_is_said_to_be_so(site: Site, door: Door) -> None:
    words = "This course has no unit for it."
    fill(site, "1")
    door.units = ()
    assert words not in call(site, "finish").json["html"]
    door.units = (ContentUnit("u", {}, competencies=("1.1",)),)
    html = call(site, "result").json["html"]
    assert html.count(words) == 2, "of the three largest needs one is trained"


@pytest.mark.django_db(transaction=True)
def test_a_result_that_may_have_been_given_in_haste_says_so(site: Site, door: Door) -> None:
    fill(site, "1")
    assert "All answers are the same" in call(site, "finish").json["html"]


@pytest.mark.django_db(transaction=True)
def test_the_result_shows_without_recommendations(site: Site, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    give(site, "i1_1", "3")
    door.matter = RuntimeError("no rules")
    html = call(site, "result").json["html"]
    assert "Result by area" in html
    assert "What to do next" not in html
    assert "no rules" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_bare_workbench_has_no_account_for_the_plugin(site: Site, door: Door) -> None:
    assert give(site, "i1_1", "3", role="sdk").status == 200
    assert door.diagnoses == []


@pytest.mark.django_db(transaction=True)
def test_the_plugin_hears_until_when_it_can_be_answered_again(
    site: Site, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(site, "i1_1", "3")
    assert door.again_until is None
    due = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(NeedsDiagnosticBlock, "due", due, raising=False)
    give(site, "i1_1", "2")
    assert door.again_until == due
    open_block(site, "author", settings={"max_attempts": 2})
    fill(site)
    call(site, "finish")
    assert door.again_until == due, "one attempt is left"
    assert call(site, "retake").status == 200
    give(site, "i1_1", "3", attempt=2)
    assert door.again_until <= datetime.now(UTC), "this is the last one"
