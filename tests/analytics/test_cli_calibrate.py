"""``smartpd calibrate``: what it prints and writes, and its exit status."""

import io
import random
import sys
from math import exp

import pytest
from smartpd_analytics import cli
from smartpd_analytics.api import read_item_bank


@pytest.fixture
def run(monkeypatch, capsys):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "")

    def smartpd(*arguments):
        monkeypatch.setattr(sys, "argv", ["smartpd", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return smartpd


@pytest.fixture
def responses(tmp_path):
    draws = random.Random(4)  # noqa: S311
    lines = ["learner,easy,=middle,hard,same"]
    for number in range(300):
        ability = draws.gauss(0, 1)
        scores = [int(draws.random() < 1 / (1 + exp(1.3 * (b - ability)))) for b in (-1, 0, 1)]
        lines.append(f"learner{number}," + ",".join(map(str, scores)) + ",1")
    path = tmp_path / "responses.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_table_and_the_bank(run, responses, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("item,area\neasy,A\nhard,B\n", encoding="utf-8")
    bank_file = tmp_path / "our bank.json"
    status, out, err = run("calibrate", responses, "--areas", areas, "--out", bank_file)
    assert status == 0
    assert "2PL: 300 learners, 8 different patterns of answers" in out
    assert "Converged after" in out
    assert "  same: left out: all answers are the same" in out
    assert "imulated" not in out
    assert f"Written: {bank_file}" in err
    bank = read_item_bank(bank_file)
    assert (bank.id, bank.model, bank.simulated) == ("our-bank", "2pl", False)
    assert [(item.item_id, item.area_id) for item in bank.items] == [("easy", "A"), ("=middle", ""), ("hard", "B")]
    assert bank.items[0].difficulty < bank.items[1].difficulty < bank.items[2].difficulty


def test_simulated_answers_say_so_on_screen_and_in_the_file(run, responses, tmp_path):
    text = responses.read_text(encoding="utf-8").replace("learner7,", "simulated-000007,")
    responses.write_text(text, encoding="utf-8")
    status, out, _err = run("calibrate", responses, "--model", "1pl", "--out", tmp_path / "bank.json", "--id", "own")
    assert status == 0
    assert out.startswith("Simulated data: ")
    bank = read_item_bank(tmp_path / "bank.json")
    assert (bank.id, bank.simulated, len({item.discrimination for item in bank.items})) == ("own", True, 1)


def test_errors_are_one_line_with_their_place_and_status_2(run, responses, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("q1,q2,q3\n1,0,1\n1,x,0\n", encoding="utf-8")
    for arguments, said in (
        ((tmp_path / "none.csv",), "cannot be read"),
        ((bad,), f"{bad}:3: column 'q2': 'x' is no score"),
        ((responses, "--out", responses), "--out names a file that is read"),
        ((responses, "--areas", bad), "there is no column 'item'"),
        ((responses, "--out", tmp_path / "no" / "bank.json"), "there is no such folder"),
    ):
        status, out, err = run("calibrate", *arguments)
        assert (status, "Traceback" in err) == (2, False)
        assert said in err
        assert out == ""


@pytest.mark.parametrize("lang", ["ru", "uz"])
def test_it_speaks_the_other_languages_where_numbers_have_a_comma(run, responses, lang):
    status, out, _err = run("calibrate", responses, "--lang", lang)
    assert status == 0
    assert ",00 (" in out or "0,0" in out


def test_reliability_by_area(run, responses, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("item,area\neasy,A\nhard,A\n", encoding="utf-8")
    status, out, _err = run("reliability", responses, "--areas", areas)
    assert status == 0
    assert "All items: 4 items, 300 learners, 0 left out" in out
    assert "Area A: 2 items" in out
    status, out, err = run("reliability", responses, "--out", tmp_path / "report.txt", "--lang", "ru")
    assert (status, out) == (0, "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").count("easy") == 1
    status, _out, err = run("reliability", tmp_path / "none.csv")
    assert status == 2
    assert "cannot be read" in err
