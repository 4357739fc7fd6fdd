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
        (("--out", "x.csv", "--day", "7"), "belong together"),
        (("--out", "x.csv", "--day", "7", "--runs", "missing.csv"), "missing.csv"),
        (("--out", "x.csv", "--day", "7", "--runs", "missing.csv", "--as-of", "2026-09-07"), "excludes"),
        (("--out", "x.csv", "--day", "7", "--runs", "missing.csv", "--tables", "site"), "all courses"),
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


def runs(folder, text):
    path = folder / "runs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_days_of_a_run_are_those_as_of_their_end(store, tmp_path, run):
    table = runs(tmp_path, f"course_key,learner,starts\n{COURSE},a,2026-09-06\n{COURSE},b,2026-09-06\n")
    status, said = run(
        "--store", store, "--out", tmp_path / "d.csv", "--day", 2, "--day", 3, "--day", 9, "--runs", table
    )
    assert status == 0
    assert f"{COURSE} has no day 9 yet" in said
    parts = []
    for day in ("2026-09-07", "2026-09-08"):
        run("--store", store, "--out", tmp_path / "one.csv", "--as-of", day)
        parts.append((tmp_path / "one.csv").read_text(encoding="utf-8").splitlines())
    head = parts[0][0]
    assert (tmp_path / "d.csv").read_text(encoding="utf-8").splitlines() == [head, *parts[0][1:], *parts[1][1:]]


def test_a_day_after_the_end_of_a_run_is_left_out(store, tmp_path):
    table = runs(tmp_path, f"course_key,starts,ends\n{COURSE},2026-09-06,2026-09-07\ncourse-v1:A+B+C,2026-09-06,\n")
    found = pipeline.day_features(store, table, [2, 3])
    assert found.not_reached == ((COURSE, 3),)
    assert found.tables["learners"].num_rows == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("course_key\nx\n", "columns are missing: 'starts'"),
        (f"course_key,starts\n{COURSE},soon\n", "'soon' is no day"),
        (f"course_key,starts\n{COURSE},2026-09-06\n{COURSE},2026-09-07\n", "different days"),
        ("course_key,starts\ncourse-v1:A+B+C,2026-09-06\n", "no course run of the store"),
        (f"course_key,starts\n{COURSE},2027-09-06\n", "no course run of the store"),
    ],
)
def test_a_table_of_runs_that_cannot_be_used_is_said(store, tmp_path, run, text, said):
    status, told = run("--store", store, "--out", tmp_path / "d.csv", "--day", 1, "--runs", runs(tmp_path, text))
    assert status == 2
    assert said in told
    assert "Traceback" not in told


def test_progress_of_several_days_is_one_bar(store, tmp_path):
    table = runs(tmp_path, f"course_key,starts\n{COURSE},2026-09-06\n")
    heard = []
    pipeline.day_features(store, table, [2, 3], progress=lambda *step: heard.append(step))
    assert [done for done, _ in heard] == list(range(1, len(heard) + 1))
    assert {total for _, total in heard} == {len(heard)}
