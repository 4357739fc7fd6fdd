"""How good probabilities are. All arrays are of one length; targets are 0 and 1; higher scores mean more risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..data.prediction import (
    SMALLEST_GROUP,
    CalibrationBin,
    Comparison,
    Drift,
    FeatureProfile,
    Performance,
    Stage,
    Subgroup,
)
from ..evaluation import hidden_groups
from ._table_files import Strings, Vector

__all__ = ["Resampling", "auc_of", "compared", "drifts_of", "measured", "profile_of", "stages_of", "subgroups_of"]

_TOP = 0.2
_BINS = 10
#: An empty bin would make the index infinite.
_FLOOR = 1e-4
_RESAMPLES = 400
#: Days of a course that are no more apart than this are the same time of it.
_SAME_TIME = 3.5
_MOST_STAGES = 8


class Resampling:
    """Learners drawn again with replacement, the same draws for everything that is compared (Efron, Tibshirani 1993).

    A learner is drawn with all rows, so that several days of one person do not count as several persons.
    """

    def __init__(self, learners: Strings, seed: int, times: int = _RESAMPLES) -> None:
        unique, place = np.unique(learners.astype(str), return_inverse=True)
        self._learners, self._place, self._seed, self._times = len(unique), place, seed, times

    def weights(self) -> Iterator[Vector]:
        """For each resample how often each row was drawn; not kept, as they are many times the data."""
        random = np.random.default_rng(self._seed)
        for _ in range(self._times):
            drawn = random.integers(0, self._learners, size=self._learners)
            yield np.bincount(drawn, minlength=self._learners).astype(float)[self._place]


def auc_of(score: Vector, target: Vector, weights: Iterable[Vector] = ()) -> Vector:
    """Area under the ROC curve, ties counting half; NaN with one outcome alone.

    One for each of ``weights``, which are as long as the rows; without them one for the rows as they are.
    """
    _, place = np.unique(score, return_inverse=True)
    size = int(place.max()) + 1
    found = []
    for row in weights or (np.ones(len(score)),):
        ones = np.bincount(place, weights=row * target, minlength=size)
        zeros = np.bincount(place, weights=row * (1 - target), minlength=size)
        below = np.cumsum(zeros) - zeros
        pairs = ones.sum() * zeros.sum()
        found.append(float((ones * (below + zeros / 2)).sum() / pairs) if pairs > 0 else np.nan)
    return np.array(found)


def measured(
    kind: str, probability: Vector, target: Vector, resampling: Resampling, *, feature: str = ""
) -> Performance:
    """All figures of one set of probabilities. Brier (1950); the calibration has ten bins of equal size."""
    auc, low, high = _interval(probability, target, resampling.weights())
    top = max(1, round(_TOP * len(target)))
    # Ties at the edge count with their share, so that the order of rows changes nothing.
    edge = np.sort(probability)[-top]
    above, at = probability > edge, probability == edge
    hits = target[above].sum() + (top - above.sum()) * target[at].mean()
    return Performance(
        kind=kind,
        feature=feature,
        n=len(target),
        positives=int(target.sum()),
        auc=auc,
        auc_low=low,
        auc_high=high,
        brier=float(np.mean((probability - target) ** 2)),
        precision_top=float(hits / top),
        calibration=_calibration(probability, target),
    )


def compared(
    model: Vector, baseline: Vector, target: Vector, resampling: Resampling, *, kind: str, feature: str
) -> Comparison:
    """AUC of the model minus the baseline's, over the same resampled learners."""
    ours, theirs = (auc_of(score, target, resampling.weights()) for score in (model, baseline))
    differences = ours - theirs
    low, high = np.nanquantile(differences, [0.025, 0.975])
    difference = float(auc_of(model, target)[0] - auc_of(baseline, target)[0])
    return Comparison(kind=kind, feature=feature, difference=difference, low=float(low), high=float(high))


def subgroups_of(
    groups: dict[str, Strings], learners: Strings, probability: Vector, target: Vector, seed: int
) -> tuple[Subgroup, ...]:
    """Figures of every group; small ones, and those that would give them away, are taken together.

    Together they are what is left of all learners without the groups that are shown: nobody learns more from it.
    """
    found = []
    for column, values in groups.items():
        sizes = {str(name): len(set(learners[values == name])) for name in sorted(set(values))}
        hidden = hidden_groups(sizes, SMALLEST_GROUP)
        shown = [[name] for name in sizes if name not in hidden]
        for names in [*shown, sorted(hidden)] if hidden else shown:
            value = names[0] if names[0] not in hidden else ""
            rows = np.isin(values, names)
            n = len(set(learners[rows]))
            if n < SMALLEST_GROUP:
                found.append(Subgroup(column, value, len(names), *[None] * 7))
                continue
            auc, low, high = _interval(
                probability[rows], target[rows], Resampling(learners[rows], seed, times=200).weights()
            )
            found.append(
                Subgroup(
                    column=column,
                    value=value,
                    groups=len(names),
                    n=n,
                    predicted=float(probability[rows].mean()),
                    observed=float(target[rows].mean()),
                    auc=auc,
                    auc_low=low,
                    auc_high=high,
                    brier=float(np.mean((probability[rows] - target[rows]) ** 2)),
                )
            )
    return tuple(found)


