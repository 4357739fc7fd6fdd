"""The pages, as each kind of reader gets them."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation
from smartpd import api
from smartpd.models import Profile, Recommendation

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, TITLE, activity, course_map, key, score
from tests.openedx_plugin.pages import page, table, url

pytestmark = pytest.mark.django_db


PAGES = ("my_development", "my_csv", "team", "team_csv", "class_results", "class_results_csv")


# --- who may see what ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_readers_are_sent_to_log_in_and_back(client, name, known):
    response = client.get(url(name, learner="primus"))
    assert response.status_code == 302
    assert response["Location"].startswith("/login?next=/smartpd/")
    assert "learner%3Dprimus" in response["Location"]


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_enrolled_gets_a_page_in_plain_words(client, name, known, stranger):
    text = page(client, name, stranger, status=403)
    assert f"You are not enrolled in “{TITLE}”" in text
    assert "Learner" not in text


@pytest.mark.parametrize("name", ["team", "team_csv"])
def test_the_teams_pages_are_not_for_learners(client, name, known):
    assert "for the course team" in page(client, name, known, status=403)


@pytest.mark.parametrize("name", ["my_development", "my_csv"])
@pytest.mark.parametrize("username", ["primus", "nobody"])
def test_other_learners_pages_are_refused_whether_they_exist_or_not(client, name, username, known, other):
    text = page(client, name, other, status=403, learner=username)
    assert "someone else" in text
    assert "Find it" not in text


def test_ones_own_name_is_ones_own_page(client, known):
    assert "My development" in page(client, "my_development", known, learner="primus")


def test_the_team_sees_a_learners_page(client, known, teacher):
    text = page(client, "my_development", teacher, learner="primus")
    assert "Development of First Learner" in text
    assert "the page of First Learner (primus) as" in text
    assert "B1 " in text
    assert "learner=primus" in text, "the table is that learner's as well"
    assert table(client, "my_csv", teacher, learner="primus") == table(client, "my_csv", known)


@pytest.mark.parametrize("names", [("", ""), ("primus", "")])
def test_a_learner_without_a_name_of_their_own_is_named_once(client, known, teacher, names):
    known.first_name, known.last_name = names
    known.save()
    assert "the page of primus as" in page(client, "my_development", teacher, learner="primus")


def test_the_team_finds_no_strangers(client, known, teacher, stranger):
    for username in ("stranger", "nobody", "%3Cb%3E"):
        text = page(client, "my_development", teacher, status=404, learner=username)
        assert "no such learner" in text
        assert "<b>" not in text


@pytest.mark.parametrize("course", ["course-v1:Org+NO+2026", "a+b+c", "course-v1:Org+PD101+2026+x"])
@pytest.mark.parametrize("name", PAGES)
def test_a_course_that_does_not_exist(client, name, course, learner):
    client.force_login(learner)
    response = client.get(url(name, course))
    assert response.status_code == 404
    assert "no such course" in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_only_read_and_are_not_cached(client, name, known, teacher):
    client.force_login(teacher)
    before = list(Profile.objects.values())
    assert client.post(url(name)).status_code == 405
    assert "no-store" in client.get(url(name))["Cache-Control"]
    assert client.head(url(name)).status_code == 200
    assert list(Profile.objects.values()) == before


# --- my development -----------------------------------------------------------------------------


def test_the_page_says_where_one_stands_what_next_and_why(client, known):
    text = page(client, "my_development", known)
    first, *rest = api.recommendations(known.pk, COURSE)
    for expected in (
        TITLE,
        "B1 ",
        "44 of 88 points",
        first.title["en"],
        f"about {first.minutes} min",
        "Days with activity",
    ):
        assert expected in text
    assert re.search(r'<svg[^>]*class="[^"]*smartpd-radar', text)
    assert text.count("smartpd-button-primary") == 1, "one next action stands out"
    assert text.count('<li class="smartpd-card">') == len(rest)
    assert "self-assessment: 50%, from 1 answer<" in text


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (key("html", "h1"), "1. Open the text"),
        (key("video", "v1"), "1. Watch the video"),
        (key("vertical", "u1"), "1. Open the unit"),
        (key("problem", "p1"), "1. Open"),
    ],
)
def test_what_comes_first_is_the_first_button(client, known, first, said):
    Recommendation.objects.filter(rank=1).update(
        kind="retry", target=key("problem", "p9"), first=first, first_title={"en": "Read <this>"}
    )
    text = page(client, "my_development", known)
    card = text[text.index('class="smartpd-card smartpd-next"') : text.index("</section>")]
    buttons = re.findall(r'<a class="([^"]*)" href="([^"]*)"[^>]*>(.*?)</a>', card)[:2]
    one, two = (re.sub(r"<[^>]*>", "", words) for _style, _href, words in buttons)
    assert (one, two.split(":")[0]) == (f"{said}: Read &lt;this&gt;", "2. Try again")
    assert ["primary" in style for style, _href, _words in buttons] == [True, False]
    assert [href.rsplit("/", 1)[1] for _style, href, _words in buttons] == [first, key("problem", "p9")]


def test_links_leave_the_frame_of_a_unit(client, known):
    links = re.findall(r'<a [^>]*href="/courses/[^>]*>', page(client, "my_development", known))
    assert links
    assert all('target="_top"' in link for link in links)


def test_a_newcomer_is_told_what_to_do(client, learner, other):
    text = page(client, "my_development", learner)
    assert "nothing to recommend right now" in text.lower()
    assert "Nothing is known of the competencies yet" in text
    assert "has not been read for this page yet" in text
    assert "<svg" not in text
    api.record_diagnosis(other.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(3))
    text = page(client, "my_development", learner)
    assert f'smartpd-button-primary" href="/courses/{COURSE}/jump_to/{DIAGNOSTIC}"' in text
    assert text.count(DIAGNOSTIC) == 1, "said once"


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (0, ("has not been answered yet", "Open the needs diagnostic")),
        (3, ("3 of 22 questions are answered", "Go on with the needs diagnostic")),
    ],
)
def test_an_open_diagnosis_is_named_beside_a_more_urgent_action(client, learner, other, answered, said):
    api.store_course_map(COURSE, course_map())
    user = learner if answered else other
    api.record_diagnosis(user.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(answered or 5))
    api.store_activity(COURSE, activity(learner.username, learner.pk))
    assert api.recommendations(learner.pk, COURSE)[0].target != DIAGNOSTIC
    text = page(client, "my_development", learner)
    for words in said:
        assert words in text


def test_an_open_diagnosis_is_named_where_the_host_has_no_addresses_of_blocks(client, learner, monkeypatch):
    monkeypatch.setattr("smartpd.compat.jump_url", lambda _course_key, _usage_key: "")
    api.store_course_map(COURSE, course_map())
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(3))
    api.store_activity(COURSE, activity(learner.username, learner.pk))
    assert api.recommendations(learner.pk, COURSE)[0].target != DIAGNOSTIC
    assert "3 of 22 questions are answered" in page(client, "my_development", learner)


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_the_page_is_in_the_readers_language(client, known, lang):
    text = page(client, "my_development", known, lang=lang)
    first = api.recommendations(known.pk, COURSE)[0]
    html_escaped = first.reason[lang].replace("'", "&#x27;").replace('"', "&quot;")
    assert html_escaped in text
    with translation.override(lang):
        assert translation.gettext("What to do next") in text
    assert f'<html lang="{lang}">' in text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Data as of Oct. 1, 2026."),
        ("ru", "Данные на 1 октября 2026 г."),
        ("uz", "Maʼlumotlar 2026-yil 1-oktabr holatiga koʻra."),
    ],
)
def test_days_are_written_as_people_of_that_language_write_them(client, learner, lang, words):
    api.store_activity(COURSE, activity("primus", learner.pk))
    assert f">{words}<" in page(client, "my_development", learner, lang=lang)


def test_words_of_learners_and_logs_are_escaped(client, learner, teacher):
    learner.first_name = "<script>alert(1)</script>"
    learner.save()
    unit, *rest = course_map().units
    evil = replace(unit, title={"en": "<img src=x>"})
    api.store_course_map(COURSE, replace(course_map(), units=(evil, *rest)))
    api.store_activity(COURSE, activity("primus", learner.pk, stopped_at=unit.usage_key))
    for name in ("my_development", "team"):
        text = page(client, name, teacher, **({"learner": "primus"} if name == "my_development" else {}))
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "&lt;" in text
    assert "&lt;b" in page(client, "team", teacher, search="<b")


class Outline(HTMLParser):
    """Checks what every page owes its readers: nested headings, labelled parts, no doubled ids, closed tags."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self, text):
        super().__init__()
        self.headings, self.ids, self.labels, self.open, self.wrong = [], [], [], [], []
        self.feed(text)
        self.wrong += self.open
        for before, after in zip([0, *self.headings], self.headings, strict=False):
            if after > before + 1:
                self.wrong.append(f"h{after} after h{before}")
        self.wrong += [name for name in self.ids if self.ids.count(name) > 1]
        self.wrong += [name for name in self.labels if name not in self.ids]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.labels += (attrs.get("aria-labelledby") or attrs.get("for") or "").split()
        if tag == "th" and "scope" not in attrs:
            self.wrong.append("th without scope")
        if tag == "script":
            self.wrong.append("script")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


