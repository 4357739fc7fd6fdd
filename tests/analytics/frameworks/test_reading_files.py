"""An institution's own files: what is accepted, and what the message says where something is not."""

import pytest
from smartpd_analytics.data import AreaNorm, MissingAnswers
from smartpd_analytics.errors import InstrumentError
from smartpd_analytics.frameworks import (
    framework_ids,
    instrument_ids,
    load_framework,
    load_instrument,
    read_framework,
    read_instrument,
)

FRAMEWORK = """\
id: national
version: "2026"
title: {en: T, ru: Т, uz: T}
source: a decree
areas:
  - id: A
    title: {en: T, ru: Т, uz: T}
    description: {en: D, ru: Д, uz: D}
    competencies:
      - {id: 1.10, title: {en: T, ru: Т, uz: T}, description: {en: D, ru: Д, uz: D}}
levels:
  - {id: L1, name: {en: N, ru: Н, uz: N}, description: {en: D, ru: Д, uz: D}}
  - {id: L2, name: {en: N, ru: Н, uz: N}, description: {en: D, ru: Д, uz: D}}
"""

INSTRUMENT = """\
id: own
version: 3
kind: self_assessment
framework: national
title: {en: T, ru: Т, uz: T}
intro: {en: I, ru: И, uz: I}
minutes: 5
cut_scores: [0, 2]
items:
  - id: q1
    competency: 1.10
    text: {en: Q, ru: В, uz: S}
    help: {en: H, ru: П, uz: Y}
    options:
      - {id: no, points: 3, text: {en: N, ru: Н, uz: Y}}
      - {id: yes, points: 0, text: {en: Y, ru: Д, uz: H, kaa: A}}
"""


