"""What becomes of answers, marks and texts when the line, the session or another page gets in the way."""

import shutil
import signal
import sqlite3
from contextlib import closing

import pytest

from demo.course import COURSE_KEY
from demo.people import LEARNERS
from tests.demo.running import Demo

pytestmark = pytest.mark.browser

BLOCKS = ("needs", "matrix", "pres")
UNIT = {"needs": "diagnostic", "matrix": "path", "pres": "position"}
#: The handler that keeps what the learner does, by block.
SAVES = {"needs": "save_answer", "matrix": "mark_cell", "pres": "save_draft"}
STATE = {"needs": ".smartpd-needs [data-status]", "matrix": ".smartpd-lm [data-saved]", "pres": "[data-state-line]"}
DONE = {"needs": "2", "matrix": "doing", "pres": "What I think of it."}


@pytest.fixture(scope="module")
def running(prepared, tmp_path_factory):
    """One demo for all tests here: each leaves the same two people and one block changed."""
    var = shutil.copytree(prepared, tmp_path_factory.mktemp("lost") / "var")
    demo = Demo(var)
    demo.database = var / "demo.sqlite3"
    yield demo
    demo.stop(signal.SIGTERM)


@pytest.fixture
def demo(running):
    """The demo with nothing done by the newcomer, and its settings as they are shipped."""
    newcomer = next(person.user_id for person in LEARNERS if person.username == "newcomer")
    with closing(sqlite3.connect(running.database, timeout=20)) as database, database:
        database.execute("DELETE FROM workbench_xblockstate WHERE user_id IN ('', ?)", [str(newcomer)])
    return running


def address(block):
    return f"/courses/{COURSE_KEY}/unit/{UNIT[block]}/"


def show(tab, block):
    tab.open(address(block))
    if block == "needs" and tab.page.locator("[data-go=steps]").first.is_visible():
        tab.page.locator("[data-go=steps]").first.click()


def first(page, block):
    return {
        "needs": page.locator("[data-item=i1_1]"),
        "matrix": page.locator("td[data-cell] select[name=status]").first,
        "pres": page.locator("textarea[name=position]"),
    }[block]


def do(page, block, what=None):
    """Answer, mark or write the first thing there is."""
    what = what or DONE[block]
    if block == "needs":
        first(page, block).locator(f"input[value='{what}']").check()
    elif block == "matrix":
        first(page, block).select_option(what)
    else:
        first(page, block).fill(what)


def seen(page, block):
    """What the page shows of it."""
    if block == "needs":
        return page.evaluate("(document.querySelector('[data-item=i1_1] input:checked') || {}).value || ''")
    return first(page, block).input_value()


def stored(tab, block):
    """What the server shows to a page that has kept nothing itself."""
    other = tab.page.context.browser.new_context(storage_state={"cookies": tab.page.context.cookies(), "origins": []})
    try:
        page = other.new_page()
        page.goto(tab.site + address(block))
        return seen(page, block)
    finally:
        other.close()


def wait_for(page, block, state):
    page.wait_for_selector(f"{STATE[block]}[data-state={state}]", state="attached")


def kept_on_the_device(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('smartpd:')).length")


@pytest.fixture
def learner(window):
    """A newcomer's window; what breaks on purpose below is no complaint."""
    tab = window(1280)
    tab.be("newcomer")
    statuses = tuple(f"{status} http" for status in (401, 403, 409, 503))
    tab.forgive = ("net::ERR", "Failed to load resource", *statuses)
    return tab


def break_off(context, block, how):
    """From now on the request that saves fails in this way; returns how to mend it."""
    pattern = f"**/handler/{SAVES[block]}*"
    context.route(pattern, how)
    return lambda: context.unroute(pattern)


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_done_offline_is_sent_when_the_line_is_back(learner, block):
    page = learner.page
    show(learner, block)
    page.context.set_offline(True)
    do(page, block)
    wait_for(page, block, "waiting")
    assert kept_on_the_device(page) == 1
    page.context.set_offline(False)
    wait_for(page, block, "saved")
    assert stored(learner, block) == DONE[block]
    assert kept_on_the_device(page) == 0


