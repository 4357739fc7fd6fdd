"""``smartpd recommend``: what it prints as text, JSON and CSV, and for whom."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from smartpd_analytics import cli

from tests.analytics.cli.small_log import small_log
from tests.analytics.features.raw_lines import COURSE, checks, enrols, key, line, opens, rates


def test_a_log_without_enrolments_does_not_claim_that_nobody_is_enrolled(run, tmp_path):
    path = tmp_path / "tracking.log"
    path.write_text("\n".join(text for text in small_log() if "enrollment" not in text), encoding="utf-8")
    _, out, _ = run("recommend", path)
    assert "2 learners, enrolments unknown · 1 of staff left out" in out
    _, out, _ = run("recommend", path, "--format", "json")
    course = json.loads(out)["courses"][0]
    assert (course["enrolled"], course["enrolment_unknown"]) == (None, 2)


def test_the_table_tells_activity_and_actions_with_reasons(run, log):
    status, out, err = run("recommend", log)
    assert status == 0
    assert COURSE in out
    assert "3 learners, 2 enrolled · 1 of staff left out" in out
    assert "Answers: 0 right, 3 wrong; 0 of 1 problems tried are solved" in out
    assert "Fails: Shifr [bold] (3 wrong answers in a row)" in out
    assert "1. Try again: Shifr [bold]" in out
    assert f"     /courses/{COURSE}/jump_to/{key('problem', 'p1')}\n" in out
    assert "Has left the course, so there is nothing to recommend." in out
    assert "Enrolled, but not seen in the course" in out
    assert "boss" not in out
    assert err.endswith("0 warnings\n")


def test_text_is_at_most_80_columns_wide_but_for_links(run, log):
    _, out, _ = run("recommend", log)
    assert max(len(row) for row in out.splitlines() if "/jump_to/" not in row) <= 80


@pytest.mark.parametrize(("lang", "words"), [("ru", "Попробовать снова"), ("uz", "Qayta urinish"), ("en", "Try again")])
def test_words_come_in_three_languages(run, log, lang, words):
    _, out, err = run("recommend", log, "--lang", lang)
    assert words in out
    assert {"ru": "предупреждений", "uz": "ogohlantirish", "en": "warnings"}[lang] in err


def test_names_cannot_steer_the_terminal(run, tmp_path):
    path = tmp_path / "t.log"
    path.write_text("\n".join([opens("\x1b[2Jevil", "u1", 0), checks("\x1b[2Jevil", "p1", False, 1, title="a\x9bb")]))
    _, out, _ = run("recommend", path)
    assert "evil" in out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)


def test_a_log_without_learning_says_so(run, tmp_path):
    path = tmp_path / "t.log"
    path.write_text(line("edx.user.login", {"user_id": 1}, "", minutes=0, course_id="") + "\n")
    status, out, err = run("recommend", path)
    assert status == 0
    assert "nobody to advise" in out
    assert "Lines read: 1 = 0 accepted + 0 duplicate + 1 ignored + 0 quarantined" in err


def no_nan(name):
    raise AssertionError(f"{name} in JSON")


def test_json_is_one_object(run, log):
    status, out, err = run("recommend", log, "--format", "json", "--lang", "uz")
    assert (status, err) == (0, "")
    document = json.loads(out, parse_constant=no_nan)
    lines = document["lines"]
    assert lines["read"] == 12
    assert lines["read"] == lines["accepted"] + lines["duplicate"] + lines["ignored"] + lines["quarantined"]
    assert document["warnings"] == 0
    assert document["courses"][0] | {"right": 1, "wrong": 3, "learners": 3, "enrolled": 2} == document["courses"][0]
    ona = next(each for each in document["learners"] if each["learner"] == "ona")
    assert {"learner", "course", "activity", "competencies", "actions"} <= set(ona)
    assert ona["activity"]["failing"] == [
        {
            "target": key("problem", "p1"),
            "title": "Shifr [bold]",
            "wrong_in_a_row": 3,
            "attempts_used": 1,
            "attempts_allowed": None,
            "closed": False,
        }
    ]
    action = ona["actions"][0]
    assert (action["rank"], action["kind"], action["target"]) == (1, "retry", key("problem", "p1"))
    assert action["first"] == key("video", "v1")
    assert "Shifr [bold]" in action["reason"]
    assert "3 marta" in action["reason"]
    assert isinstance(action["minutes"], int)


def test_two_runs_write_the_same_bytes(run, log):
    for output_format in ("table", "json", "csv"):
        assert run("recommend", log, "--format", output_format) == run("recommend", log, "--format", output_format)


def test_csv_has_a_row_for_each_action_or_learner(run, log):
    _, out, _ = run("recommend", log, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    ranks = {}
    for row in rows:
        ranks.setdefault(row["learner"], []).append(row["rank"])
    assert ranks["bek"] == [""]
    assert ranks["ona"][0] == "1"
    assert next(row for row in rows if row["learner"] == "bek")["enrolled"] == "no"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_csv_cells_are_no_formulas(run, tmp_path, start):
    name = f"{start}HYPERLINK(1)"
    path = tmp_path / "t.log"
    path.write_text(
        "\n".join([opens(name, "u1", 0), checks(name, "p1", False, 1), checks(name, "p1", False, 2, title=name)])
    )
    _, out, _ = run("recommend", path, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[0]["learner"] == f"'{name}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(start)]


def test_one_learner(run, log):
    _, out, _ = run("recommend", log, "--learner", "ona", "--learner", "bek")
    assert "ona" in out
    assert "lola" not in out


def test_an_unknown_name_beside_a_known_one_is_a_warning(run, log):
    status, out, err = run("recommend", log, "--learner", "ona", "--learner", "who")
    assert (status, "ona" in out) == (0, True)
    assert "There is no learner who here. There are: bek, lola, ona" in err
    assert err.endswith("1 warning\n")


@pytest.mark.parametrize("option", [("--learner", "who"), ("--course", "course-v1:No+Such+One")])
def test_only_unknown_names_fail_and_name_what_there_is(run, log, option):
    status, out, err = run("recommend", log, *option)
    assert (status, out) == (2, "")
    assert option[1] in err
    assert ("bek, lola, ona" if option[0] == "--learner" else COURSE) in err


def test_long_lists_are_cut_on_screen_only(run, tmp_path):
    path = tmp_path / "t.log"
    path.write_text(
        "\n".join(checks("ona", f"p{number}", False, number + turn / 9) for number in range(8) for turn in (0, 1))
    )
    _, out, _ = run("recommend", path)
    assert out.count("Fails:") == 5
    assert "… and 3 more" in out
    (learner,) = json.loads(run("recommend", path, "--format", "json")[1])["learners"]
    assert len(learner["activity"]["failing"]) == 8


@pytest.mark.parametrize("output_format", ["json", "csv"])
def test_no_format_steers_the_terminal(run, tmp_path, output_format):
    log = tmp_path / "tracking.log"
    log.write_text(enrols("be\u009b2Jk\u202e\u2028x") + "\n", encoding="utf-8")
    _status, out, _err = run("recommend", log, "--format", output_format)
    assert not set("\u009b\u202e\u2028") & set(out)
    if output_format == "json":
        assert json.loads(out)["learners"][0]["learner"] == "be\u009b2Jk\u202e\u2028x"


def test_rules_of_ones_own_are_tried_on_a_log(run, tmp_path):
    bundled = (Path(cli.__file__).parent.parent / "expert" / "data" / "rules.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(bundled, encoding="utf-8")
    log = tmp_path / "t.log"
    log.write_text("\n".join(checks("ona", f"p{number}", False, number) for number in range(4)), encoding="utf-8")
    same = run("recommend", log, "--rules", mine, "--format", "json")
    assert same == run("recommend", log, "--format", "json")
    mine.write_text("rules: [", encoding="utf-8")
    code, _out, err = run("recommend", log, "--rules", mine)
    assert code == 2
    assert "mine.yaml:1" in err


@pytest.fixture
def estimated(tmp_path):
    """A log and a course map by which one learner has estimates: one from two sources, one from each alone."""
    log, course_map = tmp_path / "t.log", tmp_path / "map.csv"
    answers = [checks("ona", f"p{number}", right, 3 + number, unit="u1") for number, right in enumerate((True, False))]
    lines = [opens("ona", "u1", 0), rates("ona", "i2_1", "4", 1), rates("ona", "i3_2", "0", 2), *answers]
    log.write_text("\n".join([*lines, checks("ona", "p9", True, 9, unit="u2")]), encoding="utf-8")
    rows = [f"{key('vertical', unit)},{competency}" for unit, competency in (("u1", "2.1"), ("u2", "1.1"))]
    course_map.write_text("\n".join(["usage_key,competencies", *rows]), encoding="utf-8")
    return log, "--course-map", course_map


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [
        (
            "en",
            "(from 1 answer: problems in the course)",
            "(from 3 answers: self-assessment 1, problems in the course 2)",
        ),
        ("ru", "(по 1 ответу: задания курса)", "(по 3 ответам: самооценка 1, задания курса 2)"),
        ("uz", "(1 ta javob asosida: kurs topshiriqlari)", "asosida: oʻzini oʻzi baholash 1, kurs topshiriqlari 2)"),
    ],
)
def test_the_table_names_the_sources_of_an_estimate(run, estimated, lang, one, two):
    out = " ".join(run("recommend", *estimated, "--lang", lang)[1].split())
    assert f"67% {one}" in out
    assert two in out


def test_json_names_the_sources_of_an_estimate(run, estimated):
    (learner,) = json.loads(run("recommend", *estimated, "--format", "json")[1])["learners"]
    found = {each["competency"]: each for each in learner["competencies"]}
    assert list(found) == ["1.1", "2.1", "3.2"]
    assert [part["source"] for part in found["3.2"]["sources"]] == ["self_assessment"]
    (only,) = found["1.1"]["sources"]
    assert {**only, "source": None} == {name: found["1.1"].get(name) for name in only}
    both = found["2.1"]["sources"]
    assert [(part["source"], part["answers"]) for part in both] == [("self_assessment", 1), ("problems", 2)]
    assert [part["share"] for part in both] == [1.0, 0.5]
    assert found["2.1"]["answers"] == 3
    assert 0.5 < found["2.1"]["share"] < 1
    assert found["2.1"]["standard_error"] < min(part["standard_error"] for part in both)


def test_csv_names_the_sources_of_an_estimate_in_columns_at_the_end(run, estimated):
    _, out, _ = run("recommend", *estimated, "--format", "csv")
    header, row, *_ = csv.reader(io.StringIO(out))
    assert header[-3:] == ["first_title", "competencies", "competency_sources"]
    shares, sources = row[-2:]
    assert re.fullmatch(r"1\.1=0\.6667; 2\.1=0\.\d{4}; 3\.2=0\.0000", shares)
    assert sources == "1.1=problems 1; 2.1=self_assessment 1, problems 2; 3.2=self_assessment 1"


def test_csv_of_a_learner_without_estimates_leaves_the_cells_empty(run, log):
    rows = list(csv.DictReader(io.StringIO(run("recommend", log, "--format", "csv")[1])))
    assert {(row["competencies"], row["competency_sources"]) for row in rows} == {("", "")}
