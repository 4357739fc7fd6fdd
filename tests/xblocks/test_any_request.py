"""Whatever is sent to any handler of any block: an answer in words, never a server error, nothing half done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_xblocks.handlers import MAX_BODY
from smartpd_xblocks.learning_matrix_block import LearningMatrixBlock
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock
from smartpd_xblocks.pres_block import PresBlock

from tests.xblocks.runtime import COURSE, Site

#: Handlers that are asked by a link and only read.
DOWNLOADS = ("own_answers",)
BLOCKS = (NeedsDiagnosticBlock, LearningMatrixBlock, PresBlock)
HANDLERS = [
    (block, name)
    for block in BLOCKS
    for name in sorted(dir(block))
    if getattr(getattr(block, name), "_is_xblock_handler", False) and name not in DOWNLOADS
]
#: Handlers of the course team.
TEAMS = ("team_learners", "team_reopen", "team_reset", "team_submissions", "team_summary")
IN_STUDIO = (
    "submit_studio_edits",
    "read_questionnaire",
    "preview_questionnaire",
    "import_questionnaire",
    "export_questionnaire",
)
#: Handlers that read nothing of the request: an object of any kind will do.
ASK_FOR_NOTHING = ("revise", "retake", "result")

#: Words that the handlers know, so that some requests get past the first check.
WORDS = (
    "item option version attempt texts revision position reason cell status rating was values defaults display_name "
    "matrix scale parts question min_words instrument cells id i1_1 4 1.0 done planned none own_instrument "
    "document kind name text lang framework digcompedu knowledge_test items targets roles series role csv "
    "json a.csv a.yaml"
)
KNOWN = st.sampled_from(WORDS.split())
TEXTS = st.one_of(KNOWN, st.text(st.characters(), max_size=8), st.sampled_from(["\x00", "\ud800", "🙂", "ʻ", "<b>"]))
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.none(), st.sampled_from([1, 2, 0, -1, 10**30, 1e308, float("nan")])
)
VALUES = st.recursive(
    NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=12,
)


def opened(site: Site, block: type, handler: str) -> Any:
    role = "author" if handler in IN_STUDIO else "staff" if handler in TEAMS else "learner"
    return site.open(block, role=role)


def test_there_are_handlers_to_try() -> None:
    assert {block for block, _name in HANDLERS} == set(BLOCKS)
    assert len(HANDLERS) == 14 + len(TEAMS) + 2 + 3 + 3


@pytest.mark.parametrize(("block", "handler"), HANDLERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=VALUES)
def test_any_json_is_answered(no_plugin: None, block: type, handler: str, data: Any) -> None:
    site = Site()
    one = opened(site, block, handler)
    before = dict(site.store.texts)
    reply = site.post(one, handler, json.dumps(data).encode())
    assert reply.status in (200, 400, 403, 409), reply
    if reply.status != 200:
        assert reply.error.strip()
        assert site.store.texts == before
        assert site.events == []


DEEP = 200_000
BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep inside": b'{"texts":' + b"[" * DEEP + b"]" * DEEP + b',"revision":0,"values":{}}',
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number": b"7",
    "half a character": b'{"texts": {"reason": "\\ud800"}, "revision": 0, "values": {"display_name": "\\ud800"}}',
    "digits": b'{"revision": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize(("block", "handler"), HANDLERS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_object_is_refused(site: Site, no_plugin: None, block: type, handler: str, body: bytes) -> None:
    one = opened(site, block, handler)
    before = dict(site.store.texts)
    reply = site.post(one, handler, body)
    assert reply.status in (400, 413)
    assert "nothing was saved" in reply.error
    assert site.store.texts == before


@pytest.mark.parametrize(("block", "handler"), HANDLERS)
def test_ten_megabytes_are_refused(site: Site, no_plugin: None, block: type, handler: str) -> None:
    reply = site.post(opened(site, block, handler), handler, b'{"a": "' + b"x" * 10_000_000 + b'"}')
    assert reply.status == 413
    assert "kilobytes" in reply.error


def test_the_longest_text_in_any_script_is_no_body_too_long(site: Site, no_plugin: None) -> None:
    texts = dict.fromkeys(("position", "reason", "example", "summary"), "🙂" * 20_000)
    body = json.dumps({"texts": texts, "revision": 0}, ensure_ascii=False).encode()
    assert len(body) < MAX_BODY
    assert site.post(opened(site, PresBlock, "save_draft"), "save_draft", body).status == 200


@pytest.mark.parametrize(("block", "handler"), HANDLERS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_a_post_is_taken(site: Site, no_plugin: None, block: type, handler: str, method: str) -> None:
    before = dict(site.store.texts)
    reply = site.post(opened(site, block, handler), handler, {}, method=method)
    assert reply.status == 405
    assert site.store.texts.keys() == before.keys()


def _may(handler: str, role: str) -> bool:
    if handler == "result":
        # It only shows what the viewer sees anyway.
        return role in ("masquerade", "author", "stranger")
    return role == "author" and handler in IN_STUDIO


ROLES = ("not_enrolled", "anonymous", "stranger", "masquerade", "author")
REFUSED = [(block, handler, role) for block, handler in HANDLERS for role in ROLES if not _may(handler, role)]


@pytest.mark.parametrize(("block", "handler", "role"), REFUSED)
def test_every_handler_asks_who_it_is(site: Site, door: Any, block: type, handler: str, role: str) -> None:
    door.read_only = role == "masquerade"
    one = site.open(block, role=role)
    before = dict(site.store.texts)
    data = {"item": "i1_1", "level": "B1", "option": "4", "version": "1.0", "texts": {"reason": "x"}, "revision": 0,
            "values": {}, "cell": "x", "status": "done", "rating": 1, "defaults": []}  # fmt: skip
    reply = site.post(one, handler, data)
    assert reply.status in (401, 403)
    assert reply.error.strip()
    assert site.store.texts == before
    assert (site.events, door.progress, door.diagnoses) == ([], [], [])
    assert COURSE not in reply.error


@pytest.mark.parametrize(("block", "handler"), [pair for pair in HANDLERS if pair[1] in TEAMS])
@pytest.mark.parametrize("role", ["learner", "other_learner", "sdk"])
def test_what_is_the_course_teams_is_refused_to_learners(
    site: Site, door: Any, block: type, handler: str, role: str
) -> None:
    reply = site.post(site.open(block, role=role), handler, {"learner": "other_learner"})
    assert reply.status == 403
    assert reply.error == "Only the course team can see and do this."
    assert (site.store.texts, site.events) == ({}, [])


@pytest.mark.parametrize(("block", "handler"), [pair for pair in HANDLERS if pair[1] not in (*IN_STUDIO, *TEAMS)])
def test_a_page_of_somebody_else_changes_nothing(site: Site, no_plugin: None, block: type, handler: str) -> None:
    mine = site.open(block).student_view().json_init_args
    page = mine.get("storageKey") or mine["key"]
    data = {"item": "i1_1", "option": "4", "version": "1.0", "texts": {"reason": "x"}, "revision": 0, "page": page}
    reply = site.post(site.open(block, role="other_learner"), handler, data)
    assert reply.status == 403
    assert "Somebody else is signed in" in reply.error
    assert site.store.texts == {}
    assert site.post(site.open(block), handler, data).status != 403
    # Whose session has ended is told to sign in, not that somebody else has.
    assert "Somebody else" not in str(site.post(site.open(block, role="anonymous"), handler, data).json)
