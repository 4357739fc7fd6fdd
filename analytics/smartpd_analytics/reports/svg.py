"""Charts as self-contained SVG: no script, no outside reference, a text alternative in each.

Shapes tell the two series apart as well as colours: what is reached has a solid line and filled dots,
the target a dashed line and hollow diamonds, and the same signs stand before the figures of each label.
Colours are CSS custom properties that a page may set (``--smartpd-radar-value``, ``-target``, ``-grid``,
``-text``, ``-surface``). The same arguments give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin

from ..data import whole_percent
from ..errors import N_, InputError
from ._drawing import FONT, LINE, escaped, short, wrapped

__all__ = ["radar_svg"]

Axis = tuple[str, float | None, float | None]
Point = tuple[float, float]

#: Up to this many axes the labels find room around the chart; more are numbered and listed below it.
_MOST_LABELLED = 6
#: Long lines leave room for a wider font than the one that was asked for.
_SLACK = 0.9
_RINGS = (0.25, 0.5, 0.75, 1.0)
_STYLE = (
    ".smartpd-radar{font:12px Arial,Helvetica,Roboto,sans-serif;max-width:100%;height:auto}"
    ".smartpd-radar text{fill:var(--smartpd-radar-text,#1f2933)}"
    ".smartpd-radar__grid{fill:none;stroke:var(--smartpd-radar-grid,#b8c2cc)}"
    ".smartpd-radar__value{fill:none;stroke:var(--smartpd-radar-value,#0b5cad);stroke-width:2.5}"
    ".smartpd-radar__area{fill:var(--smartpd-radar-value,#0b5cad);fill-opacity:.16}"
    ".smartpd-radar__bar{fill:var(--smartpd-radar-value,#0b5cad)}"
    ".smartpd-radar__dot{stroke:var(--smartpd-radar-value,#0b5cad);stroke-width:8;stroke-linecap:round}"
    ".smartpd-radar__target{fill:none;stroke:var(--smartpd-radar-target,#b34700);stroke-width:2;stroke-dasharray:6 4}"
    ".smartpd-radar__diamond{fill:var(--smartpd-radar-surface,#fff);stroke:var(--smartpd-radar-target,#b34700);stroke-width:2}"
)


def radar_svg(axes: Sequence[Axis], *, title: str, description: str, size: int = 280) -> str:
    """A radar chart of shares against their targets, as one ``<svg>`` element.

    ``axes`` are (label, share, target), shares in 0..1 or None where nothing is known: there the
    line has a gap, and a dash stands for the figure. Up to six axes carry their labels, more are
    numbered and listed under the chart, fewer than three become horizontal bars. ``size`` is the width
    in px, at least 240; the height follows from the labels. Drawn as wide as a phone, a picture of 280 px
    has words of 14 px. ``title`` and ``description`` are read out by screen readers, so the description
    must hold what the picture shows.

    Raises:
        InputError: a share or target is not in 0..1, or ``size`` is less than 240.
    """
    if size < 240:
        raise InputError(N_("a chart cannot be {size} px wide"), accepted=N_("240 and more"), size=size)
    for label, *shares in axes:
        for share in shares:
            if share is not None and not 0.0 <= share <= 1.0:
                problem, accepted = N_("{value} is no share (axis '{axis}')"), N_("0 to 1, or None")
                raise InputError(problem, accepted=accepted, value=share, axis=label)
    if len(axes) < 3:
        height, body = _bars(axes, size)
    elif len(axes) <= _MOST_LABELLED:
        height, body = _labelled(axes, size)
    else:
        height, body = _numbered(axes, size)
    # Ids must differ between the pictures of one page.
    name = f"smartpd-radar-{zlib.crc32(repr((title, description, tuple(axes), size)).encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="smartpd-radar" role="img" '
        f'aria-labelledby="{name}-t {name}-d" width="{size}" height="{height}" viewBox="0 0 {size} {height}">'
        f'<title id="{name}-t">{escaped(title)}</title><desc id="{name}-d">{escaped(description)}</desc>'
        f"<style>{_STYLE}</style>{''.join(body)}</svg>"
    )


# --- the three layouts ------------------------------------------------------------------------


def _labelled(axes: Sequence[Axis], size: int) -> tuple[int, list[str]]:
    """Labels above or below the corners that they name: at the sides, and in the middle beyond those at the sides."""
    places = [_Place.of(index, len(axes)) for index in range(len(axes))]
    labels = [wrapped(axis[0], place.column_width(size)) for axis, place in zip(axes, places, strict=True)]
    heights = [(len(lines) + 1) * LINE for lines in labels]
    radius = size * 0.27
    starts = [place.starts_at(radius) for place in places]
    for index, place in enumerate(places):
        if place.anchor == "middle":
            sides = [
                start + height
                for start, height, other in zip(starts, heights, places, strict=True)
                if other.upper is place.upper and other.anchor != "middle"
            ]
            starts[index] = max([starts[index], *sides])
    ends = [start + height for start, height in zip(starts, heights, strict=True)]
    above = max(end for end, place in zip(ends, places, strict=True) if place.upper)
    below = max(end for end, place in zip(ends, places, strict=True) if not place.upper)
    dial = _Dial(size / 2, above + 4, radius, len(axes))
    body = dial.drawn(axes)
    for axis, place, lines, start, end in zip(axes, places, labels, starts, ends, strict=True):
        top = dial.y - end if place.upper else dial.y + start
        body.append(_label(place.column_x(size), top, place.anchor, lines, _figures(axis)))
    return ceil(dial.y + below + 4), body


def _numbered(axes: Sequence[Axis], size: int) -> tuple[int, list[str]]:
    """Numbers around the chart, and what they stand for in a list under it."""
    radius = size * 0.36
    dial = _Dial(size / 2, radius + 28, radius, len(axes))
    body = dial.drawn(axes)
    y = dial.y + radius + 40
    for index, axis in enumerate(axes):
        x, at = dial.at(index, 1 + 15 / radius)
        body.append(_number(x, at + 4, "middle", str(index + 1)))
        lines = wrapped(axis[0], (size - 34) * _SLACK)
        body.append(_number(22, y + FONT, "end", str(index + 1)))
        body.append(_label(30, y, "start", lines, _figures(axis)))
        y += (len(lines) + 1) * LINE + 5
    return ceil(y + 2), body


def _bars(axes: Sequence[Axis], size: int) -> tuple[int, list[str]]:
    """One horizontal bar under each label, the target as a dashed line across it."""
    body: list[str] = []
    left, full, y = 8.0, size - 16.0, 4.0
    for axis in axes:
        label, share, target = axis
        lines = wrapped(label, full * _SLACK)
        body.append(_label(left, y, "start", lines, _figures(axis)))
        y += (len(lines) + 1) * LINE + 6
        body.append(
            f'<rect class="smartpd-radar__grid" x="{short(left)}" y="{short(y)}" width="{short(full)}" height="14"/>'
        )
        if share is not None:
            size_of = f'width="{short(full * share)}" height="14"'
            body.append(f'<rect class="smartpd-radar__bar" x="{short(left)}" y="{short(y)}" {size_of}/>')
        if target is not None:
            x = left + full * target
            body.append(f'<path class="smartpd-radar__target" d="M{short(x)} {short(y - 4)}V{short(y + 18)}"/>')
            body.append(_marks([(x, y + 7)], "diamond"))
        y += 30
    return ceil(y), body


# --- their parts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an axis points: ``x`` to the right, ``y`` down, on the unit circle."""

    x: float
    y: float

    @classmethod
    def of(cls, index: int, count: int) -> _Place:
        angle = 2 * pi * index / count - pi / 2
        return cls(cos(angle), sin(angle))

    @property
    def upper(self) -> bool:
        # The tolerance keeps the side axes of a square above: their sine is not exactly 0.
        return self.y < 1e-9

    @property
    def anchor(self) -> str:
        return "middle" if abs(self.x) < 1e-9 else "end" if self.x > 0 else "start"

    def column_x(self, size: int) -> float:
        return {"start": 1.0, "middle": size / 2, "end": size - 1.0}[self.anchor]

    def column_width(self, size: int) -> float:
        # At 280 px just enough for the longest words of area titles, in the middle and at the sides.
        return size * (0.6 if self.anchor == "middle" else 0.4)

    def starts_at(self, radius: float) -> float:
        """How far above or below the centre a label stands, so that its lines stay off the sides of the dial."""
        # The first line below a corner is as long as any; the last above it are the figures, which are short.
        clear = 10 if self.upper or self.anchor == "middle" else 10 + LINE
        return abs(self.y) * radius + clear


