"""From answers and logged problems to where a learner stands."""

from __future__ import annotations

from ._ability import ABILITY_METHODS, estimate_ability
from ._adaptive import AdaptiveSettings, AdaptiveStep, next_item
from ._bank_file import item_bank_from_json, item_bank_to_json, read_item_bank
from ._estimates import combine_estimates, problem_estimates, self_assessment_estimates
from ._models import category_probabilities, item_information, test_information
from ._scoring import cut_shares, level_at, score_answers
from ._trained import TrainedCompetencies

__all__ = [
    "ABILITY_METHODS",
    "AdaptiveSettings",
    "AdaptiveStep",
    "TrainedCompetencies",
    "category_probabilities",
    "combine_estimates",
    "cut_shares",
    "estimate_ability",
    "item_bank_from_json",
    "item_bank_to_json",
    "item_information",
    "level_at",
    "next_item",
    "problem_estimates",
    "read_item_bank",
    "score_answers",
    "self_assessment_estimates",
    "test_information",
]
