"""The learning matrix block through its views and handlers, as the platform calls them."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from smartpd_xblocks.learning_matrix_block import LearningMatrixBlock

from tests.xblocks.learning_matrix import MATRIX, OWN_KEY, UNIT_KEY, action, cell_of, matrix, page, words
from tests.xblocks.runtime import COURSE, Site, speaking


def weight_of(block: Any) -> int:
    """Bytes of the first screen with its styles and script, compressed."""
    fragment = block.student_view()
    total = len(gzip.compress(fragment.content.encode()))
    for resource in fragment.resources:
        with block.unmixed_class.open_local_resource(resource.data.removeprefix("/static/")) as file:
            total += len(gzip.compress(file.read()))
    return total


class TestPage:
    def test_a_fresh_block_is_not_empty(self, site: Site, no_plugin: None) -> None:
        for lang, topic in (
            ("en", "Finding and choosing"),
            ("ru", "Поиск и выбор"),
            ("uz", "Raqamli resurslarni topish"),
        ):
            with speaking(lang):
                tree = page(site.open(LearningMatrixBlock, lang=lang))
            assert len(tree.xpath("//td[@data-cell]")) == 20
            assert topic in words(tree)

    def test_it_is_a_real_table(self, site: Site, no_plugin: None) -> None:
        tree = page(matrix(site))
        assert tree.xpath("//thead//th[@scope='col']/text()") == ["Topic", "Read", "Do"]
        assert [words(head) for head in tree.xpath("//tbody//th[@scope='row']")] == [
            "AlphaDone: 0 of 1",
            "<b>Beta</b>Done: 0 of 1",
        ]
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))

    def test_learner_and_course_team_text_is_escaped(self, site: Site, no_plugin: None) -> None:
        tree = page(matrix(site))
        assert tree.xpath("//td//script | //th/b") == []
        assert "I can <script>alert(1)</script>" in words(cell_of(tree, "b-do"))

    def test_links_lead_to_this_course_and_out_of_the_frame(self, site: Site, no_plugin: None) -> None:
        tree = page(matrix(site))
        (inner,) = cell_of(tree, "a-read").xpath(".//a")
        assert inner.get("href") == f"/courses/{COURSE}/jump_to/{UNIT_KEY}"
        assert inner.get("target") == "_top"
        (outer,) = cell_of(tree, "b-do").xpath(".//a")
        assert outer.get("href") == "https://example.org/?a=1&b=2"
        assert outer.get("rel") == "noopener noreferrer"

    def test_a_script_address_is_never_rendered(self, site: Site, no_plugin: None) -> None:
        cells = [{**MATRIX["cells"][0], "link": "javascript:alert(1)"}]
        block = matrix(site, settings={"matrix": {**MATRIX, "cells": cells}})
        assert "javascript:alert" not in block.runtime.render(block, "student_view").content
        assert "javascript:alert" in block.runtime.render(block, "author_view").content  # named as a problem, as text
        assert page(block, "author_view").xpath("//a[starts-with(@href, 'javascript')]") == []

    def test_own_marks_are_shown(self, site: Site, no_plugin: None) -> None:
        block = matrix(site)
        site.post(block, "mark_cell", {"cell": "a-do", "status": "done"})
        site.post(block, "rate_cell", {"cell": "a-do", "rating": 2})
        tree = page(matrix(site, settings={}))
        assert "✓ Done · with help" in words(cell_of(tree, "a-do"))
        assert "Done: 1 of 2" in words(tree)

    def test_recommended_cells_carry_the_reason(self, site: Site, door: Any) -> None:
        reason = {"en": "You stopped <here>.", "ru": "Вы остановились здесь.", "uz": "Shu yerda toʻxtagansiz."}
        door.actions = (
            action(1, "Read it", reason, target=UNIT_KEY),
            action(2, "Close the gap", {"en": "Largest gap."}, competencies=("2.1",)),
        )
        tree = page(matrix(site))
        assert "Recommended" in words(cell_of(tree, "a-read"))
        assert "You stopped <here>." in words(cell_of(tree, "a-read"))
        assert "Largest gap." in words(cell_of(tree, "a-do"))
        assert "Recommended" not in words(cell_of(tree, "b-do"))
        with speaking("uz"):
            assert "Shu yerda toʻxtagansiz." in words(cell_of(page(matrix(site, lang="uz")), "a-read"))

    def test_the_next_actions_stand_above_it_in_their_order_and_by_their_names(self, site: Site, door: Any) -> None:
        problem = "block-v1:SmartPD+DC101+demo+type@problem+block@one"
        door.actions = (
            action(2, "Needs diagnostic", {"en": "It takes 12 minutes."}, target="elsewhere", link="/jump/elsewhere"),
            action(1, "Problem <one>", {"en": "Failed."}, target=problem, unit=UNIT_KEY, link="/jump/one"),
        )
        tree = page(matrix(site))
        first, second = tree.xpath("//nav//li")
        assert words(first) == "Problem <one> Alpha, Read"
        assert first.xpath(".//a/@data-goto") == ["a-read"]
        assert words(second) == "Needs diagnostic It takes 12 minutes."
        assert second.xpath(".//a/@href") == ["/jump/elsewhere"]
        (link,) = cell_of(tree, "a-read").xpath(".//a")
        assert (link.get("href"), words(link)) == ("/jump/one", "Open: Problem <one>")

    def test_it_opens_with_what_it_is_and_what_the_signs_mean(self, site: Site, no_plugin: None) -> None:
        text = words(page(matrix(site)))
        assert text.index("Here are the topics of the course") < text.index("What the signs mean") < text.index("Alpha")
        assert "Recommended" not in text, "a sign that is nowhere is not explained"

    def test_each_cell_says_where_it_stands(self, site: Site, no_plugin: None) -> None:
        with_sections = {
            **MATRIX,
            "topics": [
                {"id": "a", "title": "Alpha", "sections": [{"id": "a1", "title": "First"}]},
                MATRIX["topics"][1],
            ],
            "cells": [{**MATRIX["cells"][0], "section": "a1"}, *MATRIX["cells"][1:]],
        }
        tree = page(matrix(site, settings={"matrix": with_sections}))
        names = {cell.get("data-cell"): cell.get("data-name") for cell in tree.xpath("//td[@data-cell]")}
        assert names == {"a-read": "Alpha, First, Read", "a-do": "Alpha, Do", "b-do": "<b>Beta</b>, Do"}

    def test_nobody_elses_course_shows(self, site: Site, door: Any) -> None:
        door.done = frozenset({UNIT_KEY})
        for role in ("anonymous", "author"):
            block = matrix(site, role=role)
            tree = page(block, "author_view" if role == "author" else "student_view")
            assert tree.xpath("//*[@data-counted]") == []
            assert "Done: 0 of" in words(tree)

    def test_it_shows_without_advice_when_the_plugin_fails(self, site: Site, door: Any) -> None:
        door.matter = RuntimeError("down")
        assert len(page(matrix(site)).xpath("//td[@data-cell]")) == 3

    @pytest.mark.parametrize(
        ("role", "explained"),
        [
            ("anonymous", "not signed in"),
            ("not_enrolled", "not enrolled"),
            ("masquerade", "as another learner"),
            ("learner", ""),
            ("staff", ""),
            ("sdk", ""),
        ],
    )
    def test_everybody_may_read_and_is_told_why_nothing_is_saved(
        self, site: Site, door: Any, role: str, explained: str
    ) -> None:
        matrix(site)
        door.read_only = role == "masquerade"
        block = matrix(site, role=role)
        tree = page(block)
        assert len(tree.xpath("//td[@data-cell]")) == 3
        assert explained in words(tree)
        assert ("saved" in words(tree)) == bool(explained)
        assert block.student_view().json_init_args["canWrite"] is not bool(explained)

    def test_a_matrix_that_cannot_be_read_is_said_to_the_course_team(self, site: Site, no_plugin: None) -> None:
        matrix(site, settings={"matrix": {"topics": "none"}})
        author = words(page(matrix(site, role="author"), "author_view"))
        assert "List “topics”: this is not a list" in author
        assert "nothing that you enter here is saved".lower() in author.lower()
        assert "no cells yet" in words(page(matrix(site, settings={})))

    def test_the_key_on_the_device_tells_nobody_who_was_here(self, site: Site, no_plugin: None) -> None:
        keys = {
            role: matrix(site, role=role).student_view().json_init_args["key"] for role in ("learner", "other_learner")
        }
        assert keys["learner"] != keys["other_learner"]
        assert all("learner" not in key for key in keys.values())

    def test_thirty_by_ten_stay_small(self, site: Site, no_plugin: None) -> None:
        topics = [{"id": f"t{row}", "title": f"Topic number {row}"} for row in range(30)]
        activities = [{"id": f"a{column}", "title": f"Activity {column}"} for column in range(10)]
        cells = [
            {
                "id": f"c{row}-{column}",
                "topic": f"t{row}",
                "activity": f"a{column}",
                "can_do": f"I can do thing {row * 10 + column} in my own lessons.",
                "task": f"Try it with group {column} and write down what changed.",
                "link": f"unit{row}",
                "minutes": 15,
            }
            for row in range(30)
            for column in range(10)
        ]
        block = matrix(site, settings={"matrix": {"topics": topics, "activities": activities, "cells": cells}})
        assert weight_of(block) < 35_000


class TestMarks:
    def test_marking_is_saved_told_and_logged(self, site: Site, door: Any, django_rows: None) -> None:
        block = matrix(site)
        reply = site.post(block, "mark_cell", {"cell": "a-read", "status": "doing"})
        assert reply.status == 200
        assert (reply.json["cell"], reply.json["status"], reply.json["rating"]) == ("a-read", "doing", None)
        assert reply.json["whole"] == {"text": "Done: 0 of 2", "done": 0, "total": 2}
        assert site.stored()["cells"]["a-read"]["status"] == "doing"
        assert door.progress == [(7, COURSE, UNIT_KEY, "doing")]
        assert site.events == [
            ("completion", {"completion": 0.0}),
            (
                "smartpd.matrix.cell_marked",
                {"usage_key": OWN_KEY, "cell": "a-read", "status": "doing", "target": UNIT_KEY},
            ),
        ]

    def test_a_cell_without_a_block_stands_for_the_matrix(self, site: Site, door: Any, django_rows: None) -> None:
        block = matrix(site)
        site.post(block, "mark_cell", {"cell": "a-do", "status": "done"})
        site.post(block, "mark_cell", {"cell": "b-do", "status": "done"})
        assert door.progress == [(7, COURSE, OWN_KEY, "doing"), (7, COURSE, OWN_KEY, "done")]
        assert [payload for name, payload in site.events if name == "completion"] == [
            {"completion": 0.5},
            {"completion": 1.0},
        ]
        assert site.events[-1][1]["target"] == ""

    def test_rating_is_saved_and_logged(self, site: Site, door: Any) -> None:
        block = matrix(site)
        reply = site.post(block, "rate_cell", {"cell": "a-read", "rating": 4})
        assert (reply.status, reply.json["rating"]) == (200, 4)
        assert site.events == [
            (
                "smartpd.matrix.cell_rated",
                {"usage_key": OWN_KEY, "cell": "a-read", "rating": 4, "scale": 4, "target": UNIT_KEY},
            )
        ]
        assert door.progress == []
        assert site.post(block, "rate_cell", {"cell": "a-read", "rating": None}).json["rating"] is None

    @pytest.mark.parametrize(
        ("handler", "name", "first", "second", "none"),
        [("mark_cell", "status", "done", "planned", "none"), ("rate_cell", "rating", 3, 1, None)],
    )
    def test_a_change_that_the_page_has_not_seen_is_not_overwritten(
        self, site: Site, no_plugin: None, handler: str, name: str, first: Any, second: Any, none: Any
    ) -> None:
        assert site.post(matrix(site), handler, {"cell": "a-do", name: first, "was": none}).status == 200
        before, site.events[:] = site.stored(), []
        reply = site.post(matrix(site), handler, {"cell": "a-do", name: second, "was": none})
        assert reply.status == 409
        assert reply.json[name] == first
        assert "changed elsewhere" in reply.error
        assert (site.stored(), site.events) == (before, [])
        # Said twice, because the first answer got lost on the way: no conflict.
        assert site.post(matrix(site), handler, {"cell": "a-do", name: first, "was": none}).status == 200
        assert site.post(matrix(site), handler, {"cell": "a-do", name: second, "was": first}).status == 200

    def test_it_works_without_the_plugin(self, site: Site, no_plugin: None) -> None:
        for role in ("learner", "sdk"):
            block = matrix(site, role=role)
            assert site.post(block, "mark_cell", {"cell": "a-do", "status": "done"}).status == 200

    @pytest.mark.parametrize(
        ("handler", "data", "sentence"),
        [
            (
                "mark_cell",
                {"cell": "nope", "status": "done"},
                "There is no cell “nope” in this matrix (accepted: a-do, a-read, b-do).",
            ),
            ("mark_cell", {"cell": "a-do", "status": "finished"}, "“finished” (accepted: none, planned, doing, done)."),
            ("mark_cell", {"cell": {"x": 1}, "status": "done"}, "There is no cell"),
            ("mark_cell", {"cell": "a-do"}, "does not name “status”"),
            ("mark_cell", [], "cannot be read"),
            ("mark_cell", None, "cannot be read"),
            (
                "rate_cell",
                {"cell": "a-do", "rating": 5},
                "“5” is not on the rating scale (accepted: 1, 2, 3, 4, or nothing).",
            ),
            ("rate_cell", {"cell": "a-do", "rating": True}, "rating scale"),
            ("rate_cell", {"cell": "a-do"}, "does not name “rating”"),
            ("rate_cell", b"{", "cannot be read"),
        ],
    )
    def test_bad_input_is_refused_in_words(
        self, site: Site, no_plugin: None, handler: str, data: Any, sentence: str
    ) -> None:
        block = matrix(site)
        site.post(block, "mark_cell", {"cell": "a-do", "status": "planned"})
        before, site.events[:] = site.stored(), []
        reply = site.post(block, handler, data)
        assert reply.status == 400
        assert sentence in reply.error
        assert site.stored() == before
        assert site.events == []

    @pytest.mark.parametrize("handler", ["mark_cell", "rate_cell"])
    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 401), ("not_enrolled", 403), ("masquerade", 403), ("author", 403), ("stranger", 403)],
    )
    def test_nobody_else_writes(self, site: Site, door: Any, handler: str, role: str, status: int) -> None:
        matrix(site)
        door.read_only = role == "masquerade"
        before = dict(site.store.texts)
        block = matrix(site, role=role)
        reply = site.post(block, handler, {"cell": "a-do", "status": "done", "rating": 2})
        assert reply.status == status
        assert reply.error.endswith(".")
        assert site.store.texts == before
        assert (site.events, door.progress) == ([], [])

    @pytest.mark.parametrize("handler", ["mark_cell", "rate_cell"])
    def test_get_is_refused(self, site: Site, no_plugin: None, handler: str) -> None:
        assert site.post(matrix(site), handler, {}, method="GET").status == 405

    def test_one_learner_never_sees_anothers_marks(self, site: Site, no_plugin: None) -> None:
        site.post(matrix(site), "mark_cell", {"cell": "a-do", "status": "done"})
        assert cell_of(page(matrix(site, role="other_learner")), "a-do").get("data-status") == "none"

    def test_when_the_plugin_fails_the_state_is_unchanged(self, site: Site, door: Any, django_rows: None) -> None:
        block = matrix(site)
        site.post(block, "mark_cell", {"cell": "a-do", "status": "planned"})
        before, site.events[:] = site.stored(), []
        door.matter = RuntimeError("database is locked")
        reply = site.post(matrix(site), "mark_cell", {"cell": "a-do", "status": "done"})
        assert reply.status == 503
        assert "could not be saved" in reply.error
        assert "locked" not in reply.error
        assert site.stored() == before
        assert site.events == []

    def test_when_the_state_is_not_taken_nothing_is_told(self, site: Site, door: Any, django_rows: None) -> None:
        block = matrix(site)
        site.store.down = True
        assert site.post(block, "mark_cell", {"cell": "a-do", "status": "done"}).status == 503
        assert site.stored().get("cells", {}) == {}
        assert site.events == []

    def test_marks_of_a_removed_cell_come_back_with_it(self, site: Site, no_plugin: None) -> None:
        site.post(matrix(site), "mark_cell", {"cell": "a-do", "status": "done"})
        without = {**MATRIX, "cells": [cell for cell in MATRIX["cells"] if cell["id"] != "a-do"]}
        site.post(matrix(site, settings={"matrix": without}), "mark_cell", {"cell": "b-do", "status": "doing"})
        tree = page(matrix(site))
        assert cell_of(tree, "a-do").get("data-status") == "done"
