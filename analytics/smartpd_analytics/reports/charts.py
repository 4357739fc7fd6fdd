"""Pictures of an evaluation, as self-contained SVG: no script, no outside reference, a text alternative in each.

Nothing is told by colour alone: before is hollow or hatched, after is solid; who went down has a dashed line. The same
arguments give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from ._drawing import FONT, LINE, escaped, short, wrapped
from ._drawing import width as drawn_width

__all__ = ["ForestRow", "forest_svg", "histogram_svg", "ladder_svg"]

#: More lines than this are no picture any more: each then stands for the mean of several learners.
_MOST_LINES = 60
_STYLE = (
    ".smartpd-chart{font:12px Arial,Helvetica,Roboto,sans-serif;max-width:100%;height:auto}"
    ".smartpd-chart text{fill:#1f2933}.smartpd-chart .b{font-weight:700}"
    ".smartpd-chart .halo{stroke:#fff;stroke-width:4px;paint-order:stroke}"
    ".smartpd-chart .axis{stroke:#7b8794;fill:none}.smartpd-chart .grid{stroke:#dfe4e9;fill:none}"
    ".smartpd-chart .up{stroke:#0b5cad;stroke-opacity:.45;fill:none}"
    ".smartpd-chart .down{stroke:#b34700;stroke-opacity:.8;stroke-dasharray:4 3;fill:none}"
    ".smartpd-chart .flat{stroke:#52606d;stroke-opacity:.6;stroke-dasharray:1 3;fill:none}"
    ".smartpd-chart .mean{stroke:#1f2933;stroke-width:4;fill:none}"
    ".smartpd-chart .before{fill:#fff;stroke:#b34700;stroke-width:1.5}"
    ".smartpd-chart .hatch{stroke:#b34700;stroke-width:1.5}"
    ".smartpd-chart .after{fill:#0b5cad;stroke:#0b5cad;stroke-width:1.5}"
    ".smartpd-chart .whisker{stroke:#0b5cad;stroke-width:2;fill:none}"
    ".smartpd-chart .zero{stroke:#1f2933;stroke-dasharray:4 3;fill:none}"
)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One effect with its interval; ``figures`` are the words that stand at the right."""

    label: str
    value: float
    low: float
    high: float
    figures: str


def ladder_svg(
    pairs: Sequence[tuple[float, float]], *, title: str, description: str, before: str, after: str, width: int = 360
) -> str:
    """A line for each learner from the score before to that after, both in 0..100, and a thick one for the means.

    With more than 60 learners a line stands for several neighbours in the order of both scores. ``before`` and
    ``after`` are the words under the two sides.
    """
    height, top, foot, side = 300, 18.0, 34.0, 64.0
    left, right = side, width - side

    def y(percent: float) -> float:
        return top + (height - top - foot) * (1 - percent / 100)

    means = [sum(pair[at] for pair in pairs) / len(pairs) for at in (0, 1)] if pairs else []
    body = [_percent_grid(left, right, y, beside=means[0] if means else None)]
    for start, end in _neighbours(sorted(pairs)):
        kind = "up" if end > start else "down" if end < start else "flat"
        body.append(f'<path class="{kind}" d="M{short(left)} {short(y(start))}L{short(right)} {short(y(end))}"/>')
    if means:
        body.append(
            f'<path class="mean" d="M{short(left)} {short(y(means[0]))}L{short(right)} {short(y(means[1]))}"/>'
            f'<circle class="before" cx="{short(left)}" cy="{short(y(means[0]))}" r="6"/>'
            f'<circle class="after" cx="{short(right)}" cy="{short(y(means[1]))}" r="6"/>'
        )
        for mean, x, anchor in ((means[0], left - 12, "end"), (means[1], right + 12, "start")):
            body.append(_text(x, y(mean) + 4, f"{mean:.0f}%", anchor, bold=True))
    for words, x in ((before, left), (after, right)):
        body.append(_text(x, height - 10, words, "middle", bold=True))
    return _svg(title, description, width, height, body)


def histogram_svg(
    before: Sequence[float],
    after: Sequence[float],
    *,
    title: str,
    description: str,
    words: tuple[str, str, str],
    width: int = 360,
) -> str:
    """How many learners reached how much, before and after, in tenths of 0..100.

    ``words`` are those for before, after, and for the number of learners at the side.
    """
    height, top, foot, left, right = 240, 40.0, 44.0, 40.0, 18.0
    counts = (_tenths(before), _tenths(after))
    step = _step(max((*counts[0], *counts[1], 1)))
    most = step * ceil(max((*counts[0], *counts[1], 1)) / step)

    def y(count: float) -> float:
        return top + (height - top - foot) * (1 - count / most)

    body = []
    for count in range(0, most + 1, step):
        body.append(f'<path class="grid" d="M{short(left)} {short(y(count))}H{short(width - right)}"/>')
        body.append(_text(left - 6, y(count) + 4, str(count), "end"))
    room = (width - left - right) / 10
    bar = room * 0.38
    gap = room * 0.06
    for tenth in range(10):
        x = left + tenth * room + room * 0.1
        body.append(_bar(x, y(counts[0][tenth]), bar, y(0), hatched=True))
        body.append(_bar(x + bar + gap, y(counts[1][tenth]), bar, y(0), hatched=False))
    for tenth in range(0, 11, 2):
        body.append(_text(left + tenth * room, height - foot + 16, f"{tenth * 10}%", "middle"))
    body.append(f'<path class="axis" d="M{short(left)} {short(y(0))}H{short(width - right)}"/>')
    body.append(_text(left, height - 6, words[2], "start"))
    body.append(_bar(left, 12, 14, 24, hatched=True) + _text(left + 20, 22, words[0], "start", bold=True))
    middle = left + (width - left) / 2
    body.append(_bar(middle, 12, 14, 24, hatched=False) + _text(middle + 20, 22, words[1], "start", bold=True))
    return _svg(title, description, width, height, body)


