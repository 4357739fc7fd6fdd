"""A newcomer's way through the demo in a real browser, and the course team's."""

import pytest

from demo.course import COURSE_KEY

pytestmark = pytest.mark.browser

MINE = f"/smartpd/{COURSE_KEY}/"
TEAM = f"/smartpd/{COURSE_KEY}/team/"
STUDIO = f"/studio/{COURSE_KEY}/"
SENTENCE = "Menimcha raqamli vosita darsda faqat maqsadga xizmat qilsa kerak boʻladi, aks holda vaqt behuda ketadi."


#: What one taps on the way whose height is less than 44 pixels.
TOO_SMALL = """
[".smartpd-needs :is(a, button, summary)", ".demo-languages button", ":is(.demo-you, .demo-place) a"]
  .flatMap((each) => [...document.querySelectorAll(each)])
  .filter((each) => each.getClientRects().length && each.getBoundingClientRect().height < 44)
  .map((each) => each.textContent.trim())
"""


def unit(name):
    return f"/courses/{COURSE_KEY}/unit/{name}/"


def answer_the_diagnostic(window, *, option, last=("[data-finish]",)):
    """All 22 questions by the option of that number, area by area, to the result by the buttons ``last``."""
    page = window.page
    window.open(unit("diagnostic"))
    page.click(".smartpd-needs [data-go=steps]")
    steps = page.locator(".smartpd-needs [data-step]")
    for number in range(steps.count()):
        step = steps.nth(number)
        step.wait_for()
        items = step.locator("[data-item]")
        for item in range(items.count()):
            items.nth(item).locator("input").nth(option).check()
        window.check_width()
        for button in last if number + 1 == steps.count() else ("[data-move='1']",):
            page.click(f".smartpd-needs [data-screen=steps] {button}")
    page.wait_for_selector(".smartpd-needs [data-screen=result] svg", state="visible")
    window.check_width()
    small = page.evaluate(TOO_SMALL)
    assert small == []


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "uz"), (360, "ru")])
def test_a_newcomers_way(window, width, lang):
    newcomer = window(width)
    page = newcomer.page
    newcomer.be("newcomer", lang=lang)

    newcomer.open(MINE)
    before = page.inner_text("main")
    assert page.locator("main svg").count() == 0

    answer_the_diagnostic(newcomer, option=1)
    newcomer.open(MINE)
    after = page.inner_text("main")
    assert after != before
    assert "A2" in after
    assert page.locator("main svg").first.is_visible()
    action = page.locator(".smartpd-next a.smartpd-button").first
    assert f"/courses/{COURSE_KEY}/" in action.get_attribute("href")

    newcomer.open(unit("path"))
    status = page.locator(".smartpd-lm select[name=status]:visible").first
    cell = status.locator("xpath=ancestor::td").get_attribute("data-cell")
    with page.expect_response(lambda answer: "mark_cell" in answer.url) as marked:
        status.select_option("done")
    assert marked.value.ok
    newcomer.open(unit("path"))
    assert page.locator(f"td[data-cell={cell}] select[name=status]").input_value() == "done"

    newcomer.open(unit("position"))
    for part in ("position", "reason", "example", "summary"):
        page.fill(f".smartpd-pres textarea[name={part}]", f"{SENTENCE} {SENTENCE}")
    with page.expect_response(lambda answer: answer.url.endswith("/submit")) as sent:
        page.click(".smartpd-pres [type=submit]")
    assert sent.value.ok
    page.wait_for_selector(".smartpd-pres [data-view=read]", state="visible")
    newcomer.check_width()
    newcomer.open(unit("position"))
    assert SENTENCE in page.inner_text(".smartpd-pres [data-read=position]")

    newcomer.be("course_team", lang=lang)
    newcomer.open(TEAM)
    assert "newcomer" in page.inner_text("main")


def test_who_has_answered_everything_and_asks_for_the_result_has_finished(window):
    newcomer = window(1280)
    newcomer.be("newcomer")
    answer_the_diagnostic(newcomer, option=1, last=("[data-move='-1']", "[data-go=result]"))
    newcomer.open(unit("diagnostic"))
    assert newcomer.page.locator(".smartpd-needs [data-screen=result]").is_visible()


