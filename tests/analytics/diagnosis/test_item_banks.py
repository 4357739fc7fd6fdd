"""Item banks as files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import (
    InputError,
    ItemBank,
    ItemParameters,
    item_bank_from_json,
    item_bank_to_json,
    read_item_bank,
)

names = st.text(min_size=1, max_size=12)
numbers = st.floats(-5, 5)
banks = st.builds(
    ItemBank,
    names,
    st.sampled_from(["1pl", "2pl", "3pl", "graded", "mixed"]),
    st.lists(
        st.builds(
            ItemParameters,
            names,
            st.floats(0.01, 5),
            st.lists(numbers, min_size=1, max_size=4, unique=True).map(sorted).map(tuple),
            area_id=st.text(max_size=5),
        ),
        max_size=5,
        unique_by=lambda item: item.item_id,
    ).map(tuple),
    numbers,
    st.floats(0.1, 3),
    st.booleans(),
)


@given(banks)
def test_a_bank_comes_back_unchanged(bank):
    notes = {item.item_id: {"answered": 12} for item in bank.items}
    assert item_bank_from_json(item_bank_to_json(bank, notes=notes, calibration={"converged": True})) == bank


BANK = ItemBank("b", "2pl", (ItemParameters("q1", 1.1, (0.5,), area_id="A"), ItemParameters("q2", 0.9, (-1.0,))))


def changed(**changes):
    document = json.loads(item_bank_to_json(BANK))
    for place, value in changes.items():
        *path, last = place.split("__")
        at = document
        for step in path:
            at = at[int(step) if step.isdecimal() else step]
        at[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ":1: not valid JSON: a key in quotation marks is missing"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "no item bank"),
        ('{"format": "other"}', "no item bank"),
        (changed(format_version=2), "format_version is 2"),
        (changed(model="4pl"), "model is '4pl'"),
        (changed(id=""), "id is ''"),
        (changed(items={}), "'items' is no list"),
        (changed(items=[3]), "item 1: this is no object"),
        (changed(ability=[]), "ability: this is no object"),
        (changed(ability__sd=0), "standard deviation above 0"),
        (changed(items__1__item=7), "item 2: item is 7"),
        (changed(items__1__discrimination="high"), "item 2: discrimination is 'high'"),
        (changed(items__1__discrimination=True), "discrimination is True"),
        (changed(items__1__discrimination=-1), r"item 2 \(q2\): the discrimination is -1.0"),
        (changed(items__1__discrimination=10**400), "too large"),
        (changed(items__0__thresholds=0.5), "item 1: thresholds is 0.5"),
        (changed(items__0__thresholds=[]), r"item 1 \(q1\): the thresholds are \[\]"),
        (changed(items__0__thresholds=[1, "x"]), "thresholds is 'x'"),
        (changed(items__1__item="q1"), r"item 2 \(q1\): stands here a second time"),
    ],
)
def test_what_is_no_bank_is_refused_with_its_place(tmp_path, text, said):
    path = tmp_path / "bank.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_item_bank(path)
    assert caught.value.file == str(path)


def test_a_bank_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_item_bank(tmp_path / "none.json")