@dataclass(frozen=True, slots=True)
class _Dial:
    x: float
    y: float
    radius: float
    count: int

    def at(self, index: int, share: float) -> Point:
        place = _Place.of(index, self.count)
        return self.x + place.x * self.radius * share, self.y + place.y * self.radius * share

    def drawn(self, axes: Sequence[Axis]) -> list[str]:
        """Grid, target and value, the value on top."""
        rings = "".join(_path([self.at(index, ring) for index in range(self.count)], closed=True) for ring in _RINGS)
        spokes = "".join(_path([(self.x, self.y), self.at(index, 1)], closed=False) for index in range(self.count))
        targets = [target for _, _, target in axes]
        shares = [share for _, share, _ in axes]
        body = [f'<path class="smartpd-radar__grid" d="{rings}{spokes}"/>']
        if all(share is not None for share in shares):
            body.append(f'<path class="smartpd-radar__area" d="{self._line(shares)}"/>')
        body += self._series(targets, "target", "diamond")
        body += self._series(shares, "value", "dot")
        return body

    def _series(self, shares: Sequence[float | None], style: str, mark: str) -> list[str]:
        known = [self.at(index, share) for index, share in enumerate(shares) if share is not None]
        line = self._line(shares)
        body = [f'<path class="smartpd-radar__{style}" d="{line}"/>'] if line else []
        return [*body, _marks(known, mark)] if known else body

    def _line(self, shares: Sequence[float | None]) -> str:
        """Closed where all shares are known; else only the sides between two known neighbours."""
        points = [None if share is None else self.at(index, share) for index, share in enumerate(shares)]
        known = [point for point in points if point is not None]
        if len(known) == len(points):
            return _path(known, closed=True)
        sides = zip(points, points[1:] + points[:1], strict=True)
        return "".join(_path([start, end], closed=False) for start, end in sides if start and end)


