"""The command line as a person calls it, in surroundings without a language, and a small log."""

import gettext
import io
import sys

import pytest
from smartpd_analytics import cli

from tests.analytics.cli.small_log import small_log


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


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "tracking.log"
    path.write_text("\n".join(small_log()) + "\n", encoding="utf-8")
    return path