def test_who_has_answered_everything_and_comes_back_has_only_to_finish(window):
    tab = window(360)
    page = tab.page
    tab.be("newcomer", lang="uz")
    answer_the_diagnostic(tab, option=1, last=("[data-move='-1']", "[data-go=result]"))
    tab.open(unit("diagnostic"))
    page.click("[data-retake]")
    page.click("[data-retake-no]")
    assert page.locator("[data-screen=result]").is_visible(), "nothing has begun"
    page.click("[data-retake]")
    page.click("[data-retake-yes]")
    page.wait_for_selector("[data-screen=intro], [data-step]:visible")
    if page.locator("[data-screen=intro]").is_visible():
        assert page.inner_text("[data-screen=intro] [data-go=steps]") == "Boshlash"
        page.click("[data-screen=intro] [data-go=steps]")
    steps = page.locator("[data-step]")
    for number in range(steps.count()):
        items = steps.nth(number).locator("[data-item]")
        for item in range(items.count()):
            items.nth(item).locator("input").nth(2).check()
        if number + 1 < steps.count():
            page.click("[data-move='1']")
    page.get_by_text("Saqlandi", exact=True).last.wait_for()
    assert page.inner_text("p[data-status]") == "Saqlandi", "and no button says it"
    tab.open(unit("diagnostic"))
    intro = page.locator("[data-screen=intro]")
    assert intro.locator("[data-left]").inner_text().startswith("Barcha savollarga javob berdingiz.")
    assert intro.locator(".smartpd-button-primary").count() == 1
    intro.locator(".smartpd-button-primary").click()
    page.wait_for_selector("[data-screen=result] svg", state="visible")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Answered: 9 of 22. Time left: about 8 min"),
        ("ru", "Отвечено: 9 из 22. Осталось около 8 мин"),
        ("uz", "Javob berildi: 22 tadan 9 tasiga. Taxminan 8 daqiqa qoldi"),
    ],
)
def test_who_comes_back_reads_how_far_it_is(window, lang, said):
    tab = window(360)
    tab.be("stopped", lang=lang)
    tab.open(unit("diagnostic"))
    intro = tab.page.locator("[data-screen=intro]")
    assert intro.locator("[data-left]").inner_text() == said
    assert not intro.locator(".smartpd-facts").is_visible(), "what was read before is folded"
    intro.locator("summary").first.click()
    assert intro.locator(".smartpd-facts").is_visible()


def test_every_part_offers_one_way_to_the_result(window):
    tab = window(360)
    page = tab.page
    tab.be("newcomer")
    tab.open(unit("diagnostic"))
    page.click(".smartpd-needs [data-go=steps]")
    ways = page.locator("[data-screen=steps] :is([data-finish], [data-go=result]):visible")
    assert ways.count() == 0, "nothing is answered, so there is nothing to show"
    page.locator("[data-step]:visible [data-item]").first.locator("input").first.check()
    assert ways.count() == 1
    while page.locator("[data-move='1']").is_visible():
        page.click("[data-move='1']")
        assert ways.count() == 1
    assert ways.inner_text() == "Finish and see my result"
    assert page.locator("main .smartpd-button:visible").count() == 2, "back one part, or finish: no more buttons"


def test_who_has_finished_gets_back_from_the_answers_to_the_result(window):
    tab = window(1280)
    page = tab.page
    tab.be("stuck")
    tab.open(unit("diagnostic"))
    assert "this is what your answers alone say" in page.inner_text("[data-screen=result]").lower()
    page.click("[data-screen=result] [data-go=steps]")
    while page.locator("[data-move='1']").is_visible():
        page.click("[data-move='1']")
    assert not page.locator("[data-finish]").is_visible()
    page.click("[data-screen=steps] [data-go=result]")
    page.wait_for_selector("[data-screen=result] svg", state="visible")


def test_the_order_of_the_days_is_said_where_the_days_are(window):
    tab = window(1280)
    tab.be("reader")
    tab.open(unit("diagnostic"))
    said = tab.page.get_by_text("The days are planned one goal after the other")
    assert said.count() > 1
    assert not said.first.is_visible()
    tab.page.locator(".smartpd-needs-goal summary").first.click()
    assert said.first.is_visible()


def test_a_problem_is_answered_and_the_text_before_it_counts_as_read(window):
    learner = window(1280)
    page = learner.page
    learner.be("newcomer")
    with page.expect_response(lambda answer: "publish_completion" in answer.url):
        learner.open(unit("checks"))
    problem = page.locator("#checks-gain")
    problem.locator("input").fill("30")
    problem.locator("[type=submit]").click()
    page.wait_for_selector("#checks-gain .smartpd-notice-warning", state="visible")
    problem.locator(".demo-show").click()
    page.wait_for_selector("#checks-gain .demo-answer", state="visible")
    problem.locator("input").fill("50")
    problem.locator("[type=submit]").press("Enter")
    page.wait_for_selector("#checks-gain .smartpd-notice-success", state="visible")
    learner.open(unit("checks"))
    assert problem.locator("input").input_value() == "50"
    assert problem.locator(".demo-attempts").inner_text() == "2"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_course_team_reads_the_log_and_edits_a_block(window, width):
    team = window(width)
    page = team.page
    team.be("newcomer")
    team.open(unit("welcome"))
    team.be("course_team")
    team.open(STUDIO)
    page.click("form[action$='/read-log/'] button")
    page.wait_for_selector(".smartpd-notice-success", state="visible")
    team.open(TEAM)
    learners = page.inner_text("main")
    assert "newcomer" in learners
    assert "course_team" not in learners

    team.open(STUDIO)
    page.click("a[href*='smartpd_pres']:has-text('Edit')")
    page.fill("[data-field=question] textarea", "Is a phone a pencil?")
    page.click(".save-button")
    page.wait_for_selector("#studio-state[data-state=saved]")
    team.check_width()
    team.be("steady")
    team.open(unit("position"))
    assert "Is a phone a pencil?" in page.inner_text("main")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_fits_and_is_quiet(window, width):
    learner = window(width)
    for lang in ("en", "ru", "uz"):
        learner.be("stuck", lang=lang)
        for name in ("welcome", "diagnostic", "path", "checks", "position"):
            learner.open(unit(name))
        for path in ("/", MINE, f"/courses/{COURSE_KEY}/"):
            learner.open(path)
        learner.be("course_team", lang=lang)
        for path in (TEAM, STUDIO):
            learner.open(path)
