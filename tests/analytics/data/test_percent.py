"""Shares as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import whole_percent


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.625, 63), (0.005, 1), (0.285, 29), (0.545, 55), (0.335, 34), (0.494999, 49), (0.0, 0), (1.0, 100), (2 / 3, 67)],
)
def test_halves_go_upwards_whatever_the_float_has_behind_them(share, said):
    assert whole_percent(share) == said


@given(st.integers(0, 200))
def test_every_half_of_a_per_cent_goes_upwards(halves):
    assert whole_percent(halves / 200) == (halves + 1) // 2
