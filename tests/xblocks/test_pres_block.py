"""The PRES block through its views and handlers, as the platform calls them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from smartpd_xblocks.pres import KEPT_SUBMISSIONS, MAX_CHARACTERS, PART_IDS
from smartpd_xblocks.pres_block import PresBlock

from tests.xblocks.runtime import COURSE, Site, speaking

PresBlock.BLOCK_TYPE = "smartpd_pres"
OWN_KEY = "block-v1:SmartPD+DC101+demo+type@smartpd_pres+block@one"
SETTINGS = {"question": "Why?\n\nThink of <your> learners.", "min_words": 2, "max_words": 4}


def pres(site: Site, **opened: Any) -> Any:
    settings = SETTINGS if opened.get("role", "learner") in ("learner", "sdk") else {}
    return site.open(PresBlock, **{"settings": settings, **opened})


def texts(**changes: str) -> dict[str, str]:
    return {**dict.fromkeys(PART_IDS, "two words"), **changes}


def page(block: Any, view: str = "student_view") -> etree._Element:
    return etree.HTML(getattr(block, view)().content)


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def shown(tree: etree._Element, view: str) -> bool:
    (found,) = tree.xpath(f"//*[@data-view='{view}']")
    return found.get("hidden") is None


def weight_of(block: Any) -> int:
    """Bytes of the first screen with its styles and script, compressed."""
    fragment = block.student_view()
    total = len(gzip.compress(fragment.content.encode()))
    for resource in fragment.resources:
        with block.unmixed_class.open_local_resource(resource.data.removeprefix("/static/")) as file:
            total += len(gzip.compress(file.read()))
    return total


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that stands still until it is moved."""
    state = {"now": datetime(2026, 10, 2, 9, 0, tzinfo=UTC)}

    def move(**by: int) -> None:
        state["now"] += timedelta(**by)

    monkeypatch.setattr(PresBlock, "_now", staticmethod(lambda: state["now"]))
    return move


def save(site: Site, block: Any, revision: int = 0, **changes: str) -> Any:
    return site.post(block, "save_draft", {"texts": texts(**changes), "revision": revision})


def submit(site: Site, block: Any, revision: int = 0, **changes: str) -> Any:
    return site.post(block, "submit", {"texts": texts(**changes), "revision": revision})


class TestPage:
    @pytest.mark.parametrize(
        ("lang", "labels"),
        [
            ("en", ["Position", "Reason", "Explanation or example", "Summary"]),
            ("ru", ["Позиция", "Обоснование", "Пример", "Следствие"]),
            ("uz", ["Fikr", "Sabab", "Misol", "Umumlashtirish"]),
        ],
    )
    def test_four_labelled_parts_with_openings(self, site: Site, no_plugin: None, lang: str, labels: list[str]) -> None:
        with speaking(lang):
            tree = page(pres(site, lang=lang))
        assert ["".join(label.xpath("text()")) for label in tree.xpath("//label")] == labels
        for area, label in zip(tree.xpath("//textarea"), tree.xpath("//label"), strict=True):
            assert label.get("for") == area.get("id")
            assert area.get("dir") == "auto"
            for described in area.get("aria-describedby").split():
                assert len(tree.xpath(f"//*[@id='{described}']")) == 1
        assert len(tree.xpath("//button[@data-starter]")) == 12
        assert shown(tree, "write")
        assert not shown(tree, "read")

    def test_the_question_has_paragraphs_and_is_escaped(self, site: Site, no_plugin: None) -> None:
        tree = page(pres(site))
        assert [words(p) for p in tree.xpath("//*[@class='smartpd-pres-question']/p")] == [
            "Why?",
            "Think of <your> learners.",
        ]

    def test_learner_text_is_escaped_everywhere(self, site: Site, no_plugin: None) -> None:
        nasty = "</textarea><script>alert(1)</script> & more"
        block = pres(site)
        save(site, block, reason=nasty)
        tree = page(pres(site))
        assert tree.xpath("//script") == []
        assert nasty in tree.xpath("//textarea[@name='reason']")[0].text
        assert submit(site, block, 1, reason=nasty).status == 200
        tree = page(pres(site))
        assert tree.xpath("//script") == []
        assert words(tree.xpath("//*[@data-read='reason']")[0]) == nasty

    def test_a_text_that_begins_with_a_line_break_keeps_it(self, site: Site, no_plugin: None) -> None:
        save(site, pres(site), reason="\n\nlate start")
        content = pres(site).student_view().content
        # The parser drops one line break after the tag; the template writes that one.
        assert ">\n\n\nlate start</textarea>" in content

    def test_the_submitted_text_is_read_back_as_a_piece(self, site: Site, no_plugin: None, clock: Any) -> None:
        submit(site, pres(site), position="My view stands")
        tree = page(pres(site))
        assert shown(tree, "read")
        assert not shown(tree, "write")
        assert "My view stands" in words(tree.xpath("//section")[0])
        assert "Version 1" in words(tree.xpath("//section")[0])
        assert tree.xpath("//section//time/@datetime") == ["2026-10-02T09:00:00.000+00:00"]

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
        pres(site)
        door.read_only = role == "masquerade"
        block = pres(site, role=role)
        tree = page(block)
        assert explained in words(tree)
        assert "Why?" in words(tree)
        assert (tree.xpath("//textarea/@readonly") != []) == bool(explained)
        assert (tree.xpath("//button[@type='submit']") == []) == bool(explained)
        assert block.student_view().json_init_args["canWrite"] is not bool(explained)

    def test_the_first_screen_is_small(self, site: Site, no_plugin: None) -> None:
        for lang in ("en", "ru", "uz"):
            with speaking(lang):
                assert weight_of(pres(site, lang=lang)) < 12_000

    def test_settings_that_cannot_be_used_are_said_to_the_course_team(self, site: Site, no_plugin: None) -> None:
        pres(site, settings={"parts": {"claim": {}}})
        assert "There is no part “claim”" in words(page(pres(site, role="author"), "author_view"))
        assert "claim" not in words(page(pres(site, settings={})))


