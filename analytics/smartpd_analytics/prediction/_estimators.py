"""What learns: two different views of the same table, averaged, and then calibrated.

Gradient boosted trees find steps and interactions; a regularised logistic regression keeps to what holds in
general, which carries over better to courses that were not in training. The mean of their log-odds is used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from ._table_files import Vector

__all__ = [
    "UNCALIBRATED",
    "Blend",
    "Platt",
    "fit_blend",
    "fit_levels",
    "fit_logistic",
    "level_of",
    "log_odds",
    "one_thread",
    "probability",
]

_EDGE = 1e-6
_P = ParamSpec("_P")
_R = TypeVar("_R")
#: Values beyond these quantiles of training are drawn in, so that a straight line does not run away with them.
_WINSOR = (0.005, 0.995)
_TREES: dict[str, Any] = {
    "learning_rate": 0.06,
    "max_iter": 160,
    "max_leaf_nodes": 5,
    "l2_regularization": 5.0,
    "early_stopping": False,
}


@dataclass(frozen=True, slots=True)
class Blend:
    """Trees and logistic regression on the same columns; ``low`` and ``high`` bound the values of the latter."""

    trees: Any
    linear: Any
    low: Vector
    high: Vector

    def scores(self, values: Vector) -> Vector:
        """Log-odds, rows x 1, not yet calibrated."""
        trees = log_odds(self.trees.predict_proba(values)[:, 1])
        linear: Vector = self.linear.decision_function(np.clip(values, self.low, self.high))
        return (trees + linear) / 2

    def linear_scores(self, values: Vector) -> Vector:
        """Log-odds of the logistic regression alone."""
        scores: Vector = self.linear.decision_function(np.clip(values, self.low, self.high))
        return scores


@dataclass(frozen=True, slots=True)
class Platt:
    """Calibration with two numbers: probability = 1 / (1 + exp(-(slope x score + offset))) (Platt 1999).

    It keeps the order of learners and asks for little data; an isotonic step function needs much more and would
    follow the chances of one run.
    """

    slope: float = 1.0
    offset: float = 0.0

    @classmethod
    def fitted(cls, scores: Vector, target: Vector) -> Platt:
        """From scores of rows that were not in training; the identity where there is one outcome alone."""
        if len(set(target)) < 2:
            return cls()
        found = LogisticRegression(C=1e3).fit(scores.reshape(-1, 1), target)
        slope = float(found.coef_[0, 0])
        # A falling curve would turn the order round: then the scores tell nothing, and the base rate is all.
        if slope <= 0:
            rate = float(np.clip(target.mean(), _EDGE, 1 - _EDGE))
            return cls(0.0, float(np.log(rate / (1 - rate))))
        return cls(slope, float(found.intercept_[0]))

    def apply(self, scores: Vector) -> Vector:
        """Scores to probabilities."""
        return probability(self.slope * scores + self.offset)


#: Scores as they are.
UNCALIBRATED = Platt()


def one_thread(work: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run without OpenMP's threads: on a busy machine they wait for each other, at many times the CPU time."""

    @wraps(work)
    def alone(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with threadpool_limits(1):
            return work(*args, **kwargs)

    return alone


def log_odds(share: Vector) -> Vector:
    """ln(p / (1 - p)), finite."""
    clipped = np.clip(share, _EDGE, 1 - _EDGE)
    odds: Vector = np.log(clipped / (1 - clipped))
    return odds


def probability(odds: Vector) -> Vector:
    """The inverse of ``log_odds``."""
    found: Vector = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


def fit_blend(values: Vector, target: Vector, seed: int) -> Blend:
    """Fit both; ``values`` is rows x columns with NaN for unknown, ``target`` 0 and 1, both present."""
    low, high = _bounds(values)
    how = {**_TREES, "min_samples_leaf": _leaf(len(target)), "random_state": seed}
    trees = HistGradientBoostingClassifier(**how, max_features=0.3).fit(_without_void(values), target)
    return Blend(trees, fit_logistic(np.clip(values, low, high), target), low, high)


def fit_logistic(values: Vector, target: Vector, *, strength: float = 0.01) -> Any:
    """Logistic regression with medians for empty cells, a column that says where they were, and a ridge.

    ``strength`` is the inverse of the ridge: many columns need a strong one, a single column hardly any.
    """
    pipeline = _linear(LogisticRegression(C=strength, max_iter=2000))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return pipeline.fit(values, target)


def _linear(regressor: Any) -> Pipeline:
    """Medians for empty cells and a column that says where they were, one scale, then the regression."""
    impute = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return Pipeline([("impute", impute), ("scale", StandardScaler()), ("regress", regressor)])


def fit_levels(values: Vector, levels: Vector, seed: int) -> tuple[tuple[Any, Any], Vector, Vector]:
    """Two regressions of the exit level, to be averaged like the blend, and the bounds of the second's values."""
    low, high = _bounds(values)
    how = {**_TREES, "min_samples_leaf": _leaf(len(levels)), "random_state": seed}
    trees = HistGradientBoostingRegressor(**how).fit(_without_void(values), levels)
    linear = _linear(Ridge(alpha=100.0)).fit(np.clip(values, low, high), levels)
    return (trees, linear), low, high


def level_of(pair: tuple[Any, Any], values: Vector, low: Vector, high: Vector) -> Vector:
    """Expected exit level, a share."""
    trees, linear = pair
    mean = (trees.predict(values) + linear.predict(np.clip(values, low, high))) / 2
    found: Vector = np.clip(mean, 0.0, 1.0)
    return found


def _without_void(values: Vector) -> Vector:
    """Columns that these rows know nothing of become constant, which no tree splits on; they may not be empty."""
    void = np.isnan(values).all(axis=0)
    return np.where(void, 0.0, values) if void.any() else values


def _leaf(rows: int) -> int:
    """A leaf holds at least 40 rows, fewer where there are few."""
    return int(np.clip(rows // 25, 5, 40))


def _bounds(values: Vector) -> tuple[Vector, Vector]:
    known = ~np.isnan(values).all(axis=0)
    low, high = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    low[known], high[known] = np.nanquantile(values[:, known], _WINSOR, axis=0)
    return low, high