@pytest.fixture
def own(tmp_path):
    def write(content, name="own.yaml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def national(own):
    return read_framework(own(FRAMEWORK, "national.yaml"))


def test_an_own_framework_and_instrument_are_read(own, national):
    assert [c.id for c in national.competencies] == ["1.10"]
    instrument = read_instrument(own(INSTRUMENT), national)
    assert (instrument.version, instrument.framework_id, instrument.max_points) == ("3", "national", 3)
    # Points need not ascend, ids stay the text that stands there, and further languages are kept.
    assert [(option.id, option.points) for option in instrument.items[0].options] == [("no", 3), ("yes", 0)]
    assert instrument.items[0].options[1].text["kaa"] == "A"


def test_a_file_for_a_bundled_framework_needs_no_framework(own):
    content = INSTRUMENT.replace("national", "digcompedu").replace("1.10", "1.1").replace("[0, 2]", "[0,1,2,3]")
    with pytest.raises(InstrumentError, match=r"one number for each of A1, A2, B1, B2, C1, C2"):
        read_instrument(own(content))
    content = content.replace("points: 3", "points: 9").replace("[0,1,2,3]", "[0,1,2,3,4,5]")
    assert read_instrument(own(content)).framework_id == "digcompedu"


INSTRUMENT_ERRORS = {
    "unknown key": (("minutes: 5", "minuts: 5"), 7, "minuts: this key is not known", "minutes"),
    "missing key": (("minutes: 5\n", ""), 1, "'minutes' is missing", "minutes"),
    "missing language": ((", uz: I}", "}"), 6, "intro: the language 'uz' is missing", "en, ru, uz"),
    "empty words": (
        ("uz: Y}\n    options", "uz: }\n    options"),
        13,
        "item 1 (q1), help, uz: there are no words",
        "non",
    ),
    "key twice": (("minutes: 5", "minutes: 5\nminutes: 6"), 8, "minutes", ""),
    "unknown kind": (("self_assessment", "oracle"), 3, "kind: 'oracle' is not known here", "self_assessment"),
    "other framework": (("framework: national", "framework: other"), 4, "the instrument is for 'other'", "national"),
    "no whole number": (("minutes: 5", "minutes: about 5"), 7, "minutes: this is no whole number", "from 0"),
    "negative points": (("points: 3", "points: -3"), 15, "option 1, points: this is no whole number", "from 0"),
    "no points": (("points: 3", "points: 0"), 15, "item 1 (q1), options: no option is worth a point", "more than 0"),
    "unknown competency": (("competency: 1.10", "competency: 1.2"), 11, "has no '1.2'", "1.10"),
    "one option": (("      - {id: yes, points: 0, text: {en: Y, ru: Д, uz: H, kaa: A}}\n", ""), 15, "too few", "2"),
    "option twice": (("id: yes", "id: no"), 16, "the option id 'no' stands here a second time", "each id once"),
    "bad id": (("id: q1", "id: q 1"), 10, "'q 1' is no id", "letters"),
    "cuts not ascending": (("[0, 2]", "[0, 0]"), 8, "cut_scores: 0 stands after 0", "ascending"),
    "cuts not from 0": (("[0, 2]", "[1, 2]"), 8, "the first is 1", "from 0"),
    "cut too high": (("[0, 2]", "[0, 4]"), 8, "4 is more than all points together", "at most 3"),
    "too many cuts": (("[0, 2]", "[0, 1, 2]"), 8, "there are 3 numbers", "L1, L2"),
    "cuts no list": (("[0, 2]", "20"), 8, "cut_scores: this is no list", "a list"),
    "text no mapping": (("title: {en: T, ru: Т, uz: T}", "title: T"), 5, "title: this is no mapping", "en, ru, uz"),
    "reverse": (
        ("    help: {en: H", "    reverse: yes\n    help: {en: H"),
        13,
        "item 1 (q1), reverse: this is nei",
        "true, false",
    ),
    "policy": (("minutes: 5", "minutes: 5\nmissing: {policy: mean}"), 8, "'mean' is no policy", "person_mean"),
    "policy key": (("minutes: 5", "minutes: 5\nmissing: {police: zero}"), 8, "police: this key is", "policy"),
    "least share": (
        ("minutes: 5", "minutes: 5\nmissing: {policy: person_mean, least_share: 0}"),
        8,
        "missing, least_share: 0 is out of range",
        "at most 1",
    ),
    "share of zero": (
        ("minutes: 5", "minutes: 5\nmissing: {policy: zero, least_share: 0.5}"),
        8,
        "the policy 'zero' has none",
        "person_mean",
    ),
    "norms without source": (
        ("minutes: 5", "minutes: 5\nnorms: {areas: [{area: A, sd: 1, alpha: 0.5}]}"),
        8,
        "'source' is missing",
        "source, areas",
    ),
    "norms of no area": (
        ("minutes: 5", "minutes: 5\nnorms: {source: s, areas: [{area: B, sd: 1, alpha: 0.5}]}"),
        8,
        "norms, area 1, area: 'B' is not known here",
        "A",
    ),
    "norms twice": (
        (
            "minutes: 5",
            "minutes: 5\nnorms: {source: s, areas: [{area: A, sd: 1, alpha: 0}, {area: A, sd: 1, alpha: 0}]}",
        ),
        8,
        "the area id 'A' stands here a second time",
        "each id once",
    ),
    "alpha": (
        ("minutes: 5", "minutes: 5\nnorms: {source: s, areas: [{area: A, sd: 1, alpha: 1.5}]}"),
        8,
        "alpha: 1.5 is out of range",
        "0 to 1",
    ),
    "sd": (
        ("minutes: 5", "minutes: 5\nnorms: {source: s, areas: [{area: A, sd: 0.0, alpha: 0.5}]}"),
        8,
        "sd: a standard deviation of 0",
        "above 0",
    ),
    "sd no number": (
        ("minutes: 5", "minutes: 5\nnorms: {source: s, areas: [{area: A, sd: .nan, alpha: 0.5}]}"),
        8,
        "sd: this is no number",
        "above 0",
    ),
    "bad syntax": (("minutes: 5", "minutes: [5"), 8, "not valid YAML", ""),
}


@pytest.mark.parametrize("case", INSTRUMENT_ERRORS.values(), ids=INSTRUMENT_ERRORS)
def test_an_instrument_error_names_file_line_and_what_is_accepted(own, national, case):
    change, line, problem, accepted = case
    assert INSTRUMENT.count(change[0]) == 1
    path = own(INSTRUMENT.replace(*change))
    with pytest.raises(InstrumentError) as caught:
        read_instrument(path, national)
    assert caught.value.file == str(path)
    assert caught.value.line == line
    assert problem in caught.value.problem
    assert accepted in caught.value.accepted
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_reverse_items_missing_answers_and_norms_are_read(own, national):
    plain = read_instrument(own(INSTRUMENT), national)
    assert (plain.items[0].reverse, plain.missing, plain.norms) == (False, MissingAnswers("refuse"), ())
    content = INSTRUMENT.replace("    help: {en: H", "    reverse: true\n    help: {en: H").replace(
        "minutes: 5",
        "minutes: 5\nmissing: {policy: person_mean, least_share: 0.75}\n"
        "norms: {source: our sample, areas: [{area: A, sd: 2.5, alpha: 0.8}]}",
    )
    read = read_instrument(own(content), national)
    assert read.items[0].reverse
    assert read.missing == MissingAnswers("person_mean", 0.75)
    assert (read.norms, read.norms_source) == ((AreaNorm("A", 2.5, 0.8),), "our sample")


def test_an_item_stands_once(own, national):
    item = INSTRUMENT[INSTRUMENT.index("  - id: q1") :]
    with pytest.raises(InstrumentError, match="the item id 'q1' stands here a second time") as caught:
        read_instrument(own(INSTRUMENT + item), national)
    assert caught.value.line == 17
    head = INSTRUMENT[: INSTRUMENT.index("items:")]
    with pytest.raises(InstrumentError, match="items: too few entries: 0"):
        read_instrument(own(head + "items: []\n"), national)


def test_an_instrument_for_an_unknown_framework_names_the_bundled_ones(own):
    with pytest.raises(InstrumentError, match="no framework 'national' is bundled") as caught:
        read_instrument(own(INSTRUMENT))
    assert (caught.value.line, caught.value.accepted) == (4, ", ".join(framework_ids()))


AREA = FRAMEWORK[FRAMEWORK.index("  - id: A") : FRAMEWORK.index("levels:")]
FRAMEWORK_ERRORS = {
    "area twice": (("levels:", AREA + "levels:"), 11, "'A'"),
    "no competency": (("    competencies:\n      - ", "    competencies: []\n    #"), 9, "too few"),
    "level twice": (("id: L2", "id: L1"), 13, "the level id 'L1' stands here a second time"),
    "one level": ((FRAMEWORK[FRAMEWORK.index("  - {id: L2") :], ""), 12, "too few"),
    "no source": (("source: a decree", "source:"), 4, "source: there are no words"),
    "missing language": (("{id: 1.10, title: {en: T, ru: Т, uz: T}", "{id: 1.10, title: {en: T, uz: T}"), 10, "'ru'"),
}


@pytest.mark.parametrize(("change", "line", "problem"), FRAMEWORK_ERRORS.values(), ids=FRAMEWORK_ERRORS)
def test_a_framework_error_names_file_and_line(own, change, line, problem):
    assert FRAMEWORK.count(change[0]) == 1
    path = own(FRAMEWORK.replace(*change))
    with pytest.raises(InstrumentError) as caught:
        read_framework(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"\x1f\x8b\x08\x00",
        b"id: \xff\n",
        b"a: 1\n---\nb: 2\n",
        b"- 1\n",
        b"&a [*a]",
        b"\x00",
        b"[" * 5000,
    ],
    ids=["empty", "comment", "binary", "latin", "two documents", "list", "alias", "nul", "deep"],
)
def test_what_is_no_framework_at_all_is_said_without_a_traceback(own, content):
    path = own(content)
    with pytest.raises(InstrumentError) as caught:
        read_framework(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize("read", [read_framework, read_instrument])
def test_a_file_that_cannot_be_read(read, tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path, str(tmp_path) + "\0"):
        with pytest.raises(InstrumentError, match="the file cannot be read"):
            read(path)


def test_what_is_not_bundled_is_named_with_what_is():
    with pytest.raises(InstrumentError, match="no framework 'x'") as caught:
        load_framework("x")
    assert caught.value.accepted == ", ".join(framework_ids())
    with pytest.raises(InstrumentError, match="no instrument 'x'") as caught:
        load_instrument("x")
    assert caught.value.accepted == ", ".join(instrument_ids())
    assert "digcompedu_selfassessment" in instrument_ids()
    with pytest.raises(InstrumentError, match=r"no version '99' \(accepted: 1\)"):
        load_instrument("digcompedu_selfassessment", "99")


def test_bundled_files_are_read_once():
    assert load_framework("digcompedu") is load_framework("digcompedu")
    assert load_instrument("digcompedu_selfassessment") is load_instrument("digcompedu_selfassessment", "1")
