"""The course team's own questions: saving, versions, files, and what learners get of it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree
from smartpd_analytics.api import instrument_to_document, load_instrument, parse_instrument
from smartpd_xblocks import needs_diagnostic
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from xblock.runtime import DictKeyValueStore, KvsFieldData

from tests.xblocks.conftest import Door
from tests.xblocks.needs_diagnostic import open_block, page
from tests.xblocks.runtime import Reply, Site

BUNDLED = "digcompedu_selfassessment"
ROLES = [{"id": "dean", "name": {"en": "Dean", "ru": "Декан", "uz": "Dekan"}, "level": "A1", "targets": {}}]


def bundled(instrument_id: str = BUNDLED) -> dict[str, Any]:
    return instrument_to_document(load_instrument(instrument_id))


def reworded(document: dict[str, Any], words: str = "Mine?") -> dict[str, Any]:
    changed = json.loads(json.dumps(document))
    changed["items"][0]["text"]["en"] = words
    return changed


def repointed(document: dict[str, Any]) -> dict[str, Any]:
    changed = json.loads(json.dumps(document))
    changed["items"][0]["options"][1]["points"] = 2
    return changed


def save(site: Site, **values: Any) -> Reply:
    return site.post(open_block(site, "author"), "submit_studio_edits", {"values": values})


def ask(site: Site, handler: str, role: str = "author", **data: Any) -> Reply:
    return site.post(open_block(site, role), handler, data)


def own(site: Site) -> dict[str, Any]:
    return open_block(site).own_instrument


def answered(door: Door, version: str, learners: int = 1, instrument_id: str | None = None) -> None:
    """The plugin knows of answers to a version here."""
    key = "block-v1:SmartPD+DC101+demo+type@needsdiagnosticblock+block@one"
    rows = (SimpleNamespace(usage_key=key, instrument_id=instrument_id, instrument_version=version, learners=learners),)
    door.answered_versions = lambda course_key: rows


# --- saving -------------------------------------------------------------------------------------


def test_adapted_questions_get_an_id_and_a_version_of_their_own(site: Site, no_plugin: None) -> None:
    assert save(site, own_instrument=reworded(bundled())).status == 200
    document = own(site)
    assert document["id"].startswith(f"{BUNDLED}-own-")
    assert document["version"].startswith("1.")
    assert "Mine?" in page(site)
    assert load_instrument(BUNDLED).items[0].text["en"] != "Mine?"


def test_what_is_wrong_is_told_with_its_path_and_nothing_is_saved(site: Site, no_plugin: None) -> None:
    document = bundled()
    document["items"][3]["text"]["uz"] = ""
    document["items"][5]["id"] = document["items"][4]["id"]
    document["cut_scores"][2] = 10
    reply = save(site, own_instrument=document, display_name="New")
    assert reply.status == 400
    assert set(reply.json["fields"]) == {
        "own_instrument.items.3.text.uz",
        "own_instrument.items.5.id",
        "own_instrument.cut_scores",
    }
    assert site.store.texts == {}
    # At the field the place need not be said; among all the problems of a block it is.
    assert reply.json["fields"]["own_instrument.items.3.text.uz"] == [
        "there are no words here (accepted: non-empty words)"
    ]
    block = open_block(site, "author")
    block.own_instrument = document
    said = [message.text for message in block.validate().messages]
    assert "item 4 (i1_4), text, uz: there are no words here (accepted: non-empty words)" in said


@pytest.mark.parametrize(
    "document",
    [
        {**bundled(), "items": []},
        {**bundled(), "cut_scores": [0]},
        {**bundled(), "framework": "none"},
        {"items": 7},
        {"id": "x"},
        {"own": {"deep": [{}]}},
    ],
)
def test_what_is_no_questionnaire_is_refused_in_words(site: Site, no_plugin: None, document: Any) -> None:
    reply = save(site, own_instrument=document)
    assert reply.status == 400
    assert any(key.startswith("own_instrument") for key in reply.json["fields"])
    assert site.store.texts == {}


def test_an_answered_version_is_kept_and_learners_go_on_with_it(site: Site, door: Door) -> None:
    answered(door, "none")
    save(site, own_instrument=reworded(bundled()))
    first = own(site)
    site.post(
        open_block(site), "save_answer", {"item": "i1_1", "option": "4", "version": first["version"], "attempt": 1}
    )
    answered(door, first["version"], instrument_id=first["id"])
    assert save(site, own_instrument=repointed(first)).status == 200
    second = own(site)
    assert second["version"].startswith("2.")
    # Who has begun sees the old one, everybody else the new one.
    assert open_block(site)._load()[0].version == first["version"]
    assert open_block(site, "other_learner")._load()[0].version == second["version"]
    assert open_block(site).find_questionnaire(first["id"], first["version"]) == parse_instrument(first)


def test_without_answers_the_number_stays(site: Site, door: Door) -> None:
    answered(door, "none")
    save(site, own_instrument=bundled())
    save(site, own_instrument=repointed(own(site)))
    assert own(site)["version"].startswith("1.")
    assert open_block(site).own_versions == {}


def test_where_nobody_can_tell_the_old_version_is_kept(site: Site, door: Door) -> None:
    door.answered_versions = lambda course_key: 1 / 0
    save(site, own_instrument=bundled())
    first = own(site)
    save(site, own_instrument=repointed(first))
    assert own(site)["version"].startswith("2.")
    assert open_block(site).find_questionnaire(first["id"], first["version"]).version == first["version"]


def test_a_correction_of_wording_keeps_the_version_when_the_author_says_so(site: Site, no_plugin: None) -> None:
    save(site, own_instrument=bundled())
    first = own(site)
    save(site, own_instrument={**reworded(first), "same_meaning": True})
    assert own(site)["version"] == first["version"]
    assert own(site)["items"][0]["text"]["en"] == "Mine?"
    save(site, own_instrument={**repointed(own(site)), "same_meaning": True})
    assert own(site)["version"].startswith("2.")


def test_two_authors_do_not_overwrite_each_other(site: Site, no_plugin: None) -> None:
    opened = open_block(site, "author").own_arguments()["opened"]
    save(site, own_instrument={**reworded(bundled(), "First"), "was": opened})
    reply = save(site, own_instrument={**reworded(bundled(), "Second"), "was": opened})
    assert reply.status == 400
    assert "Somebody else" in reply.json["fields"]["own_instrument"][0]
    assert own(site)["items"][0]["text"]["en"] == "First"


def test_going_back_to_the_sites_questionnaire_keeps_what_was_answered(site: Site, no_plugin: None) -> None:
    save(site, own_instrument=reworded(bundled()))
    first = own(site)
    assert save(site, own_instrument={}).status == 200
    block = open_block(site)
    assert block.questionnaire_id == BUNDLED
    assert block.find_questionnaire(first["id"], first["version"]).version == first["version"]
    # Back at its default is the same.
    save(site, own_instrument=first)
    site.post(open_block(site, "author"), "submit_studio_edits", {"values": {}, "defaults": ["own_instrument"]})
    assert open_block(site).find_questionnaire(first["id"], first["version"])


def test_norms_of_other_items_do_not_stay(site: Site, no_plugin: None) -> None:
    document = bundled()
    document["norms"] = {"source": "a sample", "areas": [{"area": "1", "sd": 2, "alpha": 0.8}]}
    save(site, own_instrument=document)
    assert "norms" in own(site)
    save(site, own_instrument=reworded(own(site)))
    assert "norms" in own(site)
    save(site, own_instrument=repointed(own(site)))
    assert "norms" not in own(site)


def test_five_hundred_items_are_taken(site: Site, no_plugin: None) -> None:
    document = bundled()
    document["items"] = [{**document["items"][number % 22], "id": f"n{number}"} for number in range(500)]
    assert save(site, own_instrument=document).status == 200
    assert len(parse_instrument(own(site)).items) == 500


def test_export_and_import_of_the_course_keep_everything(site: Site, no_plugin: None) -> None:
    save(
        site,
        own_instrument=reworded(bundled(), "Oʻzbekcha ʼ <b>?"),
        series="Spring",
        roles=ROLES,
        targets={"1.1": "C1"},
    )
    save(site, own_instrument=repointed(own(site)))
    block = open_block(site, "author")
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    runtime = open_block(Site(), "author").runtime
    runtime._services["field-data"] = KvsFieldData(DictKeyValueStore())
    again = NeedsDiagnosticBlock.parse_xml(
        etree.fromstring(etree.tostring(node)), runtime, block.scope_ids
    )  # as the platform's own runtime calls it
    for name in ("own_instrument", "own_versions", "series", "targets", "roles"):
        assert getattr(again, name) == getattr(block, name), name


# --- files --------------------------------------------------------------------------------------


def test_a_table_goes_out_and_comes_back(site: Site, no_plugin: None) -> None:
    document = bundled("digital_teaching_test")
    reply = ask(site, "export_questionnaire", document=document, kind="csv")
    assert reply.json["name"].endswith(".csv")
    back = ask(site, "import_questionnaire", document=document, name="x.CSV", text=reply.json["text"])
    assert back.json["document"] == document
    assert back.json["fields"] == {}
    assert site.store.texts == {}


def test_a_table_fills_an_empty_questionnaire(site: Site, no_plugin: None) -> None:
    empty = ask(site, "read_questionnaire", kind="knowledge_test", framework="digcompedu").json["document"]
    text = ask(site, "export_questionnaire", document=bundled("digital_teaching_test"), kind="csv").json["text"]
    reply = ask(site, "import_questionnaire", document=empty, name="x.csv", text=text)
    assert len(reply.json["document"]["items"]) == 66
    # What is still missing is told at once.
    assert "own_instrument.title.en" in reply.json["fields"]


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_a_whole_questionnaire_comes_from_a_file(site: Site, no_plugin: None, ending: str) -> None:
    text = ask(site, "export_questionnaire", document=bundled(), kind="json").json["text"]
    reply = ask(site, "import_questionnaire", document={}, name=f"x.{ending}", text=text)
    assert reply.json["document"] == bundled()


def test_formulas_in_words_do_no_harm_in_a_spreadsheet(site: Site, no_plugin: None) -> None:
    text = ask(site, "export_questionnaire", document=reworded(bundled(), "=1+1"), kind="csv").json["text"]
    assert ",=1+1" not in text
    assert "'=1+1" in text


@pytest.mark.parametrize("role", ["learner", "staff", "anonymous", "stranger", "masquerade"])
@pytest.mark.parametrize("handler", ["read", "preview", "import", "export"])
def test_keys_are_for_the_course_team_in_studio_alone(site: Site, door: Door, handler: str, role: str) -> None:
    data = {
        "instrument": "digital_teaching_test",
        "document": bundled(),
        "kind": "json",
        "name": "a.json",
        "text": "{}",
    }
    reply = ask(site, f"{handler}_questionnaire", role, **data)
    assert reply.status == 403
    assert "points" not in reply.text


def test_no_view_of_a_learner_holds_what_is_right(site: Site, no_plugin: None) -> None:
    save(site, own_instrument=reworded(bundled("digital_teaching_test")), instrument="digital_teaching_test")
    block = open_block(site)
    shown = block.render("student_view", {})
    assert "points" not in json.dumps(shown.json_init_args)
    assert "difficulty" not in shown.content + json.dumps(block.student_view_data()) + json.dumps(
        block.index_dictionary()
    )


# --- the preview and the form ------------------------------------------------------------------


def test_the_preview_escapes_words_and_marks_nothing_as_right(site: Site, no_plugin: None) -> None:
    html = ask(site, "preview_questionnaire", document=reworded(bundled(), "<script>x</script>"), lang="en").json[
        "html"
    ]
    assert "&lt;script&gt;x" in html
    assert "<script" not in html
    assert " checked" not in html.replace("of checked", "")


def test_a_preview_of_something_incomplete_says_where(site: Site, no_plugin: None) -> None:
    reply = ask(site, "preview_questionnaire", document={**bundled(), "minutes": "long"}, lang="en")
    assert reply.status == 400
    assert list(reply.json["fields"]) == ["own_instrument.minutes"]


def test_settings_without_a_group_stand_last(site: Site, no_plugin: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(NeedsDiagnosticBlock, "form_groups", NeedsDiagnosticBlock.form_groups[:1])
    tree = etree.HTML(open_block(site, "author").render("studio_view").content)
    headings = tree.xpath("//section[contains(@class, 'smartpd-form-group')]/h2/text()")
    assert headings == ["Questionnaire", "Other settings"]
    assert [box.get("data-field") for box in tree.xpath("//*[@data-field]")] == list(
        NeedsDiagnosticBlock.editable_fields
    )


# --- series and roles --------------------------------------------------------------------------


def test_a_series_has_a_name_of_some_length(site: Site, no_plugin: None) -> None:
    assert save(site, series="  Spring   term ").status == 200
    assert open_block(site).series == "Spring term"
    assert "65 characters" in save(site, series="x" * 65).json["fields"]["series"][0]


def test_names_of_series_in_the_course_are_suggested(site: Site, monkeypatch: Any) -> None:
    names = ["Spring <b>"]
    monkeypatch.setattr("smartpd_xblocks.plugin.door", lambda: SimpleNamespace(series_names=lambda key: names))
    html = page(site, "author", "studio_view")
    assert '<option value="Spring &lt;b&gt;">' in html
    names.clear()
    assert "<datalist" not in page(site, "author", "studio_view")
    monkeypatch.setattr("smartpd_xblocks.plugin.door", SimpleNamespace)
    assert "<datalist" not in page(site, "author", "studio_view")


def test_blocks_of_another_series_are_not_compared(site: Site, no_plugin: None, monkeypatch: Any) -> None:
    block = open_block(site)
    others = {"a": SimpleNamespace(series=""), "b": SimpleNamespace(series="Spring")}
    monkeypatch.setattr(block.runtime, "get_block", lambda key: others[key.block_id], raising=False)
    key = "block-v1:SmartPD+DC101+demo+type@needs+block@{}".format
    assert [block.belongs_with(key(name)) for name in ("a", "b", "gone")] == [True, False, True]
    block.series = " spring"
    assert [block.belongs_with(key(name)) for name in ("a", "b", "gone")] == [False, True, False]


def test_a_learner_chooses_a_role_and_is_measured_by_it(site: Site, no_plugin: None) -> None:
    save(site, roles=ROLES)
    assert "Dean" in page(site)
    assert site.post(open_block(site), "choose_role", {"role": "dean"}).json == {"role": "dean"}
    assert open_block(site).own_targets().overall == "A1"
    assert open_block(site, "other_learner").own_targets().overall == "B2"
    reply = site.post(open_block(site), "choose_role", {"role": "king"})
    assert (reply.status, open_block(site).role) == (400, "dean")
    # A role that is gone counts no more.
    save(site, roles=[])
    assert open_block(site).own_targets().overall == "B2"
    assert "data-role" not in page(site)


@pytest.mark.parametrize("kind", ["needs_survey", "motivation"])
def test_a_questionnaire_with_scales_begins_with_one(kind: str) -> None:
    document = needs_diagnostic.empty_document(kind, "", "own")
    words = dict.fromkeys(("en", "ru", "uz"), "Words")
    scored = {} if kind == "needs_survey" else {"points": 1}
    options = [{"id": each, **scored, "text": words} for each in "ab"]
    scale = {"id": document["scales"][0]["id"], "title": words, "description": words}
    item = {"id": "q1", "scale": scale["id"], "text": words, "options": options}
    filled = {**document, "title": words, "intro": words, "scales": [scale], "items": [item]}
    assert needs_diagnostic.questionnaire_problems(filled, "en") == ()
    assert len(parse_instrument(filled).items) == 1


def test_what_can_be_begun_is_what_the_block_asks(site: Site, no_plugin: None) -> None:
    kinds = {load_instrument(each).kind for each in needs_diagnostic.questionnaire_ids()}
    assert set(needs_diagnostic.empty_kinds()) == kinds
    for kind in kinds:
        assert ask(site, "read_questionnaire", kind=kind, framework="digcompedu").json["document"]["kind"] == kind
    assert ask(site, "read_questionnaire", kind="exam", framework="digcompedu").status == 400
    reply = ask(site, "read_questionnaire", kind="knowledge_test", framework="none")
    assert reply.status == 400
    assert "no framework 'none'" in reply.error


def test_the_plugin_gets_own_questions_once_they_are_answered(site: Site, door: Door) -> None:
    answered(door, "none")
    save(site, own_instrument=reworded(bundled()))
    document = own(site)
    for item in document["items"]:
        data = {"item": item["id"], "option": "2", "version": document["version"]}
        assert site.post(open_block(site), "save_answer", data).status == 200
    assert site.post(open_block(site), "finish", {"version": document["version"]}).status == 200
    begun, done = door.instruments
    assert begun == done == (door.diagnoses[0][1], document["id"], document["version"])
    # What the site has needs no keeping.
    save(site, own_instrument={})
    site.post(open_block(site, "other_learner"), "save_answer", {"item": "i1_1", "option": "2", "version": "1"})
    assert len(door.instruments) == 2
