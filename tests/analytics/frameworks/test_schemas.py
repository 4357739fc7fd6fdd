"""The JSON Schemas and the loaders agree: what a schema refuses, the loader refuses, with the place.

What only the loader refuses is one of the checks that a schema cannot make.
"""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from smartpd_analytics.frameworks import (
    framework_ids,
    framework_problems,
    framework_schema,
    framework_to_document,
    instrument_ids,
    instrument_problems,
    instrument_schema,
    instrument_to_document,
    load_framework,
    load_instrument,
    parse_framework,
    parse_instrument,
)

from tests.analytics.frameworks.own_files import FRAMEWORK, KINDS, national, option

INSTRUMENT_SCHEMA = Draft202012Validator(instrument_schema())
FRAMEWORK_SCHEMA = Draft202012Validator(framework_schema())

#: What a schema cannot know, by the words of the message.
BEYOND_THE_SCHEMA = {
    "an option of several is worth more than a point",
    "every item is switched off",
    "every option is right",
    "most is smaller than least",
    "no framework '{found}' is bundled",
    "no option is worth a point",
    "one point cannot be given in part",
    "the first is {found}",
    "the framework '{framework}' has no '{found}'",
    "the instrument has no scale '{found}'",
    "the instrument is for '{found}'",
    "the policy '{found}' has none",
    "the {noun} id '{id}' stands here a second time",
    "there are {found} numbers",
    "there is no option set '{found}'",
    "this is no list",  # thresholds where a single difficulty is meant, or the other way round
    "'{found}' is not known here",  # a level or an area that the framework does not have
    "{found} is more than all points together",
    "{upper} stands after {lower}",
    # Numbers of a type that the schema leaves to the reader, such as 1e3, 2.0 or "many" in quotation marks.
    "'{found}' is no id",
    "'{key}' is missing",
    "1 is no probability of guessing",
    "a discrimination of 0",
    "a standard deviation of 0",
    "this is no number",
    "this is no whole number",
    "this key is not known",
    "{found} is out of range",
}
JUNK = (
    None,
    "",
    "  ",
    0,
    1,
    -1,
    2.5,
    1e30,
    True,
    "x",
    "a b",
    "true",
    [],
    ["a"],
    {},
    {"en": "x"},
    "=1+1",
    "é",
    "9" * 70,
)


def test_the_schemas_are_schemas():
    Draft202012Validator.check_schema(instrument_schema())
    Draft202012Validator.check_schema(framework_schema())


@pytest.mark.parametrize("instrument_id", instrument_ids())
def test_what_is_bundled_fits_the_schema(instrument_id):
    assert not list(INSTRUMENT_SCHEMA.iter_errors(instrument_to_document(load_instrument(instrument_id))))


@pytest.mark.parametrize("framework_id", framework_ids())
def test_bundled_frameworks_fit_the_schema(framework_id):
    assert not list(FRAMEWORK_SCHEMA.iter_errors(framework_to_document(load_framework(framework_id))))


@pytest.mark.parametrize("kind", KINDS)
def test_an_own_instrument_of_each_kind_fits_the_schema_and_is_read(kind):
    document = KINDS[kind]()
    assert not list(INSTRUMENT_SCHEMA.iter_errors(document))
    assert instrument_problems(document, framework=national()) == ()
    read = parse_instrument(document, framework=national())
    assert parse_instrument(instrument_to_document(read), framework=national()) == read


