"""The settings form of all blocks: what it shows, what it takes, and that it takes all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from smartpd_xblocks.learning_matrix_block import LearningMatrixBlock
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from smartpd_xblocks.pres_block import PresBlock

from tests.xblocks.runtime import Reply, Site, speaking

BLOCKS = (NeedsDiagnosticBlock, LearningMatrixBlock, PresBlock)
pytestmark = pytest.mark.usefixtures("no_plugin")


def form(site: Site, block: type, **opened: Any) -> etree._Element:
    opened_block = site.open(block, role="author", **opened)
    return etree.HTML(opened_block.runtime.render(opened_block, "studio_view").content)


def save(site: Site, block: type, values: Any, defaults: Any = ()) -> Reply:
    return site.post(
        site.open(block, role="author"), "submit_studio_edits", {"values": values, "defaults": list(defaults)}
    )


@pytest.mark.parametrize("block", BLOCKS)
def test_every_control_has_a_label_and_what_describes_it(site: Site, block: Any) -> None:
    tree = form(site, block)
    assert [box.get("data-field") for box in tree.xpath("//*[@data-field]")] == list(block.editable_fields)
    ids = [element.get("id") for element in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    for control in tree.xpath("//*[@data-control]"):
        own = control.get("id")
        labelled = control.get("aria-label") or control.xpath("ancestor::label") or tree.xpath(f"//label[@for='{own}']")
        assert labelled
    for described in tree.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize(("lang", "words"), [("en", "Save"), ("ru", "Сохранить"), ("uz", "Saqlash")])
def test_it_speaks_the_authors_language(site: Site, block: type, lang: str, words: str) -> None:
    with speaking(lang):
        tree = form(site, block, lang=lang)
    assert tree.xpath("string(//button[contains(@class, 'save-button')])") == words


def test_values_are_escaped(site: Site) -> None:
    nasty = '</textarea><script>alert(1)</script>"'
    tree = form(site, PresBlock, settings={"question": nasty, "display_name": nasty})
    assert tree.xpath("//script[contains(., 'alert')][not(@type)]") == []
    assert tree.xpath("string(//*[@data-field='question']//textarea)").strip() == nasty
    assert tree.xpath("//*[@data-field='display_name']//input/@value") == [nasty]


def test_a_scale_is_edited_word_by_word_and_something_else_as_it_is(site: Site) -> None:
    boxes = form(site, LearningMatrixBlock).xpath("//*[@data-field='scale']")
    assert boxes[0].get("data-kind") == "steps"
    assert len(boxes[0].xpath(".//*[@data-step]")) == 4
    assert len(boxes[0].xpath(".//input[@data-lang='uz']")) == 4
    (box,) = form(site, LearningMatrixBlock, settings={"scale": [1, {"en": 2}]}).xpath("//*[@data-field='scale']")
    assert box.get("data-kind") == "json"
    words = [{"en": f"step {number}"} for number in range(4)]
    assert save(site, LearningMatrixBlock, {"scale": words}).status == 200
    assert site.open(LearningMatrixBlock).scale == words


def test_one_wrong_setting_keeps_all_from_being_saved(site: Site) -> None:
    reply = save(site, PresBlock, {"display_name": "New", "min_words": "many", "max_words": None})
    assert reply.status == 400
    assert set(reply.json["fields"]) == {"min_words"}
    assert "wrong kind" in reply.json["fields"]["min_words"][0]
    reply = save(site, PresBlock, {"display_name": "New", "min_words": 90, "preset": "fr", "question": ""})
    assert set(reply.json["fields"]) == {"min_words", "preset", "question"}
    assert site.store.texts == {}


def test_a_setting_goes_back_to_its_default(site: Site) -> None:
    assert save(site, PresBlock, {"question": "Mine?", "min_words": 3}).status == 200
    assert save(site, PresBlock, {"min_words": 4}, ["question", "max_words"]).status == 200
    block = site.open(PresBlock)
    assert not block.fields["question"].is_set_on(block)
    assert block.min_words == 4


def test_back_to_a_default_that_does_not_fit_is_refused(site: Site) -> None:
    assert save(site, PresBlock, {"min_words": 200, "max_words": 300}).status == 200
    reply = save(site, PresBlock, {}, ["max_words"])
    assert reply.status == 400
    assert "200 to 80" in str(reply.json["fields"])
    assert site.open(PresBlock).max_words == 300


@pytest.mark.parametrize("sent", [({"draft": {}}, []), ({"matrix": {}}, []), ({}, ["draft"]), ({}, [7]), ({}, [["x"]])])
def test_what_is_no_setting_of_the_block_is_refused(site: Site, sent: tuple[Any, Any]) -> None:
    reply = save(site, PresBlock, *sent)
    assert reply.status == 400
    assert "There is no setting" in reply.error
    assert site.store.texts == {}


def test_control_characters_do_not_reach_the_export(site: Site) -> None:
    assert (
        save(site, PresBlock, {"question": "Why\x00\x0b?\n\nSo.", "parts": {"reason": {"label": "A\x1fB"}}}).status
        == 200
    )
    block = site.open(PresBlock)
    assert (block.question, block.parts) == ("Why?\n\nSo.", {"reason": {"label": "AB"}})


def test_a_title_has_a_length(site: Site) -> None:
    assert save(site, NeedsDiagnosticBlock, {"display_name": "x" * 255}).status == 200
    reply = save(site, NeedsDiagnosticBlock, {"display_name": "x" * 256})
    assert "256 characters" in reply.json["fields"]["display_name"][0]


@pytest.mark.parametrize("block", BLOCKS)
def test_the_defaults_are_valid(site: Site, block: Any) -> None:
    assert not site.open(block, role="author").validate().messages
