"""The demo's pages: who may see what, in which language, and what is shown where nothing is."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from smartpd.api import recommendations, store_course_map
from smartpd_analytics.api import read_course_map

from demo.course import COURSE_KEY, COURSE_MAP, load_course, usage_key
from demo.people import LEARNERS

HOME = f"/courses/{COURSE_KEY}/"
MINE = f"/smartpd/{COURSE_KEY}/"
TEAM = f"/smartpd/{COURSE_KEY}/team/"
STUDIO = f"/studio/{COURSE_KEY}/"
BANNERS = {"en": "All learners and their activity are simulated", "ru": "вымышлены", "uz": "toʻqima"}


def text(response):
    return response.content.decode()


def test_the_start_page_offers_everybody_and_needs_nobody(browser, people):
    page = text(browser.get("/"))
    for person in LEARNERS:
        assert f'value="{person.username}"' in page
    assert 'value="course_team"' in page


def test_signing_in_is_a_post_and_nothing_else(browser, people, tracking_log):
    assert browser.get("/sign-in/").status_code == 405
    assert "_auth_user_id" not in browser.session


def test_who_has_not_signed_in_reads_once_why_they_are_here(browser, people):
    for _time in range(3):
        assert browser.get(HOME).status_code == 302
    first = "Choose first who you want to be."
    assert text(browser.get(HOME, follow=True)).count(first) == 1
    assert first not in text(browser.get("/"))
    assert first not in text(browser.get("/no/such/page/"))


def test_nobody_signs_in_under_a_name_of_their_own(browser, people, tracking_log):
    User.objects.create_user("intruder")
    response = browser.post("/sign-in/", {"username": "intruder"}, follow=True)
    assert "nobody of that name" in text(response)
    assert "_auth_user_id" not in browser.session


def test_signing_in_goes_on_where_one_wanted_to_go_but_never_to_another_site(browser, people, tracking_log):
    there = f"{HOME}unit/checks/"
    assert browser.post("/sign-in/", {"username": "stuck", "next": there}).headers["Location"] == there
    elsewhere = browser.post("/sign-in/", {"username": "stuck", "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == HOME


@pytest.mark.parametrize("address", [HOME, f"{HOME}unit/checks/", STUDIO])
def test_without_a_name_one_is_led_to_the_start_page(browser, people, address):
    response = browser.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/?next=")
    there = re.findall(r'name="next" value="([^"]+)"', text(browser.get(response.headers["Location"])))[-1]
    signed_in_at = browser.post("/sign-in/", {"username": "course_team", "next": unescape(there)}).headers["Location"]
    assert signed_in_at == address
    assert browser.get(signed_in_at).status_code == 200


def test_every_unit_opens_with_all_its_blocks(signed_in):
    client = signed_in("newcomer")
    outline = text(client.get(HOME))
    for unit in load_course().units:
        assert f"{HOME}unit/{unit.name}/" in outline
        page = text(client.get(f"{HOME}unit/{unit.name}/"))
        assert "could not be shown" not in page
        assert page.count('<div class="xblock ') == len(unit.blocks)


def test_the_outline_marks_the_steps_that_my_development_recommends(signed_in):
    store_course_map(COURSE_KEY, read_course_map(COURSE_MAP))
    client = signed_in("newcomer")
    marked = re.findall(r"<li>(?:(?!</li>).)*★(?:(?!</li>).)*</li>", text(client.get(HOME)), re.S)
    advised = recommendations(int(client.session["_auth_user_id"]), COURSE_KEY)
    assert len(marked) == len(advised) > 0
    for step in advised:
        assert any(step.title["en"] in line or load_course().unit_of(step.target).name in line for line in marked)
    assert "★" not in text(signed_in("course_team").get(HOME)), "the course team takes no course"


def test_the_units_lead_from_the_first_to_the_last(signed_in):
    client, seen = signed_in("newcomer"), []
    address = f"{HOME}unit/{load_course().units[0].name}/"
    while address:
        seen.append(address)
        onward = re.search(r'rel="next" href="([^"]+)"', text(client.get(address)))
        address = onward and onward[1]
    assert seen == [f"{HOME}unit/{unit.name}/" for unit in load_course().units]


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (usage_key("problem", "checks-gain"), "unit/checks/#checks-gain"),
        (usage_key("vertical", "checks"), "unit/checks/"),
        (usage_key("chapter", "teaching"), "unit/talking/#teaching"),
    ],
)
def test_jump_to_leads_to_the_unit_that_holds_the_block(signed_in, key, place):
    response = signed_in("newcomer").get(f"{HOME}jump_to/{key}")
    assert response.headers["Location"] == HOME + place


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        f"{HOME}unit/nothing/",
        f"{HOME}jump_to/block-v1:Simulated+DC101+demo+type@problem+block@nothing",
        f"{HOME}jump_to/nothing",
        "/courses/course-v1:Other+Course+Run/",
        "/xblock/resource/smartpd_pres/public/../pres_block.py",
        "/xblock/resource/smartpd_pres/templates/pres/pres.html",
        "/xblock/resource/nothing/public/x.js",
        "/static/nothing.css",
    ],
)
def test_what_is_not_there_is_said_in_plain_words(signed_in, address):
    response = signed_in("newcomer").get(address)
    assert response.status_code == 404
    assert "There is no such page" in text(response)


def test_an_error_of_ours_shows_no_traceback(signed_in, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("inner life of the demo")

    client = signed_in("newcomer")
    client.raise_request_exception = False
    monkeypatch.setattr("demo.views.load_course", fail)
    response = client.get(HOME)
    assert response.status_code == 500
    assert "Something went wrong" in text(response)
    assert "inner life" not in text(response)
    assert "Traceback" not in text(response)


def test_a_block_that_fails_leaves_the_rest_of_the_unit(signed_in, monkeypatch):
    monkeypatch.setattr("demo.blocks.DemoProblem.student_view", lambda *_: 1 / 0)
    page = text(signed_in("newcomer").get(f"{HOME}unit/checks/"))
    assert "could not be shown" in page
    assert "Two numbers that every teacher can read" in page


def test_learners_do_not_get_the_course_teams_pages(signed_in):
    client = signed_in("newcomer")
    assert client.get(TEAM).status_code == 403
    assert client.get(STUDIO).status_code == 403
    assert client.post(f"{HOME}read-log/").status_code == 403
    assert STUDIO not in text(client.get(HOME))


def test_the_course_team_gets_them(signed_in):
    client = signed_in("course_team")
    assert client.get(TEAM).status_code == 200
    studio = text(client.get(STUDIO))
    for _unit, block in load_course().blocks():
        if block.type.startswith("smartpd_"):
            address = f"{STUDIO}block/{block.key}/"
            assert address in studio
            assert "save-button" in text(client.get(address))
    assert TEAM in text(client.get(HOME))


def test_one_changes_from_a_learner_to_the_course_team_and_back(signed_in):
    client = signed_in("steady")
    assert "You are steady" in text(client.get(HOME))
    client.post("/sign-in/", {"username": "course_team"})
    assert "You are the course team" in text(client.get(HOME))
    client.post("/sign-in/", {"username": "steady"})
    assert client.get(TEAM).status_code == 403
    client.post("/sign-out/")
    assert client.get(HOME).status_code == 302


def test_who_is_not_enrolled_gets_no_page_of_their_own(signed_in):
    client = signed_in("newcomer")
    Group.objects.get(name=COURSE_KEY).user_set.clear()
    assert client.get(MINE).status_code == 403


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_every_page_is_in_the_chosen_language_and_says_that_it_is_simulated(signed_in, lang):
    client = signed_in("newcomer")
    client.post("/i18n/setlang/", {"language": lang, "next": "/"})
    pages = ["/", HOME, MINE, "/nothing/", *(f"{HOME}unit/{unit.name}/" for unit in load_course().units)]
    for address in pages:
        page = text(client.get(address))
        assert f'<html lang="{lang}">' in page, address
        assert BANNERS[lang] in page, address
    client.post("/sign-in/", {"username": "course_team"})
    for address in (TEAM, STUDIO):
        assert BANNERS[lang] in text(client.get(address)), address


def test_a_units_words_change_with_the_language(signed_in):
    client = signed_in("newcomer")
    unit = load_course().unit("checks")
    for lang in ("uz", "ru", "en"):
        client.post("/i18n/setlang/", {"language": lang})
        page = text(client.get(f"{HOME}unit/checks/"))
        assert unit.title[lang] in page
        assert unit.blocks[1].fields["question"][lang] in page


def test_the_browsers_language_is_honoured(browser, people):
    assert '<html lang="uz">' in text(browser.get("/", HTTP_ACCEPT_LANGUAGE="uz-UZ,uz;q=0.9,ru;q=0.8"))


def test_no_page_asks_another_host_for_anything(signed_in):
    client = signed_in("course_team")
    for address in ("/", HOME, MINE, TEAM, STUDIO, *(f"{HOME}unit/{unit.name}/" for unit in load_course().units)):
        page = text(client.get(address))
        found = re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']+""", page)
        assert found == [], address


def test_static_files_are_served_without_debugging(browser, db, settings):
    assert settings.DEBUG is False
    for address in ("/static/demo/demo.css", "/static/demo/runtime.js"):
        response = browser.get(address)
        assert response.status_code == 200
        assert b"".join(response.streaming_content)
    assert browser.get("/xblock/resource/smartpd_pres/public/shared/smartpd.css").headers["Content-Type"] == "text/css"