def places(value, path=()):
    """Every path into a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


@st.composite
def changed(draw, make):
    """A document with one to three changes: a key or entry left out, doubled, added, or replaced by junk."""
    document = deepcopy(make())
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(document), key=str)))
        how = draw(st.sampled_from(["replace", "drop", "double", "add", "swap"]))
        value = at(document, path)
        if how == "add" and isinstance(value, dict):
            names = ["zz", "points", "least", "help", "irt", "reverse", "uz", "type", "level"]
            value[draw(st.sampled_from(names))] = deepcopy(draw(st.sampled_from(JUNK)))
        elif not path:
            continue
        elif how == "drop":
            del at(document, path[:-1])[path[-1]]
        elif how == "double" and isinstance(at(document, path[:-1]), list):
            at(document, path[:-1]).append(deepcopy(value))
        elif how == "swap":
            other = draw(st.sampled_from(sorted(places(document), key=str)))
            at(document, path[:-1])[path[-1]] = deepcopy(at(document, other))
        else:
            at(document, path[:-1])[path[-1]] = deepcopy(draw(st.sampled_from(JUNK)))
    return document


def agree(document, schema, problems, parse):
    found = problems(document)
    for error in found:
        assert error.file == "own.json"
        assert str(error).startswith("own.json: ")
        # The place is one that the document has, or where something is missing.
        assert at(document, error.path) is not Ellipsis
    refused = not schema.is_valid(document)
    assert bool(found) or not refused, next(schema.iter_errors(document)).message
    if not refused:
        for error in found:
            inner = error.problem.arguments.get("problem", error.problem)
            assert inner.template in BEYOND_THE_SCHEMA, error
    if not found:
        parse(document)


SETTINGS = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@SETTINGS
@given(st.one_of([changed(make) for make in KINDS.values()]))
def test_what_the_schema_refuses_the_loader_refuses(document):
    agree(
        document,
        INSTRUMENT_SCHEMA,
        lambda given: instrument_problems(given, file="own.json", framework=national()),
        lambda given: parse_instrument(given, framework=national()),
    )


@SETTINGS
@given(changed(lambda: FRAMEWORK))
def test_what_the_framework_schema_refuses_the_loader_refuses(document):
    agree(document, FRAMEWORK_SCHEMA, lambda given: framework_problems(given, file="own.json"), parse_framework)


#: Kind, path, a value just inside and one just outside of what both accept.
BORDERS = [
    ("knowledge_test", ("items", 1, "worth"), 100, 101),
    ("knowledge_test", ("items", 1, "worth"), 2, 0),
    ("knowledge_test", ("items", 1, "scoring"), "partial", "half"),
    ("knowledge_test", ("items", 0, "irt", "discrimination"), 10, 10.5),
    ("knowledge_test", ("items", 0, "irt", "discrimination"), 0.01, 0),
    ("knowledge_test", ("items", 0, "irt", "difficulty"), -10, -10.5),
    ("knowledge_test", ("items", 0, "irt", "guessing"), 0.99, 1),
    ("knowledge_test", ("items", 0, "irt", "provisional"), False, "no"),
    ("knowledge_test", ("items", 1, "irt", "thresholds"), [-10, 10], [-11, 10]),
    ("knowledge_test", ("items", 0, "options"), None, [option("a", points=1)]),
    ("knowledge_test", ("items", 0, "id"), "x" * 64, "x" * 65),
    ("knowledge_test", ("items", 0, "id"), "a.b-c_d", "a/b"),
    ("knowledge_test", ("items", 0, "type"), "choice", "text"),
    ("knowledge_test", ("items",), None, []),
    ("knowledge_test", ("ability_cuts",), [-10, 10], [-11, 10]),
    ("knowledge_test", ("cut_scores",), [0, 1, 5], [0, 1, -5]),
    ("knowledge_test", ("cut_scores",), [0, "2", 5], [0, 2.5, 5]),
    ("knowledge_test", ("minutes",), 0, -1),
    ("knowledge_test", ("missing", "policy"), "refuse", "guess"),
    ("self_assessment", ("norms", "areas", 0, "alpha"), 1, 1.1),
    ("self_assessment", ("norms", "areas", 0, "sd"), 0.1, 0),
    ("self_assessment", ("items", 0, "reverse"), "true", "yes"),
    ("self_assessment", ("items", 0, "options", 1, "points"), 9, -1),
    ("self_assessment", ("items", 0, "text", "uz"), 5, " "),
    ("self_assessment", ("items", 0, "text", "kaa"), "x", ""),
    ("self_assessment", ("title",), None, {"en": "a", "ru": "б"}),
    ("self_assessment", ("version",), 1.10, "1 0"),
    ("motivation", ("missing", "least_share"), 1, 1.01),
    ("motivation", ("missing", "least_share"), 0.01, 0),
    ("motivation", ("scales",), None, []),
    ("motivation", ("option_sets", "agree"), None, [option("1", points=1)]),
    ("needs_survey", ("items", 0, "most"), 999999, 1000000),
    ("needs_survey", ("items", 0, "least"), -999999, -1000000),
    ("needs_survey", ("items", 1, "options", 3, "exclusive"), "false", 1),
    ("needs_survey", ("items", 5, "most"), 5000, 5001),
    ("needs_survey", ("items", 5, "most"), 1, 0),
    ("needs_survey", ("items", 5, "required"), True, "no"),
    ("needs_survey", ("items", 0, "reverse"), False, "maybe"),
]


@pytest.mark.parametrize(("kind", "path", "inside", "outside"), BORDERS, ids=str)
def test_schema_and_loader_draw_the_same_border(kind, path, inside, outside):
    for value, accepted in ((inside, True), (outside, False)):
        document = KINDS[kind]()
        if value is not None:
            at(document, path[:-1])[path[-1]] = value
        if path[-1] == "worth":
            # The number of thresholds follows from it.
            del document["items"][1]["irt"]
        assert INSTRUMENT_SCHEMA.is_valid(document) is accepted, value
        found = instrument_problems(document, framework=national())
        assert (found == ()) is accepted, (value, found)
        if found:
            assert found[0].path[: len(path)] == path
            assert found[0].accepted


def test_one_level_is_too_few():
    document = deepcopy(FRAMEWORK)
    document["levels"] = document["levels"][:2]
    assert FRAMEWORK_SCHEMA.is_valid(document)
    assert framework_problems(document) == ()
    document["levels"] = document["levels"][:1]
    assert not FRAMEWORK_SCHEMA.is_valid(document)
    (found,) = framework_problems(document)
    assert (found.path, found.accepted) == (("levels",), "a list of at least 2")


@pytest.mark.parametrize("kind", KINDS)
def test_no_key_is_missing_and_none_more_is_taken(kind):
    document = KINDS[kind]()
    for key in list(document):
        without = {name: value for name, value in document.items() if name != key}
        refused = not INSTRUMENT_SCHEMA.is_valid(without)
        assert refused == (key not in ("ability_cuts", "missing", "norms", "option_sets"))
        assert refused <= bool(instrument_problems(without, framework=national()))
    for place in ([], ["items", 0], ["items", 1]):
        more = deepcopy(document)
        at(more, place)["colour"] = "red"
        assert not INSTRUMENT_SCHEMA.is_valid(more)
        (found,) = instrument_problems(more, framework=national())
        assert found.path == (*place, "colour")
