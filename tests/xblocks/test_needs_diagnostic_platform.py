"""The needs diagnostic where the platform takes it elsewhere: export, rerun, library, search, apps, reports."""

from __future__ import annotations

import csv
import io
import json
from collections import namedtuple
from typing import Any

import pytest
from lxml import etree
from opaque_keys.edx.keys import UsageKey
from smartpd_analytics.api import load_instrument
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from xblock.fields import Scope, ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import KvsFieldData, NullI18nService

from tests.xblocks.needs_diagnostic import INSTRUMENT, call, fill, give, open_block, page
from tests.xblocks.runtime import COURSE, Site, SiteRuntime, speaking

pytestmark = pytest.mark.usefixtures("no_plugin")
KNOWLEDGE = "digital_teaching_test"
#: As ``edx_user_state_client`` has it.
XBlockUserState = namedtuple("XBlockUserState", ["username", "block_key", "state", "updated", "scope"])


# --- export and import, rerun -----------------------------------------------------------------

SETTINGS = {
    "display_name": "Qayerdasiz? Oʻzbekcha “<&>”",
    "instrument": KNOWLEDGE,
    "phase": "exit",
    "target_level": "C1",
    "show_results": False,
    "ask_guess": False,
    "graded_by": "score",
    "weight": 2.5,
    "max_attempts": 3,
}


def exported(block: Any) -> str:
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    return etree.tostring(node, encoding="unicode")


def imported(site: Site, text: str, usage: str) -> Any:
    """As the platform's import reads a block into a course, new or the same."""
    runtime = site.open(NeedsDiagnosticBlock, name="another").runtime
    key = UsageKey.from_string(usage)
    ids = ScopeIds(None, key.block_type, key, key)
    return NeedsDiagnosticBlock.parse_xml(etree.fromstring(text), runtime, ids)


def test_settings_come_back_from_an_export_unchanged(site: Site) -> None:
    text = exported(open_block(site, "author", settings=SETTINGS))
    copy = imported(site, text, f"block-v1:{COURSE.removeprefix('course-v1:')}+type@smartpd_needs_diagnostic+block@x")
    assert {name: getattr(copy, name) for name in SETTINGS} == SETTINGS
    assert dict(etree.fromstring(exported(copy)).attrib) == dict(etree.fromstring(text).attrib)


def test_an_export_of_an_unedited_block_holds_no_setting(site: Site) -> None:
    node = etree.fromstring(exported(open_block(site, "author")))
    assert dict(node.attrib).keys() <= {"xblock-family", "url_name"}


def test_no_learners_state_is_in_an_export(site: Site) -> None:
    fill(site)
    call(site, "finish")
    text = exported(open_block(site, "author", settings={"phase": "exit"}))
    assert "i1_1" not in text
    for name, field in NeedsDiagnosticBlock.fields.items():
        if field.scope == Scope.user_state:
            assert name not in text


def test_a_rerun_begins_anew_and_needs_nothing_of_the_old_course(site: Site) -> None:
    fill(site)
    call(site, "finish")
    text = exported(open_block(site, "author", settings=SETTINGS))
    assert COURSE.removeprefix("course-v1:") not in text
    rerun = imported(site, text, "block-v1:SmartPD+DC101+next+type@smartpd_needs_diagnostic+block@one")
    assert rerun.answers == {}
    assert rerun.earlier == []
    # A series, before and after, is a course, a framework and phases: all that is in the settings.
    assert (rerun.instrument, rerun.phase, rerun.target_level) == (KNOWLEDGE, "exit", "C1")


# --- a library ----------------------------------------------------------------------------------


def in_library(site: Site, *, username: str = "author") -> Any:
    """A block in a library v2 as its runtime gives it: few services, no course."""

    class Who(UserService):
        def get_current_user(self) -> XBlockUser:
            account = XBlockUser(is_current_user=True)
            account.opt_attrs |= {
                "edx-platform.user_id": 3,
                "edx-platform.username": username,
                "edx-platform.user_is_staff": False,
                "edx-platform.is_authenticated": True,
            }
            return account

    key = UsageKey.from_string("lb:SmartPD:tests:smartpd_needs_diagnostic:one")
    services = {"field-data": KvsFieldData(site.store), "user": Who(), "i18n": NullI18nService()}
    runtime = SiteRuntime(site, services)
    ids = ScopeIds(3, key.block_type, key, key)
    return runtime.construct_xblock_from_class(NeedsDiagnosticBlock, ids)


@pytest.mark.parametrize("view", ["student_view", "author_view", "studio_view"])
def test_every_view_works_in_a_library(site: Site, view: str) -> None:
    html = in_library(site).render(view, {}).content
    assert "smartpd" in html


def test_answers_can_be_tried_and_settings_saved_in_a_library(site: Site, door: Any) -> None:
    data = {"item": "i1_1", "option": "3", "version": INSTRUMENT.version}
    assert site.post(in_library(site), "save_answer", data).json["answered"] == 1
    # What is tried in a library is nobody's diagnosis.
    assert door.diagnoses == []
    edits = {"values": {"phase": "exit"}, "defaults": []}
    assert site.post(in_library(site), "submit_studio_edits", edits).status == 200
    assert in_library(site).phase == "exit"
    assert in_library(site).index_dictionary()["content_type"] == "Needs diagnostic"


