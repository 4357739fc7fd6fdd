"""Every command and option stands in its section of docs/command-line.md; what pages tell people to type exists."""

import contextlib
import io
import os
import re
import shlex
from functools import cache
from pathlib import Path
from unittest import mock

import pytest
from smartpd_analytics.cli._run import run

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
PAGES = sorted(page for pattern in ("*.md", "docs/*.md", "demo/**/*.md") for page in ROOT.glob(pattern))
SECTION = re.compile(r"^## `smartpd ([a-z-]+)[^\n]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?:bash|sh|shell)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def helped(*name: str) -> str:
    english = mock.patch.dict(os.environ, LC_ALL="C")
    with english, contextlib.redirect_stdout(io.StringIO()) as out:
        assert run([*name, "--help"]) == 0
    return out.getvalue()


def commands() -> list[str]:
    return re.findall(r"^  ([a-z-]+)  ", helped().split("Commands:")[1], re.MULTILINE)


def options(*name: str) -> list[set[str]]:
    """The options of a command and of those below it; those on one line of its help are opposites of each other."""
    own, _, below = helped(*name).split("Options:")[1].partition("Commands:")
    lines = re.findall(r"^  ((?:-[a-z], )?--[a-z].*)", own, re.MULTILINE)
    found = [set(re.findall(r"--[a-z][a-z-]*", re.split(r"  |[A-Z]", line)[0])) for line in lines]
    for subcommand in re.findall(r"^  ([a-z-]+)  ", below, re.MULTILINE):
        found += options(*name, subcommand)
    return found


def lines(page: Path) -> list[str]:
    """Lines of code of a page, each continued line joined to the one before."""
    text = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines()]


TYPED = [
    (page.relative_to(ROOT), match.group(0))
    for page in PAGES
    for line in lines(page)
    if (match := re.search(r"(?<![\w./-])smartpd [a-z].*", line))
]


@pytest.mark.parametrize("name", commands())
def test_a_command_has_a_section_that_names_its_options(name):
    sections = dict(SECTION.findall(REFERENCE))
    assert name in sections
    named = set(re.findall(r"--[a-z][a-z-]*", sections[name]))
    assert [opposites for opposites in options(name) if not opposites & named and "--help" not in opposites] == []


def test_every_block_of_code_is_closed():
    for page in PAGES:
        fences = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
        # Opened, closed, opened, closed …: a language stands only where a block begins.
        assert len(fences) % 2 == 0, page
        assert set(fences[1::2]) <= {"```"}, page


@pytest.mark.parametrize(("page", "line"), TYPED, ids=lambda part: str(part)[:60])
def test_what_a_page_tells_people_to_type_exists(page, line):
    words = shlex.split(line.split(" | ")[0].split(" > ")[0].rstrip("; "), comments=True)
    assert words[1] in commands(), (page, line)
    typed = {word.split("=")[0] for word in words[2:] if word.startswith("--")}
    assert typed <= set().union(*options(words[1])), (page, line)
