"""Standard input and output, files that are written whole, and what ends a run early."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from smartpd_analytics import cli, pipeline

from tests.analytics.cli.small_log import SMARTPD
from tests.analytics.features.raw_lines import checks


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
    places = {
        tmp_path / "no" / "such" / "file": "there is no such folder",
        tmp_path: "--out names a folder",
        Path("/proc/advice.txt"): "cannot be written",
        tmp_path / ("n" * 300): "File name too long",
    }
    for place, said in places.items():
        status, out, err = run("recommend", log, "--out", place)
        assert (status, out) == (2, "")
        assert said in err
        assert "Lines read" not in err, "it is said before the work"


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
@pytest.mark.parametrize("command", [["recommend"], ["instruments", "list", "--format", "json"]])
def test_standard_output_can_be_named(run, log, name, command):
    asked = [*command, log] if command == ["recommend"] else command
    assert run(*asked, "--out", name)[:2] == run(*asked)[:2]


def test_a_device_is_no_log(run, log):
    status, out, err = run("recommend", "/dev/zero", log)
    assert (status, "ona" in out) == (0, True)
    assert "/dev/zero: this is no file, folder or pipe" in err
    assert err.endswith("1 warning\n")


@pytest.mark.parametrize("filled", [True, False])
def test_a_pipe_with_a_name_is_read_where_somebody_fills_it(run, log, tmp_path, monkeypatch, filled):
    monkeypatch.setattr("smartpd_analytics.sources._places.WAIT_FOR_WRITER", 60 if filled else 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=lambda: filled and pipe.write_bytes(log.read_bytes()))
    writing.start()
    status, out, err = run("recommend", pipe)
    writing.join()
    assert (status, "ona" in out) == ((0, True) if filled else (2, False))
    assert ("nobody has opened this pipe" in err) is not filled


def test_a_pipe_can_be_written_to(run, log):
    read, written = os.pipe()
    with open(read, encoding="utf-8") as end:  # noqa: PTH123
        assert run("recommend", log, "--format", "csv", "--out", f"/dev/fd/{written}")[0] == 0
        os.close(written)
        assert end.read() == run("recommend", log, "--format", "csv")[1]


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
