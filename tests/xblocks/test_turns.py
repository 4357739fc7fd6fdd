"""One learner's turn at a block: on what is stored now, alone, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from smartpd_xblocks import guard
from smartpd_xblocks.handlers import json_handler
from smartpd_xblocks.shared import SERVICES
from smartpd_xblocks.turns import turn
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, Scope, String

from tests.xblocks.runtime import COURSE, Reply, Site

ME = guard.Learner(user_id=7, username="learner", course_key=COURSE, is_staff=False)


@XBlock.wants(*SERVICES)
class NoteBlock(XBlock):
    resources_dir = "assets"
    BLOCK_TYPE = "note"
    notes = Dict(default={}, scope=Scope.user_state)
    mood = String(default="calm", scope=Scope.user_state)
    title = String(default="Notes", scope=Scope.settings)

    @json_handler
    def note(self, data: dict[str, Any], suffix: str = "") -> Any:
        with turn(self, guard.learner(self), not_saved="not now"):
            self.notes = {**self.notes, data["name"]: data["words"]}
        return {"notes": len(self.notes)}


def note(site: Site, block: Any, name: str) -> Reply:
    return site.post(block, "note", {"name": name, "words": "…"})


class States:
    """Stands for the LMS's service: past the cache of the request, straight to what is stored."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def get_state_as_dict(self, username: str, block_id: Any) -> dict[str, Any]:
        assert username == "learner"
        assert block_id.block_id == "one"
        return self.site.stored()


@pytest.fixture(params=["with a cache that never looks again", "with field data that is read each time"])
def runtime_site(request: pytest.FixtureRequest, site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    if "cache" in request.param:
        site.caching, site.services = True, {"user_state": States(site)}
    return site


def test_two_pages_keep_each_others_notes(runtime_site: Site, no_plugin: None) -> None:
    one, two = runtime_site.open(NoteBlock), runtime_site.open(NoteBlock)
    assert (one.notes, two.notes) == ({}, {})
    assert note(runtime_site, one, "a").status == 200
    assert note(runtime_site, two, "b").json == {"notes": 2}
    assert note(runtime_site, one, "c").json == {"notes": 3}
    assert set(runtime_site.stored()["notes"]) == {"a", "b", "c"}


def test_state_that_was_reset_meanwhile_does_not_come_back(runtime_site: Site, no_plugin: None) -> None:
    block = runtime_site.open(NoteBlock)
    note(runtime_site, block, "a")
    runtime_site.store.texts.clear()
    note(runtime_site, block, "b")
    assert set(runtime_site.stored()["notes"]) == {"b"}


def test_a_row_without_state_is_an_empty_one(site: Site, no_plugin: None) -> None:
    class Nothing:
        def get_state_as_dict(self, username: str, block_id: Any) -> Any:
            raise TypeError("the JSON object must be str, not NoneType")

    site.services = {"user_state": Nothing()}
    assert note(site, site.open(NoteBlock), "a").status == 200


def test_only_what_was_changed_is_saved(site: Site, no_plugin: None) -> None:
    note(site, site.open(NoteBlock), "a")
    assert set(site.stored()) == {"notes"}


def test_the_learners_row_is_held_before_anything_is_read(site: Site, door: Any) -> None:
    class Late(States):
        def get_state_as_dict(self, username: str, block_id: Any) -> dict[str, Any]:
            assert door.locked == [(7, COURSE)]
            return super().get_state_as_dict(username, block_id)

    site.services = {"user_state": Late(site)}
    assert note(site, site.open(NoteBlock), "a").status == 200
    assert door.locked == [(7, COURSE)]


def test_a_refusal_saves_nothing(site: Site, no_plugin: None) -> None:
    block = site.open(NoteBlock)
    note(site, block, "a")

    def refuse() -> None:
        with turn(block, ME, not_saved="not now"):
            block.notes = {"b": "…"}
            raise JsonHandlerError(400, "no")

    with pytest.raises(JsonHandlerError) as refused:
        refuse()
    assert (refused.value.status_code, refused.value.message) == (400, "no")
    block.save()
    assert set(site.stored()["notes"]) == {"a"}
    assert set(block.notes) == {"a"}


def test_whatever_fails_the_learner_hears_that_it_is_not_saved(site: Site, no_plugin: None) -> None:
    block = site.open(NoteBlock)
    note(site, block, "a")

    def fail() -> None:
        with turn(block, ME, not_saved="not now"):
            block.notes = {"b": "…"}
            raise ZeroDivisionError

    with pytest.raises(JsonHandlerError) as refused:
        fail()
    assert (refused.value.status_code, refused.value.message) == (503, "not now")
    block.save()
    assert set(site.stored()["notes"]) == {"a"}


@pytest.mark.django_db(transaction=True)
def test_where_the_state_cannot_be_saved_the_plugins_rows_go_as_well(site: Site, door: Any) -> None:
    block = site.open(NoteBlock)
    site.store.down = True

    def save() -> None:
        with turn(block, ME, not_saved="not now"):
            Group.objects.create(name="kept?")
            block.notes = {"a": "…"}

    with pytest.raises(JsonHandlerError) as refused:
        save()
    assert refused.value.status_code == 503
    assert not Group.objects.filter(name="kept?").exists()
    site.store.down = False
    block.save()
    assert site.stored().get("notes", {}) == {}


@pytest.mark.django_db(transaction=True)
def test_rows_and_state_are_stored_together(site: Site, door: Any) -> None:
    block = site.open(NoteBlock)
    with turn(block, ME, not_saved="not now") as given:
        assert given is door
        Group.objects.create(name="kept")
        block.notes = {"a": "…"}
    assert Group.objects.filter(name="kept").exists()
    assert set(site.stored()["notes"]) == {"a"}


def test_the_bare_workbench_needs_no_account(site: Site, no_plugin: None) -> None:
    assert note(site, site.open(NoteBlock, role="sdk"), "a").json == {"notes": 1}
