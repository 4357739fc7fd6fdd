"""The light door of the analytics: what the LMS may load.

Standard library, a YAML reader and the rule-expression engine only; everything that needs the
engine (pandas, DuckDB) stands behind ``pipeline``.
"""

from __future__ import annotations

from .data import (
    LANGUAGES,
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
    LearnerActivity,
    LearnerFacts,
    Recommendation,
    Text,
    say,
)
from .diagnosis import (
    combine_estimates,
    cut_shares,
    level_at,
    problem_estimates,
    score_answers,
    self_assessment_estimates,
)
from .errors import AnswerError, CourseMapError, InputError, InstrumentError, RuleError, SmartPDError
from .expert import RuleSet, load_rules
from .frameworks import framework_ids, instrument_ids, load_framework, load_instrument
from .planning import read_course_map, recommend
from .reports.svg import radar_svg

__all__ = [
    "LANGUAGES",
    "Action",
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
    "LearnerActivity",
    "LearnerFacts",
    "Recommendation",
    "RuleError",
    "RuleSet",
    "SmartPDError",
    "Text",
    "combine_estimates",
    "cut_shares",
    "framework_ids",
    "instrument_ids",
    "level_at",
    "load_framework",
    "load_instrument",
    "load_rules",
    "problem_estimates",
    "radar_svg",
    "read_course_map",
    "recommend",
    "say",
    "score_answers",
    "self_assessment_estimates",
]
