"""The course team writes its own questions in Studio, and learners answer them."""

import json

import pytest

from demo.course import COURSE_KEY

STUDIO = f"/studio/{COURSE_KEY}/"
UNIT = f"/courses/{COURSE_KEY}/unit/diagnostic/"
pytestmark = pytest.mark.browser
LANGUAGES = ("en", "ru", "uz")


def editor(team, lang="en"):
    team.be("course_team", lang=lang)
    team.open(STUDIO)
    team.page.click(
        "a[href*='smartpd_needs']:has-text('Edit')" if lang == "en" else "a[href*='smartpd_needs'] >> nth=0"
    )
    team.page.wait_for_selector("[data-preview]")
    return team.page


def write(box, words):
    """The same words in each language."""
    for lang in LANGUAGES:
        box.locator(f"[data-path$='.{lang}']").locator("input, textarea").first.fill(f"{words} ({lang})")


def save(team):
    team.page.click(".save-button")
    team.page.wait_for_selector("#studio-state[data-state=saved]")
    team.check_width()


def rows(page):
    return page.locator("[data-item] [data-title]").all_inner_texts()


def empty_test(page):
    page.click("summary:has-text('Begin with an empty questionnaire')")
    page.select_option("[data-kind-choice]", "knowledge_test")
    page.select_option("[data-framework-choice]", "digcompedu")
    page.click("button:has-text('Begin'):visible")
    page.wait_for_selector(".smartpd-edit-head [data-path='title.en']")


def fill_head(page):
    write(page.locator(".smartpd-edit-head [data-path='title']"), "Our own test")
    write(page.locator(".smartpd-edit-head [data-path='intro']"), "Five minutes")


def add_question(page, area, words):
    """One with four answers, the first of them right."""
    page.click(f"[data-add='{area}']")
    form = page.locator("[data-item-form]").last
    if area == "1":
        form = page.locator("[data-item]").filter(has=page.locator(":focus")).locator("[data-item-form]")
    write(form.locator("> [data-path='text']"), words)
    for number, answer in enumerate(("Right", "Wrong", "Worse", "Worst")):
        write(form.locator(f"[data-path='options.{number}.text']"), f"{answer} {words}")


@pytest.mark.parametrize("width", [1280, 360])
def test_from_an_empty_block_to_a_test_that_learners_take(window, width):
    team = window(width)
    # Nothing in it yet: the site says what is missing, and keeps what is there.
    team.forgive = ("400",)
    page = editor(team)
    empty_test(page)
    page.click(".save-button")
    page.wait_for_selector("#studio-state[data-state=error]")
    assert "too few entries" in page.inner_text("[data-field=own_instrument]")
    fill_head(page)
    add_question(page, "1", "First")
    add_question(page, "1", "Second")
    page.select_option("[data-item='q2'] [data-path='type'] select", "multiple")
    page.check("[data-item='q2'] [data-path='options.1.points'] input")
    assert page.locator("[data-points]").inner_text() == "Points altogether: 2"

    # Six levels do not fit on two points, which stands where the levels are.
    page.click(".save-button")
    page.wait_for_selector("[data-path='cut_scores'] .smartpd-form-problem:visible")
    page.fill("[data-item='q1'] [data-path='options.0.points'] input", "6")
    page.click("button:has-text('Spread evenly')")

    page.click("[data-preview]")
    page.wait_for_selector("section.smartpd-needs fieldset")
    assert "1. First (en)" in page.inner_text("section.smartpd-needs")
    page.select_option("section.smartpd-needs select", "uz")
    page.wait_for_selector("section.smartpd-needs >> text=1. First (uz)")

    # By the keyboard: the second question first.
    page.focus("[data-item='q2'] [data-key=head]")
    page.keyboard.press("Alt+ArrowUp")
    assert rows(page) == ["Second (en)", "First (en)"]
    assert page.evaluate("document.activeElement.closest('[data-item]').dataset.item") == "q2"
    save(team)
    assert "version 1" in page.inner_text("[data-field=own_instrument]")

    learner = window(width)
    learner.be("newcomer")
    learner.open(UNIT)
    told = learner.page
    assert "Five minutes (en)" in told.inner_text("main")
    told.click("[data-go=steps]")
    told.check("[data-item=q2] input[value=a]")
    told.check("[data-item=q2] input[value=b]")
    told.check("[data-item=q1] input[value=a]")
    told.wait_for_selector("[data-status][data-state=saved]")
    told.click("[data-finish]")
    told.wait_for_selector(".smartpd-needs-level")
    assert "Points: 7 of 7" in told.inner_text("main")

    # What has been answered becomes a new version; the result stays.
    page.reload()
    page.click("[data-edit]")
    page.click("[data-item='q1'] [data-key=head]")
    page.fill("[data-item='q1'] [data-path='options.0.points'] input", "8")
    assert "answered this version: 1" in page.inner_text("[data-field=own_instrument]")
    save(team)
    assert "version 2" in page.inner_text("[data-field=own_instrument]")
    told.reload()
    assert "Points: 7 of 7" in told.inner_text("main")


