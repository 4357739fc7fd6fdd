"""Whatever stands in a line: no crash, one verdict, and an event that can be stored."""

import json
import math
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import Event
from smartpd_analytics.tracking import (
    EVENT_TYPES,
    IGNORED_REASONS,
    QUARANTINE_REASONS,
    Ignored,
    Quarantined,
    parse_line,
)

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
LINES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RAW.glob("*.json"))]
STRINGS = (
    "name",
    "kind",
    "source",
    "username",
    "course_key",
    "usage_key",
    "block_type",
    "unit_key",
    "session",
    "title",
)
INTEGERS = ("time_us", "user_id", "attempt")
NUMBERS = ("earned", "possible", "position", "duration")

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(sorted(EVENT_TYPES)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def check(verdict):
    if isinstance(verdict, Ignored):
        assert verdict.reason in IGNORED_REASONS
    elif isinstance(verdict, Quarantined):
        assert verdict.reason in QUARANTINE_REASONS
    else:
        assert isinstance(verdict, Event)
        assert verdict.course_key
        assert verdict.user_id is not None or verdict.username
        for name in STRINGS:
            getattr(verdict, name).encode()
        for name in INTEGERS:
            value = getattr(verdict, name)
            assert value is None or (type(value) is int and -(2**63) <= value < 2**63)
        for name in NUMBERS:
            value = getattr(verdict, name)
            assert value is None or (type(value) is float and math.isfinite(value))
        assert verdict.correct in (True, False, None)
        json.dumps(dict(verdict.payload), allow_nan=False).encode()


@given(st.binary(max_size=200))
def test_any_bytes(data):
    check(parse_line(data))


@given(values)
def test_any_json(value):
    check(parse_line(json.dumps(value).encode()))


@settings(max_examples=300)
@given(st.data())
def test_any_field_of_a_sound_line_replaced_or_lost(data):
    line = json.loads(json.dumps(data.draw(st.sampled_from(LINES))))
    for _ in range(data.draw(st.integers(1, 4))):
        holders = [line, *(line[key] for key in ("context", "event") if isinstance(line.get(key), dict) and line[key])]
        holder = data.draw(st.sampled_from(holders))
        if not holder:
            break
        key = data.draw(st.sampled_from(sorted(holder)))
        if data.draw(st.booleans()):
            holder[key] = data.draw(values)
        else:
            del holder[key]
    check(parse_line(json.dumps(line).encode()))


@settings(max_examples=300)
@given(st.data())
def test_any_bytes_of_a_sound_line_cut_or_overwritten(data):
    line = bytearray(json.dumps(data.draw(st.sampled_from(LINES))).encode())
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    line[start:end] = data.draw(st.binary(max_size=8))
    check(parse_line(bytes(line)))


@given(st.sampled_from(LINES), st.data())
def test_a_line_that_is_cut_off_is_never_an_event(line, data):
    whole = json.dumps(line).encode()
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    assert parse_line(cut) == Quarantined("truncated")


@given(st.sampled_from(LINES), st.text(alphabet=st.characters(exclude_characters="{#\r\n", exclude_categories=["Cs"])))
def test_any_prefix_changes_nothing(line, prefix):
    whole = json.dumps(line).encode()
    assert parse_line(f"2026 INFO {prefix}".encode() + whole) == parse_line(whole)
