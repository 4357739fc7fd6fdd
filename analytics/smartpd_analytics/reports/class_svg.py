"""Pictures of a class, as self-contained SVG: no script, no outside reference, a text alternative in each.

Drawn for a phone's width and scaled up by the page. Nothing is told by colour alone: an interval is a line with ends,
before is hollow and after solid, a target is a dashed line. The same arguments give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..data import whole_percent
from ..errors import N_, InputError
from ._drawing import FONT, LINE, escaped, short, width, wrapped

__all__ = ["BarRow", "ChangeRow", "MeanRow", "bars_svg", "changes_svg", "means_svg"]

_WIDTH = 340
#: Room for the figures at the right of a row.
_FIGURES = 76
_STYLE = (
    ".smartpd-class{font:12px Arial,Helvetica,Roboto,sans-serif;width:100%;max-width:32rem;height:auto}"
    ".smartpd-class text{fill:var(--smartpd-text,#1f2933)}.smartpd-class .b{font-weight:700}"
    ".smartpd-class .grid{stroke:#dfe4e9;fill:none}"
    ".smartpd-class .bar{fill:var(--smartpd-accent,#0b5cad);fill-opacity:.55}"
    ".smartpd-class .full{fill:var(--smartpd-accent,#0b5cad)}"
    ".smartpd-class .whisker{stroke:#1f2933;stroke-width:2;fill:none}"
    ".smartpd-class .target{stroke:#b34700;stroke-width:2;stroke-dasharray:5 3;fill:none}"
    ".smartpd-class .way{stroke:#52606d;stroke-width:2;fill:none}"
    ".smartpd-class .before{fill:#fff;stroke:#b34700;stroke-width:2}"
    ".smartpd-class .after{fill:var(--smartpd-accent,#0b5cad);stroke:var(--smartpd-accent,#0b5cad)}"
)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One column of a distribution; ``figure`` are the words above it, such as ``"<5"`` for a count not shown."""

    label: str
    count: int
    figure: str


