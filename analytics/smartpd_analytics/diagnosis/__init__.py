"""From answers and logged problems to where a learner stands."""

from __future__ import annotations

from ._estimates import combine_estimates, problem_estimates, self_assessment_estimates
from ._scoring import cut_shares, level_at, score_answers

__all__ = [
    "combine_estimates",
    "cut_shares",
    "level_at",
    "problem_estimates",
    "score_answers",
    "self_assessment_estimates",
]