class TestDraft:
    def test_a_save_is_kept_and_numbered(self, site: Site, no_plugin: None, clock: Any) -> None:
        reply = save(site, pres(site), reason="because\x00 of\r\nthat")
        assert reply.status == 200
        assert reply.json == {
            "stage": "writing",
            "revision": 1,
            "texts": texts(reason="because of\nthat"),
            "saved_at": "2026-10-02T09:00:00.000+00:00",
            "submission": None,
        }
        assert pres(site).draft == texts(reason="because of\nthat")

    def test_a_stale_tab_gets_the_newer_text(self, site: Site, no_plugin: None) -> None:
        save(site, pres(site), 0, reason="first tab")
        reply = save(site, pres(site), 0, reason="second tab")
        assert reply.status == 409
        assert reply.json["revision"] == 1
        assert reply.json["texts"]["reason"] == "first tab"
        assert "another window" in reply.error
        assert pres(site).draft["reason"] == "first tab"
        assert save(site, pres(site), 1, reason="second tab").json["revision"] == 2

    def test_a_resent_save_is_no_conflict(self, site: Site, no_plugin: None) -> None:
        save(site, pres(site))
        assert save(site, pres(site), 0).json["revision"] == 1

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (None, "cannot be read"),
            ({"texts": texts()}, "which revision"),
            ({"texts": texts(), "revision": "1"}, "which revision"),
            ({"texts": texts(), "revision": True}, "which revision"),
            ({"texts": texts(), "revision": -1}, "which revision"),
            ({"revision": 0}, "No text arrived"),
            (
                {"texts": {"claim": "x"}, "revision": 0},
                "no part “claim” (accepted: position, reason, example, summary)",
            ),
            ({"texts": {"reason": 7}, "revision": 0}, "“Reason” is not a text"),
            ({"texts": {"reason": "x" * (MAX_CHARACTERS + 1)}, "revision": 0}, "1 too many (accepted: at most 20000)"),
            ({"texts": {"reason": "x" * 900_000}, "revision": 0}, "“Reason” has 900000 characters"),
            (b"{", "cannot be read"),
        ],
    )
    @pytest.mark.parametrize("handler", ["save_draft", "submit"])
    def test_bad_input_is_refused_in_words(
        self, site: Site, no_plugin: None, handler: str, data: Any, sentence: str
    ) -> None:
        save(site, pres(site))
        before, site.events[:] = site.stored(), []
        reply = site.post(pres(site), handler, data)
        assert reply.status == 400
        assert sentence in reply.error
        assert site.stored() == before
        assert site.events == []

    def test_events_tell_words_not_text_and_at_most_once_a_minute(
        self, site: Site, no_plugin: None, clock: Any
    ) -> None:
        save(site, pres(site), 0, reason="secret thought here")
        clock(seconds=30)
        save(site, pres(site), 1, reason="secret thought here too")
        clock(seconds=31)
        save(site, pres(site), 2, reason="secret")
        counts = {"position": 2, "reason": 3, "example": 2, "summary": 2}
        assert site.events == [
            ("smartpd.pres.saved", {"usage_key": OWN_KEY, "version": 1, "words": counts}),
            ("smartpd.pres.saved", {"usage_key": OWN_KEY, "version": 1, "words": {**counts, "reason": 1}}),
        ]

    def test_the_plugin_hears_of_the_first_save_only(self, site: Site, door: Any, django_rows: None) -> None:
        save(site, pres(site), 0)
        save(site, pres(site), 1, reason="more words")
        assert door.progress == [(7, COURSE, OWN_KEY, "doing")]