# --- search and apps ----------------------------------------------------------------------------


def test_the_search_finds_questions_in_every_language_and_no_right_answer(site: Site) -> None:
    block = open_block(site, "author", settings={"instrument": KNOWLEDGE})
    index = json.loads(json.dumps(block.index_dictionary()))
    item = load_instrument(KNOWLEDGE).items[0]
    for lang in ("en", "ru", "uz"):
        assert item.text[lang] in index["content"]["questions"]
    assert item.options[0].text["en"] not in index["content"]["questions"]


def test_apps_get_no_answer_key_and_nothing_of_a_learner(site: Site) -> None:
    block = open_block(site, "author", settings={"instrument": KNOWLEDGE, "graded_by": "score", "max_attempts": 2})
    before = block.student_view_data()
    text = json.dumps(before)
    assert "points" not in text
    assert "correct" not in text
    for item in load_instrument(KNOWLEDGE).items:
        assert item.id not in text
    assert (before["graded_by"], before["max_attempts"], before["items"]) == (
        "score",
        2,
        len(load_instrument(KNOWLEDGE).items),
    )
    give(site, "i1_1", "3")
    assert open_block(site).student_view_data() == before


def test_the_page_of_a_knowledge_test_holds_no_answer_key(site: Site) -> None:
    open_block(site, "author", settings={"instrument": KNOWLEDGE, "ask_guess": False})
    html, args = page(site), json.dumps(open_block(site).student_view().json_init_args)
    for word in ("points", "correct", "discrimination", "difficulty"):
        assert f'"{word}"' not in args
        assert f"data-{word}" not in html


# --- the course team's CSV of everybody -----------------------------------------------------------


def states(site: Site, *usernames: str) -> list[XBlockUserState]:
    return [XBlockUserState(name, "block", site.stored(), None, Scope.user_state) for name in usernames]


def test_the_report_has_a_row_for_each_answer_of_each_attempt(site: Site) -> None:
    fill(site, "3")
    call(site, "finish")
    call(site, "retake")
    give(site, "i1_1", "1", attempt=2)
    rows = list(open_block(site, "author").generate_report_data(states(site, "ada", "bo")))
    assert len(rows) == 2 * 23
    assert [name for name, _row in rows] == ["ada"] * 23 + ["bo"] * 23
    first, last = rows[0][1], rows[22][1]
    assert first["Question"] == INSTRUMENT.items[0].text["en"]
    assert (first["Attempt"], first["Points"], first["Questionnaire and version"]) == (
        "1",
        "3",
        f"{INSTRUMENT.id} {INSTRUMENT.version}",
    )
    assert first["Finished (UTC)"][:2] == "20"
    assert (last["Attempt"], last["Points"], last["Finished (UTC)"]) == ("2", "1", "")
    # All rows have the same columns, as the platform's own writer expects.
    assert len({tuple(row) for _name, row in rows}) == 1


def test_the_report_keeps_to_the_limit_and_takes_any_state(site: Site) -> None:
    fill(site)
    some = list(open_block(site, "author").generate_report_data(iter(states(site, "ada", "bo")), limit_responses=25))
    assert len(some) == 25
    few = list(open_block(site, "author").generate_report_data(states(site, "ada", "bo"), limit_responses=3))
    assert [(name, len(row) > 1) for name, row in few] == [*[("ada", True)] * 3, ("bo", False)]
    odd = [
        XBlockUserState("no_state", "b", None, None, None),
        XBlockUserState("opened", "b", {}, None, None),
        XBlockUserState("odd", "b", {"earlier": None, "answers": None}, None, None),
        XBlockUserState(
            "gone", "b", {"answers": {"x": "=1+1"}, "instrument_id": "withdrawn", "instrument_version": "9"}, None, None
        ),
    ]
    found = list(open_block(site, "author").generate_report_data(odd))
    assert [name for name, row in found if len(row) > 1] == ["gone"]
    # No spreadsheet takes it for a formula.
    assert found[-1][1]["Answer"] == "'=1+1"


@pytest.mark.parametrize("refuses", [True, False])
def test_no_stored_state_stands_beside_the_answers_in_the_report(site: Site, refuses: bool) -> None:
    """The platform has a row of everybody, with the whole state, and lays the rows of the block over it."""
    fill(site)
    (stored,) = states(site, "ada")
    if refuses:
        stored = XBlockUserState("ada", "block", {**stored.state, "consent": {"team": False}}, None, Scope.user_state)
    ours: dict[str, list[dict[str, Any]]] = {}
    for name, row in open_block(site, "author").generate_report_data([stored], limit_responses=2):
        ours.setdefault(name, []).append(row)
    platforms = {"username": "ada", "state": json.dumps(stored.state)}
    table = [{**platforms, **row} for row in ours.get("ada") or [{}]]
    assert {row["state"] for row in table} == {""}
    assert [row.get("Answer") is not None for row in table] == ([False] if refuses else [True, True])


def test_the_report_speaks_the_course_teams_language_and_is_plain_csv(site: Site) -> None:
    give(site, "i1_1", "3")
    with speaking("uz"):
        rows = [row for _name, row in open_block(site, "author", lang="uz").generate_report_data(states(site, "ada"))]
    assert INSTRUMENT.items[0].text["uz"] in rows[0].values()
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writerows(rows)
    assert text.getvalue().count("\r\n") == 1
