"""Learners of statements and of logs: one where Aspects tells who is who, and forgotten in both."""

import json

import pytest
from smartpd_analytics import pipeline
from smartpd_analytics.store import StoreOptions, forget_learner, ingest, open_store
from smartpd_analytics.tracking import Identity

from tests.analytics.clickhouse.statements import learner, statement, statements
from tests.analytics.store.store_logs import all_bytes, line, written

KEY = b"the key of this site, for tests"


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def site_key(monkeypatch):
    monkeypatch.setenv("SMARTPD_SITE_KEY", KEY.decode())


def learners(store):
    return set(open_store(store).relation().project("learner").to_arrow_table()["learner"].to_pylist())


@pytest.mark.parametrize("identified", [True, False])
def test_who_is_known_is_one_learner_with_the_logs(clickhouse, store, tmp_path, identified):
    options = StoreOptions(identified=identified)
    clickhouse.insert(statements(0, 60))
    ingest([clickhouse.url()], store, options=options)
    assert len(learners(store)) == 7
    log = written(tmp_path / "tracking.log", [line(number, learner=number % 7) for number in range(20)])
    ingest([log], store, options=options)
    assert len(learners(store)) == 14, "nobody has told yet whose the ids are"
    before = open_store(store).generation
    clickhouse.tell_apart([(learner(number), 100 + number, f"teacher{number}") for number in range(6)])
    report = ingest([clickhouse.url()], store, options=options)
    assert report.lines.read == 0
    identity = Identity(KEY)
    names = {f"teacher{number}" for number in range(7)} | {learner(6)}
    assert learners(store) == (names if identified else {identity.username(name) for name in names})
    days = open_store(store).changed_since(before).days
    told = names - {"teacher6", learner(6)}
    told = told if identified else {identity.username(name) for name in told}
    assert set(days["learner"].to_pylist()) == told, "earlier events follow, so what is made of them is made anew"
    generation = open_store(store).generation
    assert ingest([clickhouse.url()], store, options=options).generation == generation, "nothing is told twice"


def test_statements_alone_have_the_names_that_are_told(clickhouse, store):
    clickhouse.insert([statement(0), statement(1, who="101")])
    clickhouse.tell_apart([(learner(0), 100, "teacher0"), (learner(1), 101, "teacher1")])
    ingest([clickhouse.url()], store, options=StoreOptions(identified=True))
    assert learners(store) == {"teacher0", "teacher1"}


def test_who_is_forgotten_is_forgotten_in_statements(clickhouse, store):
    clickhouse.insert(statements(0, 60))
    clickhouse.tell_apart([(learner(number), 100 + number, f"teacher{number}") for number in range(7)])
    ingest([clickhouse.url()], store)
    gone = forget_learner("teacher3", store)
    assert gone.events > 0
    clickhouse.insert(statements(60, 120))
    report = ingest([clickhouse.url()], store)
    assert report.lines.ignored_reasons["forgotten"] > 0
    identity = Identity(KEY)
    assert learners(store) == {identity.username(f"teacher{number}") for number in (0, 1, 2, 4, 5, 6)}
    for name in ("teacher3", learner(3)):
        assert identity.username(name).encode() not in all_bytes(store)


def test_who_was_forgotten_before_it_was_told_goes_as_well(clickhouse, store):
    clickhouse.insert(statements(0, 30))
    ingest([clickhouse.url()], store)
    assert forget_learner("teacher3", store).events == 0, "nobody knows yet who that is"
    clickhouse.tell_apart([(learner(number), 100 + number, f"teacher{number}") for number in range(7)])
    clickhouse.insert(statements(30, 60))
    ingest([clickhouse.url()], store)
    assert Identity(KEY).username(learner(3)).encode() not in all_bytes(store)
    assert len(learners(store)) == 6


def test_no_name_and_no_id_is_in_a_pseudonymous_store(clickhouse, store):
    clickhouse.insert([*statements(0, 20), {**statement(20), "object": {}}])
    clickhouse.tell_apart([(learner(number), 100_000_007 + number, f"teacher{number}") for number in range(7)])
    ingest([clickhouse.url()], store, keep_quarantined=False)
    kept = all_bytes(store)
    for number in range(7):
        for name in (learner(number), f"teacher{number}", str(100_000_007 + number)):
            assert name.encode() not in kept
    assert json.dumps("SECRET")[1:-1].encode() not in kept


def test_features_know_who_is_told(clickhouse, store, tmp_path):
    clickhouse.insert(statements(0, 60))
    log = written(tmp_path / "tracking.log", [line(number, learner=number % 7) for number in range(20)])
    clickhouse.tell_apart([(learner(number), 100 + number, f"teacher{number}") for number in range(7)])
    ingest([log, clickhouse.url()], store, options=StoreOptions(identified=True))
    found = pipeline.store_features(store, ("learners",))["learners"]
    assert set(found["learner"].to_pylist()) == {f"teacher{number}" for number in range(7)}
