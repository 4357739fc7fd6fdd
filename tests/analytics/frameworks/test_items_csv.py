"""Items as a table and back: exactly the same, whatever a spreadsheet does to it; mistakes with their line."""

import csv
import io
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.errors import InstrumentError
from smartpd_analytics.frameworks import (
    instrument_ids,
    instrument_to_document,
    instrument_to_json,
    instrument_to_yaml,
    items_csv_problems,
    items_to_csv,
    load_instrument,
    parse_instrument,
    parse_items_csv,
)

from tests.analytics.frameworks.own_files import KINDS, knowledge_test, national

#: What people and attackers write: formulas, quotes, separators, line breaks, letters of all kinds.
FORMULAS = ["=1+1", "@SUM(A1)", "-2", "+7", "＝1", "\u200b=1", "|cmd", "%0A", "''=x"]
OTHERS = [
    "'",
    '"',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "ʻ",
    "ʼ",
    "ё",
    "<script>",
    " ",
    "a",
    "\ufeff",
    "#",
    "no",
    "1.1",
    "0,5",
]
TEXTS = (
    st.one_of(
        st.lists(st.sampled_from([*FORMULAS, *OTHERS]), min_size=1, max_size=4).map("".join),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10),
    )
    .map(str.strip)
    .filter(bool)
)
MORE = ("kaa", "id", "zh-Hans")


@st.composite
def instruments(draw):
    """An instrument of any kind, some items switched off, with words of all sorts in languages of all sorts."""
    make = draw(st.sampled_from(list(KINDS.values())))
    pool = draw(st.lists(TEXTS, min_size=1, max_size=5))
    langs = ("en", "ru", "uz", *draw(st.sets(st.sampled_from(MORE))))
    number = count()

    def reworded(value):
        if isinstance(value, dict):
            if {"en", "ru", "uz"} <= value.keys():
                return {lang: pool[next(number) % len(pool)] for lang in langs}
            return {key: reworded(inner) for key, inner in value.items()}
        return [reworded(inner) for inner in value] if isinstance(value, list) else value

    document = reworded(make())
    if "cut_scores" in document:
        document["cut_scores"] = [0, 1, 2]
    for item in document["items"][:-1]:
        item["active"] = draw(st.booleans())
    for item in document["items"]:
        item.get("irt", {})["discrimination"] = draw(st.floats(0.01, 10))
    document["items"][-1]["active"] = True
    return parse_instrument(document, framework=national())


SETTINGS = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@SETTINGS
@given(instruments(), st.sampled_from([",", ";", "\t"]))
def test_a_table_gives_the_items_back_unchanged(instrument, delimiter):
    table = items_to_csv(instrument, framework=national(), delimiter=delimiter)
    for given_table in (table, table.encode("utf-8"), table.removeprefix("\ufeff")):
        assert parse_items_csv(given_table, head=instrument, framework=national()) == instrument


@SETTINGS
@given(instruments())
def test_yaml_json_and_plain_data_give_an_instrument_back_unchanged(instrument):
    for source, file in (
        (instrument_to_document(instrument), ""),
        (instrument_to_yaml(instrument), "own.yaml"),
        (instrument_to_json(instrument), "own.json"),
        (instrument_to_json(instrument).encode(), "OWN.JSON"),
    ):
        assert parse_instrument(source, file=file, framework=national()) == instrument


@SETTINGS
@given(instruments(), st.sampled_from([",", ";"]))
def test_no_cell_is_a_formula(instrument, delimiter):
    table = items_to_csv(instrument, framework=national(), delimiter=delimiter).removeprefix("\ufeff")
    numbers = {"least", "most", "difficulty", "thresholds"}
    for row in csv.DictReader(io.StringIO(table, newline=""), delimiter=delimiter):
        for column, cell in row.items():
            if column not in numbers:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "\t", "\r", "＝"))
            elif cell:
                assert all(float(part) is not None for part in cell.split())


@pytest.mark.parametrize("instrument_id", instrument_ids())
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_what_is_bundled_survives_a_table_that_names_it(instrument_id, delimiter):
    instrument = load_instrument(instrument_id)
    assert parse_items_csv(items_to_csv(instrument, delimiter=delimiter)) == instrument
    assert parse_instrument(instrument_to_yaml(instrument)) == instrument


