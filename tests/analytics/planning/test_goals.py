"""Goals with a date: how long closing a gap takes, one after the other, within the hours there are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.api import ContentUnit, InputError, plan_goals, unit_minutes

TODAY = date(2026, 10, 1)


def unit(key, minutes, *, unit_key="", competencies=("2.1",)):
    return ContentUnit(key, {"en": key}, "vertical", unit_key or key, 0, competencies, "A2", minutes)


def test_the_courses_own_minutes_count_with_practice():
    (plan,) = plan_goals([(0.3, 90)], hours=1.5, today=TODAY)
    assert (plan.needed, plan.hours, plan.weeks, plan.due) == (3.0, 1.5, 2, TODAY + timedelta(weeks=2))


def test_without_them_the_gap_does():
    (plan,) = plan_goals([(0.3, 0)], hours=None, today=TODAY)
    assert (plan.needed, plan.hours, plan.weeks) == (9.0, 2.0, 5)


def test_hours_can_be_spent_once():
    first, second = plan_goals([(0.3, 0), (0.3, 0)], hours=3, today=TODAY)
    assert (first.weeks, second.weeks) == (3, 6)


def test_a_unit_stands_for_its_blocks():
    units = [unit("u1", 20), unit("v1", 6, unit_key="u1"), unit("p9", 5, unit_key="u9"), unit("u2", None)]
    assert unit_minutes(units, "2.1") == 25
    assert unit_minutes(units, "3.1") == 0


@given(
    needs=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 10_000)), max_size=4),
    hours=st.none() | st.floats(0, 200),
)
def test_days_are_in_order_and_within_a_year(needs, hours):
    plans = plan_goals(needs, hours=hours, today=TODAY)
    assert len(plans) == len(needs)
    days = [plan.due for plan in plans]
    assert days == sorted(days)
    for plan in plans:
        assert TODAY < plan.due <= TODAY + timedelta(weeks=52)
        assert 0.5 <= plan.hours <= 40
        assert plan.needed >= 1


def test_what_is_no_gap_is_refused():
    with pytest.raises(InputError, match="0 to 1"):
        plan_goals([(1.5, 0)], hours=2, today=TODAY)
