"""A learner's activity survives the database whole."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd.facts import activity_from_json, activity_to_json
from smartpd_analytics.api import BlockActivity, LearnerActivity

from tests.openedx_plugin.made import activity, block

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
BY_TYPE = {
    "str": st.text(max_size=30),
    "int": st.integers(0, 2**53),
    "int | None": st.none() | st.integers(0, 2**40),
    "bool": st.booleans(),
    "bool | None": st.none() | st.booleans(),
    "float": st.floats(0, 1e6, allow_nan=False),
    "float | None": st.none() | st.floats(0, 1e6, allow_nan=False),
    "datetime": TIMES,
}
BLOCKS = st.builds(BlockActivity, **{each.name: BY_TYPE[each.type] for each in fields(BlockActivity)})
ACTIVITIES = st.builds(
    LearnerActivity,
    **{each.name: BY_TYPE[each.type] for each in fields(LearnerActivity) if each.name != "blocks"},
    blocks=st.lists(BLOCKS, max_size=3).map(tuple),
)


@given(ACTIVITIES)
def test_nothing_is_lost(one):
    text = activity_to_json(one)
    assert text.isascii()
    assert activity_from_json(text) == one


def test_times_of_other_zones_are_the_same_moments():
    tashkent = timezone(timedelta(hours=5))
    one = activity(as_of=datetime(2026, 10, 1, 3, 0, tzinfo=tashkent))
    back = activity_from_json(activity_to_json(one))
    assert back == one
    assert back.as_of.utcoffset() == timedelta(0)


def test_fields_of_a_later_version_are_left_out():
    document = json.loads(activity_to_json(activity()))
    document["mood"] = 3
    document["blocks"][0]["colour"] = "blue"
    assert activity_from_json(json.dumps(document)) == activity()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"as_of": 5}', activity_to_json(activity())[:-40]])
def test_what_is_no_activity_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        activity_from_json(text)


def test_numbers_that_are_none_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        activity_to_json(activity(minutes=float("nan"), blocks=(block("p1"),)))
