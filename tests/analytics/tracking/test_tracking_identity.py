"""Pseudonyms at the door: one person stays one person, and nobody can tell who."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.tracking import Identity, parse_line, session_hash

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
SITE, OTHER = Identity(b"a key of one site for tests"), Identity(b"a key of another site for tests")


def raw(name):
    return json.loads((RAW / f"{name}.json").read_text(encoding="utf-8"))


def parse(line, identity=SITE):
    return parse_line(json.dumps(line).encode(), identity)


@given(st.integers(-(2**63), 2**63 - 1))
def test_numeric_ids_become_positive_numbers_of_63_bits(user_id):
    assert 0 < SITE.user_id(user_id) < 2**63
    assert SITE.user_id(user_id) == Identity(SITE.key).user_id(user_id) != OTHER.user_id(user_id)


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_become_short_words_that_differ_where_the_names_do(one, other):
    assert len(SITE.username(one)) == 16
    assert int(SITE.username(one), 16) >= 0
    assert (SITE.username(one) == SITE.username(other)) == (one == other)
    assert len({SITE.username(one), SITE.session(one), session_hash(one), OTHER.username(one)}) == 4


def test_nobody_stays_nobody():
    assert (SITE.username(""), SITE.session(""), session_hash("")) == ("", "", "")


def test_a_short_key_is_refused_and_a_long_one_is_used_whole():
    with pytest.raises(ValueError, match="16 bytes"):
        Identity(b"short")
    assert Identity(b"k" * 100).username("x") != Identity(b"k" * 99).username("x")


def test_the_key_does_not_show():
    assert "key of one site" not in repr(SITE)


@pytest.mark.parametrize("name", ["problem_check", "page_close", "edx.grades.problem.submitted"])
def test_an_event_has_the_pseudonyms_and_else_what_it_has_without(name):
    open_event, event = parse(raw(name), None), parse(raw(name))
    assert event.user_id == SITE.user_id(open_event.user_id)
    assert event.username == SITE.username(open_event.username)
    assert event.session == SITE.session(raw(name)["session"]) != open_event.session
    assert open_event.session == session_hash(raw(name)["session"])
    for field in ("time_us", "name", "kind", "course_key", "usage_key", "unit_key", "payload", "digest", "earned"):
        assert getattr(event, field) == getattr(open_event, field)


def test_learners_that_staff_act_on_are_pseudonyms_too():
    event = parse(raw("edx.grades.problem.state_deleted"))
    learner = int(raw("edx.grades.problem.state_deleted")["event"]["user_id"])
    assert event.payload["learner_id"] == SITE.user_id(learner)
    assert str(learner) not in [str(value) for value in event.payload.values()]


def test_the_same_person_by_number_and_by_text_is_one():
    one, other = raw("page_close"), raw("page_close")
    other["context"]["user_id"] = str(one["context"]["user_id"])
    assert parse(one).user_id == parse(other).user_id


def test_a_completion_that_somebody_elses_request_changed_is_not_the_learners_presence():
    """A reset by the course team is told as the learner's completion; the learner was not there."""
    line = json.loads((RAW / "edx.completion.block_completion.changed.json").read_text(encoding="utf-8"))
    line["event"]["user_id"] = line["context"]["user_id"] = 7
    assert parse_line(json.dumps(line).encode()).source == "server"
    line["context"]["user_id"] = 8
    event = parse_line(json.dumps(line).encode())
    assert (event.user_id, event.username, event.source) == (7, "", "task")
