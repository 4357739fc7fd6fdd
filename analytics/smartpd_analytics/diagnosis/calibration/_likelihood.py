"""The marginal likelihood of a table of answers, and what EM needs of it.

Bock, R. D. & Aitkin, M. (1981). Marginal maximum likelihood estimation of item parameters: application
of an EM algorithm. Psychometrika 46, 443-459, doi:10.1007/BF02293801.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ._curves import Curves, Floats
from ._responses import Responses

__all__ = ["Expected", "Likelihood"]

#: Equally spaced nodes over this reach, weighted by the normal density; for smooth functions more exact than
#: Gauss-Hermite nodes of the same number (Trefethen & Weideman 2014).
_NODES = 61
_REACH = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """The E-step."""

    log_likelihood: float
    #: Posterior of each pattern; shape (patterns, nodes).
    posterior: Floats
    #: Expected numbers of learners; shape (items, nodes, categories).
    counts: Floats


class Likelihood:
    """Answers by pattern, and the population N(0, 1) on its nodes."""

    def __init__(self, responses: Responses, model: str, guessing_prior: tuple[float, float] | None) -> None:
        patterns, place = np.unique(responses.scores, axis=0, return_inverse=True)
        self.patterns = patterns
        self.weights = np.bincount(place.ravel(), weights=responses.counts)
        self.learners = float(self.weights.sum())
        self.nodes = np.linspace(-_REACH, _REACH, _NODES)
        density = np.exp(-(self.nodes**2) / 2)
        self._log_prior = np.log(density / density.sum())
        self.curves = Curves(model, patterns.max(axis=0) + 1, self.nodes)
        #: For each category which patterns chose it; (patterns, items) each.
        self.chose = [(patterns == category).astype(float) for category in range(self.curves.most)]
        self._guessing_prior = guessing_prior if model == "3pl" else None

    def start(self) -> Floats:
        answered = self.weights @ (self.patterns >= 0)
        shares = np.stack([self.weights @ (self.patterns >= k) for k in range(self.curves.most)], axis=1)
        return self.curves.start(shares / np.maximum(answered, 1)[:, None])

    def expect(self, probabilities: Floats) -> Expected:
        """The E-step at these ``probabilities`` (items, nodes, categories)."""
        logs = np.log(probabilities)
        joint = np.tile(self._log_prior, (len(self.patterns), 1))
        for category, chose in enumerate(self.chose):
            joint += chose @ logs[:, :, category]
        highest = joint.max(axis=1, keepdims=True)
        posterior = np.exp(joint - highest)
        total = posterior.sum(axis=1, keepdims=True)
        posterior /= total
        marginal = (highest + np.log(total))[:, 0]
        weighted = posterior * self.weights[:, None]
        counts = np.stack([chose.T @ weighted for chose in self.chose], axis=2)
        return Expected(float(self.weights @ marginal), posterior, counts)

    def log_prior(self, free: Floats) -> float:
        """The logarithm of the priors' density, up to a constant; 0 where there is none."""
        if self._guessing_prior is None:
            return 0.0
        alpha, beta = self._guessing_prior
        guessing = free[:, 2]
        # log of c^(alpha-1) (1-c)^(beta-1), with c = expit(guessing)
        return float(-((alpha - 1) * np.logaddexp(0, -guessing) + (beta - 1) * np.logaddexp(0, guessing)).sum())

    def prior_slope(self, free: Floats) -> Floats:
        """The slope of ``log_prior``, and how much it bends; each of the shape of ``free``."""
        slope = np.zeros_like(free)
        if self._guessing_prior is not None:
            alpha, beta = self._guessing_prior
            slope[:, 2] = (alpha - 1) - (alpha + beta - 2) * expit(free[:, 2])
        return slope

    def prior_bend(self, free: Floats) -> Floats:
        """Minus the second derivative of ``log_prior``."""
        bend = np.zeros_like(free)
        if self._guessing_prior is not None:
            alpha, beta = self._guessing_prior
            guessing = expit(free[:, 2])
            bend[:, 2] = (alpha + beta - 2) * guessing * (1 - guessing)
        return bend

    def scores(self, free: Floats) -> Floats:
        """The slope of each pattern's log-likelihood; shape (patterns, items, width)."""
        probabilities, changes = self.curves(free)
        posterior = self.expect(probabilities).posterior
        relative = changes / probabilities[..., None]
        found = np.zeros((len(self.patterns), *free.shape))
        for category, chose in enumerate(self.chose):
            for item in range(len(free)):
                found[:, item] += chose[:, item, None] * (posterior @ relative[item, :, category])
        return found
