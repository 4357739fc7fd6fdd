"""What the loaders check beyond the schemas, in JSON as in YAML, with every problem of a file at once."""

import json
import time
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.errors import InstrumentError
from smartpd_analytics.frameworks import (
    _catalogue,
    framework_ids,
    framework_problems,
    instrument_ids,
    instrument_problems,
    instrument_to_document,
    instrument_to_yaml,
    load_framework,
    load_instrument,
    parse_instrument,
    read_framework,
)

from tests.analytics.frameworks.own_files import (
    FRAMEWORK,
    KINDS,
    knowledge_test,
    motivation,
    national,
    needs_survey,
    words,
)

TEST, SURVEY, MOTIVATION = knowledge_test, needs_survey, motivation


def put(document, path, value):
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value


CASES = [
    (TEST, ("items", 1, "id"), "one", "the item id 'one' stands here a second time", "each id once"),
    (TEST, ("items", 0, "options", 1, "id"), "a", "the option id 'a' stands here a second time", "each id once"),
    (TEST, ("items", 0, "competency"), "Z.1", "the framework 'national' has no 'Z.1'", "A.1, A.2, B.1"),
    (TEST, ("items", 0, "level"), "L9", "'L9' is not known here", "L1, L2, L3"),
    (TEST, ("items", 0, "options", 2, "points"), 0, "no option is worth a point", "more than 0"),
    (TEST, ("items", 1, "options", 1, "points"), 2, "an option of several is worth more than a point", "0 or 1"),
    (TEST, ("items", 1, "worth"), 1, "one point cannot be given in part", "worth of 2 or more"),
    (TEST, ("items", 1, "irt", "thresholds"), [0.5], "there are 1 numbers", "2 numbers, ascending"),
    (TEST, ("items", 1, "irt", "thresholds"), [0.5, 0.5], "0.5 stands after 0.5", "ascending"),
    (TEST, ("items", 1, "irt"), {"discrimination": 1, "difficulty": 0}, "this key is not known", "thresholds"),
    (TEST, ("cut_scores",), [0, 4, 2], "2 stands after 4", "ascending, from 0 to at most 5"),
    (TEST, ("cut_scores",), [0, 2, 6], "6 is more than all points together", "at most 5"),
    (TEST, ("cut_scores",), [0, 2], "there are 2 numbers", "L1, L2, L3"),
    (TEST, ("cut_scores",), [1, 2, 3], "the first is 1", "from 0"),
    (TEST, ("ability_cuts",), [0.5, -0.5], "-0.5 stands after 0.5", "L2, L3"),
    (TEST, ("ability_cuts",), [0.5], "there are 1 numbers", "L2, L3"),
    (TEST, ("framework",), "other", "the instrument is for 'other'", "national"),
    (SURVEY, ("items", 0, "scale"), "none", "the instrument has no scale 'none'", "work, means"),
    (SURVEY, ("items", 0, "most"), -1, "most is smaller than least", "or larger"),
    (SURVEY, ("items", 1, "most"), 9, "9 is out of range", "1 to 4, the number of options"),
    (SURVEY, ("items", 2, "options"), "seldom", "there is no option set 'seldom'", "often"),
    (SURVEY, ("items", 3, "reverse"), True, "an item of the type 'choice' has no other end", "worth points"),
    (SURVEY, ("scales", 1, "id"), "work", "the scale id 'work' stands here a second time", "each id once"),
    (MOTIVATION, ("items", 0, "options"), "disagree", "there is no option set 'disagree'", "agree"),
]