@dataclass(frozen=True, slots=True)
class MeanRow:
    """One mean with its interval, all in 0..1; no interval where it is not known."""

    label: str
    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A mean before and one after, in 0..1."""

    label: str
    before: float
    after: float


def bars_svg(rows: Sequence[BarRow], *, title: str, description: str, mark: int | None = None, words: str = "") -> str:
    """Columns side by side, the highest of full height.

    Args:
        mark: place (0..) of the first column that reaches the target; a dashed line stands before it.
        words: name of that line.

    Raises:
        InputError: a count is below 0.
    """
    if any(row.count < 0 for row in rows):
        raise InputError(N_("a count below 0"), accepted=N_("0 and more"))
    top, tall = (40.0 if words and mark is not None else 18.0), 120.0
    most = max((row.count for row in rows), default=0)
    step = _WIDTH / max(len(rows), 1)
    floor = top + tall
    body = [f'<path class="grid" d="M0 {short(floor)}H{_WIDTH}"/>']
    if mark is not None and 0 < mark < len(rows):
        x = step * mark
        body.append(f'<path class="target" d="M{short(x)} 2V{short(floor)}"/>')
        fits = x + 6 + width(words) <= _WIDTH
        body.append(_text(x + 6 if fits else x - 6, FONT, words, "start" if fits else "end"))
    for place, row in enumerate(rows):
        height = tall * row.count / most if most else 0
        middle = step * (place + 0.5)
        body.append(
            f'<rect class="full" x="{short(middle - step * 0.32)}" y="{short(floor - height)}" '
            f'width="{short(step * 0.64)}" height="{short(height)}" rx="2"/>'
        )
        body.append(_text(middle, floor - height - 5, row.figure, "middle", kind="b"))
        body.append(_text(middle, floor + LINE + 2, row.label, "middle"))
    return _svg(title, description, floor + LINE + 10, body)


def means_svg(
    rows: Sequence[MeanRow], *, title: str, description: str, target: float | None = None, words: str = ""
) -> str:
    """Bars of means, each with its interval as a line with ends, and the target as a dashed line through all.

    Args:
        target: 0..1.
        words: name of the target.

    Raises:
        InputError: a value is not in 0..1.
    """
    _check_shares([*(row.mean for row in rows), target, *(row.low for row in rows), *(row.high for row in rows)])
    body: list[str] = []
    spans: list[tuple[float, float]] = []
    y = 0.0
    for row in rows:
        y = _label(body, row.label, y)
        spans.append((y - 2, y + 18))
        start, long = short(_x(0)), short(_x(row.mean) - _x(0))
        body.append(f'<rect class="bar" x="{start}" y="{short(y)}" width="{long}" height="14" rx="2"/>')
        if row.low is not None and row.high is not None:
            low, high, middle = _x(row.low), _x(row.high), y + 7
            ends = "".join(f"M{short(x)} {short(middle - 5)}v10" for x in (low, high))
            body.append(f'<path class="whisker" d="M{short(low)} {short(middle)}H{short(high)}{ends}"/>')
        body.append(_text(_WIDTH, y + 12, f"{whole_percent(row.mean)}%", "end", kind="b"))
        y += 26
    return _svg(title, description, *_framed(body, y, target, words, spans))


def changes_svg(rows: Sequence[ChangeRow], *, title: str, description: str, before: str, after: str) -> str:
    """A line from before (a hollow dot) to after (a solid one) in each row.

    Args:
        before, after: words of the legend.

    Raises:
        InputError: a value is not in 0..1.
    """
    _check_shares([value for row in rows for value in (row.before, row.after)])
    body = [
        '<circle class="before" cx="8" cy="8" r="6"/>' + _text(20, 12, before, "start"),
        f'<circle class="after" cx="8" cy="{8 + LINE + 5}" r="6"/>' + _text(20, 12 + LINE + 5, after, "start"),
    ]
    spans: list[tuple[float, float]] = []
    y = 2 * LINE + 18.0
    for row in rows:
        y = _label(body, row.label, y)
        spans.append((y - 2, y + 18))
        first, last, middle = _x(row.before), _x(row.after), y + 8
        body.append(f'<path class="way" d="M{short(first)} {short(middle)}H{short(last)}"/>')
        body.append(f'<circle class="before" cx="{short(first)}" cy="{short(middle)}" r="6"/>')
        body.append(f'<circle class="after" cx="{short(last)}" cy="{short(middle)}" r="6"/>')
        figures = f"{whole_percent(row.before)} → {whole_percent(row.after)}%"
        body.append(_text(_WIDTH, middle + 4, figures, "end", kind="b"))
        y += 28
    return _svg(title, description, *_framed(body, y, None, "", spans))


def _check_shares(values: Iterable[float | None]) -> None:
    for value in values:
        if value is not None and not 0.0 <= value <= 1.0:
            raise InputError(N_("{value} is no share"), accepted=N_("0 to 1"), value=repr(value))


def _x(share: float) -> float:
    # Room for a dot at both ends.
    return 7 + share * (_WIDTH - _FIGURES - 14)


def _label(body: list[str], label: str, y: float) -> float:
    """Writes a label and returns where its row begins."""
    for line in wrapped(label, _WIDTH - 4):
        body.append(_text(0, y + FONT, line, "start"))
        y += LINE
    return y + 3


def _framed(
    body: list[str], y: float, target: float | None, words: str, spans: Iterable[tuple[float, float]]
) -> tuple[float, list[str]]:
    """The grid behind the rows, its figures and the target below; lines are drawn in ``spans``, not through names."""
    inside = [*spans]

    def line(share: float) -> str:
        return "".join(f"M{short(_x(share))} {short(top)}V{short(end)}" for top, end in inside)

    grid = "".join(map(line, (0, 0.25, 0.5, 0.75, 1)))
    lines = [f'<path class="grid" d="{grid}"/>']
    figures = [_text(_x(share), y + LINE, f"{share:.0%}", "middle" if share else "start") for share in (0, 0.5, 1)]
    if target is None:
        return y + LINE + 6, [*lines, *body, *figures]
    lines.append(f'<path class="target" d="{line(target)}"/>')
    below = y + 2 * LINE
    figures.append(f'<path class="target" d="M0 {short(below)}h24"/>' + _text(30, below + 4, words, "start"))
    return below + 10, [*lines, *body, *figures]


def _svg(title: str, description: str, height: float, body: Sequence[str]) -> str:
    drawn = "".join(body)
    # Ids must differ between the pictures of one page.
    name = f"smartpd-class-{zlib.crc32(f'{title}{description}{drawn}'.encode()):08x}"
    tall = short(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="smartpd-class" role="img" '
        f'aria-labelledby="{name}-t {name}-d" width="{_WIDTH}" height="{tall}" viewBox="0 0 {_WIDTH} {tall}">'
        f'<title id="{name}-t">{escaped(title)}</title><desc id="{name}-d">{escaped(description)}</desc>'
        f"<style>{_STYLE}</style>{drawn}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str, *, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}"{kind}>{escaped(words)}</text>'
