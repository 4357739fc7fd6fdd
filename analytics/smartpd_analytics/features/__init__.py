"""Learner features: what each learner did in each course, computed from the event table.

Written once in Narwhals; the same functions run on pandas, DuckDB and Spark. Time on task: ``_time``.
Answers and rapid guessing: ``_answers``. The course as the log shows it: ``_course``.
"""

from ._answers import ENOUGH_TIMED, FAST_CEILING_US, FAST_FLOOR_US, FAST_SHARE
from ._own_blocks import DiagnosisAnswers, OwnBlocks
from ._registry import FEATURES, IDENTITY, TEXTS, Feature
from ._report import ActivityReport, CourseSummary, learner_activity, observed_course_map
from ._tables import TABLES, feature_tables, learner_features
from ._time import LAST_EVENT_US, SESSION_GAP_US

__all__ = [
    "ENOUGH_TIMED",
    "FAST_CEILING_US",
    "FAST_FLOOR_US",
    "FAST_SHARE",
    "FEATURES",
    "IDENTITY",
    "LAST_EVENT_US",
    "SESSION_GAP_US",
    "TABLES",
    "TEXTS",
    "ActivityReport",
    "CourseSummary",
    "DiagnosisAnswers",
    "Feature",
    "OwnBlocks",
    "feature_tables",
    "learner_activity",
    "learner_features",
    "observed_course_map",
]