def forest_svg(rows: Sequence[ForestRow], *, title: str, description: str, axis: str, width: int = 360) -> str:
    """Effects with their intervals under each other, a dashed line at 0; ``axis`` says what is measured.

    Words and figures stand above each interval, so that all can be read on a phone.
    """
    left, right = 14.0, width - 14.0
    low = min(0.0, *(row.low for row in rows)) if rows else 0.0
    high = max(0.0, *(row.high for row in rows)) if rows else 1.0
    step = _nice((high - low) / 5 or 1.0)
    low, high = floor(low / step) * step, max(ceil(high / step) * step, step)

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    body: list[str] = []
    y = 4.0
    for row in rows:
        lines = wrapped(row.label, width - drawn_width(row.figures) - left - 20) or [""]
        middle = y + len(lines) * LINE + 11
        for number, line in enumerate(lines):
            body.append(_text(left + 6, y + FONT + number * LINE, line, "start", halo=True))
        body.append(_text(width, y + FONT, row.figures, "end", halo=True))
        body.append(
            f'<path class="whisker" d="M{short(x(row.low))} {short(middle)}H{short(x(row.high))}'
            f'M{short(x(row.low))} {short(middle - 5)}v10M{short(x(row.high))} {short(middle - 5)}v10"/>'
            f'<rect class="after" x="{short(x(row.value) - 4)}" y="{short(middle - 4)}" width="8" height="8"/>'
        )
        y = middle + 14
    grid = [f'<path class="axis" d="M{short(left)} {short(y)}H{short(right)}"/>']
    ticks = round((high - low) / step)
    digits = max(0, -floor(log10(step)))
    for tick in range(ticks + 1):
        value = low + tick * step
        grid.append(f'<path class="axis" d="M{short(x(value))} {short(y)}v5"/>')
        grid.append(_text(x(value), y + 18, f"{value + 0.0:.{digits}f}", "middle"))
    grid.append(f'<path class="zero" d="M{short(x(0))} 4V{short(y)}"/>')
    grid.append(_text((left + right) / 2, y + 36, axis, "middle"))
    return _svg(title, description, width, ceil(y + 44), [*grid, *body])


# --- their parts ------------------------------------------------------------------------------


def _svg(title: str, description: str, width: int, height: int, body: Sequence[str]) -> str:
    drawn = "".join(body)
    # Ids must differ between the pictures of one page.
    name = f"smartpd-chart-{zlib.crc32(f'{title}{description}{drawn}'.encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="smartpd-chart" role="img" '
        f'aria-labelledby="{name}-t {name}-d" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<title id="{name}-t">{escaped(title)}</title><desc id="{name}-d">{escaped(description)}</desc>'
        f"<style>{_STYLE}</style>{drawn}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str, *, bold: bool = False, halo: bool = False) -> str:
    kinds = " ".join(name for name, on in (("b", bold), ("halo", halo)) if on)
    kind = f' class="{kinds}"' if kinds else ""
    return f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}"{kind}>{escaped(words)}</text>'


def _percent_grid(left: float, right: float, y: Callable[[float], float], *, beside: float | None) -> str:
    """Lines in quarters; ``beside`` is written at the side as well: a figure of the grid would lie under it."""
    lines = "".join(
        f'<path class="grid" d="M{short(left)} {short(y(percent))}H{short(right)}"/>' for percent in range(0, 101, 25)
    )
    free = [percent for percent in (0, 50, 100) if beside is None or abs(percent - beside) > 6]
    words = "".join(_text(left - 12, y(percent) + 4, f"{percent}%", "end") for percent in free)
    ends = f"{short(y(100))}V{short(y(0))}"
    sides = f'<path class="axis" d="M{short(left)} {ends}M{short(right)} {ends}"/>'
    return lines + words + sides


def _bar(x: float, y: float, width: float, foot: float, *, hatched: bool) -> str:
    if foot - y <= 0:
        return ""
    kind = "before" if hatched else "after"
    bar = f'<rect class="{kind}" x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(foot - y)}"/>'
    if hatched:
        lines = "".join(
            f"M{short(x)} {short(at)}h{short(width)}"
            for at in (y + 4 * step for step in range(1, ceil((foot - y) / 4)))
        )
        bar += f'<path class="hatch" stroke-opacity=".5" d="{lines}"/>' if lines else ""
    return bar


def _neighbours(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The pairs themselves, or the means of equal shares of them."""
    if len(pairs) <= _MOST_LINES:
        return list(pairs)
    found = []
    for share in range(_MOST_LINES):
        some = pairs[share * len(pairs) // _MOST_LINES : (share + 1) * len(pairs) // _MOST_LINES]
        found.append((sum(start for start, _ in some) / len(some), sum(end for _, end in some) / len(some)))
    return found


def _tenths(values: Sequence[float]) -> list[int]:
    counts = [0] * 10
    for value in values:
        counts[min(9, max(0, int(value // 10)))] += 1
    return counts


def _step(most: int) -> int:
    return max(1, round(_nice(most / 5)))


def _nice(step: float) -> float:
    """1, 2 or 5 times a power of ten, not below ``step``."""
    power = 10.0 ** floor(log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999999)
