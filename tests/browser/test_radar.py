"""The picture of the areas on a phone: its words are large enough to read and stand apart."""

import pytest

from tests.browser.test_journey import MINE

pytestmark = pytest.mark.browser

#: Boxes of the words as they are drawn, and the height of their letters in pixels of the screen.
_DRAWN = """() => [...document.querySelectorAll(".smartpd-radar tspan")].map((line) => {
  const svg = line.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const from = line.getStartPositionOfChar(0), to = line.getEndPositionOfChar(line.getNumberOfChars() - 1);
  const size = parseFloat(getComputedStyle(line).fontSize);
  return { text: line.textContent, size: size * scale, left: from.x, right: to.x, top: from.y - 0.72 * size,
    bottom: from.y + 0.2 * size, width: svg.viewBox.baseVal.width };
})"""
#: The corners of the outermost ring.
_DIAL = """() => document.querySelector(".smartpd-radar__grid").getAttribute("d").match(/M[^M]*Z/g).pop()
  .match(/-?[\\d.]+ -?[\\d.]+/g).map((pair) => pair.split(" ").map(Number))"""


def crosses(line, corners):
    """Whether a side of the dial runs through the box of a line, found by walking along it."""
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        for step in range(101):
            x, y = x1 + (x2 - x1) * step / 100, y1 + (y2 - y1) * step / 100
            if line["left"] < x < line["right"] and line["top"] < y < line["bottom"]:
                return True
    return False


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_words_around_the_picture_can_be_read_on_a_phone(window, lang):
    phone = window(360)
    phone.be("stuck", lang=lang)
    phone.open(MINE)
    lines, corners = phone.page.evaluate(_DRAWN), phone.page.evaluate(_DIAL)
    assert len(corners) == 6
    assert len(lines) >= 12
    assert [line["text"] for line in lines if line["size"] < 14] == []
    assert [line["text"] for line in lines if line["left"] < 0 or line["right"] > line["width"]] == []
    assert [line["text"] for line in lines if crosses(line, corners)] == []
    for number, one in enumerate(lines):
        for other in lines[number + 1 :]:
            apart = one["right"] < other["left"] or other["right"] < one["left"]
            apart = apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
            assert apart, f"{one['text']} and {other['text']}"
