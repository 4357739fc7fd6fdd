"""Help, version, languages and the arguments that every command refuses."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from smartpd_analytics import cli
from smartpd_analytics.reports.account import IGNORED, QUARANTINED
from smartpd_analytics.store import LEFT_OUT_REASONS
from smartpd_analytics.tracking import IGNORED_REASONS, QUARANTINE_REASONS


def test_the_language_of_the_system_is_used(run, log, monkeypatch):
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert "слушател" in run("recommend", log)[1]


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


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "'click' is not installed"), ("ru", "«click» не установлен"), ("uz", "«click» oʻrnatilmagan")],
)
def test_without_the_extra_one_line_says_what_to_install(lang, words):
    blocked = "import sys; sys.modules['click'] = None; from smartpd_analytics.cli import main; main()"
    command = [sys.executable, "-X", "utf8", "-c", blocked, "recommend", "x", "--lang", lang]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"smartpd: {words}")
    assert "pip install 'openedx-smartpd[pipeline]'" in done.stderr


def test_every_reason_for_not_taking_a_line_has_words():
    assert set(IGNORED) == {*IGNORED_REASONS, *LEFT_OUT_REASONS}
    assert set(QUARANTINED) == set(QUARANTINE_REASONS)


def test_the_catalogues_are_complete():
    for lang in ("ru", "uz"):
        folder = Path(cli.__file__).parent.parent / "locale" / lang / "LC_MESSAGES"
        assert (folder / "smartpd_analytics.mo").is_file()
        assert 'msgstr ""\n\n' not in (folder / "smartpd_analytics.po").read_text(encoding="utf-8")
