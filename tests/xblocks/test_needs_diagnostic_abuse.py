"""What nobody should do to the needs diagnostic: each time a clear message, nothing lost, nothing leaked."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smartpd_analytics.api import load_framework, load_instrument, use_folder
from smartpd_analytics.frameworks import _catalogue

from tests.analytics.frameworks.own_files import FRAMEWORK, knowledge_test
from tests.xblocks.needs_diagnostic import INSTRUMENT, VERSION, call, fill, give, open_block, page
from tests.xblocks.runtime import COURSE, Site, speaking

pytestmark = pytest.mark.usefixtures("no_plugin")
OWN = "own_knowledge_test"
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>{{ x }}{% now "Y" %}\' onclick=alert(2) "'


@pytest.fixture
def own(tmp_path: Path, site: Site) -> Iterator[Callable[..., None]]:
    """Puts an institution's own instrument (and framework) on the site and into the block."""

    def put(change: Callable[[dict[str, Any]], None] = lambda _document: None, framework: Any = FRAMEWORK) -> None:
        document = knowledge_test()
        change(document)
        (tmp_path / "national.json").write_text(json.dumps(framework), encoding="utf-8")
        (tmp_path / f"{OWN}.v1.json").write_text(json.dumps(document), encoding="utf-8")
        use_folder(tmp_path)
        open_block(site, "author", settings={"instrument": OWN, "target_level": "L2", "ask_guess": False})

    yield put
    if tmp_path in _catalogue._own_folders:
        _catalogue._own_folders.remove(tmp_path)
    for cached in (load_framework, _catalogue._bundled_instrument, _catalogue._kind_of):
        cached.cache_clear()
    _catalogue._framework_files.cache_clear()
    _catalogue._instrument_files.cache_clear()


# --- instruments that are none ------------------------------------------------------------------


def no_items(document: dict[str, Any]) -> None:
    document["items"] = []


def same_id_twice(document: dict[str, Any]) -> None:
    document["items"][1]["id"] = document["items"][0]["id"]


def same_option_twice(document: dict[str, Any]) -> None:
    document["items"][0]["options"][1]["id"] = document["items"][0]["options"][0]["id"]


def cuts_out_of_order(document: dict[str, Any]) -> None:
    document["cut_scores"] = [0, 4, 2]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (no_items, "items"),
        (same_id_twice, "stands here a second time"),
        (same_option_twice, "stands here a second time"),
        (cuts_out_of_order, "2 stands after 4"),
    ],
)
def test_a_broken_instrument_is_said_plainly_to_learners_and_exactly_to_the_team(
    site: Site, own: Callable[..., None], change: Callable[[dict[str, Any]], None], named: str
) -> None:
    give(site, "i1_1", "3")
    before = site.stored()
    own(change)
    learner, team, studio = page(site), page(site, "staff"), page(site, "author", view="author_view")
    assert named not in learner
    assert "smartpd-notice" in learner
    assert "data-item" not in learner
    assert named in html.unescape(team)
    assert named in html.unescape(studio)
    for handler, data in (("save_answer", {"item": "one", "option": "a"}), ("finish", {}), ("result", {})):
        reply = call(site, handler, **data)
        assert reply.status == 409
        assert reply.error
        assert named not in reply.error
    # What was answered before is still there.
    assert site.stored() == before
    # It can be neither exported by mistake nor break search, apps and reports.
    block = open_block(site)
    assert block.student_view_data()["available"] is False
    assert block.index_dictionary()["content"]["display_name"]
    assert block.max_score() is None


def test_one_level_is_said_to_be_too_few(site: Site, own: Callable[..., None]) -> None:
    own(framework={**FRAMEWORK, "levels": FRAMEWORK["levels"][:1]})
    assert "levels" in html.unescape(page(site, "staff"))
    assert "data-item" not in page(site)
    assert call(site, "finish").status == 409


def test_five_hundred_items_are_shown_and_answered_in_time(site: Site, own: Callable[..., None]) -> None:
    def grow(document: dict[str, Any]) -> None:
        first = document["items"][0]
        document["items"] = [{**first, "id": f"q{number}"} for number in range(500)]
        document["cut_scores"] = [0, 100, 400]

    own(grow)
    version = load_instrument(OWN).version
    started = time.process_time()
    shown = page(site)
    assert shown.count("data-item=") == 500
    reply = give(site, "q499", "a", version=version)
    assert reply.json == {"answered": 1, "total": 500, "complete": False}
    # Loading it included; a page of 22 items takes some milliseconds.
    assert time.process_time() - started < 10
    assert "Answered: 1 of 500" in page(site)


