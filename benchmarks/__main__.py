"""Measure all figures, or those named: ``python -m benchmarks [NAME …]``.

Each module ``benchmarks/bench_NAME.py`` has ``measure() -> list[Figure]``. A figure is a ratio to a peer
measured in the same run, or a size; never a bare time. The table goes to the terminal, each figure to
``benchmarks/results/NAME.json``. The exit status is 1 when a figure misses what it must reach.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.figure import Figure

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(wanted: list[str]) -> int:
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)} (there are: {', '.join(names())})", file=sys.stderr)
        return 2
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    figures: list[Figure] = []
    for name in wanted or names():
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        found = importlib.import_module(f"benchmarks.bench_{name}").measure()
        figures += found
        for figure in found:
            text = json.dumps(asdict(figure) | {"holds": figure.holds}, indent=2, ensure_ascii=False, sort_keys=True)
            (results / f"{figure.name}.json").write_text(text + "\n", encoding="utf-8")
    width = max((len(figure.name) for figure in figures), default=6)
    print(f"{'figure':<{width}}  {'measured':>10}  {'must':>10}  {'aim':>10}  holds")
    for figure in figures:
        print(
            f"{figure.name:<{width}}  {figure.measured:>10.3g}  {figure.must:>10.3g}  {figure.aim:>10.3g}  "
            f"{'yes' if figure.holds else 'NO'}   {figure.unit}"
        )
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
