"""The figures of an evaluation as CSV (a row for each scale and group) and as JSON (everything)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from ..evaluation import Change, Evaluation, Interval, ScaleResult
from .as_csv import safe_cell

__all__ = ["evaluation_csv", "evaluation_json"]

_INTERVALS = ("difference", "d_z", "g", "percent_difference")
_NUMBERS = (
    "mean_before", "mean_after", "sd_before", "sd_after", "sd_difference", "correlation", "percent_before",
    "percent_after", "t", "df", "p", "p_holm", "d_av", "gain", "mean_gain", "gain_n", "higher", "same", "lower",
)  # fmt: skip
_COLUMNS = (
    "simulated", "scale", "measure", "area", "group", "arm", "shown", "n", "least", "most", "parts",
    *_NUMBERS,
    *(f"{name}{end}" for name in _INTERVALS for end in ("", "_low", "_high")),
    "wilcoxon", "wilcoxon_p", "wilcoxon_method", "wilcoxon_pairs", "rank_biserial",
    "alpha_before", "alpha_before_low", "alpha_before_high", "alpha_after", "alpha_after_low", "alpha_after_high",
    "before", "after", "lost", "only_after", "baseline_difference", "baseline_low", "baseline_high", "baseline_p",
    "change_difference", "change_difference_low", "change_difference_high", "change_difference_p",
    "adjusted_difference", "adjusted_low", "adjusted_high", "adjusted_p",
)  # fmt: skip


def evaluation_csv(evaluation: Evaluation) -> str:
    """One row for the cohort and one for each group, scale by scale; names and numbers in English form.

    Numbers are written in full, so that they can be computed with. ``shown`` is 0 for a hidden group.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for scale in evaluation.scales:
        for row in _rows(scale, evaluation):
            writer.writerow({name: safe_cell(value) for name, value in row.items()})
    return out.getvalue()


def evaluation_json(evaluation: Evaluation) -> str:
    """Everything that was found, as one object. No single learner is in it."""
    found = asdict(evaluation)
    for scale in found["scales"]:
        del scale["percents"]
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _rows(scale: ScaleResult, evaluation: Evaluation) -> list[dict[str, Any]]:
    about = {
        "simulated": int(evaluation.simulated),
        "scale": scale.id,
        "measure": scale.measure,
        "area": scale.area,
        "least": scale.least,
        "most": scale.most,
        "parts": scale.parts,
    }
    cohort = {**about, "shown": int(scale.change is not None), **_attrition(scale), **_alphas(scale)}
    cohort |= _change(scale.change) if scale.change else {"n": scale.attrition.matched}
    rows = [cohort]
    for group in scale.groups:
        figures = _change(group.change) if group.change else {}
        rows.append({**about, "group": group.name, "shown": int(not group.hidden), **figures})
    if found := scale.comparison:
        cohort |= {"change_difference_p": found.changes.p, "adjusted_p": found.adjusted_p}
        cohort |= _interval("change_difference", found.changes.difference)
        cohort |= _interval("adjusted", found.adjusted, value="adjusted_difference")
        rows.append({**about, "arm": found.control, "shown": 1, **_change(found.comparison)})
    return rows


def _change(change: Change) -> dict[str, Any]:
    figures: dict[str, Any] = {"n": change.n, **{name: getattr(change, name) for name in _NUMBERS}}
    for name in _INTERVALS:
        figures |= _interval(name, getattr(change, name))
    if ranks := change.wilcoxon:
        figures |= {
            "wilcoxon": ranks.statistic,
            "wilcoxon_p": ranks.p,
            "wilcoxon_method": ranks.method,
            "wilcoxon_pairs": ranks.pairs,
            "rank_biserial": ranks.rank_biserial,
        }
    return figures


def _attrition(scale: ScaleResult) -> dict[str, Any]:
    found = scale.attrition
    figures: dict[str, Any] = {
        "before": found.before,
        "after": found.after,
        "lost": found.lost,
        "only_after": found.only_after,
    }
    if found.baseline:
        figures |= {"baseline_p": found.baseline.p}
        figures |= _interval("baseline", found.baseline.difference, value="baseline_difference")
    return figures


def _alphas(scale: ScaleResult) -> dict[str, Any]:
    return {
        **_interval("alpha_before", scale.alpha_before.alpha if scale.alpha_before else None),
        **_interval("alpha_after", scale.alpha_after.alpha if scale.alpha_after else None),
    }


def _interval(name: str, found: Interval | None, *, value: str = "") -> dict[str, Any]:
    if found is None:
        return {}
    return {value or name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
