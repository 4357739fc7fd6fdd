"""Our events as xAPI statements: let through by the settings, made by event-routing-backends itself, read back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from smartpd.settings import production
from smartpd.settings.statements import allow_statements
from smartpd.tracking.events import EXTENSION, STATEMENTS
from smartpd_analytics.tracking import EVENT_TYPES, STATEMENT_TYPES, parse_statement
from smartpd_analytics.tracking.smartpd import FIELDS
from smartpd_analytics.tracking.xapi_smartpd import EXTENSION as READ_EXTENSION

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "build" / "peers"
RAW, FIXTURES = ROOT / "tests" / "fixtures" / "raw", ROOT / "tests" / "fixtures" / "xapi" / "raw"


# --- writing and reading agree ----------------------------------------------------------------


def test_every_event_of_our_blocks_has_a_statement_that_is_read_back():
    ours = {name for name in EVENT_TYPES if name.startswith("smartpd.")}
    assert set(STATEMENTS) == ours
    assert EXTENSION == READ_EXTENSION
    for name, form in STATEMENTS.items():
        assert STATEMENT_TYPES[form.verb, form.activity_type].names == (name,)
        assert form.fields == FIELDS[name]
        # Standard places hold fields of the event and nothing else.
        assert {form.part, form.response, form.raw, form.maximum} - {""} <= set(form.fields)


# --- the settings -----------------------------------------------------------------------------


def whitelist(names):
    return {"ENGINE": "eventtracking.processors.whitelist.NameWhitelistProcessor", "OPTIONS": {"whitelist": names}}


def site(**more):
    statements = {"ENGINE": "event_routing_backends.processors.xapi.transformer_processor.XApiProcessor"}
    inside = {
        "xapi": {"ENGINE": "x", "OPTIONS": {"processors": [whitelist(["a"]), statements]}},
        "caliper": {"ENGINE": "x", "OPTIONS": {"processors": [whitelist(["a"])]}},
    }
    backends = {
        "event_transformer": {"ENGINE": "x", "OPTIONS": {"processors": [whitelist({"a"})], "backends": inside}},
        "elsewhere": {"ENGINE": "x", "OPTIONS": {"processors": [whitelist(["a"])]}},
        "logger": {"ENGINE": "x"},
    }
    return SimpleNamespace(EVENT_TRACKING_BACKENDS=backends, **more)


@pytest.fixture
def there(monkeypatch):
    monkeypatch.setattr("smartpd.settings.statements.find_spec", lambda name: object())


def test_only_what_leads_to_statements_lets_our_events_through(there):
    settings = site(EVENT_BUS_TRACKING_LOGS={"a"})
    for _time in range(3):
        allow_statements(settings)
    options = settings.EVENT_TRACKING_BACKENDS["event_transformer"]["OPTIONS"]
    ours = ["a", *STATEMENTS]
    assert options["processors"][0]["OPTIONS"]["whitelist"] == set(ours)
    assert options["backends"]["xapi"]["OPTIONS"]["processors"][0]["OPTIONS"]["whitelist"] == ours
    assert options["backends"]["caliper"]["OPTIONS"]["processors"][0]["OPTIONS"]["whitelist"] == ["a"]
    elsewhere = settings.EVENT_TRACKING_BACKENDS["elsewhere"]["OPTIONS"]
    assert elsewhere["processors"][0]["OPTIONS"]["whitelist"] == ["a"]
    assert set(ours) == settings.EVENT_BUS_TRACKING_LOGS
    assert list(STATEMENTS) == settings.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS


@pytest.mark.parametrize("backends", [None, {}, {"x": {}}, {"x": {"OPTIONS": {"processors": []}}}, {"x": None}])
def test_whatever_a_site_has_set_is_no_error(there, backends):
    allow_statements(SimpleNamespace(EVENT_TRACKING_BACKENDS=backends))


def test_a_site_without_event_routing_backends_is_left_alone():
    settings = site()
    allow_statements(settings)
    assert not hasattr(settings, "EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS")


def test_studio_offers_the_blocks_in_libraries():
    studio = SimpleNamespace(LIBRARY_ENABLED_BLOCKS=["problem", "smartpd_pres"])
    for _time in range(2):
        production.plugin_settings(studio)
    assert studio.LIBRARY_ENABLED_BLOCKS == [
        "problem",
        "smartpd_pres",
        "smartpd_needs_diagnostic",
        "smartpd_learning_matrix",
    ]
    lms = SimpleNamespace()
    production.plugin_settings(lms)
    assert not hasattr(lms, "LIBRARY_ENABLED_BLOCKS")


# --- beside the real event-routing-backends ------------------------------------------------------


@pytest.fixture
def beside():
    """Runs Python with event-routing-backends in reach; gives its output."""
    if not (PEERS / "event_routing_backends").is_dir():
        if os.environ.get("SMARTPD_REQUIRE_CLICKHOUSE") == "1":
            pytest.fail("event-routing-backends is not there: make engines puts it into build/peers")
        pytest.skip("event-routing-backends is not there: make engines puts it into build/peers")
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["PYTHONPATH"] = os.pathsep.join((str(PEERS), str(ROOT)))

    def run(*command, cwd):
        done = subprocess.run(
            [sys.executable, *command], check=False, cwd=cwd, capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_its_own_settings_let_our_events_through_whichever_comes_first(beside, tmp_path):
    found = json.loads(beside(str(Path(__file__).with_name("statements_there.py")), cwd=tmp_path))
    count = len(STATEMENTS)
    assert found == {order: {"outer": count, "bus": count, "xapi": count, "caliper": 0} for order in found}


def test_it_makes_the_statements_of_the_fixtures(beside, tmp_path):
    log, kept, made = (tmp_path / name for name in ("all.log", "kept.log", "statements.jsonl"))
    events = [json.loads((RAW / f"{name}.json").read_text(encoding="utf-8")) for name in STATEMENTS]
    log.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    beside("-m", "benchmarks.xapi_peer", str(log), str(kept), str(made), cwd=tmp_path)
    statements = [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()]
    assert len(statements) == len(STATEMENTS)
    version = "https://w3id.org/xapi/openedx/extension/transformer-version"
    for statement in statements:
        name = parse_statement(json.dumps(statement).encode()).name
        fixture = json.loads((FIXTURES / f"{'_'.join(name.split('.')[1:])}.json").read_text(encoding="utf-8"))
        # Whose work it is says the release that is installed.
        del statement["context"]["extensions"][version], fixture["context"]["extensions"][version]
        assert statement == fixture


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_becomes_the_event_of_its_log_line(name):
    path = FIXTURES.parent / "expected" / f"{'_'.join(name.split('.')[1:])}.json"
    of_statement = json.loads(path.read_text(encoding="utf-8"))
    of_log = json.loads((RAW.parent / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    # Aspects has ids of its own for learners, and a statement does not name the unit.
    for each in (of_statement, of_log):
        for left_out in ("user_id", "username", "unit_key"):
            del each[left_out]
    assert of_statement == of_log
