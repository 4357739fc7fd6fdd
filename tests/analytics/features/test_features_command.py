"""``smartpd features``: files by their ending, folders of tables, and what it says when something is wrong."""

import csv
import sys

import pyarrow.parquet as pq
import pytest
from smartpd_analytics import cli, pipeline
from smartpd_analytics.features import FEATURES

from tests.analytics.features.raw_lines import COURSE, checks, enrols, opens


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("features")
    lines = [enrols("ona"), opens("ona", "u1", 1), checks("ona", "p1", True, 2), opens("=bek", "u1", 3000)]
    (folder / "tracking.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pipeline.ingest([folder / "tracking.log"], folder / "store", options=pipeline.StoreOptions(identified=True))
    return folder / "store"


@pytest.fixture
def run(monkeypatch, capsys):
    def smartpd(*arguments: object):
        monkeypatch.setattr(sys, "argv", ["smartpd", "features", *map(str, arguments), "--lang", "en"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr().err

    return smartpd


def test_csv_that_no_spreadsheet_runs(store, tmp_path, run):
    out = tmp_path / "learners.csv"
    status, said = run("--store", store, "--out", out)
    assert (status, "(2 rows)" in said) == (0, True)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["learner"] for row in rows] == ["'=bek", "ona"]
    assert set(rows[0]) >= {feature.name for feature in FEATURES}
    assert (rows[1]["answers"], rows[1]["missed_share"]) == ("1", "")


def test_a_folder_of_tables_as_of_a_day(store, tmp_path, run):
    out = tmp_path / "tables"
    status, _ = run("--store", store, "--out", out, "--tables", "learners,units", "--as-of", "2026-09-07")
    assert status == 0
    assert sorted(path.name for path in out.iterdir()) == ["learners.parquet", "units.parquet"]
    assert pq.read_table(out / "learners.parquet")["learner"].to_pylist() == ["ona"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "x.xlsx"), "'.xlsx'"),
        (("--out", "x.csv", "--tables", "learners,items"), "several tables"),
        (("--out", "x.csv", "--tables", "pupils"), "'pupils'"),
        (("--out", "x.csv", "--tables", ","), "no table"),
        (("--out", "x.csv", "--course", "course-v1:A+B+C"), COURSE),
        (("--out", "x.csv", "--engine", "spark", "--state", "memory"), "DuckDB only"),
        (("--out", "x.csv", "--course-map", "missing.yaml"), "missing.yaml"),
    ],
)
def test_what_is_wrong_is_said(store, run, options, said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, told = run("--store", store, *options)
    assert status == 2
    assert said in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_not_written_over(store, run):
    before = sorted(path.name for path in store.rglob("*"))
    status, said = run("--store", store, "--out", store / "learners.csv")
    assert (status, "lies in the store" in said) == (2, True)
    assert sorted(path.name for path in store.rglob("*")) == before