@pytest.mark.parametrize("block", BLOCKS)
def test_what_the_device_kept_comes_back_with_the_page(learner, block):
    page = learner.page
    show(learner, block)
    mend = break_off(page.context, block, lambda route: route.abort())
    # What a page sends while it goes away does not pass the routes of the test.
    page.evaluate("void (window.fetch = () => Promise.reject(new Error('no line')))")
    do(page, block)
    wait_for(page, block, "waiting")
    page.reload()
    assert seen(page, block) == DONE[block]
    assert stored(learner, block) != DONE[block]
    mend()
    page.reload()
    wait_for(page, block, "saved")
    assert stored(learner, block) == DONE[block]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_server_that_says_nothing_is_given_up_and_asked_again(learner, block):
    page = learner.page
    show(learner, block)
    page.evaluate("SmartPD.patience = 300")
    mend = break_off(page.context, block, lambda _route: None)
    with page.expect_event("requestfailed"):
        do(page, block)
    wait_for(page, block, "waiting")
    mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for(page, block, "saved")
    assert stored(learner, block) == DONE[block]


@pytest.mark.parametrize("block", BLOCKS)
def test_an_ended_session_keeps_it_until_the_learner_has_signed_in_again(learner, block):
    page = learner.page
    show(learner, block)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    do(page, block)
    page.wait_for_function("(words) => document.body.innerText.toLowerCase().includes(words)", arg="sign in")
    assert kept_on_the_device(page) == 1
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for(page, block, "saved")
    assert stored(learner, block) == DONE[block]


@pytest.mark.parametrize("block", BLOCKS)
def test_another_person_at_the_same_device_gets_nothing_of_it(learner, block):
    page = learner.page
    show(learner, block)
    what = {"needs": "4", "matrix": "planned", "pres": "Mine alone."}[block]
    mend = break_off(page.context, block, lambda route: route.abort())
    do(page, block, what)
    wait_for(page, block, "waiting")
    other = page.context.new_page()
    other.goto(learner.site)
    other.click("button[name=username][value=reader]")
    other.wait_for_selector(".demo-you")
    before = stored(learner, block)
    assert before != what
    mend()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_function("() => document.body.innerText.includes('Somebody else is signed in now')")
    other.goto(learner.site + address(block))
    assert seen(other, block) == before
    assert kept_on_the_device(page) == 1


@pytest.mark.parametrize("block", ["needs", "matrix"])
def test_what_is_done_just_before_leaving_arrives(learner, block):
    page = learner.page
    show(learner, block)
    if block == "needs":
        do(page, block)
    else:
        page.locator("td[data-cell] select[name=rating]").first.select_option("3")
    page.goto(learner.site + f"/courses/{COURSE_KEY}/")
    learner.open(address(block))
    if block == "needs":
        assert seen(page, block) == DONE[block]
    else:
        assert page.locator("td[data-cell] select[name=rating]").first.input_value() == "3"
        wait_for_rest(page)


def wait_for_rest(page):
    page.wait_for_load_state("networkidle")
    assert kept_on_the_device(page) == 0


def test_a_text_written_just_before_leaving_is_there_again(learner):
    page = learner.page
    show(learner, "pres")
    do(page, "pres")
    page.goto(learner.site + f"/courses/{COURSE_KEY}/")
    learner.open(address("pres"))
    assert seen(page, "pres") == DONE["pres"]


# --- two tabs -----------------------------------------------------------------------------------


def tabs(learner, block):
    """The block open twice, both as it was before anything was done."""
    show(learner, block)
    two = learner.page.context.new_page()
    two.goto(learner.site + address(block))
    if block == "needs":
        two.locator("[data-go=steps]").first.click()
    return learner.page, two


def test_two_diagnostics_keep_each_others_answers(learner):
    one, two = tabs(learner, "needs")
    do(one, "needs", "1")
    wait_for(one, "needs", "saved")
    two.locator("[data-item=i1_2] input[value='3']").check()
    wait_for(two, "needs", "saved")
    learner.open(address("needs"))
    chosen = one.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-item] input:checked')]"
        ".map((input) => [input.closest('[data-item]').dataset.item, input.value]))"
    )
    assert chosen == {"i1_1": "1", "i1_2": "3"}


def test_a_mark_made_elsewhere_is_shown_and_not_overwritten(learner):
    one, two = tabs(learner, "matrix")
    do(one, "matrix", "done")
    wait_for(one, "matrix", "saved")
    do(two, "matrix", "planned")
    wait_for(two, "matrix", "error")
    assert "changed elsewhere" in two.locator(STATE["matrix"]).inner_text()
    assert seen(two, "matrix") == "done"
    do(two, "matrix", "planned")
    wait_for(two, "matrix", "saved")
    assert stored(learner, "matrix") == "planned"


