"""The course team reads what learners have submitted in PRES, with the real plugin behind it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from lxml import etree
from smartpd import api
from smartpd_xblocks.pres_block import PresBlock

from tests.xblocks.runtime import COURSE, Reply, Site, speaking
from tests.xblocks.test_pres_block import SETTINGS, page, texts, words

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = {"learner": 7, "other_learner": 8, "staff": 3}


class States:
    """Learners' state on the small site, as the plugin asks for it; what was stored last is the newest."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def _rows(self, usage_key: Any, field: str) -> list[tuple[int, dict[str, Any]]]:
        found: dict[int, dict[str, Any]] = {}
        for at, text in self.site.store.texts.items():
            if at[2] and at[3] == str(usage_key):
                found.setdefault(at[2], {})[at[-1]] = json.loads(text)
        return [(pk, state) for pk, state in found.items() if state.get(field)]

    def count(self, usage_key: Any, field: str) -> int:
        return len(self._rows(usage_key, field))

    def newest(self, usage_key: Any, field: str, *, start: int, most: int) -> list[tuple[Any, dict[str, Any]]]:
        rows = self._rows(usage_key, field)[::-1][start : start + most]
        return [(get_user_model().objects.get(pk=pk), state) for pk, state in rows]


@pytest.fixture(autouse=True)
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Group.objects.create(name=COURSE)
    for name, pk in NUMBER.items():
        user = get_user_model().objects.create_user(id=pk, username=name, is_staff=name == "staff")
        group.user_set.add(user)
    monkeypatch.setattr("smartpd.compat.learner_states", lambda: States(site))


def opened(site: Site, role: str = "learner", **more: Any) -> Any:
    settings = SETTINGS if role == "learner" else {}
    return site.open(PresBlock, role=role, settings=settings, **more)


def submit(site: Site, role: str, revision: int = 0, **changes: str) -> None:
    block = opened(site, role)
    assert site.post(block, "submit", {"texts": texts(**changes), "revision": revision}).status == 200


def read(site: Site, role: str = "staff", **data: Any) -> Reply:
    return site.post(opened(site, role), "team_submissions", data)


def test_the_panel_is_offered_to_the_course_team_alone(site: Site) -> None:
    opened(site)
    assert page(opened(site, "staff")).xpath("//*[@data-team]")
    assert any("pres_team.js" in each.data for each in opened(site, "staff").student_view().resources)
    for role in ("learner", "not_enrolled", "anonymous", "masquerade", "stranger", "author"):
        fragment = opened(site, role).student_view()
        assert "data-team" not in fragment.content
        assert not any("pres_team" in each.data for each in fragment.resources)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Nobody has submitted a text yet"),
        ("ru", "Никто ещё не сдал текст"),
        ("uz", "Hali hech kim matn topshirmagan"),
    ],
)
def test_where_nobody_has_submitted_it_says_so(site: Site, lang: str, said: str) -> None:
    assert site.post(opened(site), "save_draft", {"texts": texts(), "revision": 0}).status == 200
    with speaking(lang):
        assert said in read(site).json["html"]


def test_each_text_with_its_writer_version_and_time(site: Site) -> None:
    user = get_user_model().objects.get(username="learner")
    user.first_name, user.last_name = "<i>First</i>", "Learner"
    user.save()
    submit(site, "learner", reason="<script>alert(1)</script> words")
    assert site.post(opened(site), "revise", {}).status == 200
    submit(site, "learner", 3, reason="second <b>version</b>")
    submit(site, "other_learner")
    html = read(site).json["html"]
    tree = etree.HTML(html)
    assert "Learners who have submitted a text: 2" in words(tree)
    other, first = tree.xpath("//details")
    assert words(other.xpath("./summary")[0]).startswith("other_learnerVersion 1")
    assert words(first.xpath("./summary")[0]).startswith("<i>First</i> Learner learnerVersion 2, submitted")
    assert first.xpath(".//time/@datetime")[0].startswith("20")
    assert "second <b>version</b>" in words(first)
    assert "alert" not in html, "an earlier version"
    assert tree.xpath("//script | //b | //i") == []


def test_drafts_are_nobodys_but_the_writers(site: Site) -> None:
    submit(site, "learner")
    site.post(opened(site), "revise", {})
    site.post(opened(site), "save_draft", {"texts": texts(reason="secret draft"), "revision": 3})
    assert "secret draft" not in read(site).json["html"]


def test_who_does_not_show_results_shows_no_text(site: Site) -> None:
    submit(site, "learner", reason="my own")
    assert "can read what you submit" in words(page(opened(site)))
    api.record_consent(7, COURSE, {"team": False})
    html = read(site).json["html"]
    assert "does not show results" in html
    assert "my own" not in html
    assert "can read what you submit" not in words(page(opened(site)))


def test_many_come_in_pages(site: Site) -> None:
    for number in range(100, 145):
        user = get_user_model().objects.create_user(id=number, username=f"person{number}")
        sent = [{"version": 1, "submitted_at": "2026-10-02T09:00:00Z", "texts": texts()}]
        key = ("ONE", "USAGE", user.pk, str(opened(site).scope_ids.usage_id), "submissions")
        site.store.texts[key] = json.dumps(sent)
    first = read(site).json["html"]
    assert "Page 1 of 3" in first
    assert 'data-team-page="2"' in first
    assert first.count("<details") == 20
    last = read(site, number=99).json["html"]
    assert (last.count("<details"), "Page 3 of 3" in last, 'data-team-page="2"' in last) == (5, True, True)


@pytest.mark.parametrize(
    ("role", "status"),
    [("learner", 403), ("other_learner", 403), ("not_enrolled", 403), ("anonymous", 401), ("author", 403)],
)
def test_nobody_else_reads(site: Site, role: str, status: int) -> None:
    submit(site, "learner", reason="mine alone")
    reply = read(site, role)
    assert reply.status == status
    assert "mine alone" not in reply.text


def test_the_plugin_does_not_trust_the_block(site: Site) -> None:
    get_user_model().objects.filter(pk=3).update(is_staff=False)
    assert read(site).status == 403


def test_what_cannot_be_shown_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(site, number="two").status == 400
    monkeypatch.setattr("smartpd.compat.learner_states", lambda: None)
    assert (read(site).status, "no way" in read(site).error) == (409, True)

    class Down(States):
        def count(self, usage_key: Any, field: str) -> int:
            raise RuntimeError("no database")

    monkeypatch.setattr("smartpd.compat.learner_states", lambda: Down(site))
    assert read(site).status == 503


def test_without_the_plugin_there_is_no_panel(site: Site, no_plugin: None) -> None:
    assert not page(opened(site, "staff")).xpath("//*[@data-team]")
    assert read(site).status == 409
