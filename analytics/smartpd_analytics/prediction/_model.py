"""A trained model in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.prediction import ModelRecord
from ._estimators import UNCALIBRATED, Blend, Platt, level_of, log_odds, probability
from ._table_files import Vector

__all__ = ["SCHEMA", "Levels", "Replicate", "RiskModel"]

#: Version of the model file; a change of its parts raises it.
SCHEMA = 2
#: 90% of a normal distribution.
_Z = 1.6449


@dataclass(frozen=True, slots=True)
class Replicate:
    """The same training on learners drawn again: how much an estimate depends on who was there."""

    blend: Blend
    platt: Platt


@dataclass(frozen=True, slots=True)
class Levels:
    """Regression of the exit level; ``reach`` is the half width of its 90% interval."""

    pair: tuple[Any, Any]
    low: Vector
    high: Vector
    reach: float

    def predict(self, values: Vector) -> Vector:
        """Shares."""
        return level_of(self.pair, values, self.low, self.high)


@dataclass(frozen=True, slots=True)
class RiskModel:
    """What ``train_risk`` gives and ``load_model`` reads. ``blend`` is None where rules alone are used."""

    record: ModelRecord
    blend: Blend | None = None
    platt: Platt = UNCALIBRATED
    replicates: tuple[Replicate, ...] = ()
    levels: Levels | None = None

    @property
    def uses_rules(self) -> bool:
        """Whether the rule alone speaks."""
        return self.record.verdict == "rules" or self.blend is None

    def probability(self, values: Vector) -> Vector:
        """Probability of not completing for rows x features."""
        assert self.blend is not None  # noqa: S101 -- callers ask uses_rules first
        return self.platt.apply(self.blend.scores(values))

    def interval(self, values: Vector, point: Vector) -> tuple[Vector, Vector] | None:
        """90% interval of the probability: the spread of the replicates' log-odds around the point (bootstrap).

        Efron and Tibshirani (1993), chapter 13: the interval from a bootstrap standard error, on the log-odds, where
        it is symmetric. None without replicates.
        """
        if len(self.replicates) < 2:
            return None
        odds = np.stack([log_odds(each.platt.apply(each.blend.scores(values))) for each in self.replicates])
        reach = _Z * odds.std(axis=0, ddof=1)
        middle = log_odds(point)
        return probability(middle - reach), probability(middle + reach)

    def typical(self) -> Vector:
        """The median of each feature in training; NaN where most learners have none."""
        medians = {each.name: np.nan if each.missing > 0.5 else each.median for each in self.record.profiles}
        return np.array([medians[name] for name in self.record.features])
