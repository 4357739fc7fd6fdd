"""Every figure against scipy, which computes it another way, to 1e-9; the rest against their definitions."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from smartpd_analytics.evaluation._statistics import (
    adjusted_difference,
    alpha_of,
    change_of,
    holm,
    welch,
    wilcoxon,
)

CLOSE = {"rel": 1e-9, "abs": 1e-9}
#: A pilot of known answers: twelve learners, scale 0 to 88.
BEFORE = np.array([31, 40, 45, 52, 28, 60, 47, 39, 55, 44, 36, 50], dtype=float)
AFTER = np.array([45, 52, 50, 70, 41, 61, 66, 39, 72, 60, 33, 71], dtype=float)

points = st.integers(0, 20).map(float)
cohorts = st.integers(5, 60).flatmap(
    lambda n: st.tuples(st.lists(points, min_size=n, max_size=n), st.lists(points, min_size=n, max_size=n))
)


def arrays(pair):
    before, after = np.array(pair[0]), np.array(pair[1])
    assume(np.ptp(after - before) > 0)
    return before, after


@settings(max_examples=60, deadline=None)
@given(cohorts)
def test_t_and_intervals(pair):
    before, after = arrays(pair)
    change = change_of(before, after, least=0, most=20)
    known = stats.ttest_rel(after, before)
    low, high = known.confidence_interval(0.95)
    assert change.t == pytest.approx(known.statistic, **CLOSE)
    assert change.p == pytest.approx(known.pvalue, **CLOSE)
    assert (change.difference.low, change.difference.high) == pytest.approx((low, high), **CLOSE)
    assert change.df == known.df
    if change.correlation is not None:
        assert change.correlation == pytest.approx(stats.pearsonr(before, after)[0], **CLOSE)


@settings(max_examples=60, deadline=None)
@given(cohorts)
def test_the_interval_of_d_is_the_one_of_the_noncentral_t(pair):
    before, after = arrays(pair)
    change = change_of(before, after, least=0, most=20)
    n = len(before)
    assert change.d_z.value == pytest.approx((after - before).mean() / (after - before).std(ddof=1), **CLOSE)
    assert stats.nct.cdf(change.t, n - 1, change.d_z.low * n**0.5) == pytest.approx(0.975, abs=1e-9)
    assert stats.nct.cdf(change.t, n - 1, change.d_z.high * n**0.5) == pytest.approx(0.025, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-900, 900).filter(bool), min_size=5, max_size=50, unique_by=abs))
def test_wilcoxon_exactly_where_nothing_is_tied(differences):
    values = np.array(differences) / 8
    found, known = wilcoxon(values), stats.wilcoxon(values, method="exact")
    assert found.method == "exact"
    assert found.statistic == pytest.approx(known.statistic, **CLOSE)
    assert found.p == pytest.approx(known.pvalue, **CLOSE)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-8, 8).map(float), min_size=10, max_size=80))
def test_wilcoxon_with_ties_and_zeros(differences):
    values = np.array(differences)
    assume(len(values[values != 0]) > 1)
    assume(len(set(np.abs(values[values != 0]))) < len(values[values != 0]) or (values == 0).any())
    found, known = wilcoxon(values), stats.wilcoxon(values, zero_method="wilcox", correction=False, method="approx")
    assert found.method == "normal"
    assert found.statistic == pytest.approx(known.statistic, **CLOSE)
    assert found.p == pytest.approx(known.pvalue, **CLOSE)


@settings(max_examples=60, deadline=None)
@given(st.lists(points, min_size=3, max_size=40), st.lists(points, min_size=3, max_size=40))
def test_two_independent_means(first, second):
    one, two = np.array(first), np.array(second)
    assume(np.ptp(one) > 0 and np.ptp(two) > 0)
    found, known = welch(one, two), stats.ttest_ind(one, two, equal_var=False)
    low, high = known.confidence_interval(0.95)
    assert (found.t, found.df, found.p) == pytest.approx((known.statistic, known.df, known.pvalue), **CLOSE)
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high), **CLOSE)


def test_the_adjusted_difference_is_that_of_nested_models():
    """The F test of two least-squares fits, with and without the arm, is the square of our t."""
    random = np.random.default_rng(3)
    before = random.normal(50, 10, 40)
    arm = np.repeat([1.0, 0.0], 20)
    after = 10 + 0.7 * before + 6 * arm + random.normal(0, 5, 40)
    interval, p = adjusted_difference((before[:20], after[:20]), (before[20:], after[20:]))

    def rest(*columns):
        design = np.column_stack([np.ones(40), *columns])
        fitted = design @ np.linalg.lstsq(design, after, rcond=None)[0]
        return float(((after - fitted) ** 2).sum())

    f = (rest(before) - rest(before, arm)) / (rest(before, arm) / 37)
    assert p == pytest.approx(stats.f.sf(f, 1, 37), **CLOSE)
    slope = stats.linregress(
        before - np.where(arm, before[:20].mean(), before[20:].mean()),
        after - np.where(arm, after[:20].mean(), after[20:].mean()),
    ).slope
    difference = (after[:20].mean() - after[20:].mean()) - slope * (before[:20].mean() - before[20:].mean())
    assert interval.value == pytest.approx(difference, **CLOSE)
    assert interval.low < 6 < interval.high


def test_alpha_by_its_definition_and_by_split_halves_of_equal_items():
    random = np.random.default_rng(5)
    trait = random.normal(size=200)
    items = np.column_stack([trait + random.normal(size=200) for _ in range(6)])
    found = alpha_of(items)
    # The same number from the mean covariance and the mean variance of the items.
    covariance = np.cov(items, rowvar=False)
    mean_variance = np.diag(covariance).mean()
    mean_covariance = (covariance.sum() - np.diag(covariance).sum()) / 30
    other_form = 6 * mean_covariance / (mean_variance + 5 * mean_covariance)
    assert found.alpha.value == pytest.approx(other_form, **CLOSE)
    assert found.alpha.low < 6 / 7 < found.alpha.high
    assert alpha_of(np.column_stack([trait, trait])).alpha.value == pytest.approx(1.0)
    assert alpha_of(np.ones((20, 4))) is None


def test_a_pilot_of_known_answers():
    change = change_of(BEFORE, AFTER, least=0, most=88)
    known = stats.ttest_rel(AFTER, BEFORE)
    assert change.mean_before == pytest.approx(527 / 12)
    assert change.mean_after == pytest.approx(660 / 12)
    assert change.difference.value == pytest.approx(133 / 12)
    assert change.percent_before == pytest.approx(527 / 12 / 88 * 100)
    assert change.percent_after == pytest.approx(62.5)
    assert change.t == pytest.approx(known.statistic, **CLOSE)
    assert change.gain == pytest.approx((133 / 12) / (88 - 527 / 12))
    assert change.mean_gain == pytest.approx(np.mean((AFTER - BEFORE) / (88 - BEFORE)))
    assert (change.higher, change.same, change.lower) == (10, 1, 1)
    # Hedges' own approximation of his correction.
    assert change.g.value / change.d_z.value == pytest.approx(1 - 3 / (4 * 11 - 1), abs=5e-4)


def test_learners_at_the_maximum_have_no_individual_gain():
    change = change_of(np.array([10.0, 20, 20]), np.array([15.0, 20, 18]), least=0, most=20)
    assert change.gain_n == 1
    assert change.mean_gain == pytest.approx(0.5)
    assert change_of(np.array([20.0, 20]), np.array([20.0, 19]), least=0, most=20).gain is None


def test_equal_differences_have_no_t_and_no_effect_size():
    rounded = change_of(np.array([1.1, 2.1, 3.1]), np.array([2.1, 3.1, 4.1]), least=0, most=10)
    assert (rounded.t, rounded.p, rounded.d_z, rounded.g) == (None,) * 4
    same = change_of(np.array([4.0, 4, 4]), np.array([5.0, 5, 5]), least=0, most=10)
    assert (same.t, same.p, same.d_z, same.g, same.correlation, same.d_av) == (None,) * 6
    assert same.difference.low == same.difference.high == 1
    nothing = change_of(np.array([4.0, 5, 6]), np.array([4.0, 5, 6]), least=0, most=10)
    assert nothing.wilcoxon is None
    assert nothing.t is None


@settings(max_examples=100)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12))
def test_holm_by_its_rejections(ps):
    """Corrected p values reject at every level just what Holm's stepwise procedure rejects."""
    corrected = holm(ps)
    assert [p is None for p in corrected] == [p is None for p in ps]
    for level in (0.001, 0.01, 0.05, 0.2, 0.5):
        rejected, left = set(), sorted((p, at) for at, p in enumerate(ps) if p is not None)
        while left and left[0][0] * len(left) <= level:
            rejected.add(left.pop(0)[1])
        assert {at for at, p in enumerate(corrected) if p is not None and p <= level} == rejected


@pytest.mark.parametrize(("n", "d"), [(3, 20.0), (2, 100.0), (5, 0.0), (5000, 5.0), (400, 20.0)])
def test_intervals_of_effects_of_any_size(n, d):
    differences = np.linspace(-1, 1, n)
    differences = differences / differences.std(ddof=1) + d
    change = change_of(np.zeros(n), differences, least=-1000, most=1000)
    assert change.d_z.value == pytest.approx(d, abs=1e-9)
    assert change.d_z.low < d < change.d_z.high
    assert (change.g is None) == (n == 2)
