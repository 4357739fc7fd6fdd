"""parse_block: the same verdicts as line by line, whole accounts, nothing private, whatever the lines are."""

import gc
import json
import os
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import Event
from smartpd_analytics.store import SCHEMA, batch_of, parse_block
from smartpd_analytics.tracking import IGNORED_REASONS, QUARANTINE_REASONS, Identity, Ignored, parse_line

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
LINES = [json.dumps(json.loads(path.read_text(encoding="utf-8"))).encode() for path in sorted(RAW.glob("*.json"))]
SITE = Identity(b"a key of one site for tests")
#: Mutated lines; the whole fuzz is ``SMARTPD_FUZZ=100000 pytest -k mutated``.
FUZZED = int(os.environ.get("SMARTPD_FUZZ", "6000"))

PIECES = [b'"', b"\\", b"{", b"}", b"[", b",", b"NaN", b"\xff", b"\0", b"null", b"9" * 40]

any_line = st.one_of(
    st.sampled_from(LINES),
    st.sampled_from([b"", b"#", b"text", b"[]", b"{}"]),
    st.binary(max_size=40).map(lambda data: data.replace(b"\n", b"")),
    st.tuples(st.sampled_from(LINES), st.integers(0, 900)).map(lambda cut: cut[0][: cut[1]]),
)


@given(st.lists(any_line, max_size=20), st.integers(1, 10**6), st.sampled_from([None, SITE]), st.booleans())
def test_a_block_says_what_its_lines_say(lines, first, identity, ended):
    block = b"".join(line + b"\n" for line in lines)
    if lines and lines[-1] and not ended:
        block = block[:-1]
    found = parse_block(block, first_line=first, identity=identity)
    verdicts = [parse_line(line, identity) for line in lines]
    events = [verdict for verdict in verdicts if isinstance(verdict, Event)]
    assert found.batch.equals(batch_of(events))
    assert found.batch.schema.equals(SCHEMA, check_metadata=True)
    found.batch.validate(full=True)
    assert found.read == len(lines)
    assert found.ignored == Counter(verdict.reason for verdict in verdicts if isinstance(verdict, Ignored))
    broken = [(number, verdict) for number, verdict in enumerate(verdicts, first) if verdict not in events]
    assert found.quarantine == tuple((n, verdict.reason) for n, verdict in broken if not isinstance(verdict, Ignored))


def test_the_collector_of_garbage_is_left_as_it_was():
    parse_block(LINES[0])
    assert gc.isenabled()


def mutated(dice):
    line = bytearray(dice.choice(LINES))
    for _ in range(dice.randrange(1, 5)):
        start = dice.randrange(len(line) + 1)
        end = min(len(line), start + dice.choice([0, 1, 1, 3, 30]))
        match dice.randrange(4):
            case 0:
                line[start:end] = dice.randbytes(dice.randrange(6))
            case 1:
                line[start:end] = dice.choice(
                    [b'"', b"\\", b"{", b"}", b"[", b",", b"NaN", b"\xff", b"\0", b"null", b"9" * 40]
                )
            case 2:
                del line[start:]
            case _:
                other = dice.choice(LINES)
                line[start:end] = other[dice.randrange(len(other)) :][: dice.randrange(60)]
    return bytes(line)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_lines_are_all_accounted_for(seed):
    dice = random.Random(seed)  # noqa: S311
    block = b"\n".join(mutated(dice) for _ in range(FUZZED // 4)) + b"\n"
    found = parse_block(block, identity=SITE)
    assert found.read == block.count(b"\n")
    assert found.batch.num_rows + sum(found.ignored.values()) + len(found.quarantine) == found.read
    found.batch.validate(full=True)
    assert set(found.ignored) <= set(IGNORED_REASONS)
    assert {reason for _number, reason in found.quarantine} <= set(QUARANTINE_REASONS)
    assert found.batch.num_rows > 0
    assert found.quarantine


# --- nothing private ---------------------------------------------------------------------------

CODE, MAIL, IP, AGENT, TOKEN = "4f0c-code-9a1", "ona.b@mail.example", "203.0.113.77", "Firefox/142.9", "s3ss10nt0k3n"
WORDS = "what I wrote in my own words"


def private_lines():
    """The kinds of secrets that platforms log, in every place that an event may have them."""
    for line in LINES:
        content = json.loads(line)
        content |= {"ip": IP, "agent": f"Mozilla/5.0 {AGENT}", "session": TOKEN}
        content["username"] = content["username"] and "the_learner"
        posted = {"client_secret": [CODE], "email": [MAIL], "code": [CODE], "answer": [WORDS], "password": [CODE]}
        event = content.get("event")
        if isinstance(event, dict):
            event |= {"answers": {"a_2_1": WORDS}, "email": MAIL, "saved_response": WORDS, "state": {"x": WORDS}}
            event |= {name: WORDS for name, value in event.items() if isinstance(value, str) and " " in value}
        elif isinstance(event, str) and event.startswith("{"):
            with suppress(json.JSONDecodeError):  # some were cut off
                sent = {"GET": {"code": [CODE]}, "POST": posted, "text": WORDS}
                content["event"] = json.dumps({**json.loads(event), **sent})
        yield json.dumps(content).encode()
    for path in (
        f"/activate/{CODE}",
        "/oauth2/access_token",
        f"/password_reset_confirm/{CODE}/",
        "/api/user/v1/account",
    ):
        content = json.loads(LINES[0])
        content |= {"event_type": path, "name": path, "event": json.dumps({"GET": {}, "POST": posted}), "page": None}
        content["context"] |= {"path": path}
        yield json.dumps({**content, "event_source": "server"}).encode()


@pytest.mark.parametrize("identity", [None, SITE])
def test_no_secret_and_no_free_text_reaches_a_batch(identity):
    found = parse_block(b"\n".join(private_lines()), identity=identity)
    assert found.batch.num_rows > 100
    kept = json.dumps([{name: str(value) for name, value in row.items()} for row in found.batch.to_pylist()])
    for secret in (CODE, MAIL, IP, AGENT, TOKEN, WORDS, "SECRET"):
        assert secret not in kept
    assert ("the_learner" in kept) == (identity is None)


def test_what_happens_tomorrow_or_later_cannot_be():
    line = json.loads(next(line for line in LINES if isinstance(parse_line(line), Event)))
    later = {**line, "time": (datetime.now(UTC) + timedelta(days=2)).isoformat()}
    soon = {**line, "time": (datetime.now(UTC) + timedelta(hours=5)).isoformat()}
    lines = [json.dumps(each).encode() for each in (line, later, soon)]
    found = parse_block(b"\n".join(lines), first_line=7)
    assert (len(found.rows), found.quarantine) == (2, ((8, "future"),))
    assert found.broken == {8: lines[1]}
