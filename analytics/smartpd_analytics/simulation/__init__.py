"""Simulated cohorts and tracking logs whose truth is known, for demonstrations, tests and benchmarks.

The label "simulated" is in what every stage keeps (see ``data.simulated``), so it stays on everything
that is made of the files.
"""

from __future__ import annotations

from ._files import LABEL, SimulationSummary, simulate
from ._oddities import ODDITIES
from ._plan import FORMS, HABITS, SimulationPlan
from ._size import plan_for_lines

__all__ = ["FORMS", "HABITS", "LABEL", "ODDITIES", "SimulationPlan", "SimulationSummary", "plan_for_lines", "simulate"]
