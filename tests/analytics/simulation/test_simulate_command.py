"""``smartpd simulate``: what it prints, its exit status, and no traceback."""

import json

from smartpd_analytics.cli._run import run


def test_a_cohort_and_its_summary(tmp_path, capsys):
    out = tmp_path / "sim"
    assert run(["simulate", "--out", str(out), "--learners", "4", "--weeks", "2", "--json", "--lang", "en"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["simulated"] is True
    assert summary["learners"] == 8
    assert {path.name for path in out.iterdir()} >= {"logs", "truth.json", "outcomes.csv", "pairs.csv", "README.txt"}


def test_a_folder_that_is_not_empty_is_said(tmp_path, capsys):
    (tmp_path / "x").write_text("x")
    assert run(["simulate", "--out", str(tmp_path), "--lang", "en"]) == 2
    assert "new or empty" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert run(["simulate", "--out", str(tmp_path / "file" / "sim"), "--learners", "1", "--lang", "en"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_learners_and_lines_exclude_each_other(tmp_path, capsys):
    assert run(["simulate", "--out", str(tmp_path / "s"), "--learners", "1", "--lines", "1", "--lang", "en"]) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_a_share_that_is_no_number_is_said(tmp_path, capsys):
    assert run(["simulate", "--out", str(tmp_path / "s"), "--habit", "steady=much", "--lang", "en"]) == 2
    assert "steady=0.5" in capsys.readouterr().err