def test_adapting_switching_off_undo_and_files(window, tmp_path):
    team = window(1280)
    page = editor(team)
    page.click("[data-adapt]")
    page.wait_for_selector("[data-item='i1_1']")
    before = rows(page)
    page.click("[data-item='i1_2'] [data-key=off]")
    assert "switched off" in page.inner_text("[data-item='i1_2']")
    page.click("[data-item='i1_3'] >> button:has-text('✕')")
    assert len(rows(page)) == len(before) - 1
    page.click("button:has-text('Undo')")
    assert rows(page) == before
    page.drag_and_drop("[data-item='i1_4'] .smartpd-edit-grip", "[data-item='i1_1'] .smartpd-edit-grip")
    moved = [before[3], *before[:3], *before[4:]]
    assert rows(page) == moved
    # By the arrows, and a question stays in its area.
    assert page.locator("[data-item='i1_4'] [data-key=up]").is_disabled()
    page.click("[data-item='i1_4'] [data-key=down]")
    assert rows(page)[:2] == [before[0], before[3]]

    page.click("[data-item='i1_1'] [data-key=head]")
    page.fill("[data-item='i1_1'] [data-path='text.en'] textarea", "<script>window.hurt = 1</script>?")
    page.click("[data-preview]")
    page.wait_for_selector("section.smartpd-needs fieldset")
    assert "<script>window.hurt = 1</script>?" in page.inner_text("section.smartpd-needs")
    save(team)
    with page.expect_download() as saved:
        page.click("button:has-text('CSV')")
    table = tmp_path / "questions.csv"
    saved.value.save_as(table)
    assert "<script>" in table.read_text(encoding="utf-8-sig")

    lines = table.read_bytes().replace(b"<script>window.hurt = 1</script>?", "Из таблицы?".encode())
    table.write_bytes(lines)
    page.set_input_files("[data-import]", table)
    page.wait_for_selector("[data-item='i1_1']:has-text('Из таблицы?')")
    save(team)
    learner = window(360)
    learner.be("newcomer")
    learner.open(UNIT)
    assert "Из таблицы?" in learner.page.content()
    assert learner.page.evaluate("window.hurt") is None