@pytest.mark.parametrize("mine", [True, False])
def test_of_two_texts_the_learner_keeps_the_one_they_choose(learner, mine):
    one, two = tabs(learner, "pres")
    do(one, "pres", "The first text.")
    wait_for(one, "pres", "saved")
    do(two, "pres", "The second text.")
    choice = two.locator("[data-choice]")
    choice.wait_for()
    assert "The first text." in two.locator("[data-choice-text=server]").inner_text()
    assert "The second text." in two.locator("[data-choice-text=device]").inner_text()
    two.click("[data-keep=device]" if mine else "[data-keep=server]")
    wait_for(two, "pres", "saved")
    assert choice.is_hidden()
    assert seen(two, "pres") == ("The second text." if mine else "The first text.")
    assert stored(learner, "pres") == ("The second text." if mine else "The first text.")


def test_two_texts_written_offline_are_both_offered(learner):
    one, two = tabs(learner, "pres")
    one.context.set_offline(True)
    do(one, "pres", "Written in the first tab.")
    do(two, "pres", "Written in the second tab.")
    wait_for(one, "pres", "waiting")
    wait_for(two, "pres", "waiting")
    one.context.set_offline(False)
    one.wait_for_function(
        "() => document.querySelector('[data-choice]').hidden === false || "
        "document.querySelector('[data-state-line]').dataset.state === 'saved'"
    )
    two.wait_for_function(
        "() => document.querySelector('[data-choice]').hidden === false || "
        "document.querySelector('[data-state-line]').dataset.state === 'saved'"
    )
    (asked,) = [page for page in (one, two) if page.locator("[data-choice]").is_visible()]
    shown = asked.locator("[data-choice]").inner_text()
    assert "Written in the first tab." in shown
    assert "Written in the second tab." in shown


def test_a_text_submitted_elsewhere_is_read_and_mine_becomes_a_revision(learner):
    one, two = tabs(learner, "pres")
    long = " ".join(["reason"] * 30)
    do(two, "pres", "A text of the other tab.")
    two.wait_for_selector("[data-state-line][data-state=saved]")
    one.reload()
    for part in ("position", "reason", "example", "summary"):
        one.fill(f"textarea[name={part}]", long)
    one.click(".smartpd-pres [type=submit]")
    one.wait_for_selector("[data-view=read]", state="visible")
    do(two, "pres", "Still writing here.")
    two.locator("[data-choice]").wait_for()
    assert "already been submitted" in two.locator("[data-choice-why]").inner_text()
    two.click("[data-keep=device]")
    wait_for(two, "pres", "saved")
    assert seen(two, "pres") == "Still writing here."
    learner.open(address("pres"))
    assert seen(one, "pres") == "Still writing here."
    assert one.text_content("[data-read=reason]") == long


# --- Studio ---------------------------------------------------------------------------------------


@pytest.fixture
def editor(window):
    tab = window(1280)
    tab.be("course_team")
    tab.open(f"/studio/{COURSE_KEY}/")
    tab.page.click("a[href*='smartpd_pres']:has-text('Edit')")
    tab.page.wait_for_selector(".smartpd-form")
    return tab


def test_changes_in_the_settings_are_not_thrown_away_without_asking(editor):
    page = editor.page
    here = page.url
    page.fill("[data-field=question] textarea", "Is a phone a pencil?")
    for leave in (lambda: page.click(".cancel-button"), lambda: page.keyboard.press("Escape")):
        leave()
        page.wait_for_selector("[data-leave]", state="visible")
        page.click("[data-stay]")
        assert page.locator("[data-leave]").is_hidden()
        assert page.input_value("[data-field=question] textarea") == "Is a phone a pencil?"
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("window.setTimeout(() => window.location.reload(), 0)")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.input_value("[data-field=question] textarea") == "Is a phone a pencil?"
    page.click(".cancel-button")
    page.click("[data-discard]")
    page.wait_for_url(lambda url: url != here)


def test_unchanged_settings_close_at_once(editor):
    here = editor.page.url
    editor.page.click(".cancel-button")
    editor.page.wait_for_url(lambda url: url != here)


def test_what_is_wrong_stands_at_its_field(editor):
    page = editor.page
    editor.forgive = ("400",)
    page.fill("[data-field=min_words] input", "90")
    page.fill("[data-field=question] textarea", "")
    page.click(".save-button")
    problem = page.locator("[data-field=min_words] [data-problem]")
    problem.wait_for()
    assert "90 to 80" in problem.inner_text()
    assert "empty" in page.locator("[data-field=question] [data-problem]").inner_text()
    assert page.get_attribute("[data-field=question] textarea", "aria-invalid") == "true"
    page.fill("[data-field=min_words] input", "5")
    page.click("[data-field=question] [data-reset]")
    assert page.input_value("[data-field=question] textarea").startswith("Should digital tools")
    page.click(".save-button")
    page.wait_for_selector("[data-state-line][data-state=saved]")
    page.reload()
    assert page.input_value("[data-field=min_words] input") == "5"
