"""Every figure of the benchmarks stands in docs/benchmarks.md, under its command, with what it must reach."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "benchmarks").glob("bench_*.py"))


def figures(module: Path):
    """For each figure made in a module: a pattern of its name, what it must reach, its aim (None: computed), better."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Figure"):
            continue
        given = dict(zip(("name", "measured", "must", "aim", "unit"), node.args, strict=False))
        given |= {each.arg: each.value for each in node.keywords}
        yield pattern(given["name"]), number(given["must"]), number(given["aim"]), text(given.get("better"))


def pattern(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9]+" for part in node.values)
    return re.escape(node.value)


def number(node: ast.expr) -> float | None:
    try:
        return float(ast.literal_eval(node))
    except ValueError:
        return None


def text(node: ast.expr | None) -> str:
    return "less" if node is None else node.value


def rows(name: str) -> list[list[str]]:
    """Cells of the rows of figures of this name."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(f"`{name}`", cells[0]):
            found.append(cells)
    return found


def plain(cell: str) -> tuple[str, float]:
    """``≥ 100,000`` as ("≥", 100000.0)."""
    return cell[0], float(cell[1:].strip().replace(",", "").replace("\u2212", "-"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_figures_stand_under_their_command_as_in_the_code(module):
    name = module.stem.removeprefix("bench_")
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    mine = [part for part in sections if re.search(rf'NAMES="?[a-z_ ]*\b{name}\b', part.splitlines()[0])]
    assert len(mine) == 1, name
    found = list(figures(module))
    assert found
    for wanted, must, aim, better in found:
        told = rows(wanted)
        assert told, wanted
        for cells in told:
            assert cells[0] in mine[0]
            for cell, value in zip(cells[-3:-1], (must, aim), strict=True):
                sign, said = plain(cell)
                assert sign == ("≥" if better == "more" else "≤"), cells
                assert value is None or said == pytest.approx(value), cells


def test_the_page_speaks_of_no_figure_that_there_is_not():
    known = [wanted for module in MODULES for wanted, *_ in figures(module)]
    for name in re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE, re.MULTILINE):
        assert any(re.fullmatch(each, name) for each in known), name
