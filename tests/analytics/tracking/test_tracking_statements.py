"""xAPI statements: golden files for every entry of the registry, and whatever else stands in a row of ClickHouse.

A pair is named after the entry's id; ``--something`` marks further cases. Whatever must never be kept has SECRET in it.
"""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import Event
from smartpd_analytics.tracking import (
    EVENT_TYPES,
    IGNORED_REASONS,
    QUARANTINE_REASONS,
    STATEMENT_TYPES,
    EventType,
    Identity,
    Ignored,
    Quarantined,
    parse_line,
    parse_statement,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "xapi"
PAIRS = sorted(path.stem for path in (FIXTURES / "raw").glob("*.json"))
ENTRIES = {entry.id: entry for entry in STATEMENT_TYPES.values()}


def raw(pair="problem_evaluated"):
    return json.loads((FIXTURES / "raw" / f"{pair}.json").read_text(encoding="utf-8"))


def expected(pair):
    return json.loads((FIXTURES / "expected" / f"{pair}.json").read_text(encoding="utf-8"))


def parsed(statement, identity=None):
    return parse_statement(json.dumps(statement).encode(), identity)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_statement_becomes_what_is_expected(pair):
    verdict = parsed(raw(pair))
    if isinstance(verdict, Ignored):
        found = {"ignored": verdict.reason}
    else:
        found = dataclasses.asdict(verdict)
        assert len(found.pop("digest")) == 16
    assert found == expected(pair)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.id)
def test_every_entry_has_a_pair_and_becomes_an_event_of_the_catalogue(entry):
    mine = [pair for pair in PAIRS if pair.partition("--")[0] == entry.id]
    assert entry.id in mine
    assert all(isinstance(EVENT_TYPES[name], EventType) for name in entry.names)
    for pair in mine:
        statement = raw(pair)
        assert (statement["verb"]["id"], statement["object"]["definition"]["type"]) == (entry.verb, entry.activity_type)
        assert "ignored" in expected(pair) or expected(pair)["name"] in entry.names


def test_pairs_are_pairs_of_entries():
    assert {pair.partition("--")[0] for pair in PAIRS} == set(ENTRIES)
    assert sorted(path.stem for path in (FIXTURES / "expected").glob("*.json")) == PAIRS


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_private_is_kept(pair):
    statement = raw(pair)
    assert "SECRET" in json.dumps(statement), "otherwise this test could not fail"
    assert "SECRET" not in repr(parsed(statement))
    own, kept = parsed(statement), parsed(statement, Identity(b"the key of the site"))
    if isinstance(own, Event):
        assert (own.user_id, own.username) != (None, "")
        assert not {own.user_id, own.username, own.session} & {kept.user_id, kept.username, kept.session} - {None, ""}


def test_a_learner_has_the_pseudonym_that_a_log_gives_the_same_name_or_id():
    identity = Identity(b"the key of the site")
    by_id = parsed(raw("problem_evaluated--user_id"), identity)
    assert (by_id.user_id, by_id.username) == (identity.user_id(101), "")
    named = raw()
    named["actor"]["account"]["name"] = "learner_01"
    by_name = parsed(named, identity)
    assert (by_name.user_id, by_name.username) == (None, identity.username("learner_01"))


def test_an_address_and_its_sum_are_one_learner():
    mailed, summed = raw("problem_evaluated--mbox"), raw("problem_evaluated--mbox_sha1sum")
    mailed["actor"]["mbox"] = "mailto:learner@example.org"
    # As coreutils' sha1sum gives it.
    summed["actor"]["mbox_sha1sum"] = "fcb1e6da787b9aabe6b837ca23f2b46fe0b0d359"
    assert parsed(mailed).username == parsed(summed).username


def test_copies_are_equal_by_the_id_of_the_statement_alone():
    other = raw()
    other["context"]["extensions"] = {}
    other["object"]["id"] = other["object"]["id"].replace("https:", "http:")
    assert parsed(other).digest == parsed(raw()).digest
    assert parsed(raw("problem_evaluated--partly")).digest != parsed(raw()).digest
    for unusable in (None, "", "no id", 7):
        other["id"] = unusable
        assert parsed(other).digest != parsed(raw()).digest


def without(statement, *path):
    holder = statement
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return statement


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{}", "no_statement"),
        (json.dumps(without(raw(), "verb")).encode(), "no_statement"),
        (json.dumps(without(raw(), "object", "id")).encode(), "no_statement"),
        (json.dumps(without(raw(), "timestamp")).encode(), "no_time"),
        (json.dumps({**raw(), "timestamp": "yesterday"}).encode(), "bad_time"),
        (json.dumps({**raw(), "timestamp": 5}).encode(), "bad_time"),
        (json.dumps(raw()).encode()[:200], "truncated"),
        (b"Code: 241. DB::Exception", "not_json"),
        (b"[1]", "not_an_object"),
        (b'{"a": "\xff"}', "not_text"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (json.dumps({**raw(), "more": "x" * 1_100_000}).encode(), "too_long"),
    ],
)
def test_what_cannot_be_read_is_quarantined(line, reason):
    assert parse_statement(line) == Quarantined(reason)
    assert reason in QUARANTINE_REASONS


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"actor": {"objectType": "Group", "member": []}}, "no_learner"),
        ({"context": {}, "object": {**raw()["object"], "id": "https://example.org/quiz"}}, "no_course"),
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/imported"}}, "unlisted"),
    ],
)
def test_what_is_no_learning_event_is_ignored(change, reason):
    assert parsed({**raw(), **change}) == Ignored(reason)
    assert reason in IGNORED_REASONS


def test_numbers_that_are_none_do_not_stop_the_statement():
    statement = raw()
    statement["result"]["score"]["raw"] = float("nan")
    assert "NaN" in json.dumps(statement)
    found = parsed(statement)
    assert (found.earned, found.correct) == (None, True)


def test_in_a_tracking_log_a_statement_is_passed_over():
    line = json.dumps(raw()).encode()
    assert parse_line(line) == Ignored("statement")
    assert parse_line(b"2026-09-07 06:15:31,250 INFO 7 [xapi_tracking] [user 101] models.py:22 - " + line) == Ignored(
        "statement"
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=6,
)


@given(pair=st.sampled_from(PAIRS), data=st.data(), value=json_values)
def test_whatever_stands_in_a_field_there_is_a_verdict(pair, data, value):
    statement = raw(pair)
    holder = statement
    while True:
        key = data.draw(st.sampled_from(list(holder)))
        if not isinstance(holder[key], dict) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    holder[key] = value
    assert isinstance(parsed(statement), Event | Ignored | Quarantined)
