"""Standard errors of item parameters, from the information in the marginal likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._curves import Curves, Floats, free_parameters, item_parameters
from ._em import pack, slope_at, unpack
from ._likelihood import Likelihood

__all__ = ["Precision", "parameter_errors", "precision_at"]

#: Up to this many free parameters the observed information is computed, two slopes for each.
_OBSERVED_UP_TO = 100
_STEP = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How sure the free parameters are."""

    #: Covariance of the packed free parameters; not a number where the data do not determine them.
    covariance: Floats
    #: ``observed`` (Hessian of the log-likelihood) or ``crossproduct`` (of the patterns' slopes; Mislevy &
    #: Sheehan 1989; asymptotically the same).
    method: str
    #: How far in log-likelihood the optimum still is, by a quadratic approximation: half of g' H^-1 g.
    distance: float


def precision_at(likelihood: Likelihood, free: Floats) -> Precision:
    vector = pack(likelihood, free)
    slope = pack(likelihood, slope_at(likelihood, free)[1], add=True)
    if len(vector) <= _OBSERVED_UP_TO:
        information, method = _observed(likelihood, vector), "observed"
    else:
        information, method = _crossproduct(likelihood, free), "crossproduct"
    try:
        np.linalg.cholesky(information)
        covariance = np.linalg.inv(information)
        distance = float(slope @ covariance @ slope) / 2
    except np.linalg.LinAlgError:
        covariance, distance = np.full_like(information, np.nan), float("inf")
    return Precision(covariance, method, distance)


def parameter_errors(likelihood: Likelihood, free: Floats, precision: Precision) -> list[Floats]:
    """Standard errors of each item's discrimination, thresholds and guessing, by the delta method."""
    places = _places(likelihood.curves)
    found = []
    for row, categories, at in zip(free, likelihood.curves.categories, places, strict=True):
        own = free_parameters(likelihood.curves.model, row, int(categories))
        jacobian = np.empty((len(own), len(own)))
        for place in range(len(own)):
            step = np.zeros(len(own))
            step[place] = 1e-5
            high, low = (item_parameters(likelihood.curves.model, own + way * step) for way in (1, -1))
            jacobian[:, place] = (high - low) / 2e-5
        covariance = precision.covariance[np.ix_(at, at)]
        with np.errstate(invalid="ignore"):
            found.append(np.sqrt(np.diag(jacobian @ covariance @ jacobian.T)))
    return found


def _places(curves: Curves) -> list[list[int]]:
    """Where each item's own free parameters stand in the packed vector."""
    if curves.model == "1pl":
        return [[0, 1 + item] for item in range(len(curves.categories))]
    numbers = np.full(curves.present.shape, -1)
    numbers[curves.present] = np.arange(curves.present.sum())
    return [[int(number) for number in row if number >= 0] for row in numbers]


def _observed(likelihood: Likelihood, vector: Floats) -> Floats:
    rows = []
    for place in range(len(vector)):
        step = np.zeros(len(vector))
        step[place] = _STEP
        high, low = (
            pack(likelihood, slope_at(likelihood, unpack(likelihood, vector + way * step))[1], add=True)
            for way in (1, -1)
        )
        rows.append((low - high) / (2 * _STEP))
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def _crossproduct(likelihood: Likelihood, free: Floats) -> Floats:
    scores = likelihood.scores(free)
    packed = (
        np.concatenate([scores[:, :, 0].sum(axis=1, keepdims=True), scores[:, :, 1]], axis=1)
        if likelihood.curves.model == "1pl"
        else scores[:, likelihood.curves.present]
    )
    information: Floats = (packed * likelihood.weights[:, None]).T @ packed
    prior = pack(likelihood, likelihood.prior_bend(free), add=True)
    information += np.diag(prior)
    return information