class TestSubmit:
    def test_a_text_within_the_limits_becomes_a_version(
        self, site: Site, door: Any, django_rows: None, clock: Any
    ) -> None:
        save(site, pres(site))
        site.events.clear()
        reply = submit(site, pres(site), 1)
        assert reply.status == 200
        assert reply.json["stage"] == "submitted"
        assert reply.json["submission"] == {
            "version": 1,
            "submitted_at": "2026-10-02T09:00:00.000+00:00",
            "texts": texts(),
        }
        assert door.progress[-1] == (7, COURSE, OWN_KEY, "done")
        assert site.events == [
            ("completion", {"completion": 1.0}),
            ("smartpd.pres.submitted", {"usage_key": OWN_KEY, "version": 1, "words": dict.fromkeys(PART_IDS, 2)}),
        ]

    def test_the_limits_say_which_part_and_the_draft_is_kept(self, site: Site, door: Any) -> None:
        reply = submit(site, pres(site), 0, reason="one", summary="1 2 3 4 5", example="")
        assert reply.status == 400
        assert reply.json["problems"] == {
            "reason": "“Reason” has 1 of at least 2 words: 1 to go.",
            "example": "“Explanation or example” is still empty (at least 2 words).",
            "summary": "“Summary” has 5 words, at most 4 are allowed: 1 too many.",
        }
        assert reply.json["revision"] == 1
        assert pres(site).draft["summary"] == "1 2 3 4 5"
        assert site.stored().get("submissions", []) == []
        assert (site.events, door.progress) == ([], [])

    def test_the_problems_are_said_with_the_learners_own_labels(self, site: Site, no_plugin: None) -> None:
        with speaking("uz"):
            reply = site.post(pres(site, lang="uz"), "submit", {"texts": {}, "revision": 0})
        assert "«Sabab»" in reply.json["problems"]["reason"]

    def test_submitting_twice_makes_one_version(self, site: Site, no_plugin: None) -> None:
        submit(site, pres(site))
        reply = submit(site, pres(site))
        assert (reply.status, reply.json["submission"]["version"]) == (200, 1)
        assert len(pres(site).submissions) == 1
        assert [name for name, _payload in site.events].count("smartpd.pres.submitted") == 1

    def test_a_tab_that_still_writes_learns_that_it_was_submitted(self, site: Site, no_plugin: None) -> None:
        submit(site, pres(site))
        for handler in ("save_draft", "submit"):
            reply = site.post(pres(site), handler, {"texts": texts(reason="other text"), "revision": 1})
            assert reply.status == 409
            assert reply.json["stage"] == "submitted"
            assert "already been submitted" in reply.error
        assert pres(site).submissions[0]["texts"] == texts()

    def test_revising_makes_the_next_version(self, site: Site, no_plugin: None) -> None:
        submit(site, pres(site))
        opened = site.post(pres(site), "revise", {})
        assert (opened.status, opened.json["stage"], opened.json["texts"]) == (200, "writing", texts())
        again = site.post(pres(site), "revise", {})
        assert again.json["revision"] == opened.json["revision"]
        reply = submit(site, pres(site), opened.json["revision"], reason="better reason")
        assert reply.json["submission"]["version"] == 2
        tree = page(pres(site))
        assert "Version 1" in words(tree.xpath("//details")[0])
        assert "better reason" in words(tree.xpath("//*[@data-read='reason']")[0])

    def test_revising_needs_a_text_and_leave(self, site: Site, no_plugin: None) -> None:
        assert site.post(pres(site), "revise", {}).status == 409
        submit(site, pres(site))
        refused = site.post(pres(site, settings={"allow_revision": False}), "revise", {})
        assert refused.status == 403
        assert "cannot be revised" in refused.error
        assert page(pres(site, settings={})).xpath("//button[@data-revise]") == []

    def test_the_newest_versions_are_kept(self, site: Site, no_plugin: None) -> None:
        revision = submit(site, pres(site)).json["revision"]
        for number in range(KEPT_SUBMISSIONS + 2):
            revision = site.post(pres(site), "revise", {}).json["revision"]
            revision = submit(site, pres(site), revision, reason=f"reason {number}").json["revision"]
        kept = pres(site).submissions
        assert len(kept) == KEPT_SUBMISSIONS
        assert kept[-1]["version"] == KEPT_SUBMISSIONS + 3

    @pytest.mark.parametrize("handler", ["save_draft", "submit", "revise"])
    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 401), ("not_enrolled", 403), ("masquerade", 403), ("author", 403), ("stranger", 403)],
    )
    def test_nobody_else_writes(self, site: Site, door: Any, handler: str, role: str, status: int) -> None:
        pres(site)
        door.read_only = role == "masquerade"
        before = dict(site.store.texts)
        reply = site.post(pres(site, role=role), handler, {"texts": texts(), "revision": 0})
        assert reply.status == status
        assert site.store.texts == before
        assert (site.events, door.progress) == ([], [])

    def test_another_learner_sees_nothing_of_it(self, site: Site, no_plugin: None) -> None:
        submit(site, pres(site), reason="private words")
        block = pres(site, role="other_learner")
        assert "private" not in block.student_view().content
        assert "private" not in str(site.post(block, "save_draft", {"texts": texts(), "revision": 5}).json)

    @pytest.mark.parametrize("handler", ["save_draft", "submit"])
    def test_when_the_plugin_fails_the_state_is_unchanged(
        self, site: Site, door: Any, django_rows: None, handler: str
    ) -> None:
        pres(site)
        before = site.stored()
        door.matter = RuntimeError("database is locked")
        reply = site.post(pres(site), handler, {"texts": texts(), "revision": 0})
        assert reply.status == 503
        assert "kept on this device" in reply.error
        assert site.stored() == before
        assert site.events == []
        door.matter = None
        assert site.post(pres(site), handler, {"texts": texts(), "revision": 0}).status == 200

    def test_it_works_in_the_workbench(self, site: Site, door: Any) -> None:
        assert submit(site, pres(site, role="sdk")).status == 200
        assert door.progress == []


