"""Every link of the documentation leads somewhere, and every command it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(page for pattern in ("*.md", "docs/**/*.md", "demo/**/*.md") for page in ROOT.glob(pattern))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        assert (page.parent / target.split("#")[0]).exists(), target


def test_the_readme_names_every_make_target():
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [target for target in targets if f"make {target}" not in readme] == []


def test_every_page_of_docs_is_reachable_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in ROOT.glob("docs/*.md")}
    assert {name for name in pages if f"docs/{name}" not in readme} == set()


def test_decision_records_are_numbered_without_gaps():
    numbers = [int(page.name[:4]) for page in sorted(ROOT.glob("docs/decisions/*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_pictures_are_those_that_are_taken_anew_and_small():
    from demo.pictures import PICTURES

    files = {path.name: path.stat().st_size for path in ROOT.glob("docs/pictures/*")}
    assert set(files) == {picture.file.name for picture in PICTURES}
    assert {name: size for name, size in files.items() if size > 100_000} == {}


def test_every_picture_stands_on_a_page():
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [path.name for path in ROOT.glob("docs/pictures/*") if f"pictures/{path.name}" not in pages] == []
