"""axe finds nothing to mend on any screen: the three blocks, their forms in Studio, the plugin's pages.

In three languages, wide and narrow. axe-core checks what a machine can of WCAG 2.2 A and AA, and its own good practices
beside.
"""

import shutil
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_journey import MINE, STUDIO, TEAM, answer_the_diagnostic, unit
from tests.demo.running import Demo

pytestmark = pytest.mark.browser

RESULTS = f"{TEAM}results/"
SENTENCE = "Menimcha raqamli vosita darsda faqat maqsadga xizmat qilsa kerak boʻladi, aks holda vaqt behuda ketadi."
#: Of WCAG 2.2, axe leaves this rule out unless it is asked for.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
#: Every language once in a narrow window and once in a wide one, over all tests.
LOOKS = [(1280, "en"), (360, "ru"), (360, "uz")]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[1]}-{look[0]}")
def look(request, chromium, tmp_path, prepared):
    """A window in one language on a demo of this test's own, and a check of what it shows."""
    width, lang = request.param
    demo = Demo(shutil.copytree(prepared, tmp_path / "var"))
    context = chromium.new_context(viewport={"width": width, "height": 900})
    opened = Look(context.new_page(), f"http://127.0.0.1:{demo.port}", lang)
    yield opened
    context.close()
    demo.stop(signal.SIGTERM)
    assert not opened.broken, "\n".join(opened.broken)


class Look:
    """A page in one language; ``broken`` are the rules that the screens checked do not keep, and where."""

    def __init__(self, page, site, lang):
        self.page, self.site, self.lang = page, site, lang
        self.broken = []
        page.set_default_timeout(20_000)

    def open(self, path):
        self.page.goto(self.site + path)

    def check_width(self):
        """``answer_the_diagnostic`` looks at it in other tests."""

    def be(self, username):
        self.open("/")
        self.page.click(f"button[name=language][value={self.lang}]")
        self.page.wait_for_selector(f"html[lang={self.lang}]")
        self.page.click(f"button[name=username][value={username}]")
        self.page.wait_for_selector(".demo-you")

    def check(self, screen):
        found = Axe().run(self.page, options=OPTIONS).response
        assert found["testEngine"]["name"] == "axe-core"
        # A page without anything on it would be clean as well.
        assert found["passes"]
        self.broken += [
            f"{screen}: {rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


def test_the_check_finds_what_is_wrong(look):
    look.be("newcomer")
    look.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><button></button>')")
    look.check("broken on purpose")
    assert {line.split(": ")[1].split()[0] for line in look.broken} >= {"image-alt", "button-name"}
    look.broken.clear()


def test_the_needs_diagnostic(look):
    page = look.page
    look.be("newcomer")
    look.open(unit("diagnostic"))
    look.check("before the first answer")
    page.click("[data-guess] summary")
    look.check("asked for a guess")
    page.click(".smartpd-needs [data-go=steps]")
    look.check("an area without answers")
    page.locator("[data-item=i1_1] input").nth(2).check()
    page.wait_for_selector("[data-item=i1_1][data-state=saved]")
    look.check("an answer saved")
    page.locator(".smartpd-needs [data-go=result]:visible").first.click()
    page.wait_for_selector("[data-screen=result] table", state="visible")
    look.check("the result so far")
    page.route("**/save_answer*", lambda route: route.abort())
    page.click("[data-screen=result] [data-go=steps]")
    page.locator("[data-item=i1_2] input").nth(1).check()
    page.wait_for_selector("[data-item=i1_2][data-state=waiting]")
    look.check("an answer not yet saved")
    page.unroute("**/save_answer*")
    while page.locator("[data-move='1']").is_visible():
        page.click("[data-move='1']")
    page.click(".smartpd-needs [data-finish]")
    page.wait_for_selector("[data-alert]:not([hidden])")
    look.check("questions still open")
    answer_the_diagnostic(look, option=1)
    look.check("the result")
    page.click("[data-screen=result] [data-go=steps]")
    look.check("one's own answers")
    look.open(unit("diagnostic"))
    page.click("[data-retake]")
    look.check("before answering again")
    page.click("[data-retake-yes]")
    page.wait_for_selector("[data-screen=intro]", state="visible")
    answer_the_diagnostic(look, option=3)
    look.check("before and after")
    page.locator("[data-screen=result] details summary").last.click()
    look.check("earlier results")


def test_the_learning_matrix_and_pres(look):
    page = look.page
    look.be("newcomer")
    look.open(unit("path"))
    look.check("the matrix")
    for fold in page.locator(".smartpd-lm-fold").all()[:1]:
        fold.click()
    with page.expect_response(lambda answer: "mark_cell" in answer.url):
        page.locator(".smartpd select[name=status]:visible").first.select_option("done")
    look.check("a cell marked")
    look.be("stuck")
    look.open(unit("path"))
    look.check("the matrix with recommendations")
    look.be("newcomer")
    look.open(unit("position"))
    look.check("PRES, empty")
    page.click(".smartpd-pres [type=submit]")
    look.check("PRES, sent too short")
    for part in ("position", "reason", "example", "summary"):
        page.fill(f".smartpd-pres textarea[name={part}]", f"{SENTENCE} {SENTENCE}")
    page.click(".smartpd-pres [type=submit]")
    page.wait_for_selector(".smartpd-pres [data-view=read]", state="visible")
    look.check("PRES, submitted")
    page.click("[data-revise]")
    page.wait_for_selector(".smartpd-pres [data-view=write]", state="visible")
    look.check("PRES, once more")


def test_the_plugins_pages(look):
    look.be("newcomer")
    look.open(MINE)
    look.check("My development, nothing known")
    look.be("stuck")
    look.open(MINE)
    look.check("My development")
    look.be("course_team")
    for path in (TEAM, f"{TEAM}?search=nobody", RESULTS, MINE):
        look.open(path)
        look.check(path)


def test_the_course_teams_views(look):
    page = look.page
    look.be("course_team")
    for name in ("diagnostic", "path", "position"):
        look.open(unit(name))
        look.check(f"{name} as the course team sees it")
    look.open(STUDIO)
    look.check("Studio")
    forms = page.eval_on_selector_all("a[href*='/block/']", "links => links.map(link => link.getAttribute('href'))")
    ours = sorted({path for path in forms if "@smartpd_" in path or "%40smartpd_" in path})
    assert len(ours) >= 3, forms
    for path in ours:
        look.open(path)
        page.wait_for_selector("[data-field]")
        look.check(path)
    look.open(next(path for path in ours if "smartpd_needs_diagnostic" in path))
    page.locator("[data-field=display_name] input").fill("")
    page.click(".save-button")
    page.wait_for_selector("[data-field=display_name] [data-problem]:not([hidden])")
    look.check("a form with a problem")
