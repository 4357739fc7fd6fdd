"""From answers and logged problems to where a learner stands."""

from __future__ import annotations

from ._ability import ABILITY_METHODS, estimate_ability
from ._adaptive import AdaptiveSettings, AdaptiveStep, next_item
from ._answers import check_answers, public_answers
from ._bank_file import item_bank_from_json, item_bank_to_json, read_item_bank
from ._cautions import answering_cautions
from ._estimates import combine_estimates, problem_estimates, score_estimates, self_assessment_estimates
from ._firmness import firmness, likely_range
from ._groups import SMALLEST_GROUP, group_mean, hidden_groups, paired_change
from ._instrument_bank import instrument_bank, level_at_ability, load_item_bank, score_ability
from ._item_statistics import ITEM_FLAGS, LEAST_FOR_FLAGS, item_statistics
from ._models import category_probabilities, item_information, test_information
from ._scoring import cut_shares, level_at, score_answers
from ._trained import TrainedCompetencies

__all__ = [
    "ABILITY_METHODS",
    "ITEM_FLAGS",
    "LEAST_FOR_FLAGS",
    "SMALLEST_GROUP",
    "AdaptiveSettings",
    "AdaptiveStep",
    "TrainedCompetencies",
    "answering_cautions",
    "category_probabilities",
    "check_answers",
    "combine_estimates",
    "cut_shares",
    "estimate_ability",
    "firmness",
    "group_mean",
    "hidden_groups",
    "instrument_bank",
    "item_bank_from_json",
    "item_bank_to_json",
    "item_information",
    "item_statistics",
    "level_at",
    "level_at_ability",
    "likely_range",
    "load_item_bank",
    "next_item",
    "paired_change",
    "problem_estimates",
    "public_answers",
    "read_item_bank",
    "score_ability",
    "score_answers",
    "score_estimates",
    "self_assessment_estimates",
    "test_information",
]
