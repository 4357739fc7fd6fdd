"""Whatever is made of simulated data says that it is simulated."""

import json
import re

import pytest
from smartpd_analytics.cli._run import run

WORDS = "Simulated data: no real person is in it"


def call(*arguments):
    """Exit status of a command, in English."""
    return run([*map(str, arguments), "--lang=en"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small simulated cohort of two runs, its store, features and model."""
    where = tmp_path_factory.mktemp("labelled")
    outcomes = where / "sim" / "outcomes.csv"
    assert call("simulate", "--out", where / "sim", "--learners", 15, "--runs", 2, "--weeks", 2, "--seed", 5) == 0
    for command in (
        ("ingest", where / "sim" / "logs", "--store", where / "store", "--identified"),
        ("features", "--store", where / "store", "--out", where / "features.csv", "--day", 7, "--runs", outcomes),
        ("train", where / "features.csv", outcomes, "--out", where / "risk.skops"),
    ):
        assert call(*command) == 0
    return where


COMMANDS = [
    ("recommend", "sim/logs"),
    ("recommend", "sim/logs", "--format", "csv"),
    ("ingest", "sim/logs", "--store", "store"),
    ("features", "--store", "store", "--out", "again.csv"),
    ("mastery", "--store", "store", "--course-map", "sim/course_map.csv"),
    ("train", "features.csv", "sim/outcomes.csv", "--out", "again.skops"),
    ("predict", "risk.skops", "features.csv"),
    ("predict", "risk.skops", "features.csv", "--format", "csv"),
    ("predict", "risk.skops", "features.csv", "--out", "risk.txt"),
    ("model-card", "risk.skops", "--out", "card.html"),
    ("evaluate", "sim/pairs.csv", "--out", "report"),
    ("calibrate", "sim/responses.csv"),
    ("reliability", "sim/responses.csv"),
]
IN_JSON = [
    ("recommend", "sim/logs", "--format", "json"),
    ("ingest", "sim/logs", "--store", "store", "--json"),
    ("mastery", "--store", "store", "--course-map", "sim/course_map.csv", "--format", "json"),
    ("predict", "risk.skops", "features.csv", "--format", "json"),
    ("model-card", "risk.skops", "--format", "json"),
    ("train", "features.csv", "sim/outcomes.csv", "--out", "again.skops", "--json"),
]
#: They make nothing of data: one takes a person out of a store, one renames learners in a table, one says it itself,
#: one keeps the questions that are asked, and no answer to them.
SILENT = {"forget", "instruments", "pseudonyms", "simulate"}


@pytest.fixture(autouse=True)
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_says_so_in_words(command, capsys):
    assert call(*command) == 0
    assert "".join(capsys.readouterr()).replace("\n", " ").count(WORDS) == 1


@pytest.mark.parametrize("command", IN_JSON, ids=" ".join)
def test_json_says_so(command, capsys):
    assert call(*command) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.get("record", {"data": found})["data"]["simulated"] is True


def test_files_say_so(folder):
    for command in COMMANDS:
        if "--out" in command:
            call(*command)
    for name in ("risk.txt", "card.html", "report/evaluation.html"):
        assert WORDS in (folder / name).read_text(encoding="utf-8").replace("\n", " "), name
    assert json.loads((folder / "report" / "evaluation.json").read_text(encoding="utf-8"))["simulated"] is True
    head, *rows = (folder / "report" / "evaluation.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("simulated,")
    assert all(row.startswith("1,") for row in rows)
    head, *rows = (folder / "again.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("course_key,")
    assert all(row.startswith("course-v1:Simulated+") for row in rows)


def test_no_command_is_forgotten_here(capsys):
    run(["--help"])
    known = set(re.findall(r"^  ([a-z-]+)  ", capsys.readouterr().out.split("Commands:")[1], re.MULTILINE))
    assert known - SILENT == {command[0] for command in COMMANDS}
