"""Pictures of a class: sound, escaped, readable without seeing them."""

from xml.etree import ElementTree

import pytest
from smartpd_analytics.api import BarRow, ChangeRow, InputError, MeanRow, bars_svg, changes_svg, means_svg

TEXT = {"title": "Areas <b>", "description": "Means & more"}
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Raqamli resurslarni yaratish, oʻzgartirish va almashish boʻyicha kompetensiyalar"


def drawn(svg):
    root = ElementTree.fromstring(svg)  # noqa: S314 -- our own text
    width, height = (float(root.get(name)) for name in ("width", "height"))
    for node in root.iter():
        for name in ("x", "cx"):
            assert 0 <= float(node.get(name, 0)) <= width
        for name in ("y", "cy"):
            assert 0 <= float(node.get(name, 0)) <= height
    assert root.find("{*}title").text == TEXT["title"]
    assert root.find("{*}desc").text == TEXT["description"]
    return root, [node.text for node in root.iter(f"{SVG}text")]


def test_a_distribution():
    rows = [BarRow("A1", 0, "0"), BarRow("A2", 4, "4"), BarRow("B1", 8, "<9")]
    root, words = drawn(bars_svg(rows, **TEXT, mark=1, words="target"))
    assert [float(node.get("height")) for node in root.iter(f"{SVG}rect")] == [0, 60, 120]
    assert {"A1", "A2", "B1", "<9", "target"} <= set(words)
    assert len([node for node in root.iter(f"{SVG}path") if node.get("class") == "target"]) == 1
    drawn(bars_svg([], **TEXT))
    drawn(bars_svg([BarRow("A1", 0, "0")], **TEXT))


def test_means_with_their_intervals():
    rows = [MeanRow(LONG, 0.5, 0.4, 0.61), MeanRow("One", 0.0), MeanRow("All", 1.0, 0.9, 1.0)]
    root, words = drawn(means_svg(rows, **TEXT, target=0.7, words="Target: 70%"))
    assert len([node for node in root.iter(f"{SVG}path") if node.get("class") == "whisker"]) == 2
    assert {"50%", "0%", "100%", "Target: 70%"} <= set(words)


def test_before_and_after():
    root, words = drawn(changes_svg([ChangeRow(LONG, 0.2, 0.65)], **TEXT, before="Before", after="Now"))
    assert "20 → 65%" in words
    assert [node.get("class") for node in root.iter(f"{SVG}circle")].count("before") == 2
    assert words[:2] == ["Before", "Now"]


def test_what_is_no_share_is_refused():
    with pytest.raises(InputError):
        means_svg([MeanRow("x", 1.2)], **TEXT)
    with pytest.raises(InputError):
        changes_svg([ChangeRow("x", 0, -0.1)], **TEXT, before="", after="")
    with pytest.raises(InputError):
        bars_svg([BarRow("x", -1, "")], **TEXT)
