"""``smartpd train``, ``predict`` and ``model-card`` from files to files."""

import io
import json
import sys

import pytest
from smartpd_analytics import cli

from tests.analytics.prediction.risk_cohorts import cohort


@pytest.fixture
def run(monkeypatch, capsys):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def smartpd(*arguments):
        monkeypatch.setattr(sys, "argv", ["smartpd", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return smartpd


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    features, outcomes = cohort()
    features.to_parquet(folder / "features.parquet")
    features.to_csv(folder / "features.csv.gz", index=False)
    outcomes.to_csv(folder / "outcomes.csv", index=False)
    few, few_outcomes = cohort(learners=40)
    few.to_csv(folder / "few.csv", index=False)
    few_outcomes.to_csv(folder / "few_outcomes.csv", index=False)
    return folder


def test_from_tables_to_a_model_predictions_and_a_card(run, folder, tmp_path):
    model, card = tmp_path / "risk.skops", tmp_path / "card.html"
    status, out, err = run("train", folder / "features.parquet", folder / "outcomes.csv", "--out", model, "--json")
    assert status == 0
    assert "780 rows of 260 learners in 3 course runs" in err
    assert "Left out, as about the person: gender" in err
    assert "On the latest runs, Rule: days without activity: AUC" in err
    assert "The model is used" in err
    assert json.loads(out)["record"]["verdict"] == "model"

    status, out, err = run("predict", model, folder / "features.csv.gz", "--top", 2)
    assert status == 0
    assert out.count("Risk of not completing:") == 6
    assert "raises the risk by" in out
    status, out, _ = run("predict", model, folder / "features.parquet", "--format", "csv", "--top", 1)
    assert out.startswith("course_key,learner,as_of,probability,low,high")
    status, again, _ = run("predict", model, folder / "features.csv.gz", "--format", "csv", "--top", 1)
    assert again == out

    status, out, err = run("model-card", model, "--features", folder / "features.csv.gz", "--out", card)
    assert status == 0
    assert card.read_text(encoding="utf-8").startswith("<!doctype html>")
    status, out, _ = run("model-card", model, "--format", "json")
    assert json.loads(out)["record"]["seed"] == 0


def test_too_little_data_is_said_and_the_rule_speaks(run, folder, tmp_path):
    model = tmp_path / "risk.skops"
    status, _, err = run("train", folder / "few.csv", folder / "few_outcomes.csv", "--out", model)
    assert status == 0
    assert "Rules alone are used, no model." in err
    assert "The latest runs have 40 learners with an outcome; 100 are needed." in err
    status, out, _ = run("predict", model, folder / "few.csv", "--top", 1)
    assert status == 0
    assert "The rule says: look at this learner." in out


def test_wrong_input_ends_with_2_and_a_sentence_and_writes_nothing(run, folder, tmp_path):
    model = tmp_path / "risk.skops"
    tables = (folder / "features.parquet", folder / "outcomes.csv")
    for arguments, words in (
        (("train", folder / "absent.csv", folder / "outcomes.csv", "--out", model), "there is no such file"),
        (("train", folder / "outcomes.csv", folder / "outcomes.csv", "--out", model), "missing"),
        (("train", *tables, "--out", folder / "outcomes.csv"), "a file that is read"),
        (("predict", folder / "outcomes.csv", folder / "features.parquet"), "no model file"),
        (("model-card", folder / "features.parquet"), "no model file"),
        (("train", *tables, "--out", model, "--exclude", "nothing"), "no such column to leave out: 'nothing'"),
    ):
        status, out, err = run(*arguments)
        assert status == 2
        assert words in err
        assert "Traceback" not in err
        assert out == ""
    assert not model.exists()
    status, _, err = run("train", folder / "few.csv", folder / "few_outcomes.csv", "--out", tmp_path / "no" / "m.skops")
    assert status == 2
    assert "there is no such folder" in err, "before the training, not after it"


def test_a_folder_of_tables_is_one_table(run, folder, tmp_path):
    features, _ = cohort(learners=40)
    parts = tmp_path / "parts"
    parts.mkdir()
    status, _, err = run("train", parts, folder / "few_outcomes.csv", "--out", tmp_path / "m.skops")
    assert status == 2
    assert "the folder holds no table" in err
    for course, rows in features.groupby("course_key"):
        rows.to_parquet(parts / f"{course[-4:]}.parquet")
    status, _, err = run("train", parts, folder / "few_outcomes.csv", "--out", tmp_path / "m.skops")
    assert status == 0
    assert "120 rows of 40 learners in 3 course runs" in err


def test_tables_as_spreadsheets_of_the_region_write_them(run, folder, tmp_path):
    features, outcomes = cohort(learners=40)
    features.to_csv(tmp_path / "f.csv", index=False, sep=";", decimal=",")
    outcomes.assign(faculty="Физика").to_csv(tmp_path / "o.csv", index=False, sep=";", decimal=",", encoding="cp1251")
    features.to_csv(tmp_path / "plain.csv", index=False)
    printed = []
    for name, table in (("f.csv", tmp_path / "o.csv"), ("plain.csv", folder / "few_outcomes.csv")):
        status, out, err = run("train", tmp_path / name, table, "--out", tmp_path / "m.skops", "--json")
        assert status == 0, err
        printed.append(json.loads(out)["record"])
    assert printed[0]["profiles"] == printed[1]["profiles"]
    assert printed[0]["data"]["positives"] == printed[1]["data"]["positives"]


def test_broken_tables_are_errors_in_words(run, tmp_path, folder):
    for name, content in (
        ("a.parquet", b"PAR1 not really"),
        ("b.csv", b"\xff\xfe\x00"),
        ("c.csv.gz", b"no gzip"),
        ("d.csv", b""),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        status, _, err = run("train", path, folder / "outcomes.csv", "--out", tmp_path / "m.skops")
        assert status == 2
        assert name in err
        assert "Traceback" not in err


@pytest.mark.parametrize("name", ["train", "predict", "model-card"])
@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_help_works_in_every_language(run, name, lang):
    status, out, _ = run(name, "--help", "--lang", lang)
    assert status == 0
    assert "--lang" in out
