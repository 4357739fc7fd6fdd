"""The radar chart: well-formed, accessible, escaped, small, the same every time."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.errors import InputError
from smartpd_analytics.frameworks import load_framework
from smartpd_analytics.reports.svg import radar_svg

NS = {"s": "http://www.w3.org/2000/svg"}
FRAMEWORK = load_framework("digcompedu")


def area_axes(lang="uz", shares=(0.5, 0.25, 1.0, 0.0, 0.75, 0.4), target=0.57):
    return [(area.title[lang], share, target) for area, share in zip(FRAMEWORK.areas, shares, strict=True)]


def chart(axes, **more):
    # The module's own output, nothing from outside.
    return ET.fromstring(radar_svg(axes, **{"title": "Profile", "description": "What it shows", **more}))  # noqa: S314


def words(root):
    return " ".join("".join(node.itertext()) for node in root.iterfind(".//s:text", NS)).replace("\xa0", " ")


def paths(root, style):
    return [node.get("d") for node in root.iterfind(".//s:path", NS) if node.get("class") == f"smartpd-radar__{style}"]


def test_it_has_a_text_alternative():
    root = chart(area_axes())
    assert (root.get("role"), root.get("class"), root.get("width")) == ("img", "smartpd-radar", "280")
    title, desc = root.find("s:title", NS), root.find("s:desc", NS)
    assert (title.text, desc.text) == ("Profile", "What it shows")
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]


def test_ids_differ_between_the_charts_of_a_page():
    one, other = (chart(area_axes(lang)).find("s:title", NS).get("id") for lang in ("uz", "ru"))
    assert one != other


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_every_label_and_figure_stands_in_the_chart(lang):
    root = chart(area_axes(lang))
    shown = words(root)
    for area in FRAMEWORK.areas:
        for word in area.title[lang].split():
            assert word in shown
    assert re.findall(r"●(\S+%)", shown) == ["50%", "25%", "100%", "0%", "75%", "40%"]
    assert shown.count("◇57%") == 6


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_labels_stay_in_the_picture_and_apart(lang):
    root = chart(area_axes(lang))
    height = float(root.get("height"))
    lines = [span for text in root.iterfind(".//s:text", NS) for span in text.iterfind("s:tspan", NS)]
    # Two fifths of 280 px hold about 20 letters of 12 px, three fifths in the middle 30.
    middle = root.findall(".//s:text[@text-anchor='middle']/s:tspan", NS)
    assert max(len(line.text) for line in lines if line not in middle) <= 20
    assert max(len(line.text) for line in middle) <= 30
    assert not any(line.text.endswith("-") for line in lines), "no word is broken"
    assert all(10 <= float(line.get("y")) <= height - 3 for line in lines)
    wide = chart(area_axes(lang), size=640)
    assert len(list(wide.iterfind(".//s:tspan", NS))) < len(lines)


def test_value_and_target_differ_by_line_and_mark_not_only_by_colour():
    svg = radar_svg(area_axes(), title="t", description="d")
    style = dict(re.findall(r"\.smartpd-radar__(\w+)\{([^}]*)\}", svg))
    assert "stroke-dasharray" in style["target"]
    assert "stroke-dasharray" not in style["value"]
    root = chart(area_axes())
    assert paths(root, "dot")[0].count("h0") == paths(root, "diamond")[0].count("z") == 6
    assert paths(root, "value")[0].endswith("Z")
    assert paths(root, "target")[0].endswith("Z")


def test_an_unknown_share_leaves_a_gap():
    root = chart(area_axes(shares=(0.5, None, 1.0, 0.0, 0.75, 0.4)))
    assert paths(root, "area") == []
    (line,) = paths(root, "value")
    assert line.count("M") == line.count("L") == 4
    assert "Z" not in line
    assert paths(root, "dot")[0].count("h0") == 5
    assert "●– ◇57%" in words(root)
    nothing = chart([(label, None, None) for label in "abcdef"])
    assert paths(nothing, "value") == paths(nothing, "target") == paths(nothing, "dot") == []
    assert "◇" not in words(nothing)


def test_points_lie_where_the_shares_say():
    root = chart([("a", 1.0, None), ("b", 0.0, None), ("c", 0.5, None), ("d", 0.5, None)])
    top, centre, bottom, left = (
        tuple(map(float, p.split())) for p in re.findall(r"M([\d.]+ [\d.]+)h0", paths(root, "dot")[0])
    )
    assert top[0] == bottom[0] == centre[0] == 140
    assert left[1] == centre[1]
    assert bottom[1] - centre[1] == pytest.approx((centre[1] - top[1]) / 2, abs=0.2)
    assert centre[0] - left[0] == pytest.approx((centre[1] - top[1]) / 2, abs=0.2)


def test_fewer_than_three_axes_become_bars():
    root = chart([("Baholash", 0.5, 0.75), ("Kasbiy ishtirok", None, None)])
    bars = [node for node in root.iterfind(".//s:rect", NS) if node.get("class") == "smartpd-radar__bar"]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("8", "132")]
    assert paths(root, "target")[0].startswith("M206 ")
    assert "Baholash" in words(root)
    assert chart([]).find("s:title", NS).text == "Profile"


def test_more_than_six_axes_are_numbered_and_listed():
    axes = [(competency.title["ru"], 0.3, 0.57) for competency in FRAMEWORK.competencies[:12]]
    root = chart(axes)
    numbers = [node.text for node in root.iterfind(".//s:text", NS) if node.text]
    assert sorted(numbers, key=int) == [str(n) for n in range(1, 13) for _ in range(2)]
    assert axes[11][0] in words(root)


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_it_is_small(lang):
    assert len(radar_svg(area_axes(lang), title="t" * 40, description="d" * 200).encode()) < 4000
    twelve = [(competency.title[lang], 0.333, 0.571) for competency in FRAMEWORK.competencies[:12]]
    assert len(radar_svg(twelve, title="t" * 40, description="d" * 200).encode()) < 7500


def test_nothing_is_fetched_and_nothing_runs():
    svg = radar_svg(area_axes(), title="t", description="d")
    assert "<script" not in svg
    assert "url(" not in svg
    assert "href" not in svg
    assert svg.count("http") == 1  # the namespace


label_text = st.text(max_size=60)
some_share = st.none() | st.floats(0, 1)


@given(
    st.lists(st.tuples(label_text, some_share, some_share), max_size=13), label_text, label_text, st.integers(240, 900)
)
def test_whatever_the_labels_it_is_well_formed_and_the_same_again(axes, title, description, size):
    first = radar_svg(axes, title=title, description=description, size=size)
    assert first == radar_svg(list(axes), title=title, description=description, size=size)
    root = ET.fromstring(first)  # noqa: S314
    assert {node.tag.partition("}")[2] for node in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "path",
        "rect",
        "text",
        "tspan",
    }
    assert not re.search(r"nan|inf|e-\d|-0\b", " ".join(node.get("d") or "" for node in root.iter()))


def test_markup_in_labels_is_shown_not_run():
    root = chart([('<script>"&', 0.5, 0.5), ("b", 0.5, 0.5), ("c", 0.5, 0.5)], title="<b>&", description="]]>\x00")
    assert '<script>"&' in words(root)
    assert root.find("s:title", NS).text == "<b>&"
    assert root.find("s:desc", NS).text == "]]>\ufffd"


@pytest.mark.parametrize("axis", [("a", 1.1, None), ("a", None, -0.1), ("a", float("nan"), None)])
def test_what_is_no_share_is_refused(axis):
    with pytest.raises(InputError, match=r"is no share \(axis 'a'\) \(accepted: 0 to 1, or None\)"):
        radar_svg([axis], title="t", description="d")


def test_a_width_without_room_is_refused():
    with pytest.raises(InputError, match="240 and more"):
        radar_svg(area_axes(), title="t", description="d", size=200)
