"""The statistics of paired scores, from their definitions; scipy gives the distributions alone.

Sources: Student's t and its interval, any textbook; Wilcoxon (1945), with Pratt's remark on zeros not taken up (pairs
without a difference are left out, as Wilcoxon did); Cohen (1988) d_z; Hedges (1981) for the correction of
bias; Steiger and Fouladi (1997) for the interval of d from the noncentral t; Hake (1998) for the normalised gain;
Holm (1979); Welch (1947).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, isnan, lgamma, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from ..diagnosis.calibration import cronbach_alpha
from ._results import Alpha, Change, Interval, WelchTest, Wilcoxon

__all__ = ["adjusted_difference", "alpha_of", "change_of", "holm", "mean_interval", "welch", "wilcoxon"]

Values = NDArray[np.float64]

#: Up to this many pairs the distribution of the ranks is counted out.
_MOST_EXACT = 50
#: Differences of scores with decimals are equal up to about this share.
_ROUNDING = 1e-12


def change_of(before: Values, after: Values, *, least: float, most: float, confidence: float = 0.95) -> Change:
    """Before against after.

    Args:
        before, after: scores of the same learners in the same order, shape (n,), n >= 2, within ``least..most``.
        least, most: lowest and highest possible score.
        confidence: of all intervals, between 0 and 1.
    """
    n = len(before)
    differences = after - before
    sd = _sd(differences)
    difference = mean_interval(differences, confidence)
    varies = sd > 0
    t = float(differences.mean() / (sd / sqrt(n))) if varies else None
    d_z = _d_interval(t, n, confidence) if t is not None else None
    correction = _hedges(n - 1)
    spread = sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2)
    could_gain = before < most
    gains = differences[could_gain] / (most - before[could_gain])
    percent = 100 / most
    both_vary = _sd(before) > 0 and _sd(after) > 0
    return Change(
        n=n,
        mean_before=float(before.mean()),
        mean_after=float(after.mean()),
        sd_before=_sd(before),
        sd_after=_sd(after),
        difference=difference,
        sd_difference=sd,
        correlation=float(np.corrcoef(before, after)[0, 1]) if both_vary else None,
        t=t,
        df=n - 1,
        p=float(2 * stats.t.sf(abs(t), n - 1)) if t is not None else None,
        wilcoxon=wilcoxon(differences),
        d_z=d_z,
        g=Interval(d_z.value * correction, d_z.low * correction, d_z.high * correction) if d_z and n > 2 else None,
        d_av=float(differences.mean() / spread) if spread > 0 else None,
        gain=float((after.mean() - before.mean()) / (most - before.mean())) if before.mean() < most else None,
        mean_gain=float(gains.mean()) if len(gains) else None,
        gain_n=len(gains),
        percent_before=float(before.mean() * percent),
        percent_after=float(after.mean() * percent),
        percent_difference=Interval(difference.value * percent, difference.low * percent, difference.high * percent),
        higher=int((differences > 0).sum()),
        same=int((differences == 0).sum()),
        lower=int((differences < 0).sum()),
    )


def mean_interval(values: Values, confidence: float = 0.95) -> Interval:
    """A mean with its t interval; shape (n,), n >= 2."""
    n = len(values)
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * _sd(values) / sqrt(n)
    mean = float(values.mean())
    return Interval(mean, mean - half, mean + half)


def wilcoxon(differences: Values) -> Wilcoxon | None:
    """The two-sided signed-rank test of paired differences; None where none differs from 0.

    Exact up to 50 pairs without ties and zeros, else the normal approximation with the correction for ties.
    """
    some = differences[differences != 0]
    n = len(some)
    if n == 0:
        return None
    ranks = stats.rankdata(np.abs(some))
    up = float(ranks[some > 0].sum())
    total = n * (n + 1) / 2
    down = total - up
    smaller = min(up, down)
    _, sizes = np.unique(np.abs(some), return_counts=True)
    exact = n == len(differences) and n <= _MOST_EXACT and bool((sizes == 1).all())
    if exact:
        p = 2 * _share_of_sums(n, int(smaller))
    else:
        variance = n * (n + 1) * (2 * n + 1) / 24 - float((sizes.astype(float) ** 3 - sizes).sum()) / 48
        z = (smaller - total / 2) / sqrt(variance)
        p = float(2 * stats.norm.cdf(z))
    return Wilcoxon(smaller, min(p, 1.0), n, "exact" if exact else "normal", (up - down) / total)


def _share_of_sums(n: int, most: int) -> float:
    """Share of the subsets of 1..n whose sum is at most ``most``."""
    ways = [1] + [0] * most
    for rank in range(1, n + 1):
        for sum_ in range(most, rank - 1, -1):
            ways[sum_] += ways[sum_ - rank]
    return float(sum(ways) / 2**n)


def alpha_of(items: Values, confidence: float = 0.95) -> Alpha | None:
    """Cronbach's alpha of scores of shape (learners, items); None for less than two of either, or no spread."""
    learners, count = items.shape
    alpha, low, high = cronbach_alpha(items, confidence=confidence)
    return None if isnan(alpha) else Alpha(Interval(alpha, low, high), count, learners)


