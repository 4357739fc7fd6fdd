"""The report on the reliability of scales, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from .words import decimal, printable, simulated_words, words_in

if TYPE_CHECKING:
    from ..diagnosis.calibration import Reliability

__all__ = ["reliability_text"]


def reliability_text(scales: Sequence[Reliability], lang: str, *, simulated: bool = False) -> str:
    """A block for each scale: alpha with its interval, the standard error of measurement, the items."""
    _ = words_in(lang).gettext
    lines = [simulated_words(lang), ""] if simulated else []
    for scale in scales:
        name = _("Area {area}").format(area=printable(scale.area_id)) if scale.area_id else _("All items")
        lines += [
            _("{scale}: {items} items, {learners} learners, {left_out} left out for missing answers").format(
                scale=name, items=len(scale.items), learners=f"{scale.learners:g}", left_out=f"{scale.left_out:g}"
            ),
            _("Cronbach's alpha {alpha} (95% confidence {low} to {high})").format(
                alpha=_number(scale.alpha, lang),
                low=_number(scale.alpha_low, lang),
                high=_number(scale.alpha_high, lang),
            ),
            _("Sum of points: mean {mean}, standard deviation {sd}, standard error of measurement {sem}").format(
                mean=_number(scale.mean, lang), sd=_number(scale.sd, lang), sem=_number(scale.sem, lang)
            ),
            "",
            *_table(scale, lang),
            "",
        ]
        turned = [printable(item.item_id) for item in scale.items if item.item_rest < 0]
        if turned:
            lines += [_("Against the others (to be reversed?): {items}").format(items=", ".join(turned)), ""]
    return "\n".join(lines)


def _table(scale: Reliability, lang: str) -> list[str]:
    _ = words_in(lang).gettext
    rows = [[_("item"), _("mean"), _("SD"), _("item-rest"), _("alpha without it")]]
    rows += [
        [
            printable(item.item_id),
            *(_number(value, lang) for value in (item.mean, item.sd, item.item_rest, item.alpha_without)),
        ]
        for item in scale.items
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _number(value: float, lang: str) -> str:
    return decimal(value, lang, 2) if isfinite(value) else "-"
