"""The command line: what it prints, where, and with which exit status."""

import csv
import gettext
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from smartpd_analytics import cli, pipeline
from smartpd_analytics.reports.account import IGNORED, QUARANTINED
from smartpd_analytics.store import LEFT_OUT_REASONS
from smartpd_analytics.tracking import IGNORED_REASONS, QUARANTINE_REASONS

from tests.analytics.features.raw_lines import COURSE, checks, enrols, key, line, opens, plays, teaches

SMARTPD = [sys.executable, "-c", "from smartpd_analytics.cli import main; main()"]


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch):
    """The command sets the language of its process; a test gives it back."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "")
    domain = gettext.textdomain()
    yield
    gettext.textdomain(domain)


@pytest.fixture
def run(monkeypatch, capsys):
    def smartpd(*arguments: object, stdin: bytes = b""):
        monkeypatch.setattr(sys, "argv", ["smartpd", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return smartpd


def small_log() -> list[str]:
    return [
        enrols("ona"),
        enrols("bek"),
        enrols("lola"),
        opens("ona", "u1", 1),
        plays("ona", "v1", 2),
        *(checks("ona", "p1", False, minute, title="Shifr [bold]") for minute in (4, 6, 8)),
        opens("bek", "u1", 3),
        checks("bek", "p1", True, 5, title="Shifr [bold]"),
        enrols("bek", 60, leaves=True),
        teaches("boss", 1),
    ]


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "tracking.log"
    path.write_text("\n".join(small_log()) + "\n", encoding="utf-8")
    return path


# --- text -------------------------------------------------------------------------------------


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


def test_the_language_of_the_system_is_used(run, log, monkeypatch):
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert "слушател" in run("recommend", log)[1]


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


# --- JSON and CSV -----------------------------------------------------------------------------


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


# --- choosing ---------------------------------------------------------------------------------


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


# --- bad input --------------------------------------------------------------------------------


def test_broken_lines_are_named_and_the_rest_goes_on(run, log):
    log.write_text(log.read_text() + '{"event_type": "x", "ti\nno json at all\n', encoding="utf-8")
    status, out, err = run("recommend", log)
    assert (status, "ona" in out) == (0, True)
    assert "2 quarantined" in err
    assert re.search(r"tracking\.log:13: .*cut off", err)
    assert re.search(r"tracking\.log:14: no JSON", err)
    assert err.endswith("2 warnings\n")
    document = json.loads(run("recommend", log, "--format", "json")[1])
    assert [(each["line"], each["reason"]) for each in document["quarantine"]] == [(13, "truncated"), (14, "not_json")]
    assert document["warnings"] == 2


def test_only_the_first_broken_lines_are_on_screen(run, log):
    log.write_text(log.read_text() + "broken\n" * 25, encoding="utf-8")
    _, _, err = run("recommend", log)
    assert len(re.findall(r"tracking\.log:\d+:", err)) == 20
    assert "… and 5 more lines" in err
    assert len(json.loads(run("recommend", log, "--format", "json")[1])["quarantine"]) == 25


def test_a_missing_file_beside_a_good_one_is_a_warning(run, log, tmp_path):
    status, out, err = run("recommend", tmp_path / "gone.log", log)
    assert (status, "ona" in out) == (0, True)
    assert "gone.log" in err
    assert err.endswith("1 warning\n")


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\xff" * 500, b"just\nsome\ntext\n"])
@pytest.mark.parametrize("output_format", ["table", "json"])
def test_nothing_that_can_be_read_ends_with_2(run, tmp_path, content, output_format):
    path = tmp_path / "some.log"
    if content is not None:
        path.write_bytes(content)
    status, out, err = run("recommend", path, "--format", output_format)
    assert status == 2
    assert "Nothing could be read" in err
    assert "some.log" in err
    assert (json.loads(out)["learners"] == []) if output_format == "json" else (out == "")


def test_problems_of_the_course_map_are_named(run, log, tmp_path):
    course_map = tmp_path / "map.csv"
    course_map.write_text(f"usage_key,title,minutes\n{key('vertical', 'u1')},Kirish,soon\n", encoding="utf-8")
    status, out, err = run("recommend", log, "--course-map", course_map)
    assert (status, "Kirish" in out) == (0, True)
    assert re.search(r"Course map: map\.csv:2: .*minutes", err)


def test_a_map_of_another_course_is_a_warning(run, log, tmp_path):
    course_map = tmp_path / "map.csv"
    course_map.write_text("usage_key,title\nblock-v1:X+Y+Z+type@vertical+block@u1,One\n", encoding="utf-8")
    assert "none of its keys is in these logs" in run("recommend", log, "--course-map", course_map)[2]


def test_a_map_that_cannot_be_used_ends_with_2(run, log, tmp_path):
    status, out, err = run("recommend", log, "--course-map", tmp_path / "none.yaml")
    assert (status, out) == (2, "")
    assert "none.yaml" in err


@pytest.mark.parametrize(
    "arguments", [["recommend"], ["recommend", "x", "--format", "xml"], ["fly"], ["recommend", "--no"]]
)
def test_wrong_arguments_end_with_2_and_no_traceback(run, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "Error:" in err
    assert "Traceback" not in err


def test_help_comes_in_three_languages(run):
    texts = {run("recommend", "--help", "--lang", lang)[1] for lang in ("en", "ru", "uz")}
    assert len(texts) == 3
    for text in texts:
        assert {"--format", "--course", "--learner", "--lang", "--out", "--course-map"} <= set(
            re.findall(r"--[a-z-]+", text)
        )


def test_the_version_is_printed(run):
    status, out, _ = run("--version")
    assert (status, out.startswith("smartpd, version ")) == (0, True)


# --- streams and files ------------------------------------------------------------------------


def test_standard_input(run, log):
    assert run("recommend", "-", stdin=log.read_bytes())[1] == run("recommend", log)[1]


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
def test_a_file_gets_what_the_screen_would_show(run, log, tmp_path, output_format):
    target = tmp_path / "out.txt"
    target.write_text("old")
    _, shown, _ = run("recommend", log, "--format", output_format)
    status, out, err = run("recommend", log, "--format", output_format, "--out", target)
    assert (status, out) == (0, "")
    assert str(target) in err
    assert target.read_text(encoding="utf-8") == shown
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.txt", "tracking.log"]


def test_a_file_keeps_its_mode(run, log, tmp_path):
    target = tmp_path / "out.txt"
    target.touch(mode=0o640)
    run("recommend", log, "--out", target)
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_failed_run_leaves_the_old_file(run, tmp_path):
    target = tmp_path / "out.json"
    target.write_text("old")
    status, _, _ = run("recommend", tmp_path / "gone.log", "--format", "json", "--out", target)
    assert (status, target.read_text()) == (2, "old")


def test_a_place_that_cannot_be_written_is_named(run, log, tmp_path):
    status, out, err = run("recommend", log, "--out", tmp_path / "no" / "such" / "file")
    assert (status, out) == (2, "")
    assert "cannot be written" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["n" * 300, "a\0b"])
def test_a_name_that_no_file_can_have_is_one_source_that_cannot_be_read(run, log, tmp_path, name):
    out = tmp_path / "out.txt"
    out.write_text("old")
    status, _, err = run("recommend", log, tmp_path / name, "--out", out)
    assert status == 0
    assert "Try again" in out.read_text()
    assert "1 warning" in err


def test_an_interrupted_write_leaves_the_old_file(run, log, tmp_path, monkeypatch):
    target = tmp_path / "out.txt"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    status, _, err = run("recommend", log, "--out", target)
    assert (status, target.read_text()) == (2, "old")
    assert "No space left on device" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.txt", "tracking.log"]


def test_ctrl_c_ends_cleanly(run, log, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "recommend_from_logs", interrupted)
    status, out, err = run("recommend", log)
    assert (status, out) == (130, "")
    assert err.strip() == "Stopped; nothing was written."


def test_a_reader_that_stops_early_is_no_error(log):
    many = "\n".join(checks(f"learner{number}", "p1", False, number) for number in range(300))
    log.write_text(many, encoding="utf-8")
    with subprocess.Popen([*SMARTPD, "recommend", str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait() == 0
    assert "Traceback" not in err
    assert err.endswith("0 warnings\n")


def test_without_the_extra_one_line_says_what_to_install():
    blocked = "import sys; sys.modules['click'] = None; from smartpd_analytics.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "recommend", "x"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "pip install 'openedx-smartpd[pipeline]'" in done.stderr


def test_every_reason_for_not_taking_a_line_has_words():
    assert set(IGNORED) == {*IGNORED_REASONS, *LEFT_OUT_REASONS}
    assert set(QUARANTINED) == set(QUARANTINE_REASONS)


def test_the_catalogues_are_complete():
    for lang in ("ru", "uz"):
        folder = Path(cli.__file__).parent.parent / "locale" / lang / "LC_MESSAGES"
        assert (folder / "smartpd_analytics.mo").is_file()
        assert 'msgstr ""\n\n' not in (folder / "smartpd_analytics.po").read_text(encoding="utf-8")


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


def test_a_file_that_is_read_is_never_written_over(run, log, tmp_path):
    before = log.read_bytes()
    same = tmp_path / "other-name.log"
    same.symlink_to(log)
    status, out, err = run("recommend", log, "--out", same)
    assert (status, out) == (2, "")
    assert "--out names a file that is read" in err
    assert log.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_full_disk_is_no_traceback(log, stream):
    with Path("/dev/full").open("w") as full:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {stream: full}
        done = subprocess.run([*SMARTPD, "recommend", str(log)], **streams, check=False)
    assert b"Traceback" not in (done.stdout or b"") + (done.stderr or b"")
    if stream == "stdout":
        assert done.returncode == 2
        assert b"No space left" in done.stderr


def test_standard_input_that_is_closed_is_said(run, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["smartpd", "recommend", "-"])
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2


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