class TestStudio:
    def edit(self, site: Site, values: dict, role: str = "author") -> Any:
        return site.post(pres(site, role=role), "submit_studio_edits", {"values": values, "defaults": []})

    def test_settings_are_saved(self, site: Site) -> None:
        own = {"reason": {"label": {"en": "Why", "ru": "Почему", "uz": "Nega"}}}
        assert self.edit(site, {"preset": "uz", "parts": own, "max_words": 0}).status == 200
        assert pres(site, role="author").parts == own

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"min_words": 90}, "90 to 80 cannot be used"),
            ({"question": "  "}, "The question is empty"),
            ({"parts": {"reason": {"starters": 3}}}, "starters of the part “reason”"),
        ],
    )
    def test_what_is_wrong_is_named(self, site: Site, values: dict, sentence: str) -> None:
        reply = self.edit(site, values)
        assert reply.status == 400
        assert sentence in str(reply.json)

    @pytest.mark.parametrize("role", ["stranger", "learner", "anonymous"])
    def test_only_the_course_team_edits(self, site: Site, no_plugin: None, role: str) -> None:
        assert self.edit(site, {"display_name": "Mine"}, role=role).status == 403

    def test_the_form_opens(self, site: Site) -> None:
        block = pres(site, role="author")
        assert "FSMU (oʻzbekcha)" in block.runtime.render(block, "studio_view").content


class TestPlatform:
    def test_olx_round_trip(self, site: Site) -> None:
        own = {"reason": {"label": "Sabab oʻ", "starters": ["Chunki"]}}
        block = pres(site, settings={**SETTINGS, "parts": own})
        node = etree.Element("unknown")
        block.add_xml_to_node(node)
        text = etree.tostring(node, encoding="unicode")
        copy = site.open(PresBlock, name="copy")
        parsed = PresBlock.parse_xml(etree.fromstring(text), copy.runtime, copy.scope_ids)
        assert (parsed.parts, parsed.question, parsed.min_words) == (own, SETTINGS["question"], 2)

    def test_what_apps_and_search_get_is_of_nobody(self, site: Site, no_plugin: None) -> None:
        block = pres(site)
        before = (block.student_view_data(), block.index_dictionary())
        submit(site, block, reason="private words")
        assert (block.student_view_data(), block.index_dictionary()) == before
        assert [part["label"] for part in before[0]["parts"]["uz"]] == ["Fikr", "Sabab", "Misol", "Umumlashtirish"]

    def test_the_platform_knows_what_to_do_with_it(self, site: Site) -> None:
        block = pres(site)
        assert PresBlock.has_custom_completion
        assert block.show_in_read_only_mode
        assert block.has_support(block.student_view, "multi_device")
        ((title, xml),) = PresBlock.workbench_scenarios()
        assert title
        assert etree.fromstring(xml).tag == "smartpd_pres"
