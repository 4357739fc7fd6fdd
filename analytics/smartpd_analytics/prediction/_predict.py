"""What a trained model says of each learner."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..data.prediction import ModelCard, Performance, RiskFactor, RiskPrediction, RulePlan
from ..errors import N_, InputError
from ..progress import Progress
from ._estimators import one_thread
from ._explain import factors_of
from ._factors import actions_of, family_of, sentence
from ._features import FeatureTable, read_features
from ._leakage import Rows
from ._metrics import Resampling, drifts_of, measured
from ._model import RiskModel
from ._outcomes import label
from ._table_files import Source, Vector

__all__ = ["evaluate_risk", "model_card", "predict_risk"]


@one_thread
def predict_risk(
    model: RiskModel,
    features: Source,
    *,
    most: int | None = None,
    explain: bool = True,
    on_gone: Callable[[int], None] = lambda _rows: None,
    progress: Progress | None = None,
) -> tuple[RiskPrediction, ...]:
    """Predict for every row of a table of features, by course, the highest risk first.

    ``most`` keeps so many rows of each course; without ``explain`` there are no factors, which saves most of the time.
    Of learners who have left the course (``enrolled`` is 0) nothing is said; ``on_gone`` hears of how many rows.
    ``progress`` is called with (rows explained, rows in all).

    Where rules alone are used there is no probability: ``flagged`` says what the rule says, and the factor is the
    rule's feature.

    Raises:
        InputError: the table is not what is accepted, or lacks a feature of the model.
    """
    table = _read(model, features)
    if table.gone:
        on_gone(table.gone)
    flags = _flags(model.record.rule, table)
    if model.uses_rules:
        urgency = _urgency(model.record.rule, table)
        return tuple(_by_rule(model, table, int(at), flags[at]) for at in _order(table, urgency, most))
    values = table.matrix(model.record.features)
    point = model.probability(values)
    kept = _order(table, point, most)
    table, values, point = table.rows(kept), values[kept], point[kept]
    flags = [flags[at] for at in kept]
    interval = model.interval(values, point)
    low, high = interval if interval else (np.full_like(point, np.nan), np.full_like(point, np.nan))
    factors = factors_of(model, values, progress) if explain else [()] * len(table)
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


@one_thread
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
        flags = (
            np.where(values >= plan.threshold, 1.0, 0.0) if plan.above else np.where(values <= plan.threshold, 1.0, 0.0)
        )
        return measured("rule", flags, table.target, Resampling(table.features.learners, 0), feature=plan.feature)
    point = model.probability(table.features.matrix(model.record.features))
    return measured("model", point, table.target, Resampling(table.features.learners, model.record.seed))


def model_card(model: RiskModel, features: Source | None = None, outcomes: Source | None = None) -> ModelCard:
    """The card of a model: what its file tells, and with newer data its drift and its figures there.

    Raises:
        InputError: a table is not what is accepted; outcomes without features.
    """
    if features is None:
        if outcomes is not None:
            raise InputError(N_("there are outcomes without features"), accepted=N_("both, or features alone"))
        return ModelCard(model.record)
    table = _read(model, features)
    profiles = model.record.profiles
    values = table.matrix([profile.name for profile in profiles])
    drift = drifts_of(profiles, model.record.stages, table.ages(), values)
    now = evaluate_risk(model, features, outcomes) if outcomes is not None else None
    return ModelCard(
        model.record,
        drift=tuple(sorted(drift, key=lambda each: (-each.psi, each.name))),
        drift_rows=len(table),
        now=now,
    )


def _order(table: FeatureTable, urgency: Vector, most: int | None) -> Rows:
    """Places of the rows: by course, the most urgent first, then by learner and day."""
    order: Rows = np.lexsort((table.days, table.learners.astype(str), -urgency, table.courses.astype(str)))
    if most is None:
        return order
    seen: dict[str, int] = {}
    kept = []
    for at in order:
        course = str(table.courses[at])
        seen[course] = seen.get(course, 0) + 1
        if seen[course] <= most:
            kept.append(at)
    return np.array(kept)


def _read(model: RiskModel, features: Source) -> FeatureTable:
    # A model that learnt from a column about the person needs it again; any other such column is not looked at.
    return read_features(features, with_demographics=True)


def _flags(plan: RulePlan | None, table: FeatureTable) -> list[bool | None]:
    if plan is None or plan.feature not in table.columns:
        return [None] * len(table)
    values: Vector = table.matrix([plan.feature])[:, 0]
    beyond = values >= plan.threshold if plan.above else values <= plan.threshold
    return [None if np.isnan(value) else bool(flag) for value, flag in zip(values, beyond, strict=True)]


def _urgency(plan: RulePlan | None, table: FeatureTable) -> Vector:
    """How far a row is on the rule's side, whatever the threshold; rows of which the rule knows nothing come last."""
    if plan is None or plan.feature not in table.columns:
        return np.zeros(len(table))
    values: Vector = table.matrix([plan.feature])[:, 0] * (1.0 if plan.above else -1.0)
    return np.where(np.isnan(values), -np.inf, values)


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
