"""What the pages say of an estimate: its value, how firm it is, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from smartpd_analytics.api import likely_range

from ._words import percent
from .data import AreaData, CompetencyData, SourceData

__all__ = ["estimate", "source_words", "sources_named", "standing"]

_SOURCES = {
    "self_assessment": pgettext_lazy("smartpd", "self-assessment"),
    "knowledge_test": pgettext_lazy("smartpd", "knowledge test"),
    "problems": pgettext_lazy("smartpd", "problems in the course"),
}


def standing(it: AreaData | CompetencyData) -> dict[str, Any]:
    """Value, target, gap and level, in this order."""
    value, target = percent(it.value), percent(it.target)
    # The gap of the rounded numbers, so that a reader who subtracts gets what is written.
    gap = None if value is None or target is None else max(0, target - value)
    return {"value": value, "target": target, "gap": gap, "level": it.level or ""}


def estimate(it: AreaData | CompetencyData) -> dict[str, Any]:
    """``standing``, and for what is known how firm it is, in words and as lengths of a bar (shares of its width)."""
    found = standing(it)
    if it.value is None or it.error is None:
        return found
    low, high = likely_range(it.value, it.error)
    return {
        **found,
        "firmness": it.firmness,
        "firm": _firm(it.firmness, it.evidence),
        "range": _("probably between %(low)s%% and %(high)s%%") % {"low": percent(low), "high": percent(high)},
        # Not as numbers: a page in Russian would write them with a comma, which a style cannot read.
        "bar": "".join(
            f"--smartpd-{name}:{share:.3f};"
            for name, share in (("value", it.value), ("low", low), ("high", high), ("goal", it.target))
        ),
    }


def _firm(firmness: str, evidence: int) -> str:
    """How firm, and from how many answers."""
    if firmness == "firm":
        said = ngettext("from %(count)s answer: fairly firm", "from %(count)s answers: fairly firm", evidence)
    elif firmness == "rough":
        said = ngettext("from %(count)s answer: a rough estimate", "from %(count)s answers: a rough estimate", evidence)
    else:
        said = ngettext(
            "from %(count)s answer: only a first impression",
            "from %(count)s answers: only a first impression",
            evidence,
        )
    return said % {"count": evidence}


def source_words(source: SourceData) -> str:
    """One source with what it says and how much stands behind it."""
    said = ngettext(
        "%(source)s: %(value)s%%, from %(count)s answer",
        "%(source)s: %(value)s%%, from %(count)s answers",
        source.evidence,
    )
    return said % {
        "source": _SOURCES.get(source.source, source.source),
        "value": percent(source.value),
        "count": source.evidence,
    }


def sources_named(names: Iterable[str]) -> str:
    """The names of sources, in the order in which they are always named."""
    order = [*_SOURCES, *sorted(set(names) - set(_SOURCES))]
    return ", ".join(str(_SOURCES.get(name, name)) for name in order if name in set(names))
