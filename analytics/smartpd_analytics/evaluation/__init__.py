"""Before and after: the statistics of a pilot, of those who were measured twice.

Reads a file of pairs, gives frozen figures; what is said about them, and the pictures, are in ``reports``.
"""

from __future__ import annotations

from ..diagnosis import SMALLEST_GROUP, hidden_groups
from ._evaluate import evaluate, evaluate_file
from ._pairs import Column, Pairs, Person, Scale
from ._reading import read_pairs
from ._results import (
    Alpha,
    Attrition,
    Change,
    Comparison,
    Evaluation,
    GroupResult,
    GuessResult,
    Interval,
    ScaleResult,
    WelchTest,
    Wilcoxon,
)

__all__ = [
    "SMALLEST_GROUP",
    "Alpha",
    "Attrition",
    "Change",
    "Column",
    "Comparison",
    "Evaluation",
    "GroupResult",
    "GuessResult",
    "Interval",
    "Pairs",
    "Person",
    "Scale",
    "ScaleResult",
    "WelchTest",
    "Wilcoxon",
    "evaluate",
    "evaluate_file",
    "hidden_groups",
    "read_pairs",
]
