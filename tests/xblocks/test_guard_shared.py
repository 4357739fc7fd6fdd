"""What all blocks share: keys, words, pages, saving."""

from __future__ import annotations

import gettext
import struct
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey
from smartpd_xblocks import plugin, shared
from web_fragments.fragment import Fragment
from xblock.core import XBlock

from tests.xblocks.runtime import COURSE, Site, speaking


@XBlock.wants("user", "i18n")
class NoteBlock(XBlock):
    resources_dir = "assets"


def at(usage_id: Any) -> Any:
    return SimpleNamespace(scope_ids=SimpleNamespace(usage_id=usage_id))


@pytest.mark.parametrize(
    ("usage_id", "usage", "course"),
    [
        ("block-v1:A+B+C+type@x+block@y", "block-v1:A+B+C+type@x+block@y", "course-v1:A+B+C"),
        ("block-v1:A+B+C+branch@draft-branch+type@x+block@y", "block-v1:A+B+C+type@x+block@y", "course-v1:A+B+C"),
        ("lb:org:lib:x:y", "lb:org:lib:x:y", ""),
        ("lib-block-v1:org+lib+type@x+block@y", "lib-block-v1:org+lib+type@x+block@y", ""),
    ],
)
@pytest.mark.parametrize("as_string", [True, False])
def test_keys_in_the_platforms_runtimes(usage_id: str, usage: str, course: str, as_string: bool) -> None:
    block = at(usage_id if as_string else UsageKey.from_string(usage_id))
    assert shared.usage_key(block) == usage
    assert shared.course_key(block) == course


def test_keys_in_the_sdk_workbench() -> None:
    block = at("scenario.x.d0.u0")
    assert shared.usage_key(block) == "scenario.x.d0.u0"
    assert shared.course_key(block) == ""
    assert shared.course_locator(block) is None


def test_ids_in_a_page_differ_from_block_to_block(site: Site) -> None:
    first, second = site.open(NoteBlock, name="a"), site.open(NoteBlock, name="b")
    assert shared.html_id(first) == shared.html_id(site.open(NoteBlock, name="a"))
    assert shared.html_id(first) != shared.html_id(second)
    assert shared.html_id(first).isalnum()


def test_language_is_the_active_one_else_the_preference(site: Site) -> None:
    with speaking("uz"):
        assert shared.language(site.open(NoteBlock)) == "uz"
    with speaking(None):
        assert shared.language(site.open(NoteBlock, lang="ru")) == "ru"


def write_catalogue(folder: Path, lang: str, words: dict[str, str]) -> None:
    """A compiled catalogue: header, then the tables of originals and translations, sorted."""
    pairs = [(b"", b"Content-Type: text/plain; charset=UTF-8\n")]
    pairs += sorted((msgid.encode(), text.encode()) for msgid, text in words.items())
    start, tables, blob = 28 + 16 * len(pairs), [], b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<2I", len(pair[column]), start + len(blob)))
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    (folder / lang / "LC_MESSAGES").mkdir(parents=True)
    (folder / lang / "LC_MESSAGES" / "text.mo").write_bytes(head + b"".join(tables) + blob)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our catalogue knows two words of Uzbek."""
    write_catalogue(tmp_path / "ours", "uz", {"Save": "Saqlash", "Open": "Ochish"})
    monkeypatch.setattr(shared, "_TRANSLATIONS", tmp_path / "ours")
    shared._catalogue.cache_clear()
    yield
    shared._catalogue.cache_clear()


def test_words_come_from_our_catalogue_in_any_runtime(site: Site, catalogue: None) -> None:
    with speaking("uz"):
        assert shared.translate(site.open(NoteBlock), "Save") == "Saqlash"
        assert shared.translate(Site(without=["i18n"]).open(NoteBlock), "Save") == "Saqlash"
        assert shared.translate(Site(without=["i18n"]).open(NoteBlock), "Open") == "Ochish"
        assert shared.translate(site.open(NoteBlock), "Unknown") == "Unknown"
        assert shared.translate(site.open(NoteBlock), "") == ""


def test_a_catalogue_of_the_site_comes_first(site: Site, catalogue: None, tmp_path: Path) -> None:
    write_catalogue(tmp_path / "site", "uz", {"Save": "Yozib olish"})
    translator = gettext.translation("text", str(tmp_path / "site"), ["uz"])
    block = site.open(NoteBlock)
    block.runtime._services["i18n"] = SimpleNamespace(translator=translator, gettext=translator.gettext)
    with speaking("uz"):
        assert shared.translate(block, "Save") == "Yozib olish"
        assert shared.translate(block, "Open") == "Ochish"


def test_pages_are_escaped_and_numbers_plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ words }} {{ share }}", encoding="utf-8")
    monkeypatch.setattr(shared, "_TEMPLATES", tmp_path)
    shared._engine.cache_clear()
    with speaking("ru"):
        page = shared.render("page.html", {"words": "<b>", "share": 1234.5})
    shared._engine.cache_clear()
    assert page == "&lt;b&gt; 1234.5"


def test_resources_are_files_that_exist(site: Site) -> None:
    from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

    fragment = shared.add_resources(site.open(NeedsDiagnosticBlock), Fragment(), init="Start", args={"a": 1})
    assert [resource.data for resource in fragment.resources] == [
        "/static/public/shared/smartpd.css",
        "/static/public/shared/page.js",
    ]
    assert (fragment.js_init_fn, fragment.json_init_args) == ("Start", {"a": 1})


def test_an_event_carries_the_usage_key(site: Site) -> None:
    shared.publish(site.open(NoteBlock, name="n"), "smartpd.test", {"n": 1})
    assert site.events == [("smartpd.test", {"usage_key": shared.usage_key(site.open(NoteBlock, name="n")), "n": 1})]
    assert COURSE.removeprefix("course-v1:") in site.events[0][1]["usage_key"]


def test_without_the_app_there_is_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.apps.apps.is_installed", lambda name: name != plugin.APP)
    assert plugin.door() is None


def test_before_the_apps_are_loaded_there_is_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("django.apps.apps.ready", False)
        assert plugin.door() is None