def test_wrong_files_and_questions_are_told_at_their_place_and_nothing_is_lost(window, tmp_path):
    team = window(1280)
    team.forgive = ("400",)
    page = editor(team)
    page.click("[data-adapt]")
    page.wait_for_selector("[data-item='i1_1']")
    before = rows(page)
    for name, content, said in (
        ("a.txt", b"x", "no file that can be imported"),
        ("a.csv", b"id,belongs_to,what\n1,1.1,x\n", "no column is called"),
        ("a.csv", "id\nЯ".encode("cp1251"), "UTF-8"),
        ("a.json", b"{", "JSON"),
        ("a.yaml", b"- 1", "no mapping"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        page.set_input_files("[data-import]", file)
        page.wait_for_selector(f"[data-field=own_instrument] .smartpd-state[data-state=error]:has-text('{said}')")
        assert rows(page) == before

    # A file that can be read and is wrong comes in, with every problem at its place.
    page.click("[data-item='i1_1'] [data-key=head]")
    page.fill("[data-item='i1_1'] [data-path='text.uz'] textarea", "")
    page.click("[data-item='i1_1'] summary")
    page.fill("[data-item='i1_1'] [data-path='id'] input", "i1_2")
    page.click("summary:has-text('Title, time and levels')")
    page.fill("[data-path='cut_scores.2'] input", "10")
    page.click(".save-button")
    page.wait_for_selector("#studio-state[data-state=error]")
    first = page.locator("[data-item]").first
    assert "no words" in first.locator("[data-path='text.uz'] .smartpd-form-problem").inner_text()
    assert "second time" in page.inner_text("[data-field=own_instrument]")
    assert "10 stands after 20" in page.inner_text("[data-path='cut_scores']")
    assert page.input_value("[data-path='cut_scores.2'] input") == "10"

    # Nobody leaves such work by accident.
    page.click(".cancel-button")
    page.wait_for_selector("[role=alertdialog]:visible")
    page.click("[data-stay]")
    assert rows(page) == before


def test_targets_and_roles(window):
    team = window(1280)
    page = editor(team)
    page.click("[data-field=targets] summary")
    page.select_option("[data-field=targets] [data-path='1.1'] select", "C2")
    page.click("button:has-text('Add a role')")
    write(page.locator("[data-field=roles] [data-path='0.name']"), "Dean")
    page.select_option("[data-field=roles] [data-path='0.level'] select", "A1")
    page.fill("[data-field=series] input", "Spring")
    save(team)
    page.reload()
    page.wait_for_selector("[data-preview]")
    assert page.input_value("[data-field=targets] [data-path='1.1'] select") == "C2"
    assert page.input_value("[data-field=roles] [data-path='0.name.ru'] input") == "Dean (ru)"

    learner = window(360)
    learner.be("newcomer")
    learner.open(UNIT)
    told = learner.page
    told.select_option("[data-role] select", label="Dean (en)")
    told.wait_for_selector("[data-role] [data-state=saved]")
    told.reload()
    assert told.input_value("[data-role] select") == "role-1"
    learner.check_width()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_editor_fits_a_phone_in_every_language(window, lang):
    team = window(360)
    page = editor(team, lang)
    page.click("[data-adapt]")
    page.wait_for_selector("[data-item='i1_1']")
    page.click("[data-item='i1_1'] [data-key=head]")
    page.click("[data-preview]")
    page.wait_for_selector("section.smartpd-needs fieldset")
    team.check_width()


def test_five_hundred_questions_are_edited_in_good_time(window, tmp_path):
    from smartpd_analytics.api import instrument_to_document, load_instrument

    document = instrument_to_document(load_instrument("digital_teaching_test"))
    items = document["items"]
    document["items"] = [{**items[number % len(items)], "id": f"n{number}"} for number in range(500)]
    file = tmp_path / "large.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    team = window(1280)
    page = editor(team)
    page.set_input_files("[data-import]", file)
    page.wait_for_selector("[data-item='n499']")
    took = page.evaluate(
        """() => { const began = performance.now();
        document.querySelector("[data-item='n0'] [data-key=down]").click(); return performance.now() - began; }"""
    )
    assert took < 2000
    save(team)
    page.reload()
    page.click("[data-edit]")
    assert len(rows(page)) == 500


def test_what_was_not_saved_is_kept_in_the_window(window):
    team = window(1280)
    page = editor(team)
    address = page.url
    page.click("[data-adapt]")
    page.wait_for_selector("[data-item='i1_1']")
    page.click("[data-item='i1_1'] [data-key=head]")
    page.fill("[data-item='i1_1'] [data-path='text.en'] textarea", "Half written?")
    # Enter in a line saves nothing.
    page.fill("[data-find]", "Half")
    page.press("[data-find]", "Enter")
    page.wait_for_timeout(800)
    assert page.inner_text("[data-state-line]") == "You have changes that are not saved."
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.click("[data-draft] button:has-text('Bring them back')")
    assert "Half written?" in rows(page)
    save(team)
    page.goto(address)
    page.wait_for_selector("[data-preview]")
    assert page.locator("[data-draft]").count() == 0
    page.click("[data-edit]")
    page.click("[data-item='i1_1'] [data-key=off]")
    page.wait_for_timeout(800)
    page.click(".cancel-button")
    page.click("[data-discard]")
    page.wait_for_url(f"**{STUDIO}")
    page.goto(address)
    page.wait_for_selector("[data-preview]")
    assert page.locator("[data-draft]").count() == 0
