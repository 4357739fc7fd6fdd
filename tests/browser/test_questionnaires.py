"""Surveys, adaptive tests, consent and goals in a real browser: by hand, by keyboard, over a broken line."""

import json

import pytest

from demo.course import COURSE_KEY

pytestmark = pytest.mark.browser

STUDIO = f"/studio/{COURSE_KEY}/"
DIAGNOSTIC = f"/courses/{COURSE_KEY}/unit/diagnostic/"
MINE = f"/smartpd/{COURSE_KEY}/"
NAMELESS = """() => [...document.querySelectorAll('.smartpd-needs :is(input, select, textarea)')].filter((field) => {
  const ids = (field.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
  const words = ids.map((id) => (document.getElementById(id) || {}).textContent || '').join('')
    + [...(field.labels || [])].map((label) => label.textContent).join('') + (field.getAttribute('aria-label') || '');
  return !words.trim();
}).map((field) => field.outerHTML)"""
BROKEN_IDS = """() => ['aria-describedby', 'aria-labelledby'].flatMap((name) =>
  [...document.querySelectorAll(`.smartpd-needs [${name}]`)].flatMap((each) => each.getAttribute(name).split(' ')))
  .filter((id) => id && !document.getElementById(id))"""


def set_up(team, **values):
    """The course team changes the needs diagnostic in Studio."""
    page = team.page
    team.be("course_team")
    team.open(STUDIO)
    page.click("a[href*='smartpd_needs_diagnostic']:has-text('Edit')")
    for name, value in values.items():
        control = page.locator(f"[data-field={name}] [data-control]").first
        if isinstance(value, bool):
            control.set_checked(value)
        elif control.evaluate("field => field.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click(".save-button")
    page.wait_for_selector("#studio-state[data-state=saved]")


def answer(field):
    kind = field.get_attribute("data-kind")
    if kind == "number":
        field.locator("input").fill("4")
        field.locator("input").blur()
    elif kind == "text":
        field.locator("textarea").fill("To <b>teach</b> online")
    elif kind == "order":
        for place in range(field.locator("select").count()):
            field.locator("select").nth(place).select_option(str(place + 1))
    else:
        field.locator("input").first.check()


def named_and_described(page):
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(BROKEN_IDS) == []


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ru")])
def test_a_survey_with_consent_first(window, width, lang):
    set_up(window(1280), instrument="learning_needs", ask_consent=True)
    learner = window(width)
    page = learner.page
    learner.be("newcomer", lang=lang)
    learner.open(DIAGNOSTIC)
    assert not page.locator("[data-screen=intro]").is_visible()
    named_and_described(page)
    page.locator("[data-consent] [name=advice]").focus()
    page.keyboard.press("Space")
    with page.expect_response(lambda reply: "save_consent" in reply.url) as saved:
        page.keyboard.press("Enter")
    assert saved.value.ok
    page.wait_for_selector("[data-screen=intro]", state="visible")

    page.click("[data-screen=intro] [data-go=steps]")
    steps = page.locator("[data-step]")
    for number in range(steps.count()):
        step = steps.nth(number)
        step.wait_for()
        items = step.locator("[data-item]")
        for item in range(items.count()):
            answer(items.nth(item))
        learner.check_width()
        page.click("[data-finish]" if number + 1 == steps.count() else "[data-move='1']")
    page.wait_for_selector("[data-screen=result] dl", state="visible")
    assert "To <b>teach</b> online" in page.inner_text("[data-screen=result]")
    learner.check_width()

    page.click("[data-screen=result] [data-go=consent]")
    assert page.locator("[name=advice]").is_checked()
    assert not page.locator("[name=team]").is_checked()
    page.click("[data-go=back]")
    page.wait_for_selector("[data-screen=result] dl", state="visible")

    team = window(1280)
    team.be("course_team", lang=lang)
    team.open(f"{MINE}team/")
    row = team.page.locator("tr", has_text="newcomer").inner_text()
    assert ("keeps the results to themselves" if lang == "en" else "не показывает результаты") in row


def test_a_number_and_several_choices_are_checked_at_the_field(window):
    set_up(window(1280), instrument="learning_needs")
    learner = window(360)
    page = learner.page
    learner.be("newcomer")
    learner.open(DIAGNOSTIC)
    page.click("[data-screen=intro] [data-go=steps]")
    years = page.locator("[data-item=years] input")
    years.fill("many")
    years.blur()
    assert "Give a number from 0 to 60" in page.inner_text("[data-alert]")
    assert years.get_attribute("aria-invalid") == "true"
    with page.expect_response(lambda reply: "save_answer" in reply.url) as saved:
        years.fill("2,5")
        years.blur()
    assert saved.value.ok
    assert not page.locator("[data-alert]").is_visible()
    tools = page.locator("[data-item=tools] input")
    tools.first.check()
    page.locator("[data-item=tools] input[value=none]").check()
    assert not tools.first.is_checked()
    page.wait_for_selector("p[data-status][data-state=saved]")
    page.reload()
    assert page.locator("[data-item=tools] input[value=none]").is_checked()
    assert page.locator("[data-item=years] input").input_value() == "2.5"


@pytest.mark.parametrize(("width", "lang"), [(360, "uz"), (1280, "en")])
def test_an_adaptive_test_over_a_line_that_breaks(window, width, lang):
    set_up(window(1280), instrument="digital_teaching_test", adaptive=True, adaptive_length="7")
    learner = window(width)
    learner.forgive = ("Failed to load resource", "net::ERR")
    page = learner.page
    learner.be("newcomer", lang=lang)
    learner.open(DIAGNOSTIC)
    assert page.locator("[data-item]:not([data-item=guess])").count() == 0, "no question before it is asked"
    page.click("[data-screen=intro] [data-go=steps]")
    question = page.locator("[data-question] [data-item]")
    question.wait_for()
    first = question.get_attribute("data-item")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    named_and_described(page)
    page.click("[data-give]")
    assert page.locator("[data-alert]").is_visible(), "nothing is chosen yet"

    page.route("**/give_answer*", lambda route: route.abort())
    answer(question)
    page.click("[data-give]")
    page.wait_for_selector("p[data-status][data-state=waiting]")
    kept = page.evaluate("Object.entries(localStorage)")
    assert any(first in json.loads(value).get("answers", {}) for name, value in kept if name.startswith("smartpd:"))
    page.unroute("**/give_answer*")
    learner.open(DIAGNOSTIC)
    page.click("[data-screen=intro] [data-go=steps]")
    page.wait_for_function(
        "(first) => document.querySelector('[data-question] [data-item]')?.dataset.item !== first", arg=first
    )

    for _question in range(10):
        now = question.get_attribute("data-item")
        answer(question)
        learner.check_width()
        page.click("[data-give]")
        page.wait_for_function(
            "(now) => !document.querySelector('[data-screen=result]').hidden "
            "|| document.querySelector('[data-question] [data-item]').dataset.item !== now",
            arg=now,
        )
        if page.locator("[data-screen=result]").is_visible():
            break
    page.wait_for_selector("[data-screen=result] svg", state="visible")
    learner.check_width()

    set_a_goal(learner)
    learner.open(DIAGNOSTIC)
    page.click("[data-screen=result] [data-go=steps]")
    assert page.locator("[data-step] [data-item]").count() == 7
    assert page.locator("[data-step] [data-item] :is(input, select):not(:disabled)").count() == 0


def set_a_goal(learner):
    page = learner.page
    goal = page.locator("details.smartpd-needs-goal").first
    goal.locator("summary").click()
    named_and_described(page)
    before = goal.locator("[name=due]").input_value()
    goal.locator("[name=hours]").fill("0.5")
    assert goal.locator("[name=due]").input_value() > before, "fewer hours, a later day"
    goal.locator("textarea").fill("A bank of tests")
    with page.expect_response(lambda reply: "save_goal" in reply.url) as saved:
        goal.locator("[data-status=accepted]").click()
    assert saved.value.ok
    page.wait_for_selector("[data-goal-state][data-state=saved]")
    learner.check_width()
    learner.open(MINE)
    assert "A bank of tests" in page.inner_text("main")
