"""Goals that can be kept: how long closing a gap takes, and by when it is done with the hours there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from ..data import ContentUnit
from ..errors import N_, InputError

__all__ = ["USUAL_HOURS", "GoalPlan", "plan_goals", "unit_minutes"]

#: Hours a week where the learner has not said how many there are. A judgement: beside a full teaching load.
USUAL_HOURS = 2.0
#: Hours for the whole scale of a competency, where the course does not say how long its units take. A judgement.
_HOURS_OF_SCALE = 30.0
#: A unit is gone through once and put to use once: what is planned is twice its minutes.
_WITH_PRACTICE = 2.0
_LEAST_HOURS, _MOST_HOURS = 0.5, 40.0
_SHORTEST, _LONGEST = 1, 52


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """``needed`` hours in all, at ``hours`` a week, done by ``due``, in ``weeks`` from today."""

    needed: float
    hours: float
    weeks: int
    due: date


def unit_minutes(units: Iterable[ContentUnit], competency_id: str) -> int:
    """Minutes of the course's units that train a competency; 0 where the course does not say.

    A unit that says how long it takes stands for the blocks in it.
    """
    own = [unit for unit in units if competency_id in unit.competencies and unit.minutes]
    whole = {unit.usage_key for unit in own}
    return sum(unit.minutes or 0 for unit in own if unit.unit_key not in whole - {unit.usage_key})


def plan_goals(needs: Sequence[tuple[float, int]], *, hours: float | None, today: date) -> tuple[GoalPlan, ...]:
    """A plan for each need, one after the other, since the hours of a week can be spent once only.

    Args:
        needs: for each, the gap to the target (a share, 0..1) and the minutes of the course's units on it, 0 for not
            known. The first comes first.
        hours: a week, None where nobody knows; what is below half an hour or above 40 is taken for that.

    Raises:
        InputError: a gap is not in 0..1.
    """
    weekly = min(max(USUAL_HOURS if hours is None else hours, _LEAST_HOURS), _MOST_HOURS)
    plans = []
    before = 0.0
    for gap, minutes in needs:
        if not 0.0 <= gap <= 1.0:
            raise InputError(N_("{gap} is no gap"), accepted=N_("0 to 1"), gap=repr(gap))
        needed = max(1.0, round(minutes / 60 * _WITH_PRACTICE if minutes else gap * _HOURS_OF_SCALE, 1))
        before += needed
        weeks = min(max(ceil(before / weekly), _SHORTEST), _LONGEST)
        plans.append(GoalPlan(needed, weekly, weeks, today + timedelta(weeks=weeks)))
    return tuple(plans)
