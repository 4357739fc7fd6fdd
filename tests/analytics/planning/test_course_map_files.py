"""Course maps from YAML and CSV: what is read, and what is named with file and line and left out."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import ContentUnit, CourseMap
from smartpd_analytics.errors import CourseMapError
from smartpd_analytics.frameworks import load_framework
from smartpd_analytics.planning import complete_course_map, read_course_map

FRAMEWORK = load_framework("digcompedu")
V = "block-v1:Org+C+R+type@vertical+block@"

YAML = """framework: digcompedu
units:
  - usage_key: block-v1:Org+C+R+type@vertical+block@search
    title: {en: Finding resources, ru: Поиск, uz: Qidirish}
    competencies: ["2.1", "1.1"]
    level: a2
    minutes: 20
    activity: Read
    mode: asynchronous; online
  - block_id: licences
    title: Licences
    competencies: ["2.3"]
    level: B1
    minutes: 15
    prerequisites: [search]
"""

CSV = """usage_key,title_en,title_uz,competencies,level,minutes,activity,modes,prerequisites
block-v1:Org+C+R+type@vertical+block@search,Finding resources,Qidirish,2.1;1.1,A2,20,read,asynchronous;online,
licences,Licences,,2.3,B1,15,,,search
"""


@pytest.fixture(name="read")
def _read(tmp_path: Path):
    def read(text: str | bytes, name: str = "map.csv", framework=FRAMEWORK) -> CourseMap:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_course_map(path, framework)

    return read


def test_yaml_is_read_in_its_order(read):
    course = read(YAML, "map.yaml")
    search, licences = course.units
    assert search == ContentUnit(
        usage_key=V + "search",
        title={"en": "Finding resources", "ru": "Поиск", "uz": "Qidirish"},
        block_type="vertical",
        unit_key=V + "search",
        position=0,
        competencies=("2.1", "1.1"),
        level="A2",
        minutes=20,
        activity="read",
        modes=("asynchronous", "online"),
    )
    assert (licences.usage_key, licences.position, licences.prerequisites) == ("licences", 1, (V + "search",))
    assert set(licences.title.values()) == {"Licences"}
    assert course.framework_id == "digcompedu"
    assert course.problems == ()


def test_yaml_may_name_its_framework_or_be_a_bare_list(read):
    assert read(YAML, "map.yml", framework=None).framework_id == "digcompedu"
    bare = read("- block_id: a\n- block_id: b\n", "map.yml", framework=None)
    assert [unit.usage_key for unit in bare.units] == ["a", "b"]
    assert bare.framework_id == ""


@pytest.mark.parametrize(
    "text",
    [
        CSV,
        CSV.replace("\n", "\r\n"),
        "\ufeff" + CSV,
        CSV.replace("2.1;1.1", '"2.1,1.1"'),
        CSV.replace(";", "|").replace(",", ";"),
        CSV.replace(",", "\t"),
        CSV.replace("usage_key", " Usage Key "),
        CSV.replace("\nlicences", "\n,,,,,,,,\n\nlicences"),
    ],
    ids=["plain", "crlf", "utf-8-sig", "comma-list", "semicolon", "tab", "header", "blank-rows"],
)
def test_csv_is_read_however_a_spreadsheet_writes_it(read, text):
    course = read(text)
    assert course.problems == ()
    search, licences = course.units
    assert search.title == {"en": "Finding resources", "ru": "Finding resources", "uz": "Qidirish"}
    assert (search.competencies, search.level, search.minutes) == (("2.1", "1.1"), "A2", 20)
    assert search.modes == ("asynchronous", "online")
    assert licences.prerequisites == (V + "search",)


STRUCTURE = """usage_key,block_type,title,section,subsection,unit,position
block-v1:O+C+R+type@course+block@course,course,Course,,,,0
block-v1:O+C+R+type@chapter+block@c1,chapter,One,One,,,1
block-v1:O+C+R+type@sequential+block@s1,sequential,First,One,First,,1
block-v1:O+C+R+type@vertical+block@v1,vertical,"Start, here",One,First,"Start, here",1
block-v1:O+C+R+type@video+block@a,video,Video,One,First,"Start, here",1
block-v1:O+C+R+type@problem+block@b,problem,,One,First,"Start, here",2
block-v1:O+C+R+type@vertical+block@v2,vertical,"Start, here",One,Second,"Start, here",1
block-v1:O+C+R+type@problem+block@c,problem,Test,One,Second,"Start, here",1
"""


def test_a_map_of_the_course_structure_alone_is_enough(read):
    course = read(STRUCTURE)
    assert course.problems == ()
    places = {unit.usage_key.rsplit("@", 1)[-1]: unit.unit_key.rsplit("@", 1)[-1] for unit in course.units}
    # Sections and subsections are nothing to do; the second unit has the title of the first.
    assert places == {"v1": "v1", "a": "v1", "b": "v1", "v2": "v2", "c": "v2"}
    assert course.units[2].title == {}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2.3", "2.3;9.9", "map.csv:3: the competency '9.9' is not in digcompedu: it is left out (accepted: 1.1, "),
        ("B1", "Z9", "map.csv:3: the level 'Z9' is not in digcompedu: it is left out (accepted: A1, A2, B1"),
        ("15", "15 min", "map.csv:3: minutes is '15 min': it is left out (accepted: a whole number from 1 to 10000)"),
        ("15", "0", "map.csv:3: minutes is '0'"),
        ("15", "-5", "map.csv:3: minutes is '-5'"),
        ("15", "99999", "map.csv:3: minutes is '99999'"),
        ("15", "1.5", "map.csv:3: minutes is '1.5'"),
        (",,,search", ",,,serach", "map.csv:3: the prerequisite 'serach' is no row of this file: it is left out"),
        (",,,search", ",,,licences", "map.csv:3: these wait for each other: licences -> licences; the last step"),
        ("activity", "activty", "map.csv:1: 'activty' is no column of a course map (accepted: usage_key, block_id"),
        ("activity", "level", "map.csv:1: the column 'level' stands there twice"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_left_out(read, old, new, problem):
    course = read(CSV.replace(old, new, 1))
    assert len(course.units) == 2
    assert len(course.problems) == 1
    assert course.problems[0].startswith(problem)


def test_what_is_left_of_a_bad_value(read):
    assert read(CSV.replace("2.3", "2.3;9.9")).units[1].competencies == ("2.3",)
    assert read(CSV.replace("B1", "Z9")).units[1].level == ""
    assert read(CSV.replace("15", "soon")).units[1].minutes is None
    assert read(CSV.replace(",,,search", ",,,serach")).units[1].prerequisites == ()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",No key", "map.csv:4: the row has no key: it is left out"),
        ("a b,Spaces", "map.csv:4: the row has no key: it is left out"),
        ("licences,Again", "map.csv:4: 'licences' already stands in line 3: the row is left out"),
        ("search,Bare", "map.csv:4: 'search' already stands in line 2: the row is left out"),
        ("new,a,b,c,d,e,f,g,h,too,many", "map.csv:4: the row has 11 cells, the header 9: it is left out"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_left_out(read, row, problem):
    course = read(CSV + row + "\n" + "fine,Fine\n")
    assert [unit.usage_key for unit in course.units] == [V + "search", "licences", "fine"]
    assert course.problems[0].startswith(problem)


def test_blocks_of_different_types_may_share_an_id(read):
    course = read("usage_key\nblock-v1:O+C+R+type@video+block@x\nblock-v1:O+C+R+type@problem+block@x\n")
    assert len(course.units) == 2
    assert course.problems == ()


def test_a_circle_is_named_as_a_path_and_opened(read):
    text = "block_id,prerequisites\na,b\nb,c\nc,a;d\nd,\n"
    course = read(text)
    assert course.problems == ("map.csv:4: these wait for each other: a -> b -> c -> a; the last step is left out",)
    assert [unit.prerequisites for unit in course.units] == [("b",), ("c",), ("d",), ()]


def test_lines_of_yaml_are_those_of_the_value(read):
    text = YAML.replace('"1.1"', '"7.7"').replace("minutes: 15", "minutes: [15]").replace("level: B1", "levle: B1")
    problems = read(text, "map.yaml").problems
    assert [problem.split(": ")[0] for problem in problems] == ["map.yaml:5", "map.yaml:13", "map.yaml:14"]
    assert "'7.7'" in problems[0]
    assert "'levle' is no column" in problems[1]
    assert "minutes" in problems[2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("units:\n  - just a word\n  - block_id: a\n", "map.yaml:2: a unit is no mapping"),
        ("author: x\nunits:\n  - block_id: a\n", "map.yaml:1: 'author' is not used (accepted: framework, units)"),
        ("units:\n  - block_id: a\n    title: {kk: Атау, en: A}\n", "map.yaml:3: 'kk' is no language of a title"),
        ("units:\n  - block_id: a\n    title: [x, {y: 1}]\n", "map.yaml:3: title is '[x, {y: 1}]'"),
        ("framework: other\nunits:\n  - block_id: a\n", "map.yaml:1: the file is for the framework 'other'"),
    ],
)
def test_yaml_problems(read, text, problem):
    course = read(text, "map.yaml")
    assert len(course.units) == 1
    assert course.problems[0].startswith(problem)


def test_of_an_unknown_framework_nothing_is_used(read):
    course = read("framework: other\nunits:\n  - {block_id: a, competencies: [x]}\n", "map.yaml", framework=None)
    assert course.problems[0].startswith("map.yaml:1: the framework 'other' cannot be used")
    assert course.units[0].competencies == ()


def test_a_map_for_another_framework_trains_nothing_of_this_one(read):
    course = read("framework: digcomp\nunits:\n  - {block_id: a, competencies: ['2.1'], level: B1}\n", "map.yaml")
    assert (course.units[0].competencies, course.units[0].level) == ((), "")
    assert "the file is for the framework 'digcomp': its competencies and levels are left out" in course.problems[0]


@pytest.mark.parametrize(
    ("broken", "line"),
    [('v1,"Internet,10', 2), ('v1,"Internet "asoslari"",10', 2), ('v1,"Internet" asoslari,10', 2)],
)
def test_a_quotation_mark_that_is_not_closed_takes_one_row_with_it(read, broken, line):
    course = read(f'block_id,title,minutes\n{broken}\nv2,Two,20\nv3,"Three",30\nv4,Four,40\n', "map.csv")
    assert [(unit.usage_key, unit.title["en"], unit.minutes) for unit in course.units] == [
        ("v2", "Two", 20),
        ("v3", "Three", 30),
        ("v4", "Four", 40),
    ]
    [problem] = course.problems
    assert problem.startswith(f"map.csv:{line}: a quotation mark is not closed")


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        # What follows closes the mark, and looks like the end of its value.
        ('v1,"Internet,10\nv2,Two,"\nv3,Three,30\n', ["v3"]),
        ('v1,One,"10\n20"\nv3,Three,30\n', ["v3"]),
        ('v1,"Internet,10\nv2,Two,20"\nv3,Three,30\n', ["v2", "v3"]),
    ],
)
def test_a_mark_that_takes_in_the_next_row_is_seen_by_its_cells(read, rows, kept):
    course = read(f"block_id,title,minutes\n{rows}", "map.csv")
    assert [unit.usage_key for unit in course.units] == kept
    assert [problem.partition(": ")[0] for problem in course.problems] == ["map.csv:2", "map.csv:3"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("block_id,title\na,One\nb,Поиск\n".encode("cp1251"), "map.csv:3: the file is written in Windows-1251, not"),
        ("block_id,title\na,Поиск\n".encode("utf-16"), "map.csv:1: the file is written in UTF-16, not in UTF-8"),
        ("block_id,title\na,Übung\n".encode("latin-1"), "map.csv:2: the file is no text in UTF-8"),
    ],
)
def test_another_encoding_is_named(read, data, said):
    with pytest.raises(CourseMapError, match=re.escape(said)):
        read(data)


def test_a_framework_that_is_no_name_is_named(read):
    course = read("framework: [digcompedu]\nunits:\n  - block_id: v1\n", "map.yaml")
    assert course.problems[0].startswith("map.yaml:1: framework is '[digcompedu]': it is left out")


def test_a_line_break_in_quotation_marks_is_a_space(read):
    course = read('block_id,title\nv1,"Internet\nbasics"\nv2,"the ""short"" one"\n', "map.csv")
    assert [unit.title["en"] for unit in course.units] == ["Internet basics", 'the "short" one']
    assert course.problems == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("mode: telepathy", "mode is 'telepathy': it is left out (accepted: asynchronous, online, room)"),
        ("language: klingon", "language is 'klingon': it is left out"),
        ("activity: 5", "activity is '5': it is left out"),
        ("title: [a]", "title is '[a]': it is left out (accepted: one value)"),
        ("competencies: {a: b}", "competencies is '{a: b}': it is left out (accepted: one value, or a list)"),
        ("prerequisites: {v1: 1}", "prerequisites is '{v1: 1}': it is left out"),
        ("minutes: [3]", "minutes is '[3]': it is left out (accepted: one value)"),
        ("level: [A1, [B1]]", "level is '[A1, [B1]]': it is left out"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(read, row, said):
    course = read(f"units:\n  - block_id: v1\n    {row}\n  - block_id: v2\n", "map.yaml")
    [problem] = course.problems
    assert problem.startswith(f"map.yaml:3: {said}")
    assert [unit.usage_key for unit in course.units] == ["v1", "v2"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("map.csv", b"", "the file is empty"),
        ("map.csv", b" \n\n", "the file is empty"),
        ("map.csv", b"title,level\nA,B1\n", "there is no column with keys (accepted: usage_key, block_id)"),
        ("map.csv", b"usage_key,title\n", "the file has no rows"),
        ("map.csv", b"\x1f\x8b\x08\x00\xff", "the file is no text in UTF-8"),
        ("map.yaml", b"units: 3", "the file has no list of units"),
        ("map.yaml", b"units: [", "not valid YAML"),
        ("map.yaml", b"units: []", "the file has no rows"),
        ("map.xlsx", b"x", "the ending '.xlsx' is not known (accepted: .yaml, .yml, .csv)"),
    ],
)
def test_a_file_that_cannot_be_used_at_all(read, name, content, says):
    with pytest.raises(CourseMapError) as caught:
        read(content, name)
    assert says in str(caught.value)
    assert str(caught.value).startswith(name)


def test_a_missing_file(tmp_path):
    with pytest.raises(CourseMapError, match=r"none\.csv: the file cannot be read: No such file or directory"):
        read_course_map(tmp_path / "none.csv")


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=4), min_size=1, max_size=8))
def test_no_circle_is_left(tmp_path_factory, needs):
    path = tmp_path_factory.getbasetemp() / "circles.csv"
    rows = [f"{name},{';'.join(needed)}" for name, needed in zip("abcdefgh", needs, strict=False)]
    path.write_text("block_id,prerequisites\n" + "\n".join(rows), encoding="utf-8")
    left = {unit.usage_key: set(unit.prerequisites) for unit in read_course_map(path).units}
    while ready := [key for key, needed in left.items() if not needed]:
        for key in ready:
            del left[key]
        for needed in left.values():
            needed.difference_update(ready)
    assert left == {}


@given(st.binary(max_size=200), st.sampled_from(["any.csv", "any.yaml"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    try:
        course = read_course_map(path, FRAMEWORK)
    except CourseMapError:
        return
    assert all(name in problem for problem in course.problems)


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(cells, min_size=5, max_size=5), max_size=6))
def test_any_cells_are_read_and_never_break_a_row(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join(["block_id,title,competencies,level,minutes", *quoted, "last,Last,1.1,B1,5"])
    path.write_bytes(text.encode())
    course = read_course_map(path, FRAMEWORK)
    assert course.units[-1].minutes == 5
    assert [unit.position for unit in course.units] == list(range(len(course.units)))


def test_a_map_is_completed_from_what_the_log_shows():
    given_map = CourseMap(
        (
            ContentUnit("b", {}, competencies=("1.1",), minutes=7, unit_key="Second"),
            ContentUnit(V + "one", {"en": "One"}, "vertical", V + "one", prerequisites=("b",)),
        ),
        "digcompedu",
    )
    problem = "block-v1:Org+C+R+type@problem+block@"
    observed = CourseMap(
        (
            ContentUnit(V + "one", {"en": "1"}, "vertical", V + "one", 0),
            ContentUnit(problem + "a", {"en": "A"}, "problem", V + "one", 1),
            ContentUnit(V + "two", {"en": "2"}, "vertical", V + "two", 2),
            ContentUnit(problem + "b", {"en": "B"}, "problem", V + "two", 3, minutes=3),
        )
    )
    course = complete_course_map(given_map, observed)
    assert course.framework_id == "digcompedu"
    assert [unit.usage_key for unit in course.units] == [problem + "b", V + "two", V + "one", problem + "a"]
    first = course.units[0]
    assert (first.title, first.block_type, first.unit_key) == ({"en": "B"}, "problem", V + "two")
    assert (first.minutes, first.competencies) == (7, ("1.1",))
    assert course.units[2].title == {"en": "One"}
    assert course.units[2].prerequisites == (problem + "b",)
    assert [unit.position for unit in course.units] == [0, 1, 2, 3]
    assert complete_course_map(course, observed) == course
