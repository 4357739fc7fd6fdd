"""The light door of the analytics: what the LMS may load.

Standard library, a YAML reader and the rule-expression engine only; everything that needs the
engine (pandas, DuckDB) stands behind ``pipeline``.
"""

from __future__ import annotations

from .data import (
    LANGUAGES,
    Ability,
    Action,
    AreaScore,
    BlockActivity,
    CompetencyEstimate,
    CompetencyScore,
    ContentUnit,
    CourseMap,
    DiagnosisScore,
    Firing,
    Framework,
    Instrument,
    Item,
    ItemBank,
    ItemParameters,
    LearnerActivity,
    LearnerFacts,
    Recommendation,
    Text,
    say,
)
from .diagnosis import (
    AdaptiveSettings,
    AdaptiveStep,
    category_probabilities,
    combine_estimates,
    cut_shares,
    estimate_ability,
    item_information,
    level_at,
    next_item,
    problem_estimates,
    score_answers,
    self_assessment_estimates,
    test_information,
)
from .errors import AnswerError, CourseMapError, InputError, InstrumentError, RuleError, SmartPDError
from .expert import RuleSet, load_rules
from .frameworks import framework_ids, instrument_ids, load_framework, load_instrument
from .planning import read_course_map, recommend
from .reports.svg import radar_svg

__all__ = [
    "LANGUAGES",
    "Ability",
    "Action",
    "AdaptiveSettings",
    "AdaptiveStep",
    "AnswerError",
    "AreaScore",
    "BlockActivity",
    "CompetencyEstimate",
    "CompetencyScore",
    "ContentUnit",
    "CourseMap",
    "CourseMapError",
    "DiagnosisScore",
    "Firing",
    "Framework",
    "InputError",
    "Instrument",
    "InstrumentError",
    "Item",
    "ItemBank",
    "ItemParameters",
    "LearnerActivity",
    "LearnerFacts",
    "Recommendation",
    "RuleError",
    "RuleSet",
    "SmartPDError",
    "Text",
    "category_probabilities",
    "combine_estimates",
    "cut_shares",
    "estimate_ability",
    "framework_ids",
    "instrument_ids",
    "item_information",
    "level_at",
    "load_framework",
    "load_instrument",
    "load_rules",
    "next_item",
    "problem_estimates",
    "radar_svg",
    "read_course_map",
    "recommend",
    "say",
    "score_answers",
    "self_assessment_estimates",
    "test_information",
]
