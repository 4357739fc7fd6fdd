"""What a trained model says of each learner."""

from __future__ import annotations

import numpy as np

from ..data.prediction import ModelCard, Performance, RiskFactor, RiskPrediction, RulePlan
from ._explain import factors_of
from ._factors import actions_of, family_of, sentence
from ._metrics import Resampling, drift_of, measured
from ._model import RiskModel
from ._tables import FeatureTable, Source, Vector, label, read_features

__all__ = ["evaluate_risk", "model_card", "predict_risk"]


def predict_risk(model: RiskModel, features: Source, *, explain: bool = True) -> tuple[RiskPrediction, ...]:
    """Predict for every row of a table of features, in its order.

    Where rules alone are used there is no probability: ``flagged`` says what the rule says, and the factor is the
    rule's feature.

    Raises:
        InputError: the table is not what is accepted, or lacks a feature of the model.
    """
    table = _read(model, features)
    flags = _flags(model.record.rule, table)
    if model.uses_rules:
        return tuple(_by_rule(model, table, at, flags[at]) for at in range(len(table)))
    values = table.matrix(model.record.features)
    point = model.probability(values)
    interval = model.interval(values, point)
    low, high = interval if interval else (np.full_like(point, np.nan), np.full_like(point, np.nan))
    factors = factors_of(model, values, point) if explain else [()] * len(table)
    levels = model.levels.predict(values) if model.levels else np.full(len(table), np.nan)
    reach = model.levels.reach if model.levels else np.nan
    return tuple(
        RiskPrediction(
            course_key=str(table.courses[at]),
            learner=str(table.learners[at]),
            as_of=str(table.days[at]),
            probability=float(point[at]),
            low=_known(low[at]),
            high=_known(high[at]),
            flagged=flags[at],
            level=_known(levels[at]),
            level_low=_known(max(0.0, levels[at] - reach)) if model.levels else None,
            level_high=_known(min(1.0, levels[at] + reach)) if model.levels else None,
            factors=factors[at],
        )
        for at in range(len(table))
    )


def evaluate_risk(model: RiskModel, features: Source, outcomes: Source) -> Performance:
    """Figures of a model on labelled data that it has not seen.

    Raises:
        InputError: a table is not what is accepted, or the model uses rules alone.
        LeakageError: a row is of a day after the end of its course.
    """
    table = label(_read(model, features), outcomes)
    if model.uses_rules:
        plan = model.record.rule
        assert plan is not None  # noqa: S101 -- a table has at least one feature
        values = table.features.matrix([plan.feature])[:, 0]
        flags = np.where(values >= plan.threshold, 1.0, 0.0) if plan.above else np.where(values <= plan.threshold, 1.0, 0.0)
        return measured("rule", flags, table.target, Resampling(table.features.learners, 0), feature=plan.feature)
    point = model.probability(table.features.matrix(model.record.features))
    return measured("model", point, table.target, Resampling(table.features.learners, model.record.seed))


def model_card(model: RiskModel, features: Source | None = None, outcomes: Source | None = None) -> ModelCard:
    """The card of a model: what its file tells, and with newer data its drift and its figures there.

    Raises:
        InputError: a table is not what is accepted; outcomes without features.
    """
    if features is None:
        return ModelCard(model.record)
    table = _read(model, features)
    drift = tuple(
        drift_of(profile, table.matrix([profile.name])[:, 0]) for profile in model.record.profiles
    )
    now = evaluate_risk(model, features, outcomes) if outcomes is not None else None
    return ModelCard(
        model.record, drift=tuple(sorted(drift, key=lambda each: (-each.psi, each.name))), drift_rows=len(table), now=now
    )


def _read(model: RiskModel, features: Source) -> FeatureTable:
    # A model that learnt from a column about the person needs it again; any other such column is not looked at.
    return read_features(features, with_demographics=True)


def _flags(plan: RulePlan | None, table: FeatureTable) -> list[bool | None]:
    if plan is None or plan.feature not in table.columns:
        return [None] * len(table)
    values: Vector = table.matrix([plan.feature])[:, 0]
    beyond = values >= plan.threshold if plan.above else values <= plan.threshold
    return [None if np.isnan(value) else bool(flag) for value, flag in zip(values, beyond, strict=True)]


def _by_rule(model: RiskModel, table: FeatureTable, at: int, flag: bool | None) -> RiskPrediction:
    plan = model.record.rule
    factors: tuple[RiskFactor, ...] = ()
    if plan is not None and flag:
        value = float(table.matrix([plan.feature])[at, 0])
        typical = next(each.median for each in model.record.profiles if each.name == plan.feature)
        action = actions_of(plan.feature, raises=True)
        if action is not None:
            factors = (
                RiskFactor(
                    feature=plan.feature,
                    family=family_of(plan.feature).id,
                    effect=0.0,
                    value=value,
                    typical=typical,
                    words=sentence(plan.feature, value, typical),
                    action=action,
                ),
            )
    return RiskPrediction(
        course_key=str(table.courses[at]),
        learner=str(table.learners[at]),
        as_of=str(table.days[at]),
        probability=None,
        low=None,
        high=None,
        flagged=flag,
        level=None,
        level_low=None,
        level_high=None,
        factors=factors,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
