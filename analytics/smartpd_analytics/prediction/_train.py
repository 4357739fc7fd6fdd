"""Training: learn from earlier runs, prove it on later ones, and say plainly where that fails."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import numpy as np

from ..data.prediction import (
    Comparison,
    DataSummary,
    LevelPerformance,
    ModelRecord,
    Performance,
    Reason,
    RulePlan,
    RunSummary,
    Subgroup,
)
from ..progress import Progress, Steps
from ._estimators import Blend, Platt, fit_blend, fit_levels, fit_logistic, one_thread
from ._factors import rule_columns
from ._features import read_features
from ._leakage import Rows, check_separation, check_split
from ._metrics import Resampling, auc_of, compared, measured, profile_of, stages_of, subgroups_of
from ._model import SCHEMA, Levels, Replicate, RiskModel
from ._outcomes import LabelledTable, label
from ._split import blocks_of, inner_folds
from ._table_files import Source, Strings, Vector

__all__ = ["FEWEST_LATER", "FEWEST_OF_EACH", "FEWEST_TRAINING", "train_risk"]

#: Learners needed in the earlier runs and in the latest ones, and of each outcome in both, before a model is tried:
#: below them a difference of 0.05 in AUC cannot be told from chance (Hanley and McNeil 1982).
FEWEST_TRAINING = 200
FEWEST_LATER = 100
FEWEST_OF_EACH = 30
#: Rows with an exit level, in the same sense.
_FEWEST_LEVELS = 200
_REPLICATES = 8
_COVERAGE = 0.9
_TOP = 0.2
_LIBRARIES = ("openedx-smartpd", "scikit-learn", "numpy", "pandas", "skops")


@one_thread
def train_risk(
    features: Source,
    outcomes: Source,
    *,
    seed: int = 0,
    exclude: Sequence[str] = (),
    with_demographics: bool = False,
    replicates: int = _REPLICATES,
    progress: Progress | None = None,
) -> RiskModel:
    """Train a model of the risk of not completing, and of the exit level where that is given.

    Args:
        features: one row for each learner, course and day (``course_key``, ``learner``, ``as_of``); all other numeric
            columns are used.
        outcomes: ``course_key``, ``learner``, ``completed`` (1, 0); if present ``exit_level`` (share), ``starts`` and
            ``ends`` (days of the run); all other columns are groups of the model card, never features.
        seed: the same seed, data and libraries give the same predictions, byte for byte.
        exclude: columns of the features to leave out.
        with_demographics: also learn from columns about the person.
        replicates: trainings on resampled learners, for the intervals; below 2 there are none.
        progress: called with (steps done, steps in all).

    Returns:
        A model. Its ``record.verdict`` is ``rules`` where there is too little data, no later run, or where the model is
        not better than the best simple rule on the latest runs; ``record.reasons`` say which.

    Raises:
        InputError: a table is not what is accepted.
        LeakageError: the features know the outcome.
    """
    table = label(read_features(features, exclude=exclude, with_demographics=with_demographics), outcomes)
    check_separation(table)
    columns, constant = _useful(table)
    values = table.features.matrix(columns)
    blocks = blocks_of(table)
    reasons = _too_little(table, blocks)
    profiles = tuple(profile_of(name, values[:, at]) for at, name in enumerate(columns))
    record = ModelRecord(
        schema=SCHEMA,
        verdict="rules" if reasons else "model",
        reasons=tuple(reasons),
        seed=seed,
        features=tuple(columns),
        left_out=(*table.features.left_out, *((name, "constant") for name in constant)),
        data=_summary(table, blocks),
        rule=_rule(table, columns, values),
        performances=(),
        comparisons=(),
        earlier=(),
        subgroups=(),
        level=None,
        profiles=profiles,
        stages=stages_of(table.features.ages(), values, profiles),
        versions=_versions(),
    )
    steps = Steps(progress, len(blocks) + replicates)
    if reasons:
        return RiskModel(record)
    later = _validated(table, values, columns, blocks, seed, steps)
    record = replace(
        record,
        performances=later.performances,
        comparisons=later.comparisons,
        earlier=later.earlier,
        subgroups=later.subgroups,
    )
    worse = [each for each in later.comparisons if each.kind == "rule" and each.low <= 0]
    if worse:
        closest = min(worse, key=lambda each: each.difference)
        rule = _rule(table, columns, values, closest.feature)
        return RiskModel(replace(record, verdict="rules", reasons=(Reason("not_better", closest.low, 0.0),), rule=rule))
    everything = np.arange(len(table.target))
    blend, platt, _ = _calibrated(table, values, everything, seed)
    steps.done()
    levels, level_figures = _levels(table, values, blocks, seed)
    record = replace(record, level=level_figures)
    return RiskModel(
        record, blend, platt, tuple(_replicate(table, values, seed + 1 + at, steps) for at in range(replicates)), levels
    )


class _Later:
    """What the validation from earlier to later runs gave."""

    def __init__(self) -> None:
        self.performances: tuple[Performance, ...] = ()
        self.comparisons: tuple[Comparison, ...] = ()
        self.earlier: tuple[Performance, ...] = ()
        self.subgroups: tuple[Subgroup, ...] = ()


def _useful(table: LabelledTable) -> tuple[list[str], list[str]]:
    """Columns with at least two different values, and the others."""
    useful: list[str] = []
    constant: list[str] = []
    for at, name in enumerate(table.features.columns):
        known = table.features.values[:, at]
        known = known[~np.isnan(known)]
        (useful if len(known) and (known != known[0]).any() else constant).append(name)
    return useful, constant


def _too_little(table: LabelledTable, blocks: list[Rows]) -> list[Reason]:
    if not len(table.target):
        return [Reason("few_learners", 0, FEWEST_TRAINING)]
    if len(blocks) < 2:
        return [Reason("no_later_run", 1, 2)]
    found = []
    earlier, latest = np.concatenate(blocks[:-1]), blocks[-1]
    learners = table.features.learners
    for rows, fewest, code in (
        (earlier, FEWEST_TRAINING, "few_learners"),
        (latest, FEWEST_LATER, "few_later_learners"),
    ):
        if (number := len(set(learners[rows]))) < fewest:
            found.append(Reason(code, number, fewest))
        ones = len(set(learners[rows][table.target[rows] == 1]))
        zeros = len(set(learners[rows][table.target[rows] == 0]))
        if min(ones, zeros) < FEWEST_OF_EACH:
            found.append(
                Reason("one_outcome" if rows is earlier else "one_outcome_later", min(ones, zeros), FEWEST_OF_EACH)
            )
    return found


def _calibrated(table: LabelledTable, values: Vector, rows: Rows, seed: int) -> tuple[Blend, Platt, Platt]:
    """(blend, its calibration, the calibration of its logistic part), all from ``rows`` alone."""
    scores, linear, target = [], [], []
    for learn, test in inner_folds(table, rows):
        check_split(table.features.courses, table.features.learners, learn, test)
        if len(set(table.target[learn])) < 2:
            continue
        blend = fit_blend(values[learn], table.target[learn], seed)
        scores.append(blend.scores(values[test]))
        linear.append(blend.linear_scores(values[test]))
        target.append(table.target[test])
    blend = fit_blend(values[rows], table.target[rows], seed)
    if not target:
        return blend, Platt(), Platt()
    known = np.concatenate(target)
    return blend, Platt.fitted(np.concatenate(scores), known), Platt.fitted(np.concatenate(linear), known)


def _validated(  # noqa: PLR0917
    table: LabelledTable, values: Vector, columns: list[str], blocks: list[Rows], seed: int, steps: Steps
) -> _Later:
    """Each block predicted from those before it; everything else is reported on the latest one."""
    later = _Later()
    target, learners = table.target, table.features.learners
    for number in range(1, len(blocks)):
        learn, test = np.concatenate(blocks[:number]), blocks[number]
        check_split(table.features.courses, learners, learn, test)
        last = number == len(blocks) - 1
        if len(set(target[learn])) < 2 or (not last and len(set(learners[learn])) < FEWEST_TRAINING):
            steps.done()
            continue
        blend, platt, linear_platt = _calibrated(table, values, learn, seed)
        model = platt.apply(blend.scores(values[test]))
        resampling = Resampling(learners[test], seed)
        figures = measured("model", model, target[test], resampling)
        steps.done()
        if not last:
            later.earlier = (*later.earlier, figures)
            continue
        logistic = linear_platt.apply(blend.linear_scores(values[test]))
        others = [("logistic", "", logistic)]
        for at in _rule_places(columns, values[learn], target[learn]):
            single = fit_logistic(values[learn][:, [at]], target[learn], strength=1.0)
            others.append(("rule", columns[at], single.predict_proba(values[test][:, [at]])[:, 1]))
        later.performances = (
            figures,
            *(measured(kind, each, target[test], resampling, feature=name) for kind, name, each in others),
        )
        later.comparisons = tuple(
            compared(model, each, target[test], resampling, kind=kind, feature=name) for kind, name, each in others
        )
        groups = {name: found[test] for name, found in table.groups.items()}
        later.subgroups = subgroups_of(groups, learners[test], model, target[test], seed)
    return later


def _rule_places(columns: list[str], values: Vector, target: Vector) -> list[int]:
    """Simple rules to beat: the columns that rules speak of, and the single strongest column of the earlier runs."""
    places = [columns.index(name) for name in rule_columns(columns)]
    return [*places, *(at for at in [_strongest(values, target)] if at not in places)]


def _strongest(values: Vector, target: Vector) -> int:
    def strength(at: int) -> float:
        known = ~np.isnan(values[:, at])
        if len(set(target[known])) < 2 or known.mean() < 0.5:
            return 0.0
        return abs(float(auc_of(values[known, at], target[known])[0]) - 0.5)

    return max(range(values.shape[1]), key=strength)


def _rule(table: LabelledTable, columns: list[str], values: Vector, best: str = "") -> RulePlan | None:
    """What flags a learner where no model speaks: the fifth of the learners farthest on the risky side.

    ``best`` is the rule that proved to be the best; without it the first that is named, else the strongest column.
    """
    if not columns:
        return None
    named = rule_columns(columns)
    at = columns.index(best or named[0]) if best or named else _strongest(values, table.target)
    known = ~np.isnan(values[:, at])
    direction = auc_of(values[known, at], table.target[known])[0] if known.any() else np.nan
    above = columns[at] in named or not direction < 0.5
    share = np.quantile(values[known, at], 1 - _TOP if above else _TOP)
    # At the edge of what nobody lacks, as 0 missed tasks, everybody would be flagged.
    if share == (values[known, at].min() if above else values[known, at].max()):
        beyond = values[known, at][values[known, at] > share] if above else values[known, at][values[known, at] < share]
        share = (beyond.min() if above else beyond.max()) if len(beyond) else share
    return RulePlan(columns[at], above, float(share))


def _replicate(table: LabelledTable, values: Vector, seed: int, steps: Steps) -> Replicate:
    """Learners drawn again; those left out by the draw calibrate."""
    learners = table.features.learners
    unique, place = np.unique(learners.astype(str), return_inverse=True)
    random = np.random.default_rng(seed)
    for _ in range(20):
        counts = np.bincount(random.integers(0, len(unique), len(unique)), minlength=len(unique))
        drawn = np.repeat(np.arange(len(learners)), counts[place])
        out = np.flatnonzero(counts[place] == 0)
        if len(set(table.target[drawn])) == 2 and len(set(table.target[out])) == 2:
            break
    blend = fit_blend(values[drawn], table.target[drawn], seed)
    steps.done()
    return Replicate(blend, Platt.fitted(blend.scores(values[out]), table.target[out]))


def _levels(
    table: LabelledTable, values: Vector, blocks: list[Rows], seed: int
) -> tuple[Levels | None, LevelPerformance | None]:
    """Exit levels: split conformal intervals (Lei et al. 2018), their residuals from the latest runs."""
    # Of who does not complete the level is mostly not known, and where it is it says something else.
    known = ~np.isnan(table.levels) & (table.target == 0)
    learn = np.concatenate(blocks[:-1])
    learn, test = learn[known[learn]], blocks[-1][known[blocks[-1]]]
    if len(learn) < _FEWEST_LEVELS or len(test) < FEWEST_LATER:
        return None, None
    first = _fitted_levels(values[learn], table.levels[learn], seed, 0.0)
    residuals = np.abs(first.predict(values[test]) - table.levels[test])
    rank = min(len(residuals), int(np.ceil(_COVERAGE * (len(residuals) + 1))))
    reach = float(np.sort(residuals)[rank - 1])
    # Whether such an interval holds is told by learners who did not make it.
    half = np.arange(len(residuals)) % 2 == 0
    own = np.sort(residuals[half])[min(half.sum(), int(np.ceil(_COVERAGE * (half.sum() + 1)))) - 1]
    baseline = np.abs(table.levels[test] - table.levels[learn].mean())
    figures = LevelPerformance(
        n=len(test),
        error=float(residuals.mean()),
        baseline_error=float(baseline.mean()),
        coverage=float(np.mean(residuals[~half] <= own)),
        better=_above_chance(baseline - residuals, table.features.learners[test]),
    )
    if not figures.better:
        return None, figures
    rows = np.concatenate([learn, test])
    return _fitted_levels(values[rows], table.levels[rows], seed, reach), figures


def _above_chance(gains: Vector, learners: Strings) -> bool:
    """Whether the mean over learners is above 0 by more than chance (95% interval, normal approximation)."""
    unique, place = np.unique(learners.astype(str), return_inverse=True)
    means = np.bincount(place, weights=gains) / np.bincount(place)
    return bool(means.mean() - 1.96 * means.std(ddof=1) / np.sqrt(len(unique)) > 0)


def _fitted_levels(values: Vector, levels: Vector, seed: int, reach: float) -> Levels:
    pair, low, high = fit_levels(values, levels, seed)
    return Levels(pair, low, high, reach)


def _summary(table: LabelledTable, blocks: list[Rows]) -> DataSummary:
    features = table.features
    runs = []
    for block, rows in enumerate(blocks):
        for course in sorted(set(features.courses[rows])):
            mine = rows[features.courses[rows] == course]
            runs.append(RunSummary(course, str(table.starts[mine[0]]), block, len(mine), int(table.target[mine].sum())))
    return DataSummary(
        rows=len(table.target),
        learners=len(set(features.learners)),
        positives=int(table.target.sum()),
        runs=tuple(runs),
        first_day=str(features.days.min()),
        last_day=str(features.days.max()),
        without_outcome=table.without_outcome,
        without_features=table.without_features,
        gone=features.gone,
        features_fingerprint=features.fingerprint,
        outcomes_fingerprint=table.fingerprint,
        simulated=table.simulated,
    )


def _versions() -> tuple[tuple[str, str], ...]:
    return (("python", platform.python_version()), *((name, version(name)) for name in _LIBRARIES))
