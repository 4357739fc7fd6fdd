"""The learning matrix under a thumb, a screen reader and one tap."""

import pytest

from demo.course import COURSE_KEY

MATRIX = f"/courses/{COURSE_KEY}/unit/path/"


@pytest.fixture
def stuck(window):
    """Someone who has finished units in the course and marked none of them in the matrix."""

    def open_matrix(width, lang="en"):
        tab = window(width)
        tab.be("stuck", lang=lang)
        tab.open(MATRIX)
        tab.page.wait_for_selector(".smartpd-lm-live")
        return tab.page

    return open_matrix


def saved(page):
    page.wait_for_selector(".smartpd-lm [data-saved][data-state=saved]", state="attached")


@pytest.mark.parametrize(("width", "least"), [(360, 44), (1280, 24)])
def test_what_is_tapped_is_large_enough_and_has_a_name_of_its_own(stuck, width, least):
    page = stuck(width)
    for fold in page.locator(".smartpd-lm-fold").all():
        fold.click()
    sizes = page.locator(".smartpd-lm :is(a, select, button)").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.width, box.height])"
    )
    assert len(sizes) > 30
    assert [size for size in sizes if min(size) < least] == []
    for kind, label in (("status", "Status"), ("rating", "How well I can do it")):
        selects = page.locator(f"td select[name={kind}]")
        names = selects.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
        assert len(set(names)) == len(names) == page.locator("td[data-cell]").count()
        assert all(name.startswith(f"{label}: ") for name in names)
        assert page.get_by_role("combobox", name=names[0], exact=True).count() == 1


def test_what_it_is_and_what_the_signs_mean_stands_before_the_cells(stuck):
    page = stuck(360)
    text = page.locator(".smartpd-lm").inner_text()
    first_cell = page.locator("td[data-cell] .smartpd-lm-can").first.inner_text()
    assert text.index("Here are the topics") < text.index("What the signs mean") < text.index(first_cell)
    assert page.locator(".smartpd-lm-legend").bounding_box()["height"] < 160


def test_what_is_finished_in_the_course_is_done_until_the_learner_says_otherwise(stuck):
    page = stuck(360)
    counted = page.locator("td[data-counted]")
    done = page.locator("td[data-status=done]").count()
    assert 1 < counted.count() <= done
    cell = page.locator(f"td[data-cell={counted.first.get_attribute('data-cell')}]")
    cell.locator(".smartpd-lm-fold").click()
    assert cell.locator("select[name=status]").input_value() == "done"
    assert cell.locator(".smartpd-lm-counted").is_visible()
    cell.locator("select[name=status]").select_option("doing")
    saved(page)
    assert not cell.locator(".smartpd-lm-counted").is_visible()
    page.reload()
    page.wait_for_selector(".smartpd-lm-live")
    assert cell.get_attribute("data-status") == "doing"
    assert page.locator("td[data-status=done]").count() == done - 1
    assert cell.locator("select[name=status]").is_visible(), "what is begun is not folded"


def test_what_is_marked_as_done_is_recommended_no_more_until_that_is_taken_back(stuck):
    page = stuck(1280)
    cell = page.locator("td[data-cell]").filter(has=page.locator("[data-advised]")).first
    steps = page.locator("[data-next] li:visible").count()
    was = cell.locator("select[name=status]").input_value()
    assert cell.locator(".smartpd-badge-info").is_visible()
    cell.locator("select[name=status]").select_option("done")
    assert not cell.locator(".smartpd-badge-info").is_visible()
    assert page.locator("[data-next] li:visible").count() == steps - 1
    saved(page)
    cell.locator("select[name=status]").select_option(was)
    assert cell.locator(".smartpd-badge-info").is_visible()
    assert page.locator("[data-next] li:visible").count() == steps
    saved(page)


def test_on_a_phone_only_what_matters_now_is_open(stuck):
    page = stuck(360)
    cells = page.locator("td[data-cell]")
    opened = cells.filter(has=page.locator("select[name=status]:visible"))
    advised = cells.filter(has=page.locator(".smartpd-badge-info"))
    assert 0 < opened.count() == advised.count() < cells.count() / 3
    assert page.locator(".smartpd-lm").bounding_box()["height"] < 4500
    closed = cells.filter(has=page.locator(".smartpd-lm-fold")).first
    button = closed.locator(".smartpd-lm-fold")
    assert (button.get_attribute("aria-expanded"), closed.locator("[data-word]").is_visible()) == ("false", True)
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert closed.locator("select[name=status]").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.smartpd-lm-body') !== null")


def test_a_table_on_paper_and_a_page_without_scripts_show_all(stuck, chromium):
    page = stuck(360)
    cells = page.locator("td[data-cell]").count()
    page.emulate_media(media="print")
    assert page.locator(".smartpd-lm-body:visible").count() == cells
    assert page.locator(".smartpd-lm-now:visible").count() == cells
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("!document.querySelector('.smartpd-lm-fold')")
    assert page.locator("select[name=status]:visible").count() == cells
    plain = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 900}, storage_state=page.context.storage_state()
    )
    read = plain.new_page()
    read.goto(page.url)
    assert read.locator(".smartpd-lm-body:visible").count() == cells
    plain.close()


def test_json_that_cannot_be_read_is_said_with_its_place_in_the_authors_language(window):
    tab = window(1280)
    tab.be("course_team", lang="ru")
    tab.open(f"/studio/{COURSE_KEY}/")
    tab.page.locator("a[href*=learning_matrix]").first.click()
    tab.page.locator("summary").first.click()
    setting = tab.page.locator("textarea").first
    whole = setting.input_value()
    setting.fill(whole.replace('"activities": [', '"activities" [', 1))
    tab.page.locator("button[type=submit]").first.click()
    said = tab.page.locator("[data-problem]").filter(has_text="JSON").first
    said.wait_for()
    assert "со строки 2, символа" in said.inner_text()
