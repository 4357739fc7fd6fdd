"""Reliability of sum scores, in classical test theory."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from scipy.stats import f as f_distribution

from ...errors import N_, InputError
from ._curves import Floats
from ._responses import Responses

__all__ = ["ItemReliability", "Reliability", "cronbach_alpha", "reliability"]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class ItemReliability:
    """One item among the others of its scale; a figure is not a number where it is not defined."""

    item_id: str
    mean: float
    sd: float
    #: Correlation with the sum of the other items; below 0 the item is probably to be reversed.
    item_rest: float
    #: Alpha of the scale without this item.
    alpha_without: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """One scale: the items of an area, or all items (``area_id`` is ``""``)."""

    area_id: str
    #: Cronbach's alpha with its 95% confidence interval; not a number without two items and any spread.
    alpha: float
    alpha_low: float
    alpha_high: float
    #: Mean, standard deviation and standard error of measurement of the sum score, in points.
    mean: float
    sd: float
    sem: float
    #: Learners who answered every item of the scale, and those left out because they did not.
    learners: float
    left_out: float
    items: tuple[ItemReliability, ...]


def reliability(responses: Responses) -> tuple[Reliability, ...]:
    """All items as one scale, then each area that has two items or more, by area id.

    Alpha is that of ``cronbach_alpha``, SEM = sd sqrt(1 - alpha) (Lord & Novick 1968). Learners with a missing answer
    in a scale are left out of it.

    Raises:
        InputError: there are fewer than two items, or nobody answered all of them and there are no areas.
    """
    if len(responses.item_ids) < 2:
        raise InputError(N_("one item is no scale"), accepted=N_("2 items or more"))
    scales = {"": list(range(len(responses.item_ids)))}
    for place, item_id in enumerate(responses.item_ids):
        if responses.areas.get(item_id):
            scales.setdefault(responses.areas[item_id], []).append(place)
    found = [_scale(responses, area, places) for area, places in sorted(scales.items()) if len(places) > 1]
    if not any(scale.learners >= 2 for scale in found):
        problem = N_("fewer than two learners answered all items of a scale")
        raise InputError(problem, accepted=N_("complete rows of answers"))
    return tuple(found)


def cronbach_alpha(
    values: Floats, weights: Floats | None = None, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Cronbach's alpha and its confidence interval; not numbers with fewer than two learners or items, or no spread.

    alpha = k / (k - 1) (1 - sum of item variances / variance of the sum) (Cronbach 1951, doi:10.1007/BF02310555),
    interval by Feldt (1965, doi:10.1007/BF02289499).

    Args:
        values: scores, learners x items, none missing.
        weights: how many learners each row stands for; one each without it.
        confidence: of the interval, between 0 and 1.
    """
    learners, items = values.shape
    weights = np.ones(learners) if weights is None else weights
    alpha = _alpha(values, weights)
    if not isfinite(alpha):
        return _NAN, _NAN, _NAN
    within = float(weights.sum()) - 1
    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    low, high = (1 - (1 - alpha) * float(f_distribution.ppf(tail, within, within * (items - 1))) for tail in tails)
    return alpha, low, high


def _scale(responses: Responses, area_id: str, places: list[int]) -> Reliability:
    scores = responses.scores[:, places]
    complete = (scores >= 0).all(axis=1)
    weights = responses.counts[complete]
    values = scores[complete].astype(float)
    learners = float(weights.sum())
    total = values.sum(axis=1)
    alpha, low, high = cronbach_alpha(values, weights)
    sd = sqrt(_variance(total, weights))
    return Reliability(
        area_id=area_id,
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        mean=float(np.average(total, weights=weights)) if learners else _NAN,
        sd=sd,
        # Chance may take alpha below 0, where it says no more than 0 does.
        sem=sd * sqrt(1 - max(alpha, 0.0)) if isfinite(alpha) else _NAN,
        learners=learners,
        left_out=responses.learners - learners,
        items=tuple(_item(responses.item_ids[place], values, weights, column) for column, place in enumerate(places)),
    )


def _item(item_id: str, values: Floats, weights: Floats, column: int) -> ItemReliability:
    own = values[:, column]
    others = np.delete(values, column, axis=1)
    rest = others.sum(axis=1)
    spread = _variance(own, weights) * _variance(rest, weights)
    together = (_variance(own + rest, weights) - _variance(own, weights) - _variance(rest, weights)) / 2
    return ItemReliability(
        item_id=item_id,
        mean=float(np.average(own, weights=weights)) if len(own) else _NAN,
        sd=sqrt(_variance(own, weights)),
        item_rest=together / sqrt(spread) if spread > 0 else _NAN,
        alpha_without=_alpha(others, weights),
    )


def _alpha(values: Floats, weights: Floats) -> float:
    k = values.shape[1]
    total = _variance(values.sum(axis=1), weights)
    if k < 2 or not total > 0:
        return _NAN
    return float(k / (k - 1) * (1 - sum(_variance(column, weights) for column in values.T) / total))


def _variance(values: Floats, weights: Floats) -> float:
    learners = weights.sum()
    if learners < 2:
        return _NAN
    mean = np.average(values, weights=weights)
    return float(weights @ (values - mean) ** 2 / (learners - 1))
