"""Documents as an editor needs them: valid or not, and back unchanged."""

import pytest
from smartpd_analytics.api import (
    InstrumentError,
    framework_ids,
    framework_to_yaml,
    instrument_ids,
    instrument_problems,
    instrument_to_document,
    instrument_to_json,
    instrument_to_yaml,
    items_csv_document,
    items_to_csv,
    load_framework,
    load_instrument,
    parse_framework,
    parse_instrument,
    source_document,
)


@pytest.mark.parametrize("instrument_id", instrument_ids())
def test_what_is_written_is_read_as_the_same(instrument_id):
    instrument = load_instrument(instrument_id)
    for name, text in (("a.yaml", instrument_to_yaml(instrument)), ("a.json", instrument_to_json(instrument))):
        assert parse_instrument(source_document(text, file=name)) == instrument
    head = instrument_to_document(instrument)
    assert parse_instrument(items_csv_document(items_to_csv(instrument), head)) == instrument


@pytest.mark.parametrize("framework_id", framework_ids())
def test_frameworks_as_well(framework_id):
    framework = load_framework(framework_id)
    assert parse_framework(source_document(framework_to_yaml(framework))) == framework


def test_what_is_not_valid_comes_in_all_the_same():
    document = source_document('{"id": "x y", "items": [1, true, null, {"points": 2}]}', file="a.json")
    assert document == {"id": "x y", "items": ["1", "true", "", {"points": "2"}]}
    assert instrument_problems(document)


@pytest.mark.parametrize("text", ["- 1", "words", "", "{", "a: &x 1\nb: *x"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(InstrumentError) as refused:
        source_document(text)
    assert str(refused.value)


def test_a_table_needs_its_columns_and_nothing_of_the_head():
    table = "id,belongs_to,text_en\nq1,1.1 Title,What?\n"
    assert items_csv_document(table, {"title": {}}) == {
        "title": {},
        "items": [{"id": "q1", "competency": "1.1", "text": {"en": "What?"}}],
    }
    assert items_csv_document(table, {"scales": [1]})["items"][0]["scale"] == "1.1"
    with pytest.raises(InstrumentError, match="'belongs_to' is missing"):
        items_csv_document("id\nq1\n", {})
