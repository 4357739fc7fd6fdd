"""Two readers, one result: what the fast one accepts, the thorough one reads to the same envelope."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import Event
from smartpd_analytics.tracking import Quarantined, _envelope, parse_line
from smartpd_analytics.tracking._envelope import Envelope, read_envelope

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
LINES = [path.read_text(encoding="utf-8") for path in sorted(RAW.glob("*.json"))]
LINES = [json.dumps(json.loads(line)).encode() for line in LINES]
#: Bytes that make JSON interesting.
PIECES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b"1e9", b"NaN", b"null", b"true", b"\\ud800"]
PIECES += [b"\\u00e9", "ʻ".encode(), b"\xff", b"\x00", b"\n", b" ", b'"user_id": "7"', b'"time": 5', b"9" * 30, b"1.5"]


def thorough(line, monkeypatch):
    """What the thorough reader makes of a line by itself."""

    def refused(_line):
        raise RecursionError

    with monkeypatch.context() as patch:
        patch.setattr(_envelope, "decode", refused)
        return read_envelope(line)


def same(line, monkeypatch):
    fast, slow = read_envelope(line), thorough(line, monkeypatch)
    if isinstance(fast, Envelope):
        if not fast.event_type:  # judged later, to the same end
            assert isinstance(slow, Quarantined)
            return
        assert isinstance(slow, Envelope), slow
        assert bytes(fast.event) == bytes(slow.event)
        for name in set(Envelope.__struct_fields__) - {"event", "context"}:
            assert getattr(fast, name) == getattr(slow, name), name
        assert fast.context == slow.context
    else:
        assert fast == slow


def mutated(dice, line):
    line = bytearray(line)
    for _ in range(dice.randrange(1, 4)):
        start = dice.randrange(len(line) + 1)
        end = min(len(line), start + dice.choice([0, 0, 1, 2, 5, 40]))
        line[start:end] = dice.choice(PIECES) if dice.random() < 0.8 else dice.randbytes(dice.randrange(4))
    return bytes(line)


@pytest.mark.parametrize("number", range(len(LINES)))
def test_sound_lines(number, monkeypatch):
    same(LINES[number], monkeypatch)


def test_mutated_lines(monkeypatch):
    dice = random.Random(20260907)  # noqa: S311
    for _ in range(4_000):
        same(mutated(dice, dice.choice(LINES)), monkeypatch)


@settings(deadline=None, max_examples=200)
@given(st.data())
@example(None)
def test_fields_of_any_type(data):
    if data is None:
        return
    values = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just([]), st.just({"a": [1]})
    )
    line = json.loads(data.draw(st.sampled_from(LINES)))
    holder = line if data.draw(st.booleans()) or not isinstance(line["context"], dict) else line["context"]
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(values)
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(json.dumps(line).encode(), monkeypatch)


# --- the digest of lines that were rewritten ---------------------------------------------------


@pytest.mark.parametrize("line", LINES[::7])
def test_rewritten_lines_are_the_same_event(line):
    event = parse_line(line)
    if not isinstance(event, Event):
        return
    content = json.loads(line)
    turned = dict(reversed(content.items()))
    for rewritten in (json.dumps(turned, separators=(",", ":")), json.dumps(turned, ensure_ascii=False)):
        assert parse_line(rewritten.encode()).digest == event.digest


def test_where_a_line_was_received_does_not_count():
    content = json.loads(LINES[0])
    event = parse_line(LINES[0])
    for field in ("host", "ip", "accept_language"):
        assert parse_line(json.dumps({**content, field: "another"}).encode()).digest == event.digest