# --- scripts in texts ---------------------------------------------------------------------------


def with_scripts(document: dict[str, Any]) -> None:
    words = {"en": SCRIPT, "ru": SCRIPT, "uz": SCRIPT}
    document["title"] = document["intro"] = words
    for item in document["items"]:
        item["text"] = words
        item["help"] = words
        if "scenario" in item:
            item["scenario"] = words
        for option in item["options"]:
            option["text"] = words


def scripted_framework() -> dict[str, Any]:
    framework = json.loads(json.dumps(FRAMEWORK))
    words = {"en": SCRIPT, "ru": SCRIPT, "uz": SCRIPT}
    for area in framework["areas"]:
        area["title"] = area["description"] = words
        for competency in area["competencies"]:
            competency["title"] = words
    for level in framework["levels"]:
        level["name"] = level["description"] = words
    return framework


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_scripts_in_items_areas_and_levels_stay_text(site: Site, own: Callable[..., None], lang: str) -> None:
    own(with_scripts, scripted_framework())
    instrument = load_instrument(OWN)
    open_block(site, "author", settings={"display_name": SCRIPT, "ask_guess": True})
    with speaking(lang):
        shown = [
            page(site, lang=lang),
            page(site, "author", view="author_view"),
            page(site, "author", view="studio_view"),
        ]
        for item in instrument.items:
            option = "+".join(option.id for option in item.options) if item.kind == "order" else item.options[0].id
            assert give(site, item.id, option, version=instrument.version).status == 200, item
        finished = call(site, "finish", version=instrument.version)
        assert finished.status == 200, finished.text
        shown += [finished.json["html"], page(site, lang=lang)]
    for each in shown:
        assert "alert" in each
        assert "<script>alert" not in each
        assert "<img" not in each
        assert '" onclick' not in each
        assert "' onclick" not in each
    table = site.post(open_block(site), "own_answers", {}, method="GET")
    assert table.status == 200


def test_a_title_with_scripts_stays_text_in_a_broken_block_too(site: Site) -> None:
    open_block(site, "author", settings={"display_name": SCRIPT, "instrument": SCRIPT})
    for role in ("learner", "staff"):
        shown = page(site, role)
        assert "<script>alert" not in shown
        assert "<img" not in shown


# --- other people's things -----------------------------------------------------------------------


def test_an_option_of_another_question_is_refused(site: Site, own: Callable[..., None]) -> None:
    own()
    items = load_instrument(OWN).items
    version = load_instrument(OWN).version
    first = items[0]
    others = {option.id for item in items for option in item.options} - {option.id for option in first.options}
    for foreign in (*sorted(others), "4", f"{first.options[0].id}+{first.options[1].id}", "", " "):
        reply = give(site, first.id, foreign, version=version)
        assert reply.status == 400
        assert "nothing was saved" in reply.error
        assert all(option.id in reply.error for option in first.options)
    assert site.stored() == {}


@pytest.mark.parametrize("name", ["user_id", "username", "student", "learner", "user", "anonymous_user_id"])
@pytest.mark.parametrize("handler", ["save_answer", "result", "finish", "retake", "own_answers"])
def test_naming_somebody_else_reaches_only_oneself(site: Site, name: str, handler: str) -> None:
    fill(site, "4")
    call(site, "finish")
    before = site.stored()
    method = "GET" if handler == "own_answers" else "POST"
    data = {name: 7, "item": "i1_1", "option": "0", "version": VERSION}
    reply = site.post(open_block(site, "other_learner"), handler, data, method=method)
    assert site.stored() == before
    for secret in ("C2", "Expert", INSTRUMENT.items[0].options[4].text["en"], ",4\r\n"):
        assert secret not in reply.text
    assert COURSE not in reply.text


def test_a_learners_page_names_nobody(site: Site) -> None:
    """Neither page nor arguments hold an account: pages are kept by browsers that several people use."""
    fragment = open_block(site).student_view()
    text = fragment.content + json.dumps(fragment.json_init_args)
    assert '"learner"' not in text
    assert "user_id" not in text