def test_pages_are_sound_html_without_scripts(client, known, other, teacher):
    texts = [
        page(client, "my_development", known),
        page(client, "my_development", other),
        page(client, "team", teacher),
        page(client, "team", teacher, search="nobody"),
        page(client, "team", known, status=403),
    ]
    for text in texts:
        outline = Outline(text)
        assert outline.wrong == []
        assert outline.headings.count(1) == 1
        assert "{%" not in text
        assert "{{" not in text


def test_the_first_view_is_small(client, known):
    size = len(page(client, "my_development", known).encode())
    size += sum(Path(finders.find(f"smartpd/{name}")).stat().st_size for name in ("smartpd.css", "page.css"))
    assert size <= 50_000


def test_queries_of_the_page_do_not_grow_with_what_is_known(client, known, django_assert_max_num_queries):
    client.force_login(known)
    with django_assert_max_num_queries(17):
        client.get(url("my_development"))


# --- tables -------------------------------------------------------------------------------------


def test_ones_own_data_as_a_table(client, known):
    rows = table(client, "my_csv", known)
    parts = [row["Part"] for row in rows]
    assert {part: parts.count(part) for part in ("Diagnosis", "Area", "Competency", "Next step")} == {
        "Diagnosis": 1, "Area": 6, "Competency": 22, "Next step": len(api.recommendations(known.pk, COURSE)),
    }  # fmt: skip
    assert next(row for row in rows if row["Id"] == "6.5")["Now, %"] == "50"


