"""The learning matrix block in Studio, and what the platform asks of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree
from smartpd_xblocks.learning_matrix import default_matrix
from smartpd_xblocks.learning_matrix_block import LearningMatrixBlock
from xblock.validation import Validation

from tests.xblocks.learning_matrix import MATRIX, matrix
from tests.xblocks.runtime import Site, speaking


class TestStudio:
    def edit(self, site: Site, values: dict, role: str = "author") -> Any:
        return site.post(matrix(site, role=role), "submit_studio_edits", {"values": values, "defaults": []})

    def test_links_are_stored_without_their_course(self, site: Site) -> None:
        cells = [{**MATRIX["cells"][0], "link": "block-v1:Other+X+2020+type@html+block@b1"}]
        assert self.edit(site, {"matrix": {**MATRIX, "cells": cells}}).status == 200
        assert matrix(site, role="author").matrix["cells"][0]["link"] == "type@html+block@b1"

    def test_what_is_wrong_is_named_and_nothing_is_saved(self, site: Site) -> None:
        reply = self.edit(
            site, {"matrix": {**MATRIX, "cells": [{**MATRIX["cells"][0], "topic": "zeta"}]}, "scale": ["one"]}
        )
        assert reply.status == 400
        said = str(reply.json)
        assert "Cell “a-read”, field “topic”: “zeta” does not exist (accepted: a, b)" in said
        assert "The rating scale has 1 steps" in said
        assert matrix(site, role="author").matrix == default_matrix()

    @pytest.mark.parametrize("role", ["stranger", "learner", "anonymous"])
    def test_only_the_course_team_edits(self, site: Site, no_plugin: None, role: str) -> None:
        assert self.edit(site, {"display_name": "Mine"}, role=role).status == 403

    def test_a_setting_of_the_wrong_kind_is_refused_in_words(self, site: Site) -> None:
        reply = self.edit(site, {"matrix": [1, 2]})
        assert reply.status == 400
        assert reply.json["fields"]["matrix"] == [
            "This is a value of the wrong kind (accepted: a JSON object, in curly brackets)."
        ]
        assert self.edit(site, {"matrix": None}).status == 400
        assert matrix(site, role="author").matrix == default_matrix()

    def test_the_form_opens_with_readable_words(self, site: Site) -> None:
        block = matrix(site, role="author")
        content = block.runtime.render(block, "studio_view").content
        assert "Rating scale" in content
        assert "Поиск и выбор цифровых ресурсов" in content

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("ru", "Ячейка «a-read», поле «minutes»: -5 — это не число минут (допустимо: целое число от 1 до 6000)."),
            (
                "uz",
                "«a-read» katagi, «minutes» maydoni: -5 — daqiqalar soni emas (mumkin: 1 dan 6000 gacha butun son).",
            ),
        ],
    )
    def test_what_is_wrong_is_said_in_the_authors_language(self, site: Site, lang: str, said: str) -> None:
        cells = [{**MATRIX["cells"][0], "minutes": -5}]
        block = matrix(site, role="author", lang=lang)
        edits = {"values": {"matrix": {**MATRIX, "cells": cells}}, "defaults": []}
        with speaking(lang):
            reply = site.post(block, "submit_studio_edits", edits)
        assert reply.json["fields"]["matrix"] == [said]

    def test_the_default_is_valid(self, site: Site) -> None:
        block = site.open(LearningMatrixBlock)
        validation = Validation(block.scope_ids.usage_id)
        block.validate_field_data(validation, block)
        assert not validation.messages


class TestPlatform:
    def test_olx_keeps_the_matrix(self, site: Site) -> None:
        block = matrix(site)
        node = etree.Element("unknown")
        block.add_xml_to_node(node)
        assert len(node) == 1  # the matrix is a child element, not an attribute
        text = etree.tostring(node, encoding="unicode")
        copy = site.open(LearningMatrixBlock, name="copy")
        parsed = LearningMatrixBlock.parse_xml(etree.fromstring(text), copy.runtime, copy.scope_ids)
        assert parsed.matrix == MATRIX

    def test_what_apps_and_search_get_is_of_nobody(self, site: Site, no_plugin: None) -> None:
        block = matrix(site)
        before = (block.student_view_data(), block.index_dictionary())
        site.post(block, "mark_cell", {"cell": "a-do", "status": "done"})
        assert (block.student_view_data(), block.index_dictionary()) == before
        assert [cell["id"] for cell in before[0]["cells"]] == ["a-read", "a-do", "b-do"]
        assert "I can read" in before[1]["content"]["matrix"]
        assert "Альфа" in before[1]["content"]["matrix"]

    def test_the_platform_knows_what_to_do_with_it(self, site: Site) -> None:
        block = matrix(site)
        assert LearningMatrixBlock.has_custom_completion
        assert block.show_in_read_only_mode
        assert block.has_support(block.student_view, "multi_device")
        ((title, xml),) = LearningMatrixBlock.workbench_scenarios()
        assert title
        assert re.match("<smartpd_learning_matrix", xml)