def welch(first: Values, second: Values, confidence: float = 0.95) -> WelchTest | None:
    """Two independent means of unequal variances; None for less than two values in one, or no spread in both."""
    n_1, n_2 = len(first), len(second)
    if n_1 < 2 or n_2 < 2:
        return None
    v_1, v_2 = float(first.var(ddof=1)) / n_1, float(second.var(ddof=1)) / n_2
    if v_1 + v_2 <= 0:
        return None
    error = sqrt(v_1 + v_2)
    df = (v_1 + v_2) ** 2 / (v_1**2 / (n_1 - 1) + v_2**2 / (n_2 - 1))
    difference = float(first.mean() - second.mean())
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    t = difference / error
    pooled = sqrt(((n_1 - 1) * v_1 * n_1 + (n_2 - 1) * v_2 * n_2) / (n_1 + n_2 - 2))
    return WelchTest(
        n_first=n_1,
        n_second=n_2,
        mean_first=float(first.mean()),
        mean_second=float(second.mean()),
        difference=Interval(difference, difference - half, difference + half),
        t=t,
        df=df,
        p=float(2 * stats.t.sf(abs(t), df)),
        g=difference / pooled * _hedges(n_1 + n_2 - 2),
    )


def adjusted_difference(
    course: tuple[Values, Values], comparison: tuple[Values, Values], confidence: float = 0.95
) -> tuple[Interval, float] | None:
    """Mean after of the course minus the comparison's at equal scores before (ANCOVA, one common slope), and its p.

    None where the scores before do not vary or there are too few learners.
    """
    before = np.concatenate([course[0], comparison[0]])
    after = np.concatenate([course[1], comparison[1]])
    arm = np.concatenate([np.ones(len(course[0])), np.zeros(len(comparison[0]))])
    design = np.column_stack([np.ones_like(before), before, arm])
    df = len(before) - 3
    if df < 1 or np.linalg.matrix_rank(design) < 3:
        return None
    effects, *_ = np.linalg.lstsq(design, after, rcond=None)
    rest = after - design @ effects
    error = sqrt(float(rest @ rest) / df * float(np.linalg.inv(design.T @ design)[2, 2]))
    if error <= 0:
        return None
    value = float(effects[2])
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    return Interval(value, value - half, value + half), float(2 * stats.t.sf(abs(value / error), df))


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Each p corrected for the number of tests (Holm 1979); None stays None and counts as no test."""
    order = sorted((p, at) for at, p in enumerate(ps) if p is not None)
    corrected: list[float | None] = [None] * len(ps)
    most = 0.0
    for done, (p, at) in enumerate(order):
        most = max(most, min(1.0, p * (len(order) - done)))
        corrected[at] = most
    return corrected


def _sd(values: Values) -> float:
    # The spread of equal values is 0, whatever rounding they and their mean have.
    equal = np.ptp(values) <= _ROUNDING * float(np.abs(values).max())
    return 0.0 if equal else float(values.std(ddof=1))


def _hedges(df: float) -> float:
    """The correction of bias J(df), exactly; 0 where it is not defined, for one degree of freedom."""
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2) if df > 1 else 0.0


def _d_interval(t: float, n: int, confidence: float) -> Interval:
    """d_z with its interval: the noncentralities of the t distribution for which this t is just likely."""
    df, tail = n - 1, (1 - confidence) / 2
    return Interval(t / sqrt(n), _noncentrality(t, df, 1 - tail) / sqrt(n), _noncentrality(t, df, tail) / sqrt(n))


def _noncentrality(t: float, df: int, share: float) -> float:
    """The noncentrality for which the distribution function at ``t`` is ``share``."""

    def missed(noncentrality: float) -> float:
        reached = float(stats.nct.cdf(t, df, noncentrality))
        # Far from t the series gives up, where the answer is plain.
        return (float(noncentrality < t) if isnan(reached) else reached) - share

    # Wide enough for the bounds at any t: the distribution function falls as the noncentrality grows.
    step = 2 + abs(t) * 0.1
    low = high = t
    while missed(low) < 0:
        low -= step
        step *= 1.6
    step = 2 + abs(t) * 0.1
    while missed(high) > 0:
        high += step
        step *= 1.6
    return float(optimize.brentq(missed, low, high, xtol=1e-12, rtol=1e-14)) if low < high else t
