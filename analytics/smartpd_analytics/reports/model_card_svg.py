"""The charts of a model card, as self-contained SVG with a text alternative.

The same arguments give the same bytes. Colours follow the page's own properties, with fallbacks.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from math import sqrt

from ..data.prediction import CalibrationBin
from ._drawing import FONT, wrapped
from .page import escaped

__all__ = ["auc_svg", "calibration_svg"]

_SIZE, _LINE = 13, 16
_STYLE = (
    "text{font:13px Arial,Helvetica,sans-serif;fill:#1f2933}.grid{stroke:#cbd2d9;fill:none}"
    ".ideal{stroke:#52606d;stroke-dasharray:5 4;fill:none}"
    ".dot{fill:#0b5cad}.other{fill:#fff;stroke:#b34700;stroke-width:2}.reach{stroke:#0b5cad;stroke-width:2}"
    ".reach2{stroke:#b34700;stroke-width:2}"
)


def calibration_svg(bins: Sequence[CalibrationBin], *, title: str, description: str, x_label: str, y_label: str) -> str:
    """Observed against predicted shares, with the 95% interval of what was observed (Wilson 1927).

    On the dashed diagonal both are equal. Dots grow with their learners.
    """
    left, top, side = 62, 12, 270
    most = max((each.n for each in bins), default=1)

    def at(x: float, y: float) -> str:
        return f"{left + side * x:.1f} {top + side * (1 - y):.1f}"

    parts = []
    for step in range(6):
        share = step / 5
        parts.append(f'<path class="grid" d="M{at(share, 0)}L{at(share, 1)}M{at(0, share)}L{at(1, share)}"/>')
        x, y = left + side * share, top + side * (1 - share)
        parts.append(f'<text x="{x:.1f}" y="{top + side + 18}" text-anchor="middle">{share * 100:.0f}%</text>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{share * 100:.0f}%</text>')
    parts.append(f'<path class="ideal" d="M{at(0, 0)}L{at(1, 1)}"/>')
    for each in bins:
        low, high = _wilson(each.observed, each.n)
        parts.append(f'<path class="reach" d="M{at(each.predicted, low)}L{at(each.predicted, high)}"/>')
        right, down = at(each.predicted, each.observed).split()
        parts.append(f'<circle class="dot" cx="{right}" cy="{down}" r="{3 + 4 * (each.n / most) ** 0.5:.1f}"/>')
    middle = left + side / 2
    parts.append(f'<text x="{middle:.0f}" y="{top + side + 38}" text-anchor="middle">{escaped(x_label)}</text>')
    turn = f"rotate(-90 14 {top + side / 2:.0f})"
    parts.append(
        f'<text x="14" y="{top + side / 2:.0f}" text-anchor="middle" transform="{turn}">{escaped(y_label)}</text>'
    )
    return _svg(left + side + 16, top + side + 48, title, description, parts)


def _wilson(share: float, n: int) -> tuple[float, float]:
    """95% interval of a share of ``n``."""
    z2 = 1.96**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = 1.96 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def auc_svg(
    rows: Sequence[tuple[str, float, float, float]], *, title: str, description: str, tick: Callable[[float], str]
) -> str:
    """(name, value, low, high) of each, one under another; the first, the model, as a filled dot.

    ``tick`` writes the numbers under it.
    """
    left, width = 12, 324
    low = min([0.5, *(row[2] for row in rows)])
    names = [wrapped(row[0], width * FONT / _SIZE) for row in rows]

    def x(value: float) -> float:
        return left + width * (value - low) / (1 - low)

    height = sum(len(lines) * _LINE + 30 for lines in names) + 30
    parts = []
    for tenth in range(int(low * 10), 11):
        value = tenth / 10
        if value < low - 1e-9:
            continue
        parts.append(f'<path class="grid" d="M{x(value):.1f} 4V{height - 24}"/>')
        parts.append(f'<text x="{x(value):.1f}" y="{height - 6}" text-anchor="middle">{tick(value)}</text>')
    y = 0
    for number, (lines, (_name, value, bottom, top)) in enumerate(zip(names, rows, strict=True)):
        first = number == 0
        for line in lines:
            y += _LINE
            parts.append(
                f'<text x="{left}" y="{y}" stroke="#fff" stroke-width="4" paint-order="stroke">{escaped(line)}</text>'
            )
        y += 15
        parts.append(f'<path class="{"reach" if first else "reach2"}" d="M{x(bottom):.1f} {y}H{x(top):.1f}"/>')
        parts.append(f'<circle class="{"dot" if first else "other"}" cx="{x(value):.1f}" cy="{y}" r="5"/>')
        y += 15
    return _svg(left + width + 14, height, title, description, parts)


def _svg(width: int, height: int, title: str, description: str, parts: Sequence[str]) -> str:
    name = f"card-{zlib.crc32(repr((title, description, parts)).encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t {name}-d" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}"><title id="{name}-t">{escaped(title)}</title>'
        f'<desc id="{name}-d">{escaped(description)}</desc><style>{_STYLE}</style>{"".join(parts)}</svg>'
    )
