"""``smartpd evaluate``: the files it writes, what it says, its exit status, and no traceback."""

import csv
import json
import re

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.evaluation import evaluate_file
from smartpd_analytics.reports.evaluation_files import evaluation_csv
from smartpd_analytics.reports.evaluation_page import evaluation_page
from smartpd_analytics.simulation import SimulationPlan, simulate

from .pair_files import learners, write_pairs

SCORES = [(40, 50), (55, 60), (62, 71), (30, 48), (71, 70), (48, 66), (50, 50)]


@pytest.fixture
def pairs(tmp_path):
    return write_pairs(tmp_path / "pairs.csv", "learner,competence_pre [0-88],competence_post", *learners(*SCORES))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort") / "sim"
    return simulate(SimulationPlan(learners=60, weeks=2, runs=1), folder).folder / "pairs.csv"


def test_three_files_and_a_line_for_each_measure(tmp_path, pairs, capsys):
    out = tmp_path / "deep" / "report"
    assert run(["evaluate", str(pairs), "--out", str(out), "--lang", "en"]) == 0
    assert {path.name for path in out.iterdir()} == {"evaluation.html", "evaluation.csv", "evaluation.json"}
    said = capsys.readouterr().err
    assert "Competence: 57.8% → 67.4% of the maximum, 7 learners" in said
    assert "Traceback" not in said


def test_csv_and_json_hold_the_same_figures_in_full(tmp_path, pairs):
    found = evaluate_file(pairs).scales[0].change
    assert run(["evaluate", str(pairs), "--out", str(tmp_path / "r")]) == 0
    with (tmp_path / "r" / "evaluation.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    record = json.loads((tmp_path / "r" / "evaluation.json").read_text(encoding="utf-8"))["scales"][0]
    for name in ("t", "p", "mean_before", "gain", "percent_after"):
        assert float(row[name]) == record["change"][name] == getattr(found, name)
    assert float(row["g_low"]) == record["change"]["g"]["low"] == found.g.low


def test_no_single_learner_is_in_the_files(tmp_path, pairs):
    assert run(["evaluate", str(pairs), "--out", str(tmp_path / "r")]) == 0
    for path in (tmp_path / "r").iterdir():
        assert "t001" not in path.read_text(encoding="utf-8")
    assert "percents" not in (tmp_path / "r" / "evaluation.json").read_text(encoding="utf-8")


def test_hidden_groups_have_no_figure_in_any_file(tmp_path):
    rows = [f"t{n},{'big' if n > 8 else 'small' if n > 5 else 'middle'},{n},{n + n % 4}" for n in range(1, 40)]
    path = write_pairs(tmp_path / "p.csv", "learner,group,c_pre,c_post", *rows)
    assert run(["evaluate", str(path), "--out", str(tmp_path / "r")]) == 0
    with (tmp_path / "r" / "evaluation.csv").open(encoding="utf-8", newline="") as stream:
        groups = {row["group"]: row for row in csv.DictReader(stream)}
    about = {"simulated", "scale", "measure", "group", "least", "most", "parts", "shown"}
    for name in ("small", "middle"):
        assert {column for column, value in groups[name].items() if value} == about
    assert groups["big"]["n"] == "31"


def test_the_same_file_gives_the_same_bytes(tmp_path, pairs):
    for name in ("one", "two"):
        assert run(["evaluate", str(pairs), "--out", str(tmp_path / name)]) == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_report_is_in_the_languages_asked_for(tmp_path, pairs):
    def languages(*options):
        assert run(["evaluate", str(pairs), "--out", str(tmp_path / "r"), *options]) == 0
        page = (tmp_path / "r" / "evaluation.html").read_text(encoding="utf-8")
        return re.findall(r'<main class="in-(\w+)"', page)

    assert languages("--lang", "uz") == ["uz", "en", "ru"]
    assert languages("--report-lang", "ru") == ["ru"]


def test_pictures_have_text_alternatives_with_the_figures(simulated):
    page = evaluation_page(evaluate_file(simulated), ["en"])
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(pictures) >= 6
    ids = []
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<title [^>]*>[^<]+</title><desc [^>]*>[^<]*\d[^<]*</desc>", picture)
        ids += re.findall(r'<title id="([^"]+)"', picture)
    assert len(set(ids)) == len(ids)


def test_simulated_data_is_labelled_in_every_output(tmp_path, simulated, capsys):
    assert run(["evaluate", str(simulated), "--out", str(tmp_path / "r"), "--lang", "en"]) == 0
    assert "Simulated data" in capsys.readouterr().err
    page = (tmp_path / "r" / "evaluation.html").read_text(encoding="utf-8")
    assert page.count('class="simulated"') == 3
    assert json.loads((tmp_path / "r" / "evaluation.json").read_text(encoding="utf-8"))["simulated"] is True
    with (tmp_path / "r" / "evaluation.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["simulated"] for row in csv.DictReader(stream)} == {"1"}


def test_real_data_carries_no_label(tmp_path, pairs):
    assert 'class="simulated"' not in evaluation_page(evaluate_file(pairs))


#: What would say why something changed.
CAUSE = re.compile(r"\b(caus|effective|improv|impact|thanks to|due to|led to|because of|result of)", re.IGNORECASE)


def test_no_word_of_cause(simulated):
    page = evaluation_page(evaluate_file(simulated), ["en"])
    assert not CAUSE.search(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    assert "There is no comparison group" in page


def test_names_from_the_file_cannot_become_markup_or_formulas(tmp_path):
    evil = "<b>=cmd()</b>"
    rows = [f"t{n},{evil if n % 2 else '=1+1'},{n},{n + n % 3}" for n in range(20)]
    found = evaluate_file(write_pairs(tmp_path / "p.csv", "learner,group,c_pre,c_post", *rows))
    assert "<b>" not in evaluation_page(found)
    assert "&lt;b&gt;=cmd()" in evaluation_page(found)
    assert "'=1+1" in evaluation_csv(found)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--min-group", "1"], "2 and more"),
        (["--confidence", "2"], "0.5 to 0.999"),
        (["--control", "waiting"], "no learner is in the arm"),
    ],
)
def test_wrong_options_are_said(tmp_path, pairs, capsys, options, words):
    assert run(["evaluate", str(pairs), "--out", str(tmp_path / "r"), "--lang", "en", *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path, pairs, capsys):
    assert run(["evaluate", str(pairs), "--out", str(pairs), "--lang", "en"]) == 2
    assert run(["evaluate", str(pairs), "--out", str(pairs / "r"), "--lang", "en"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_input_is_never_written_over(tmp_path, capsys):
    rows = learners(*SCORES)
    path = write_pairs(tmp_path / "evaluation.csv", "learner,c_pre,c_post", *rows)
    before = path.read_bytes()
    assert run(["evaluate", str(path), "--out", str(tmp_path), "--lang", "en"]) == 2
    assert path.read_bytes() == before
    assert "a file that is read" in capsys.readouterr().err


def test_a_cohort_with_a_comparison_group_is_described_with_care(tmp_path):
    rows = [f"t{n},{'course' if n % 2 else 'control'},{n},{n + 5 * (n % 2) + n % 3}" for n in range(40)]
    page = evaluation_page(evaluate_file(write_pairs(tmp_path / "p.csv", "learner,arm,c_pre,c_post", *rows)), ["en"])
    assert "Against the comparison group" in page
    assert "Unless chance decided" in page
    assert not CAUSE.search(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
