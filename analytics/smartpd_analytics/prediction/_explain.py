"""Why this estimate for this learner: shares of the difference from the typical learner.

The typical learner has the median of every feature in training. Features of one family enter together, in random
orders and their reverses, from the typical learner to this one; a family's share is the mean change of the log-odds
at its entry. That is the Shapley value with one point of reference (Sundararajan and Najmi 2020), estimated
from permutations (Castro, Gómez and Tejada 2009); an order together with its reverse is exact for interactions of
two families. The shares add up to the difference of the log-odds. What is told of a share is by how many points it
alone would change the probability of the typical learner.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.prediction import RiskFactor
from ..progress import Progress
from ._estimators import log_odds, probability
from ._factors import actions_of, family_of, sentence
from ._model import RiskModel
from ._table_files import Vector

__all__ = ["factors_of", "family_shares"]

_PAIRS = 4
_MOST = 3
#: Less than this many points of probability is no reason.
_LEAST = 0.005
_CHUNK = 500


def families_of(columns: Sequence[str]) -> list[list[int]]:
    """Places of the columns, by family."""
    found: dict[str, list[int]] = {}
    for at, column in enumerate(columns):
        family = family_of(column)
        # What no family knows says nothing about what else no family knows.
        found.setdefault(column if family.id == "other" else family.id, []).append(at)
    return list(found.values())


def family_shares(model: RiskModel, values: Vector, families: Sequence[Sequence[int]], seed: int) -> Vector:
    """Shapley values in log-odds: rows x families."""
    assert model.blend is not None  # noqa: S101 -- callers ask uses_rules first
    random = np.random.default_rng(seed)
    orders = [random.permutation(len(families)) for _ in range(_PAIRS)]
    orders += [order[::-1] for order in orders]
    shares = np.zeros((len(values), len(families)))
    for order in orders:
        now = np.repeat(model.typical()[None, :], len(values), axis=0)
        before = model.blend.scores(now[:1]).repeat(len(values))
        for family in order:
            now[:, families[family]] = values[:, families[family]]
            after = model.blend.scores(now)
            shares[:, family] += after - before
            before = after
    return shares / len(orders) * model.platt.slope


def factors_of(model: RiskModel, values: Vector, progress: Progress | None = None) -> list[tuple[RiskFactor, ...]]:
    """For each row at most three families, the weightiest first, each named by its most telling feature.

    ``progress`` is called with (rows done, rows in all).
    """
    families = families_of(model.record.features)
    found: list[tuple[RiskFactor, ...]] = []
    base = float(log_odds(model.probability(model.typical()[None, :]))[0])
    for start in range(0, len(values), _CHUNK):
        rows = values[start : start + _CHUNK]
        shares = family_shares(model, rows, families, model.record.seed)
        alone = _alone(model, rows)
        for at, row in enumerate(rows):
            found.append(_row(model, row, shares[at], alone[at], families, base))
        if progress:
            progress(len(found), len(values))
    return found


def _alone(model: RiskModel, values: Vector) -> Vector:
    """Change of the log-odds when one feature alone becomes the typical one: rows x features (occlusion)."""
    assert model.blend is not None  # noqa: S101
    whole = model.blend.scores(values)
    typical = model.typical()
    found = np.zeros_like(values)
    for column in range(values.shape[1]):
        changed = values.copy()
        changed[:, column] = typical[column]
        found[:, column] = whole - model.blend.scores(changed)
    return found


def _row(  # noqa: PLR0917
    model: RiskModel, row: Vector, shares: Vector, alone: Vector, families: Sequence[Sequence[int]], base: float
) -> tuple[RiskFactor, ...]:
    typical = model.typical()
    factors: list[RiskFactor] = []
    for family in np.argsort(-np.abs(shares), kind="stable"):
        share = float(shares[family])
        column = max(families[family], key=lambda at: (alone[at] * np.sign(share), -at))
        name = model.record.features[column]
        action = actions_of(name, raises=share > 0)
        # In points of probability at the typical learner's place: near certainty every single reason looks small.
        effect = float(probability(np.array(base + share)) - probability(np.array(base)))
        value, usual = (None if np.isnan(each) else float(each) for each in (row[column], typical[column]))
        # "Not known" can be a worry, but it is nothing to be praised for.
        if action is None or abs(effect) < _LEAST or (value is None and (share < 0 or usual is None)):
            continue
        factors.append(
            RiskFactor(
                feature=name,
                family=family_of(name).id,
                effect=effect,
                value=value,
                typical=usual,
                words=sentence(name, value, usual),
                action=action,
            )
        )
        if len(factors) == _MOST:
            break
    return tuple(factors)
