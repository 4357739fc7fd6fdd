"""``smartpd ingest`` and ``smartpd forget`` as somebody at a terminal meets them."""

import json
import os

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.store import _lock, open_store

from tests.analytics.store.store_logs import COURSES, line, lines, written


@pytest.fixture
def log(tmp_path):
    return written(tmp_path / "tracking.log", lines(0, 40))


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def smartpd(capfd, *arguments):
    status = run([*map(str, arguments), "--lang", "en"])
    out, err = capfd.readouterr()
    return status, out, err


def test_the_account_is_said_and_the_second_run_finds_nothing_new(capfd, log, store):
    status, out, err = smartpd(capfd, "ingest", log, "--store", store)
    account = open_store(store).account()
    assert status == 0
    assert f"Lines read: {account.read} = {account.accepted} accepted + {account.duplicate} duplicate" in out
    assert f"The store has {account.accepted} events." in out
    assert str(store / "site.key") in err
    status, out, err = smartpd(capfd, "ingest", log, "--store", store)
    assert (status, err) == (0, "")
    assert "1 source had nothing new" in out


def test_json_adds_up(capfd, log, store, tmp_path):
    status, out, _ = smartpd(
        capfd, "ingest", log, tmp_path / "missing.log", "--store", store, "--course", COURSES[0], "--json"
    )
    found = json.loads(out)
    counts = found["lines"]
    assert status == 0
    assert counts["read"] == sum(counts[name] for name in ("accepted", "duplicate", "ignored", "quarantined"))
    assert counts["ignored_reasons"]["not_asked"] > 0
    assert found["store"] == {"events": counts["accepted"], "generation": 1}
    assert found["warnings"] == len(found["messages"]) == 1
    assert "missing.log" in found["messages"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--store", "{store}"], "nothing to read"),
        (["{log}", "--retry", "--store", "{store}"], "--retry reads no SOURCE"),
        (["{log}", "--store", "{store}", "--since", "yesterday"], "--since: 'yesterday' is no time"),
        (["{log}", "--store", "{store}", "--master", "local[2]"], "--master is for --engine spark"),
        (["{log}", "--store", "{log}"], "tracking.log"),
        (["--retry", "--store", "{store}"], "no store"),
        (["{log}", "--store", "{store}", "--key-file", "{store}/none"], "No such file"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(capfd, log, store, arguments, said):
    status, out, err = smartpd(capfd, "ingest", *(each.format(log=log, store=store) for each in arguments))
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_nothing_readable_is_a_failure(capfd, store, tmp_path):
    status, _, err = smartpd(capfd, "ingest", tmp_path / "missing.log", "--store", store)
    assert status == 2
    assert "missing.log" in err


def test_the_second_writer_is_told_who_is_first(capfd, log, store):
    with _lock.writer(store):
        status, _, err = smartpd(capfd, "ingest", log, "--store", store, "--wait", "0.1")
    assert status == 2
    assert f"process {os.getpid()}" in err
    assert "waiting for it" in err


def test_a_learner_is_forgotten(capfd, store, tmp_path):
    log = written(tmp_path / "some.log", [line(1, learner=1), line(2, learner=2)])
    smartpd(capfd, "ingest", log, "--store", store, "--identified")
    status, out, _ = smartpd(capfd, "forget", "teacher1", "--store", store)
    assert status == 0
    assert "1 event in 1 courses was taken away" in out
    status, out, _ = smartpd(capfd, "forget", "teacher1", "--store", store, "--json")
    assert json.loads(out)["events"] == 0
    assert open_store(store).arrow()["username"].to_pylist() == ["teacher2"]


def test_retry_says_what_stays(capfd, log, store):
    smartpd(capfd, "ingest", log, "--store", store)
    status, out, _ = smartpd(capfd, "ingest", "--retry", "--store", store)
    quarantined = open_store(store).account().quarantined
    assert status == 0
    assert f"Lines read: {quarantined} = 0 accepted + 0 duplicate + 0 ignored + {quarantined} quarantined" in out


def test_ctrl_c_says_what_stays(capfd, log, store, monkeypatch):
    from smartpd_analytics.store import _ingest

    def stopped(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(_ingest, "write_manifest", stopped)
    status, _, err = smartpd(capfd, "ingest", log, "--store", store)
    assert status == 130
    assert "What was committed stays" in err
    monkeypatch.undo()
    assert smartpd(capfd, "ingest", log, "--store", store)[0] == 0