@pytest.mark.parametrize(
    ("make", "path", "value", "problem", "accepted"), CASES, ids=lambda case: getattr(case, "__name__", str(case))[:40]
)
def test_what_no_schema_can_know(make, path, value, problem, accepted):
    document = make()
    put(document, path, value)
    source = json.dumps(document, ensure_ascii=False, indent=1)
    (found,) = instrument_problems(source, file="own.json", framework=national())
    assert problem in found.problem
    assert accepted in found.accepted
    # The place itself, or what it belongs to.
    shorter = min(len(path), len(found.path), 2 if path[0] == "items" else 1)
    assert found.path[:shorter] == path[:shorter]
    # The line is that of the value, which is written one to a line.
    assert 0 < found.line <= source.count("\n") + 1
    assert str(found).startswith(f"own.json:{found.line}: ")
    if path[0] == "items":
        assert document["items"][path[1]]["id"] in found.problem or "stands here" in found.problem


def test_every_problem_of_a_file_is_named_in_its_order():
    document = knowledge_test()
    put(document, ("version",), "1 0")
    put(document, ("items", 0, "competency"), "Z.1")
    put(document, ("items", 2, "text"), {"en": "a", "ru": "б"})
    put(document, ("title", "uz"), "")
    source = json.dumps(document, ensure_ascii=False, indent=1)
    found = instrument_problems(source, file="own.json", framework=national())
    assert [error.path for error in found] == [
        ("version",),
        ("title", "uz"),
        ("items", 0, "competency"),
        ("items", 2, "text"),
    ]
    assert [error.line for error in found] == sorted(error.line for error in found)
    with pytest.raises(InstrumentError, match="version: '1 0' is no id"):
        parse_instrument(source, file="own.json", framework=national())


def test_an_instrument_needs_an_item_that_is_asked():
    document = motivation()
    for item in document["items"]:
        item["active"] = False
    (found,) = instrument_problems(document)
    assert "every item is switched off" in found.problem
    document["items"] = []
    (found,) = instrument_problems(document)
    assert (found.path, found.accepted) == (("items",), "a list of at least 1")


def test_five_hundred_items_are_read():
    document = knowledge_test()
    document["items"] = [{**document["items"][0], "id": f"q{number}"} for number in range(500)]
    started = time.perf_counter()
    read = parse_instrument(json.dumps(document), file="own.json", framework=national())
    assert len(read.items) == 500
    assert time.perf_counter() - started < 10
    assert parse_instrument(instrument_to_document(read), framework=national()) == read


def test_a_file_beyond_all_measure_is_refused_before_it_is_read():
    (found,) = instrument_problems(b" " * 10_000_001, file="own.yaml")
    assert "the file has 10 MB" in found.problem
    assert found.accepted == "at most 10 MB"


SCRIPT = "<script>alert(1)</script>{{ x }}{% now %}${x}%(y)s"


def test_scripts_in_words_stay_words():
    document = needs_survey()
    for path in (
        ("title",),
        ("intro",),
        ("items", 0, "text"),
        ("items", 1, "options", 0, "text"),
        ("scales", 0, "title"),
    ):
        put(document, path, {"en": SCRIPT, "ru": SCRIPT, "uz": SCRIPT})
    read = parse_instrument(json.dumps(document), file="own.json")
    assert read.title["uz"] == read.items[1].options[0].text["ru"] == read.scales[0].title["en"] == SCRIPT
    # Nor do messages run what stands in them.
    put(document, ("items", 0, "scale"), SCRIPT)
    (found,) = instrument_problems(document)
    assert SCRIPT in found.problem


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "the file is empty"),
        ("{", "a key in quotation marks is missing"),
        ('{"a" 1}', "a colon is missing"),
        ('{"a": 1 "b": 2}', "a comma or a closing bracket is missing"),
        ('{"a": }', "a value is missing"),
        ('{"a": [1, ]}', "a value is missing"),
        ('{"a": "x', "has no end"),
        ('{"a": "\n"}', "must be escaped"),
        ('{"a": 1, "a": 2}', "'a' is given twice"),
        ('{"a": 1} 2', "something stands after the end"),
        ('{"a": nan}', "a value is missing"),
        ("[" * 100_000, "nested too deeply"),
        ("[1]", "this is no mapping"),
        ("null", "this is no mapping"),
    ],
)
def test_what_is_no_json_is_said_with_its_line(source, problem):
    (found,) = instrument_problems(source, file="own.json")
    assert problem in found.problem
    (found,) = framework_problems(source, file="own.json")
    assert problem in found.problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.sampled_from([None, 0, 2]))
