"""The report of a calibration: as a table for people, and as the notes that its item bank carries."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from .words import N_, decimal, printable, simulated_words, words_in

if TYPE_CHECKING:
    from ..diagnosis.calibration import CalibratedItem, Calibration

__all__ = ["calibration_facts", "calibration_notes", "calibration_text"]

_REMARKS: Mapping[str, str] = {
    "never_varies": N_("left out: all answers are the same"),
    "category_missing": N_("left out: a score between 0 and the highest was given to nobody"),
    "negative_discrimination": N_("left out: better learners do worse on it; is the key right?"),
    "few_answers": N_("too few answers to rely on"),
    "low_discrimination": N_("tells little: low discrimination"),
    "extreme_difficulty": N_("far too easy or too hard"),
    "misfit": N_("the model does not fit"),
    "imprecise": N_("imprecise: large standard error"),
}
#: Longer names would push the numbers off the screen.
_WIDEST_NAME = 36


def calibration_text(found: Calibration, lang: str) -> str:
    """The table of items, and what is to be said of the whole."""
    _ = words_in(lang).gettext
    lines = [simulated_words(lang), ""] if found.simulated else []
    lines += [
        _("{model}: {learners} learners, {patterns} different patterns of answers").format(
            model=found.model.upper(), learners=f"{found.learners:g}", patterns=found.patterns
        ),
        _("Log-likelihood {height}, AIC {aic}, BIC {bic}, {count} parameters").format(
            height=decimal(found.log_likelihood, lang, 3),
            aic=decimal(found.aic, lang),
            bic=decimal(found.bic, lang),
            count=found.parameters,
        ),
        _("Reliability of the estimates of ability: {value}").format(value=decimal(found.reliability, lang, 2)),
        _("Converged after {cycles} cycles.").format(cycles=found.cycles)
        if found.converged
        else _("NOT converged after {cycles} cycles: do not use these parameters.").format(cycles=found.cycles),
        "",
        *_table(found, lang),
        *_remarks(found, lang),
    ]
    return "\n".join(lines) + "\n"


def calibration_facts(found: Calibration) -> dict[str, Any]:
    """What the bank's file says of the fit; JSON."""
    return {
        "model": found.model,
        "learners": found.learners,
        "patterns": found.patterns,
        "log_likelihood": found.log_likelihood,
        "parameters": found.parameters,
        "aic": found.aic,
        "bic": found.bic,
        "cycles": found.cycles,
        "converged": found.converged,
        "distance": _finite(found.distance),
        "reliability": found.reliability,
        "left_out": {item.item_id: list(item.flags) for item in found.items if item.parameters is None},
    }


def calibration_notes(found: Calibration) -> dict[str, dict[str, Any]]:
    """What the bank's file says of each item, by item id; JSON."""
    return {
        item.item_id: {
            "errors": {
                "discrimination": _finite(item.discrimination_error),
                "thresholds": [_finite(error) for error in item.threshold_errors],
                "guessing": _finite(item.guessing_error),
            },
            "answered": item.answered,
            "facility": _finite(item.facility),
            "item_rest": _finite(item.item_rest),
            "misfit": _finite(item.misfit),
            "flags": list(item.flags),
        }
        for item in found.items
    }


def _remarks(found: Calibration, lang: str) -> list[str]:
    _ = words_in(lang).gettext
    every = [flag for flag in _REMARKS if all(flag in item.flags for item in found.items)]
    lines = [f"  {_('all items')}: {_(_REMARKS[flag])}" for flag in every]
    for item in found.items:
        own = [_(_REMARKS[flag]) for flag in item.flags if flag not in every]
        if own:
            lines.append(f"  {_name(item)}: {'; '.join(own)}")
    return ["", _("To look at:"), *lines] if lines else []


def _table(found: Calibration, lang: str) -> list[str]:
    _ = words_in(lang).gettext
    head = [_("item"), _("answers"), _("facility"), _("item-rest"), _("discrimination"), _("difficulty")]
    if found.model == "3pl":
        head.append(_("guessing"))
    rows = [head, *(_row(item, found.model, lang) for item in found.items)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if place in (0, 5) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(item: CalibratedItem, model: str, lang: str) -> list[str]:
    parameters = item.parameters
    row = [_name(item), f"{item.answered:g}", _number(item.facility, lang), _number(item.item_rest, lang)]
    if parameters is None:
        row += ["-", "-"]
    else:
        pairs = zip(parameters.thresholds, item.threshold_errors, strict=True)
        row += [
            _with_error(parameters.discrimination, item.discrimination_error, lang),
            "  ".join(_with_error(threshold, error, lang) for threshold, error in pairs),
        ]
    if model == "3pl":
        row.append("-" if parameters is None else _with_error(parameters.guessing, item.guessing_error, lang))
    return row


def _name(item: CalibratedItem) -> str:
    name = printable(item.item_id)
    return name if len(name) <= _WIDEST_NAME else f"{name[: _WIDEST_NAME - 1]}…"


def _with_error(value: float, error: float, lang: str) -> str:
    return f"{decimal(value, lang, 2)} ({_number(error, lang)})"


def _number(value: float, lang: str) -> str:
    return decimal(value, lang, 2) if isfinite(value) else "-"


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
