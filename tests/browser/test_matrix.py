"""The learning matrix under a thumb, a screen reader and one tap."""

import re

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


def count(page):
    return int(re.search(r"\d+", page.locator("[data-all] p").inner_text()).group())


@pytest.mark.parametrize(("width", "least"), [(360, 44), (1280, 24)])
def test_what_is_tapped_is_large_enough_and_has_a_name_of_its_own(stuck, width, least):
    page = stuck(width)
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


def test_one_tap_marks_what_is_finished_in_the_course(stuck):
    page = stuck(360)
    before = count(page)
    found = page.locator("td[data-found]:not([data-status=done])").first
    name = found.get_attribute("data-name")
    cell = page.locator(f"td[data-cell={found.get_attribute('data-cell')}]")
    page.get_by_role("button", name=f"Mark as done: {name}", exact=True).click()
    saved(page)
    assert cell.locator("select[name=status]").input_value() == "done"
    assert not cell.locator(".smartpd-lm-found").is_visible()
    assert count(page) == before - 1
    # Taken back, the hint is there again.
    cell.locator("select[name=status]").select_option("none")
    assert cell.locator(".smartpd-lm-found button").is_visible()
    assert cell.locator("select[name=status] option").first.inner_text() == "◕ Finished in the course"


def test_all_of_them_at_once_and_for_good(stuck):
    page = stuck(1280, lang="uz")
    done = page.locator("td[data-status=done]").count()
    found = count(page)
    assert found > 1
    page.get_by_role("button", name="Hammasini bajarildi deb belgilash").click()
    saved(page)
    assert not page.locator("[data-all]").is_visible()
    page.reload()
    page.wait_for_selector(".smartpd-lm-live")
    assert page.locator("td[data-status=done]").count() == done + found
    assert page.locator("[data-found], [data-all]").count() == 0


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
