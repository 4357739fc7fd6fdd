"""What the page for analysts tells people to type runs, and prints what the page says that it prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "analysts.md"
BLOCK = re.compile(r"^```(bash)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Pseudonyms, decimal numbers, whole numbers with what follows them.
PART = re.compile(r"[0-9a-f]{16}|\d+\.\d+|\d+(?:%| points?)?|[^\d]+")


def steps():
    """(Commands, what they print) of the page; what prints nothing worth showing has an empty text."""
    found = []
    for bash, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if bash:
            found.append([text, ""])
        else:
            found[-1][1] += text
    # How to install is another test's matter.
    return found[1:]


def alike(said: str, printed: str) -> bool:
    """The same words; figures of a model as near as another key or another version of a library leaves them."""
    one, other = PART.findall(said), PART.findall(printed)
    return len(one) == len(other) and all(map(near, one, other))


def near(one: str, other: str) -> bool:
    if re.fullmatch(r"[0-9a-f]{16}", one):
        return len(other) == 16
    if re.fullmatch(r"\d+\.\d+", one) and re.fullmatch(r"\d+\.\d+", other):
        return abs(float(one) - float(other)) <= 0.05
    if re.fullmatch(r"\d+(%| points?)", one) and re.fullmatch(r"\d+(%| points?)", other):
        return abs(int(re.match(r"\d+", one)[0]) - int(re.match(r"\d+", other)[0])) <= 10
    return one == other


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The page walked from its top to its end: for each step its commands, what is said and what was printed."""
    where = tmp_path_factory.mktemp("analyst")
    env = {key: value for key, value in os.environ.items() if not key.startswith("SMARTPD_")}
    env |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    found = []
    for commands, said in steps():
        done = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=where, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (commands, done.stderr)
        found.append((commands, said, done.stdout + done.stderr))
    return where, found


def test_every_command_runs_and_prints_what_the_page_says(walked):
    _, found = walked
    assert sum(bool(said) for _, said, _ in found) > 5
    for commands, said, printed in found:
        lines = printed.splitlines()
        missing = [line for line in said.splitlines() if not any(alike(line, each) for each in lines)]
        assert missing == [], (commands, printed)


def test_the_way_ends_in_a_card_of_a_model_and_a_report(walked):
    where, _ = walked
    card = (where / "card.html").read_text(encoding="utf-8")
    for words in ("Calibration", "Groups of learners", "Change since training", "Калибровка"):
        assert words in card
    assert "Hedges" in (where / "report" / "evaluation.html").read_text(encoding="utf-8")
    assert {path.name for path in (where / "tables").iterdir()} >= {"site.parquet", "items.parquet"}
