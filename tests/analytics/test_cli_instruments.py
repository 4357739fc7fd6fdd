"""``smartpd instruments``: what people see, check, write out and take in, and the exit status."""

import json

import pytest
from smartpd_analytics.api import (
    instrument_ids,
    items_to_csv,
    load_framework,
    load_instrument,
    parse_instrument,
    read_framework,
    read_instrument,
)
from smartpd_analytics.cli._run import run

from tests.analytics.frameworks.own_files import FRAMEWORK, knowledge_test, needs_survey


@pytest.fixture
def smartpd(capfd, monkeypatch):
    """Exit status, standard output and error stream of ``smartpd instruments`` with the arguments."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments):
        status = run(["instruments", *map(str, arguments)])
        out, err = capfd.readouterr()
        return status, out, err

    return call


@pytest.fixture
def files(tmp_path):
    """A framework and a test for it, and a survey, as an institution has them."""

    def write(name, document):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    write("national.json", FRAMEWORK)
    write("test.json", knowledge_test())
    write("survey.yaml", json.dumps(needs_survey()))
    return tmp_path, write


def test_list_names_everything_that_is_bundled(smartpd):
    status, out, _ = smartpd("list")
    assert status == 0
    for instrument_id in instrument_ids():
        assert load_instrument(instrument_id).title["en"] in out
    status, out, _ = smartpd("list", "--format", "json", "--kind", "motivation")
    document = json.loads(out)
    assert [each["id"] for each in document["instruments"]] == ["learning_motivation"]
    assert document["frameworks"] == []
    _, out, _ = smartpd("list", "--lang", "uz")
    assert "motivatsiya soʻrovnomasi" in out


def test_validate_says_yes_with_what_it_has_seen(smartpd, files):
    folder, _ = files
    status, out, err = smartpd("validate", folder / "test.json", folder / "national.json", folder / "survey.yaml")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"{folder}/test.json: valid: knowledge test own_knowledge_test, version 1; items: 3; switched off: 0",
        f"{folder}/national.json: valid: framework national, version 2026; competencies: 3; levels: 3",
        f"{folder}/survey.yaml: valid: needs survey own_needs_survey, version 1; items: 6; switched off: 0",
    ]
    assert smartpd("validate", folder / "test.json", "--framework", folder / "national.json")[0] == 0


def test_validate_says_everything_that_is_wrong_and_leaves_with_2(smartpd, files):
    folder, write = files
    document = knowledge_test()
    document["items"][0]["competency"] = "Z"
    document["items"][1]["text"]["uz"] = ""
    broken = write("broken.json", json.dumps(document, indent=1))
    status, out, _ = smartpd("validate", folder / "national.json", broken, folder / "none.yaml")
    assert status == 2
    lines = out.splitlines()
    assert lines[0].startswith(f"{folder}/national.json: valid")
    assert "item 1 (one), competency: the framework 'national' has no 'Z' (accepted: A.1, A.2, B.1)" in lines[1]
    assert "item 2 (some), text, uz: there are no words here (accepted: non-empty words)" in lines[2]
    assert "the file cannot be read: No such file or directory" in lines[3]
    status, out, _ = smartpd("validate", folder / "national.json", broken, "--format", "json", "--lang", "ru")
    assert status == 2
    found = json.loads(out)
    assert (found["valid"], [each["valid"] for each in found["files"]]) == (False, [True, False])
    problems = found["files"][1]["problems"]
    assert [problem["path"] for problem in problems] == [["items", 0, "competency"], ["items", 1, "text", "uz"]]
    assert all(problem["line"] > 1 for problem in problems)
    assert "здесь нет текста" in problems[1]["problem"]


def test_validate_takes_tables(smartpd, files):
    folder, write = files
    own = read_instrument(folder / "test.json", read_framework(folder / "national.json"))
    table = items_to_csv(own, framework=read_framework(folder / "national.json"), delimiter=";")
    items = write("items.csv", table)
    into = ("--into", folder / "test.json", "--framework", folder / "national.json")
    assert smartpd("validate", items, *into)[0] == 0
    write("items.csv", table.replace("A.2 c", "A.9 c"))
    status, out, _ = smartpd("validate", items, *into)
    assert status == 2
    assert f"{items}:3: item 2 (some), competency: the framework 'national' has no 'A.9'" in out
    status, out, _ = smartpd("validate", items)
    assert status == 2
    assert "no instrument 'own_knowledge_test'" in out


@pytest.mark.parametrize("output_format", ["yaml", "json"])
@pytest.mark.parametrize("instrument_id", instrument_ids())
def test_what_is_exported_is_the_same_when_it_is_read(smartpd, tmp_path, instrument_id, output_format):
    out = tmp_path / f"out.{output_format}"
    assert smartpd("export", instrument_id, "--format", output_format, "--out", out)[0] == 0
    assert read_instrument(out) == load_instrument(instrument_id)


def test_frameworks_are_exported_and_taken_in(smartpd, tmp_path):
    _, out, _ = smartpd("export", "unesco_ict_cft", "--format", "json")
    path = tmp_path / "x.json"
    path.write_text(out, encoding="utf-8")
    assert read_framework(path) == load_framework("unesco_ict_cft")
    assert smartpd("import", path, "--out", tmp_path)[0] == 0
    assert read_framework(tmp_path / "unesco_ict_cft.yaml") == load_framework("unesco_ict_cft")
    status, _, err = smartpd("export", "unesco_ict_cft", "--format", "csv")
    assert (status, "is a framework (accepted: --format yaml or json)" in err) == (2, True)


@pytest.mark.parametrize("delimiter", ["comma", "semicolon", "tab"])
def test_items_go_to_a_spreadsheet_and_come_back_as_a_new_version(smartpd, tmp_path, delimiter):
    table, own = tmp_path / "items.csv", tmp_path / "own.yaml"
    smartpd("export", "digital_teaching_test", "--format", "csv", "--delimiter", delimiter, "--out", table)
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    changed = table.read_text(encoding="utf-8-sig").replace(
        "Which password is the hardest to guess?", "Which password?"
    )
    table.write_text(changed, encoding="utf-8")
    status, _, err = smartpd("import", table, "--out", own)
    assert status == 2
    assert "version 1 of 'digital_teaching_test' is published, and answers refer to it" in err
    assert not own.exists()
    assert smartpd("import", table, "--new-version", "2", "--out", own)[0] == 0
    read = read_instrument(own)
    assert (read.id, read.version, len(read.items)) == ("digital_teaching_test", "2", 66)
    assert any(item.text["en"] == "Which password?" for item in read.items)
    assert smartpd("import", table, "--new-id", "ours", "--new-version", "1", "--out", tmp_path)[0] == 0
    assert read_instrument(tmp_path / "ours.v1.yaml").cut_scores == read.cut_scores


def test_fewer_items_need_other_cut_scores(smartpd, files):
    folder, write = files
    framework = read_framework(folder / "national.json")
    own = read_instrument(folder / "test.json", framework)
    lines = items_to_csv(own, framework=framework).splitlines(keepends=True)
    items = write("items.csv", "".join(lines[:3]))
    given = (
        "import",
        items,
        "--into",
        folder / "test.json",
        "--framework",
        folder / "national.json",
        "--new-version",
        "2",
    )
    status, _, err = smartpd(*given, "--out", folder / "own.json")
    assert status == 2
    assert "cut_scores: 4 is more than all points together" in err
    assert smartpd(*given, "--cut-scores", "0, 1,3", "--out", folder / "own.json")[0] == 0
    assert read_instrument(folder / "own.json", framework).cut_scores == (0, 1, 3)
    status, _, err = smartpd(*given, "--cut-scores", "0,many,3", "--out", folder / "own.json")
    assert (status, "cut score 2: this is no whole number" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("export", "nobody"), "'nobody' is neither bundled nor a file"),
        (("export", "nobody.yaml"), "the file cannot be read"),
        (("export", "digital_teaching_test", "--version", "7"), "has no version '7'"),
        (("import", "{folder}/survey.yaml", "--out", "{folder}/own.txt"), "the ending of the file is not known"),
        (("import", "{folder}/survey.yaml", "--out", "{folder}/survey.yaml"), "--out names a file that is read"),
        (
            ("import", "{folder}/survey.yaml", "--into", "x", "--out", "{folder}/x.yaml"),
            "--into belongs to",
        ),
        (("import", "{folder}/national.json", "--new-id", "x", "--out", "{folder}/x.yaml"), "a framework keeps what"),
        (("import", "{folder}/test.json", "--out", "{folder}/x.yaml"), "no framework 'national' is bundled"),
        (("validate", "x.csv", "--into", "digcompedu"), "'digcompedu' is a framework (accepted: an instrument)"),
        (("validate",), "Missing argument"),
        (("lst",), "No such command 'lst'"),
        (("schema", "rule"), "'rule' is not one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(smartpd, files, arguments, problem):
    folder, _ = files
    status, out, err = smartpd(*(argument.format(folder=folder) for argument in arguments))
    assert status == 2
    assert problem in err
    assert "Traceback" not in out + err


def test_an_instrument_is_taken_in_under_its_own_name(smartpd, files):
    folder, _ = files
    assert smartpd("import", folder / "test.json", "--framework", folder / "national.json", "--out", folder)[0] == 0
    read = read_instrument(folder / "own_knowledge_test.v1.yaml", read_framework(folder / "national.json"))
    assert read == parse_instrument(knowledge_test(), framework=read_framework(folder / "national.json"))


def test_the_schemas_are_written(smartpd):
    for name in ("instrument", "framework"):
        status, out, _ = smartpd("schema", name)
        assert (status, json.loads(out)["$id"]) == (0, f"urn:openedx-smartpd:{name}:1")