def test_any_json_at_all_is_refused_in_order_with_a_line(value, indent):
    source = json.dumps(value, indent=indent, ensure_ascii=False)
    for problems in (instrument_problems, framework_problems):
        found = problems(source, file="own.json")
        assert found
        assert all(0 <= error.line <= source.count("\n") + 1 for error in found)


@pytest.mark.parametrize("kind", KINDS)
def test_json_and_plain_data_say_the_same(kind):
    document = KINDS[kind]()
    text = json.dumps(document, ensure_ascii=False)
    assert parse_instrument(text, file="own.json", framework=national()) == parse_instrument(
        document, framework=national()
    )


def test_an_institutions_framework_is_read_from_json(tmp_path):
    path = tmp_path / "national.json"
    path.write_text("\ufeff" + json.dumps(FRAMEWORK, ensure_ascii=False), encoding="utf-8")
    assert read_framework(path) == national()
    broken = deepcopy(FRAMEWORK)
    broken["areas"][1]["competencies"][0]["id"] = "A.1"
    broken["levels"][0]["name"] = words("x") | {"X": "y"}
    found = framework_problems(broken)
    assert [error.path for error in found] == [("areas", 1, "competencies", 0, "id"), ("levels", 0, "name", "X")]
    assert "area B, competency 1" not in found[0].problem or "second time" in found[0].problem


# --- a folder of own files ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A folder in use, as long as the test runs."""
    _catalogue.use_folder(tmp_path)
    yield tmp_path
    _catalogue._own_folders.remove(tmp_path)
    for cached in (load_framework, _catalogue._bundled_instrument, _catalogue._kind_of):
        cached.cache_clear()
    _catalogue._framework_files.cache_clear()
    _catalogue._instrument_files.cache_clear()


def test_own_files_stand_beside_the_bundled_ones(folder):
    (folder / "national.json").write_text(json.dumps(FRAMEWORK), encoding="utf-8")
    (folder / "own_knowledge_test.v1.json").write_text(json.dumps(knowledge_test()), encoding="utf-8")
    second = parse_instrument({**knowledge_test(), "version": "2"}, framework=national())
    (folder / "own_knowledge_test.v2.yaml").write_text(instrument_to_yaml(second), encoding="utf-8")
    (folder / "README.txt").write_text("nothing of ours", encoding="utf-8")
    _catalogue.use_folder(folder)
    assert load_framework("national") == national()
    assert {"national", "digcompedu"} < set(framework_ids())
    assert instrument_ids(kind="knowledge_test") == ("digital_teaching_test", "own_knowledge_test")
    assert load_instrument("own_knowledge_test").version == "2"
    assert load_instrument("own_knowledge_test", "1").framework_id == "national"


def test_own_files_cannot_replace_what_is_bundled(folder):
    (folder / "digcompedu.json").write_text(json.dumps({**FRAMEWORK, "id": "digcompedu"}), encoding="utf-8")
    _catalogue.use_folder(folder)
    assert len(load_framework("digcompedu").competencies) == 22


def test_a_broken_own_file_is_named_when_it_is_loaded(folder):
    (folder / "broken.v1.yaml").write_text("kind: motivation\nid: broken\n", encoding="utf-8")
    (folder / "other.v1.json").write_text(json.dumps(motivation()), encoding="utf-8")
    _catalogue.use_folder(folder)
    assert {"broken", "other"} < set(instrument_ids())
    with pytest.raises(InstrumentError, match="'version' is missing") as caught:
        load_instrument("broken")
    assert caught.value.file == str(folder / "broken.v1.yaml")
    with pytest.raises(InstrumentError, match=r"called 'other.v1' and says 'own_motivation.v1'"):
        load_instrument("other")


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match="this is no folder"):
        _catalogue.use_folder(tmp_path / "none")
