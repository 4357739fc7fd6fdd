"""Standard errors of item parameters, from the information in the marginal likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._curves import Curves, Floats, free_parameters, item_parameters
from ._em import pack, slope_at
from ._likelihood import Likelihood

__all__ = ["Precision", "parameter_errors", "precision_at"]

_STEP = 1e-5
#: Nodes with a smaller share of the learners add nothing that can be seen.
_NO_LEARNERS = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How sure the free parameters are."""

    #: Covariance of the packed free parameters; not a number where the data do not determine them.
    covariance: Floats
    #: How far in log-likelihood the optimum still is, by a quadratic approximation: half of g' H^-1 g.
    distance: float


def precision_at(likelihood: Likelihood, free: Floats) -> Precision:
    """The inverse of the observed information, by Louis' identity (1982, JRSS B 44, 226-233).

    Observed information = that of the complete data (answers and abilities) minus what is missing: the
    variance of the complete data's slope, given the answers.
    """
    slope = pack(likelihood, slope_at(likelihood, free)[1], add=True)
    information = _complete(likelihood, free) - _missing(likelihood, free)
    information += np.diag(pack(likelihood, likelihood.prior_bend(free), add=True))
    try:
        np.linalg.cholesky(information)
        covariance = np.linalg.inv(information)
        distance = float(slope @ covariance @ slope) / 2
    except np.linalg.LinAlgError:
        covariance, distance = np.full_like(information, np.nan), float("inf")
    return Precision(covariance, distance)


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


def _complete(likelihood: Likelihood, free: Floats) -> Floats:
    """Minus the second derivatives of the expected complete log-likelihood, with the expected counts held fixed."""
    counts = likelihood.expect(likelihood.curves(free)[0]).counts
    width = free.shape[1]

    def slope(at: Floats) -> Floats:
        probabilities, changes = likelihood.curves(at)
        found: Floats = np.einsum("jqk,jqkp->jp", counts / probabilities, changes)
        return found

    bends = np.empty((*free.shape, width))
    for place in range(width):
        step = np.zeros(width)
        step[place] = _STEP
        bends[:, :, place] = (slope(free - step) - slope(free + step)) / (2 * _STEP)
    places = _places(likelihood.curves)
    information = np.zeros((places[-1][-1] + 1,) * 2)
    for bend, at in zip(bends, places, strict=True):
        own = bend[: len(at), : len(at)]
        information[np.ix_(at, at)] += (own + own.T) / 2
    return information


def _missing(likelihood: Likelihood, free: Floats) -> Floats:
    """The variance of the complete slope given the answers, added up over the patterns."""
    probabilities, changes = likelihood.curves(free)
    relative = changes / probabilities[..., None]
    posterior = likelihood.expect(probabilities).posterior * likelihood.weights[:, None]
    mean = _packed(likelihood, likelihood.scores(free))
    missing: Floats = -(mean * likelihood.weights[:, None]).T @ mean
    for node in np.flatnonzero(posterior.sum(axis=0) > _NO_LEARNERS * likelihood.learners):
        slopes = sum(
            chose[:, :, None] * relative[None, :, node, category] for category, chose in enumerate(likelihood.chose)
        )
        weighted = _packed(likelihood, np.asarray(slopes)) * np.sqrt(posterior[:, node, None])
        missing += weighted.T @ weighted
    return missing


def _packed(likelihood: Likelihood, slopes: Floats) -> Floats:
    """Slopes (patterns, items, width) as (patterns, packed free parameters)."""
    if likelihood.curves.model == "1pl":
        return np.concatenate([slopes[:, :, 0].sum(axis=1, keepdims=True), slopes[:, :, 1]], axis=1)
    own: Floats = slopes[:, likelihood.curves.present]
    return own