def _path(points: Sequence[Point], *, closed: bool) -> str:
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points) + ("Z" if closed else "")


def _marks(points: Sequence[Point], mark: str) -> str:
    """All dots or diamonds of a series in one path; a dot is a line of no length with round ends."""
    shape = {"dot": (0, "h0"), "diamond": (5, "l5 5-5 5-5-5z")}
    up, drawn = shape[mark]
    d = "".join(f"M{short(x)} {short(y - up)}{drawn}" for x, y in points)
    return f'<path class="smartpd-radar__{mark}" d="{d}"/>'


def _figures(axis: Axis) -> str:
    """The figures of a label behind the signs of the chart: a dot for the share, a diamond for the target."""
    _, share, target = axis
    shown = "●" + ("–" if share is None else f"{whole_percent(share)}%")
    return shown if target is None else f"{shown} ◇{whole_percent(target)}%"


def _label(x: float, top: float, anchor: str, lines: Sequence[str], figures: str) -> str:
    spans = "".join(
        f'<tspan x="{short(x)}" y="{short(top + FONT + number * LINE)}">{escaped(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    y = short(top + FONT + len(lines) * LINE)
    spans += f'<tspan font-weight="700" x="{short(x)}" y="{y}">{figures}</tspan>'
    return f'<text text-anchor="{anchor}">{spans}</text>'


def _number(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text font-weight="700" x="{short(x)}" y="{short(y)}" text-anchor="{anchor}">{words}</text>'
