"""``smartpd recommend``: broken lines, missing files and maps that cannot be used are named."""

import json
import re

import pytest

from tests.analytics.features.raw_lines import key


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


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["u1"], ""),
        (
            ["u1", "zz"],
            "map.csv: not met in the logs: zz (line 3); a unit that nobody has opened yet, or a misspelt id",
        ),
        (["u1", *(f"z{n}" for n in range(7))], "z4 (line 7) and 2 more; units that nobody has opened yet"),
    ],
)
def test_ids_that_no_log_has_are_named_in_one_warning(run, log, tmp_path, ids, said):
    course_map = tmp_path / "map.csv"
    course_map.write_text("block_id,title\n" + "".join(f"{each},Title\n" for each in ids), encoding="utf-8")
    status, out, err = run("recommend", log, "--course-map", course_map)
    assert (status, said in err) == (0, True)
    assert err.endswith("1 warning\n" if said else "0 warnings\n")
    if "zz" in ids:
        assert "/jump_to_id/zz" in out, "the platform finds a block by its id"


@pytest.mark.parametrize("content", [None, b"- [", b"units: {a: 1}", "units: [{title: Поиск}]".encode("cp1251")])
def test_a_map_that_cannot_be_used_is_named_and_the_rest_goes_on(run, log, tmp_path, content):
    course_map = tmp_path / "none.yaml"
    if content is not None:
        course_map.write_bytes(content)
    status, out, err = run("recommend", log, "--course-map", course_map)
    assert status == 0
    assert "Try again" in out
    assert "Course map: none.yaml" in err
    assert "1 warning" in err


@pytest.mark.parametrize("name", ["n" * 300, "a\0b"])
def test_a_name_that_no_file_can_have_is_one_source_that_cannot_be_read(run, log, tmp_path, name):
    out = tmp_path / "out.txt"
    out.write_text("old")
    status, _, err = run("recommend", log, tmp_path / name, "--out", out)
    assert status == 0
    assert "Try again" in out.read_text()
    assert "1 warning" in err
