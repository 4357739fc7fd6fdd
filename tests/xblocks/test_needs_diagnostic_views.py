"""What the needs diagnostic shows to the course team, to apps and to the search; its settings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.needs_diagnostic import INSTRUMENT, give, open_block, page
from tests.xblocks.runtime import Reply, Site

pytestmark = pytest.mark.usefixtures("no_plugin")


# --- Studio, search, mobile -------------------------------------------------------------------


def test_the_course_team_sees_settings_and_questions(site: Site) -> None:
    html = page(site, "author", view="author_view")
    assert INSTRUMENT.title["en"] in html
    assert "Target level: B2" in html
    assert INSTRUMENT.items[0].text["en"] in html
    assert "put right" not in html


def test_the_settings_form_has_a_field_for_each_setting(site: Site) -> None:
    html = page(site, "author", view="studio_view")
    for name in NeedsDiagnosticBlock.editable_fields:
        assert f'data-field="{name}"' in html
    assert "Before the course (entry)" in html
    assert INSTRUMENT.title["en"] in html


def edit(site: Site, role: str, **values: Any) -> Reply:
    return site.post(open_block(site, role), "submit_studio_edits", {"values": values, "defaults": []})


def test_settings_are_saved_for_the_course_team_only(site: Site) -> None:
    assert edit(site, "author", phase="exit", target_level="C1").status == 200
    assert open_block(site).phase == "exit"
    for role in ("stranger", "staff", "learner", "anonymous"):
        assert edit(site, role, phase="interim").status == 403
    assert open_block(site).phase == "exit"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"instrument": "none"}, "Questionnaire:"),
        ({"phase": "later"}, "Phase:"),
        ({"target_level": "D1"}, "Target level:"),
        ({"display_name": "  "}, "Title:"),
    ],
)
def test_bad_settings_are_named_and_not_saved(site: Site, values: dict[str, str], named: str) -> None:
    reply = edit(site, "author", **values)
    assert reply.status == 400
    (field,) = values
    assert [said.startswith(named) for said in reply.json["fields"].pop(field)] == [True]
    assert reply.json["fields"] == {}
    assert site.store.texts == {}


def test_search_and_mobile_get_no_learner_data(site: Site) -> None:
    give(site, "i1_1", "3")
    block = open_block(site)
    data = json.loads(json.dumps(block.student_view_data()))
    assert (data["items"], data["minutes"], data["available"]) == (22, INSTRUMENT.minutes, True)
    index = block.index_dictionary()
    assert INSTRUMENT.items[0].text["uz"] in index["content"]["questions"]
    assert block.has_support(block.student_view, "multi_device")


def test_what_the_platform_reads_off_the_class(site: Site) -> None:
    assert NeedsDiagnosticBlock.resources_dir == "assets"
    assert NeedsDiagnosticBlock.has_custom_completion is True
    assert NeedsDiagnosticBlock.completion_mode == "completable"
    # Asked of the class: it may count. Each block says for itself whether it does.
    assert NeedsDiagnosticBlock.has_score
    block = site.open(NeedsDiagnosticBlock)
    assert (block.show_in_read_only_mode, block.icon_class) == (True, "problem"), "with the platform's own mixed in"
    assert NeedsDiagnosticBlock.has_author_view is True
    ((title, xml),) = NeedsDiagnosticBlock.workbench_scenarios()
    assert title == "Needs diagnostic"
    assert "<smartpd_needs_diagnostic" in xml


def test_the_first_screen_is_small(site: Site) -> None:
    import gzip

    fragment = open_block(site).render("student_view", {})
    sizes = [len(gzip.compress(fragment.body_html().encode()))]
    for resource in fragment.resources:
        with NeedsDiagnosticBlock.open_local_resource(resource.data.removeprefix("/static/")) as file:
            sizes.append(len(gzip.compress(file.read())))
    assert sum(sizes) <= 20_000, sizes
