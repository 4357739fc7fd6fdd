"""Reliability against the definition and a known case."""

from math import isclose, isnan
from statistics import correlation, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.errors import InputError
from smartpd_analytics.pipeline import reliability, responses_of

tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 4), min_size=k, max_size=k), min_size=3, max_size=12)
)


def scale_of(rows, **more):
    return reliability(responses_of([f"q{n}" for n in range(len(rows[0]))], rows, **more))[0]


@given(tables)
def test_alpha_and_the_rest_follow_their_definitions(rows):
    found = scale_of(rows)
    totals = [sum(row) for row in rows]
    columns = list(zip(*rows, strict=True))
    assert (found.learners, found.left_out) == (len(rows), 0)
    assert isclose(found.sd**2, variance(totals), abs_tol=1e-9)
    if variance(totals) > 0:
        k = len(columns)
        alpha = k / (k - 1) * (1 - sum(map(variance, columns)) / variance(totals))
        assert isclose(found.alpha, alpha, abs_tol=1e-9)
        assert found.alpha_low <= found.alpha <= found.alpha_high <= 1 + 1e-12
        assert isclose(found.sem, found.sd * (1 - max(alpha, 0)) ** 0.5, abs_tol=1e-9)
    else:
        assert isnan(found.alpha)
    for item, column in zip(found.items, columns, strict=True):
        rest = [total - own for total, own in zip(totals, column, strict=True)]
        if variance(column) > 0 and variance(rest) > 0:
            assert isclose(item.item_rest, correlation(column, rest), abs_tol=1e-9)
        else:
            assert isnan(item.item_rest)


@given(tables)
def test_alpha_without_an_item_is_alpha_of_the_others(rows):
    whole = scale_of(rows)
    if len(rows[0]) > 2:
        others = scale_of([row[1:] for row in rows]).alpha
        assert whole.items[0].alpha_without == pytest.approx(others, nan_ok=True)


def test_counts_are_learners_one_by_one():
    rows = [[0, 1, 1], [2, 2, 1], [1, 0, 0]]
    counted = scale_of(rows, counts=[3, 2, 4])
    single = scale_of([rows[0]] * 3 + [rows[1]] * 2 + [rows[2]] * 4)
    assert (counted.learners, counted.alpha) == (9, pytest.approx(single.alpha))
    assert counted.alpha_low == pytest.approx(single.alpha_low)


def test_areas_are_scales_of_their_own_and_gaps_leave_a_learner_out():
    rows = [[0, 1, 0, 2], [1, 2, None, 1], [2, 2, 2, 0], [1, 1, 1, 1]]
    areas = {"a1": "A", "a2": "A", "b1": "B", "b2": "B", "none": ""}
    whole, first, second = reliability(responses_of(["a1", "a2", "b1", "b2"], rows, areas=areas))
    assert [scale.area_id for scale in (whole, first, second)] == ["", "A", "B"]
    assert [(scale.learners, scale.left_out) for scale in (whole, first, second)] == [(3, 1), (4, 0), (3, 1)]
    assert second.items[1].item_rest < 0


def test_too_little_is_refused():
    with pytest.raises(InputError, match="one item is no scale"):
        reliability(responses_of(["q"], [[1], [0]]))
    with pytest.raises(InputError, match="fewer than two learners"):
        reliability(responses_of(["q", "r"], [[1, None], [0, 1]]))
