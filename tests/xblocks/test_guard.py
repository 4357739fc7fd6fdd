"""Who may do what with a block, in each runtime and role."""

from __future__ import annotations

from typing import Any

import pytest
from smartpd_xblocks import guard
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, Scope

from tests.xblocks.conftest import Door
from tests.xblocks.runtime import COURSE, ROLES, Site


@XBlock.wants("user", "i18n", "enrollments", "studio_user_permissions")
class PlainBlock(XBlock):
    notes = Dict(default={}, scope=Scope.user_state)


class UndeclaredBlock(XBlock):
    """Declares no service at all."""


def open_as(site: Site, role: str, door: Door | None = None) -> Any:
    if door is not None:
        door.read_only = role == "masquerade"
    return site.open(PlainBlock, role=role)


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("learner", ""),
        ("other_learner", ""),
        ("staff", ""),
        ("sdk", ""),
        ("not_enrolled", "not_enrolled"),
        ("anonymous", "anonymous"),
        ("masquerade", "masquerade"),
        ("author", "studio"),
        ("stranger", "studio"),
    ],
)
def test_access_names_why_nothing_may_be_written(site: Site, door: Door, role: str, reason: str) -> None:
    found = guard.access(open_as(site, role, door))

    assert found.read_only == reason
    assert found.may_write is not bool(reason)


def test_every_role_is_covered_above() -> None:
    marks = test_access_names_why_nothing_may_be_written.pytestmark
    assert {role for role, _reason in marks[0].args[1]} == set(ROLES)


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 401), ("not_enrolled", 403), ("masquerade", 403), ("author", 403)]
)
def test_a_refused_handler_gets_a_sentence(site: Site, door: Door, role: str, status: int) -> None:
    block = open_as(site, role, door)

    with pytest.raises(JsonHandlerError) as refused:
        guard.learner(block)

    assert refused.value.status_code == status
    assert refused.value.message == guard.access(block).explanation(block)
    assert refused.value.message.endswith(".")


def test_a_learner_is_known_by_id_name_and_course(site: Site, no_plugin: None) -> None:
    assert guard.learner(open_as(site, "learner")) == guard.Learner(7, "learner", COURSE, is_staff=False)
    assert guard.learner(open_as(site, "staff")).is_staff


def test_the_sdk_learner_has_no_account_and_no_course(site: Site, no_plugin: None) -> None:
    assert guard.learner(open_as(site, "sdk")) == guard.Learner(0, "student_1", "", is_staff=False)


def test_where_enrolment_is_not_known_nobody_is_locked_out(no_plugin: None) -> None:
    site = Site(without=["enrollments"])
    assert guard.learner(open_as(site, "not_enrolled")).user_id == 9


def test_viewer_never_raises(site: Site, door: Door) -> None:
    assert guard.viewer(open_as(site, "anonymous", door)) is None
    assert guard.viewer(open_as(Site(without=["user"]), "learner", door)) is None
    assert guard.viewer(site.open(UndeclaredBlock)) is None
    assert guard.viewer(open_as(site, "masquerade", door)) is not None


@pytest.mark.parametrize(
    ("role", "may"), [("author", True), ("sdk", True), ("stranger", False), ("staff", False), ("anonymous", False)]
)
def test_only_authors_change_settings(site: Site, no_plugin: None, role: str, may: bool) -> None:
    block = open_as(site, role)
    if may:
        guard.author(block)
        return
    with pytest.raises(JsonHandlerError) as refused:
        guard.author(block)
    assert refused.value.status_code == 403
