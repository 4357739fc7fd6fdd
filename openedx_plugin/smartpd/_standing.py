"""What the pages say of an estimate: its value, how firm it is, where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from smartpd_analytics.api import likely_range

from ._words import percent
from .data import AreaData, CompetencyData, SourceData

__all__ = ["estimate", "note", "source_words", "standing"]

_SOURCES = {
    "self_assessment": pgettext_lazy("smartpd", "self-assessment"),
    "knowledge_test": pgettext_lazy("smartpd", "knowledge test"),
    "problems": pgettext_lazy("smartpd", "problems in the course"),
}
_FIRMNESS = {
    "firm": pgettext_lazy("smartpd", "fairly firm"),
    "rough": pgettext_lazy("smartpd", "a rough estimate"),
    "first_impression": pgettext_lazy("smartpd", "only a first impression"),
}


def standing(it: AreaData | CompetencyData) -> dict[str, Any]:
    """Value, target, gap and level, in this order."""
    value, target = percent(it.value), percent(it.target)
    # The gap of the rounded numbers, so that a reader who subtracts gets what is written.
    gap = None if value is None or target is None else max(0, target - value)
    return {"value": value, "target": target, "gap": gap, "level": it.level or ""}


def estimate(it: AreaData | CompetencyData, doubted: Collection[str] = ()) -> dict[str, Any]:
    """``standing``, and for what is known how firm it is, in words and as lengths of a bar (shares of its width).

    Args:
        doubted: sources that may not be right; what rests on one of them is ``doubtful``.
    """
    found = standing(it)
    if it.value is None or it.error is None:
        return found
    low, high = likely_range(it.value, it.error)
    return {
        **found,
        "doubtful": any(source.source in doubted for source in it.sources),
        "firmness": it.firmness,
        "firm": str(_FIRMNESS[it.firmness]),
        "basis": _basis(it),
        "range": _("probably between %(low)s%% and %(high)s%%") % {"low": percent(low), "high": percent(high)},
        # Not as numbers: a page in Russian would write them with a comma, which a style cannot read.
        "bar": "".join(
            f"--smartpd-{name}:{share:.3f};"
            for name, share in (("value", it.value), ("low", low), ("high", high), ("goal", it.target))
        ),
    }


def _basis(it: AreaData | CompetencyData) -> str:
    """What an estimate rests on, and how firm that makes it: the number of answers alone does not explain it."""
    sources, firm = _in_order(it.sources), _FIRMNESS[it.firmness]
    if len(sources) > 1:
        said = [source_words(source) for source in sources]
        return "; ".join([*said, pgettext("smartpd", "together: %(firm)s") % {"firm": firm}])
    [only] = sources
    words = ngettext(
        "%(source)s, from %(count)s answer: %(firm)s", "%(source)s, from %(count)s answers: %(firm)s", only.evidence
    )
    return words % {"source": _name(only), "count": only.evidence, "firm": firm}


def note(it: AreaData | CompetencyData) -> str:
    """The same for a cell of a table, with the likely range; ``""`` for what is not known."""
    known = estimate(it)
    return f"{known['basis']}; {known['range']}" if "basis" in known else ""


def source_words(source: SourceData) -> str:
    """One source with what it says and how much stands behind it."""
    said = ngettext(
        "%(source)s: %(value)s%%, from %(count)s answer",
        "%(source)s: %(value)s%%, from %(count)s answers",
        source.evidence,
    )
    return said % {"source": _name(source), "value": percent(source.value), "count": source.evidence}


def _name(source: SourceData) -> str:
    return str(_SOURCES.get(source.source, source.source))


def _in_order(sources: Sequence[SourceData]) -> list[SourceData]:
    """In the order in which they are always named."""
    order = [*_SOURCES]
    return sorted(
        sources, key=lambda each: (order.index(each.source) if each.source in order else len(order), each.source)
    )
