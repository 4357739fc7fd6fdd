"""Golden files: one line of the log in ``raw/``, what it becomes in ``expected/``, for every entry of the catalogue.

A pair is named after the ``event_type``, or ``implicit.<route id>``; ``--something`` marks further cases
of the same entry. Whatever must never be kept has SECRET in it in the raw files.
"""

import dataclasses
import json
from pathlib import Path

import pytest
from smartpd_analytics.data import Event
from smartpd_analytics.tracking import (
    EVENT_TYPES,
    IGNORED_REASONS,
    ROUTES,
    EventType,
    Ignored,
    Skip,
    parse_line,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAIRS = sorted(path.stem for path in (FIXTURES / "raw").glob("*.json"))
ENTRIES = {**EVENT_TYPES, **{f"implicit.{route.id}": route.entry for route in ROUTES}}


def raw(pair):
    return json.loads((FIXTURES / "raw" / f"{pair}.json").read_text(encoding="utf-8"))


def expected(pair):
    return json.loads((FIXTURES / "expected" / f"{pair}.json").read_text(encoding="utf-8"))


def parsed(pair):
    return parse_line(json.dumps(raw(pair)).encode())


@pytest.mark.parametrize("pair", PAIRS)
def test_a_line_becomes_what_is_expected(pair):
    verdict = parsed(pair)
    if isinstance(verdict, Ignored):
        found = {"ignored": verdict.reason}
    else:
        found = dataclasses.asdict(verdict)
        assert len(found.pop("digest")) == 16
    assert found == expected(pair)


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_entry_of_the_catalogue_has_a_pair(name):
    assert name in PAIRS


def test_every_raw_file_has_its_expected_file_and_the_other_way_round():
    assert sorted(path.stem for path in (FIXTURES / "expected").glob("*.json")) == PAIRS


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_stands_under_the_name_of_its_entry(pair):
    name = pair.partition("--")[0]
    event_type = raw(pair)["event_type"]
    if name.startswith("implicit."):
        first = next(route.id for route in ROUTES if route.pattern.match(event_type))
        assert f"implicit.{first}" == name
    else:
        assert event_type == name


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_private_is_kept(pair):
    line = raw(pair)
    verdict = repr(parsed(pair))
    for secret in ("SECRET", line["ip"], line["session"], line["agent"]):
        assert secret not in verdict


def test_the_private_things_are_in_the_raw_files():
    # Otherwise the test above could not fail.
    assert all("SECRET" in json.dumps(raw(pair)) for pair in PAIRS)


def test_skipped_entries_give_a_documented_reason():
    reasons = {entry.reason for entry in ENTRIES.values() if isinstance(entry, Skip)}
    assert reasons <= set(IGNORED_REASONS)
    assert {verdict["ignored"] for pair in PAIRS if "ignored" in (verdict := expected(pair))} <= set(IGNORED_REASONS)


def test_kinds_are_those_of_the_event():
    kinds = {entry.kind for entry in ENTRIES.values() if isinstance(entry, EventType)}
    documented = "page problem video navigation forum enrolment grade completion diagnosis matrix pres staff other"
    assert kinds == set(documented.split())


def test_only_the_graded_answer_says_whether_it_was_right():
    right_or_wrong = {pair for pair in PAIRS if expected(pair).get("correct") is not None}
    assert {pair.partition("--")[0] for pair in right_or_wrong} == {"problem_check"}
    assert all(isinstance(parsed(pair), Event) and raw(pair)["event_source"] == "server" for pair in right_or_wrong)
