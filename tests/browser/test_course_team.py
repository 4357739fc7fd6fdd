"""The course team in a real browser: the class, and one learner reset and reopened."""

import re

import pytest

from demo.course import COURSE_KEY
from tests.browser.test_journey import TEAM, answer_the_diagnostic, unit

pytestmark = pytest.mark.browser

RESULTS = f"{TEAM}results/"


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "uz"), (360, "ru")])
def test_the_panel_the_class_and_the_questions(window, width, lang):
    team = window(width)
    page = team.page
    team.be("course_team", lang=lang)

    team.open(unit("diagnostic"))
    assert page.locator("[data-team] svg").count() == 0, "loaded when it is opened"
    page.click("[data-team] summary")
    page.wait_for_selector("[data-team] svg")
    team.check_width()
    page.click("[data-team] a.smartpd-button")
    page.wait_for_url(f"**{RESULTS}")
    assert page.locator("main figure svg").count() == 2
    team.check_width()

    page.locator("a[href*='/team/questions/']").first.click()
    page.wait_for_selector("article")
    assert page.locator("article").count() == 22
    page.locator("article summary").first.click()
    team.check_width()
    with page.expect_download() as table:
        page.locator("a[href*='answers.csv']").click()
    assert table.value.suggested_filename == "class-answers.csv"


def test_one_learner_is_reopened_and_reset(window):
    learner, team = window(1280), window(360)
    learner.be("newcomer")
    answer_the_diagnostic(learner, option=1)

    team.be("course_team")
    page = team.page
    team.open(unit("diagnostic"))
    page.click("[data-team] summary")
    page.wait_for_selector("[data-learner]")
    page.fill("[data-team-search]", "newcomer")
    page.press("[data-team-search]", "Enter")
    page.wait_for_function("document.querySelectorAll('[data-learner]').length === 1")
    page.click("[data-team-do=team_reopen]")
    page.wait_for_selector("[data-team-status][data-state=saved]")

    learner.open(unit("diagnostic"))
    assert "has reopened this questionnaire for you" in learner.page.inner_text("main")
    learner.page.click(".smartpd-needs [data-go=steps]")
    assert learner.page.locator(".smartpd-needs input:checked").count() >= 22

    page.click("[data-team-ask]")
    assert "This cannot be undone" in page.inner_text("[data-team-sure]")
    page.keyboard.press("Escape")
    assert page.locator("[data-team-sure]").is_hidden()
    page.click("[data-team-ask]")
    team.check_width()
    page.click("[data-team-do=team_reset]")
    page.wait_for_selector("[data-team-status][data-state=saved]")
    assert page.locator("[data-learner]").count() == 0

    # The page that was open all the time writes nothing into the new attempt.
    learner.forgive = ("409",)
    learner.page.locator(".smartpd-needs [data-step]:not([hidden]) input").nth(3).check()
    learner.page.wait_for_selector(".smartpd-needs [data-alert]:not([hidden])")
    assert "your course team" in learner.page.inner_text(".smartpd-needs [data-alert]")
    learner.open(unit("diagnostic"))
    assert "has reset this questionnaire" in learner.page.inner_text("main")
    assert learner.page.locator(".smartpd-needs [data-step] input:checked").count() == 0


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "uz")])
def test_submitted_texts_are_read_and_not_written(window, width, lang):
    team = window(width)
    page = team.page
    team.be("course_team", lang=lang)
    team.open(unit("position"))
    assert page.locator(".smartpd-pres-sent").count() == 0, "loaded when it is opened"
    page.click(".smartpd-pres [data-team] > summary")
    text = page.locator("details.smartpd-pres-sent").first
    text.locator("summary").click()
    assert "stuck" in text.inner_text()
    assert page.locator("[data-team] :is(textarea, input, select)").count() == 0
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d", text.locator("time").inner_text())
    team.check_width()


@pytest.mark.parametrize(
    ("lang", "none", "few", "enough", "many"),
    [
        ("en", "Words: 0, 15 to 80 needed", "Words: 2, 15 to 80 needed", "Words: 20, within the limits",
         "Words: 90, at most 80 allowed: 10 too many"),
        ("ru", "Слов: 0, нужно от 15 до 80", "Слов: 2, нужно от 15 до 80", "Слов: 20, объём подходит",
         "Слов: 90, можно не больше 80, лишних: 10"),
        ("uz", "0 ta soʻz, 15 tadan 80 tagacha kerak", "2 ta soʻz, 15 tadan 80 tagacha kerak", "20 ta soʻz, hajmi mos",
         "90 ta soʻz, koʻpi bilan 80 ta mumkin: 10 tasi ortiqcha"),
    ],
)  # fmt: skip
def test_words_are_counted_in_one_phrase_that_the_field_is_described_by(window, lang, none, few, enough, many):
    learner = window(360)
    page = learner.page
    learner.be("newcomer", lang=lang)
    learner.open(unit("position"))
    field = page.locator("textarea[name=reason]")
    for words, said in ((0, none), (2, few), (20, enough), (90, many)):
        field.fill("soʻz " * words)
        described = [page.locator(f"#{name}").inner_text() for name in field.get_attribute("aria-describedby").split()]
        assert said in described


def test_a_learner_gets_no_panel_and_no_page(window):
    learner = window(360)
    learner.be("steady")
    learner.open(unit("diagnostic"))
    assert learner.page.locator("[data-team]").count() == 0
    learner.forgive = ("403",)
    learner.open(RESULTS)
    assert "for the course team" in learner.page.inner_text("main")
    assert COURSE_KEY not in learner.page.inner_text("main")