def test_cells_that_a_spreadsheet_would_run_are_guarded(client, known, teacher):
    known.first_name, known.last_name = "=HYPERLINK(1)", ""
    known.save()
    row = table(client, "team_csv", teacher)[0]
    assert row["Name"] == "'=HYPERLINK(1)"
    assert row["Username"] == "primus"


# --- the class together -------------------------------------------------------------------------


def answered(learner, option, *, phase="entry", block=DIAGNOSTIC, items=22):
    api.record_diagnosis(learner.pk, COURSE, usage_key=block, phase=phase, score=score(items, option))


def test_a_class_that_has_not_begun_is_told_what_to_do(client, teacher):
    assert "Put the block “Needs diagnostic” into a unit" in page(client, "class_results", teacher)


def test_who_has_begun_counts_but_says_nothing_of_levels_yet(client, teacher, learner):
    answered(learner, "2", items=3)
    text = page(client, "class_results", teacher)
    assert re.search(r"<dt>Started</dt><dd>1</dd>", text)
    assert re.search(r"<dt>Finished</dt><dd>0</dd>", text)
    assert "Nobody has finished yet" in text


def test_levels_areas_and_needs_of_all_who_have_finished(client, teacher, learner, other):
    answered(learner, "1")
    answered(other, "3")
    [found] = api.class_results(COURSE)
    assert (found.begun, found.finished, found.mean) == (2, 2, 0.5)
    assert dict(found.levels)["A2"] == dict(found.levels)["C1"] == 1
    assert [(area.mean, area.learners) for area in found.areas] == [(0.5, 2)] * 6
    assert all(need.gap == pytest.approx((found.target - 0.25) / 2) and need.below == 1 for need in found.needs)
    # Two learners, one above the other everywhere.
    assert {round(need.with_rest, 6) for need in found.needs} == {1.0}
    text = page(client, "class_results", teacher)
    assert "Fewer than five learners have finished" in text
    assert text.count('<tr><th scope="row">') == 6 + 6 + 22


def test_before_and_after_are_of_those_who_have_both(client, teacher, learner, other):
    answered(learner, "1")
    answered(other, "1")
    answered(learner, "3", phase="exit", block=DIAGNOSTIC.replace("needs", "needs_again"))
    entry, last = api.class_results(COURSE)
    assert (entry.phase, entry.change) == ("entry", None)
    change = last.change
    assert (change.learners, change.before, change.after, change.higher, change.error) == (1, 0.25, 0.75, 1, None)
    assert "On average 25% before and 75% now; 1 are higher, 0 lower." in page(client, "class_results", teacher)


def test_answering_again_counts_a_learner_once(learner):
    answered(learner, "3")
    answered(learner, "1", items=3)
    [found] = api.class_results(COURSE)
    assert (found.begun, found.finished) == (1, 1)


def test_results_as_a_table_name_each_learner_for_the_team_alone(client, teacher, learner, known):
    [row] = table(client, "class_results_csv", teacher)
    assert (row["Username"], row["Points"], row["Complete"]) == ("primus", "44", "yes")
    assert row["Areas, %"].startswith("Professional engagement: 50; Digital resources: 50")
    # In words for people, by ids for machines.
    assert (row["Questionnaire"], row["Phase"]) == (
        "Self-assessment of digital competence for teachers",
        "at the start",
    )
    assert (row["Instrument"], row["Phase id"]) == ("digcompedu_selfassessment", "entry")
    assert "for the course team" in page(client, "class_results_csv", learner, status=403)
    assert "for the course team" in page(client, "class_results", learner, status=403)


def test_many_learners_take_no_more_queries(client, teacher, learner, other, django_assert_max_num_queries):
    answered(learner, "1")
    answered(other, "3")
    with django_assert_max_num_queries(5):
        api.class_results(COURSE)
