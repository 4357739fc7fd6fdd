"""How many learners make a log of about a wished size."""

from __future__ import annotations

from dataclasses import replace

from ..errors import N_, InputError
from ._course import build_course
from ._log import LogWriter, play_log
from ._plan import SimulationPlan

__all__ = ["plan_for_lines"]

#: Enough to know the mean of the lines of a learner to some per cent.
_PILOT = 80


def plan_for_lines(plan: SimulationPlan, lines: int) -> SimulationPlan:
    """The plan with as many learners in each run as give about ``lines`` lines in all, found by a small trial.

    Raises:
        InputError: fewer lines than one, or more than a million learners would be needed.
    """
    if lines < 1:
        raise InputError(N_("a log cannot have {lines} lines"), accepted=N_("1 and more"), lines=lines)
    pilot = replace(plan, learners=_PILOT, courses=1, runs=1)
    writer = LogWriter(pilot, len)
    for _ in play_log(pilot, [build_course(pilot, 0, 0)], writer):
        pass
    runs = plan.courses * plan.runs
    return replace(plan, learners=max(1, round(lines * _PILOT / (writer.lines * runs))))