def profile_of(name: str, values: Vector) -> FeatureProfile:
    """A column in up to ten bins of like size, for comparison with later data."""
    known = values[~np.isnan(values)]
    if not len(known):
        return FeatureProfile(name, 0.0, (), (1.0,), 1.0)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return FeatureProfile(
        name=name,
        median=float(np.median(known)),
        edges=tuple(float(edge) for edge in edges),
        shares=_shares(known, edges),
        missing=float(np.mean(np.isnan(values))),
    )


def stages_of(ages: Vector, values: Vector, profiles: Sequence[FeatureProfile]) -> tuple[Stage, ...]:
    """The rows of training (rows x profiles) by the time of the course that they speak of.

    Ages further apart than ``_SAME_TIME`` belong to different stages, of which there are ``_MOST_STAGES`` at most.
    """
    order = np.unique(ages)
    number = np.cumsum(np.diff(order, prepend=order[0]) > _SAME_TIME)
    if number[-1] >= _MOST_STAGES:
        number = np.minimum(np.arange(len(order)) * _MOST_STAGES // len(order), _MOST_STAGES - 1)
    stage = number[np.searchsorted(order, ages)]
    found = []
    for each in np.unique(stage):
        rows = values[stage == each]
        cells = [_cells(profile, rows[:, at]) for at, profile in enumerate(profiles)]
        found.append(
            Stage(
                age=float(ages[stage == each].mean()),
                rows=len(rows),
                shares=tuple(tuple(map(float, cell[:-1])) for cell in cells),
                missing=tuple(float(cell[-1]) for cell in cells),
            )
        )
    return tuple(found)


def drifts_of(
    profiles: Sequence[FeatureProfile], stages: Sequence[Stage], ages: Vector, values: Vector
) -> tuple[Drift, ...]:
    """How far each column (rows x profiles) has moved, against rows of training from the same times of a course.

    Late in a course everything is larger than early in it: each new row is compared with the stage next to it.
    """
    near = np.abs(ages[:, None] - np.array([stage.age for stage in stages])[None, :]).argmin(axis=1)
    weights = np.bincount(near, minlength=len(stages)) / len(ages)
    found = []
    for at, profile in enumerate(profiles):
        then = sum(
            weight * np.array([*stage.shares[at], stage.missing[at]])
            for weight, stage in zip(weights, stages, strict=True)
        )
        found.append(_drift(profile.name, np.asarray(then), _cells(profile, values[:, at])))
    return tuple(found)


def _drift(name: str, then: Vector, now: Vector) -> Drift:
    """Population stability index, empty cells as one more bin (Siddiqi 2006).

    PSI = sum over bins of (now - then) ln(now / then). Below 0.1 little has changed, above 0.25 much.
    """
    was, is_ = np.maximum(then, _FLOOR), np.maximum(now, _FLOOR)
    return Drift(name, float(np.sum((is_ - was) * np.log(is_ / was))), float(then[-1]), float(now[-1]))


def _cells(profile: FeatureProfile, values: Vector) -> Vector:
    """Shares of the rows in the bins of a profile, and last of those without a value."""
    known = values[~np.isnan(values)]
    missing = 1 - len(known) / len(values)
    found: Vector = np.array([*(share * (1 - missing) for share in _shares(known, np.array(profile.edges))), missing])
    return found


def _shares(known: Vector, edges: Vector) -> tuple[float, ...]:
    # A value that equals an edge lies above it, so a value shared by many has its own bin.
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return tuple(float(share) for share in counts / max(1, len(known)))


def _interval(
    score: Vector, target: Vector, weights: Iterable[Vector]
) -> tuple[float | None, float | None, float | None]:
    point = float(auc_of(score, target)[0])
    if np.isnan(point):
        return None, None, None
    low, high = np.nanquantile(auc_of(score, target, weights), [0.025, 0.975])
    return point, float(low), float(high)


def _calibration(probability: Vector, target: Vector) -> tuple[CalibrationBin, ...]:
    order = np.argsort(probability, kind="stable")
    bins: Sequence[Vector] = np.array_split(order, min(_BINS, max(1, len(order) // 10)))
    return tuple(
        CalibrationBin(float(probability[rows].mean()), float(target[rows].mean()), len(rows))
        for rows in bins
        if len(rows)
    )