def table(**changes):
    """A table of two items of the knowledge test, with ``changes`` to cells of the second."""
    read = parse_instrument(knowledge_test(), framework=national())
    rows = list(csv.DictReader(io.StringIO(items_to_csv(read, framework=national()).removeprefix("\ufeff"))))
    rows[1].update(changes)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys((*rows[0], *changes))), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return read, out.getvalue()


def test_what_spreadsheets_make_of_numbers_and_flags_is_understood():
    read, text = table(discrimination="1,0", thresholds="−0,5; 0,75", active="ИСТИНА", provisional="Yo'q")
    assert parse_items_csv(text, head=read, framework=national()) == read
    read, text = table(active="Нет", belongs_to="A.2", worth=" 2 ")
    fewer = parse_items_csv(text, head=read, framework=national(), changes={"cut_scores": [0, 1, 3]})
    assert [item.id for item in fewer.items] == ["one", "order"]


def test_an_own_version_is_made_from_a_table():
    read, text = table(text_uz="=boshqa")
    made = parse_items_csv(text, head=read, framework=national(), changes={"version": "2", "cut_scores": [0, 1, 3]})
    assert (made.id, made.version, made.cut_scores) == (read.id, "2", (0, 1, 3))
    assert made.items[1].text["uz"] == "=boshqa"
    assert read.items[1].text["uz"] != "=boshqa"


MISTAKES = {
    "no option right": ({"option_2_points": "0", "option_4_points": ""}, "item 2 (some)", "points"),
    "unknown competency": ({"belongs_to": "Z.9 What"}, "item 2 (some), competency", "A.1"),
    "missing language": ({"text_ru": ""}, "item 2 (some), text: the language 'ru' is missing", "en, ru, uz"),
    "missing language of an option": ({"option_3_uz": " "}, "item 2 (some), options, option 3, text", "uz"),
    "id twice": ({"id": "one"}, "the item id 'one' stands here a second time", "each id once"),
    "flag": ({"active": "perhaps"}, "the column 'active' has 'perhaps'", "yes, no"),
    "number": ({"discrimination": "much"}, "item 2 (some), irt, discrimination: this is no number", "above 0"),
    "type": ({"type": "essay"}, "'essay' is no type of item here", "choice, multiple, order"),
    "column": ({"colour": "red"}, "no column is called 'colour'", "text_en"),
}


@pytest.mark.parametrize(("changes", "problem", "accepted"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_row(changes, problem, accepted):
    read, text = table(**changes)
    found = items_csv_problems(text, head=read, framework=national(), file="items.csv")
    assert len(found) == 1
    assert problem in str(found[0])
    assert accepted in found[0].accepted
    assert (found[0].file, found[0].line) == ("items.csv", 1 if "colour" in changes else 3)
    with pytest.raises(InstrumentError):
        parse_items_csv(text, head=read, framework=national())


def test_all_mistakes_of_a_table_are_named():
    read, text = table(text_ru="", level="L9")
    text = text.replace("one en", "", 1)
    found = items_csv_problems(text, head=read, framework=national(), file="items.csv")
    assert [error.line for error in found] == [2, 3]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file has no items"),
        (b"id,belongs_to\n", "the file has no items"),
        (b"id;belongs_to;id\nq;A.1;q\n", "the column 'id' stands twice"),
        (b"id,text_en\nq,Q\n", "the column 'belongs_to' is missing"),
        (b"id,belongs_to\nq,A.1,x,y\n", "the row has more cells than the header"),
        (b'id,belongs_to\n"q,A.1\n', "not valid CSV"),
        ("id,belongs_to\nq,Вопрос\n".encode("cp1251"), "this is no UTF-8 text"),
        ("id,belongs_to\nq,A.1\n".encode("utf-16"), "this is no UTF-8 text"),
        (b"id,belongs_to\nq,A.1\n", "the rows do not name one instrument"),
        (b"id,belongs_to,instrument,version\nq,A.1,nobody,v1\n", "no instrument 'nobody'"),
        (b"id,belongs_to,instrument,version\nq,A.1,digcompedu_selfassessment,v9\n", "has no version '9'"),
        (b"\x00\x01", ""),
        (b"PK\x03\x04 a workbook, not a table", ""),
    ],
)
def test_what_is_no_table_is_said(data, problem):
    (found,) = items_csv_problems(data, file="items.csv")
    assert problem in found.problem
    assert found.file == "items.csv"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_refused_without_a_traceback(data):
    assert items_csv_problems(data, file="items.csv")
