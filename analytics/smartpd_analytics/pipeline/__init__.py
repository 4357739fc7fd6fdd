"""The heavy door: everything that needs the extra ``[pipeline]``.

The light door, which the LMS loads, is ``api``. A name is loaded when it is first asked for, so that a
command loads no engine that it does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError

if TYPE_CHECKING:
    from ..diagnosis.calibration import (
        CALIBRATION_FLAGS,
        CALIBRATION_MODELS,
        CalibratedItem,
        Calibration,
        ItemReliability,
        Reliability,
        Responses,
        calibrate,
        read_item_areas,
        read_responses,
        reliability,
        responses_of,
    )
    from ..diagnosis.mastery._fitting import fit_mastery
    from ..evaluation import SMALLEST_GROUP, Evaluation, evaluate_file
    from ..features import (
        FEATURES,
        TABLES,
        ActivityReport,
        CourseSummary,
        Feature,
        feature_tables,
        learner_activity,
        learner_features,
        observed_course_map,
    )
    from ..prediction import (
        RiskModel,
        evaluate_risk,
        load_model,
        model_bytes,
        model_card,
        predict_risk,
        train_risk,
    )
    from ..reports.run import LearnerAdvice, RunReport
    from ..simulation import FORMS, HABITS, SimulationPlan, SimulationSummary, plan_for_lines, simulate
    from ..store import (
        Changes,
        EventLog,
        EventStore,
        ForgetReport,
        IngestReport,
        StoredCourse,
        StoredNames,
        StoreOptions,
        forget_learner,
        ingest,
        open_store,
        read_event_log,
        retry_quarantined,
        stored_names,
    )
    from ._features import ENGINES, DayFeatures, day_features, store_features
    from ._mastery import ENOUGH_ANSWERS, ENOUGH_LEARNERS, LearnerMastery, MasteryReport, mastery_from_store
    from ._recommend import FRAMEWORK, recommend_from_logs

__all__ = [
    "CALIBRATION_FLAGS",
    "CALIBRATION_MODELS",
    "ENGINES",
    "ENOUGH_ANSWERS",
    "ENOUGH_LEARNERS",
    "FEATURES",
    "FORMS",
    "FRAMEWORK",
    "HABITS",
    "SMALLEST_GROUP",
    "TABLES",
    "ActivityReport",
    "CalibratedItem",
    "Calibration",
    "Changes",
    "CourseSummary",
    "DayFeatures",
    "Evaluation",
    "EventLog",
    "EventStore",
    "Feature",
    "ForgetReport",
    "IngestReport",
    "ItemReliability",
    "LearnerAdvice",
    "LearnerMastery",
    "MasteryReport",
    "Reliability",
    "Responses",
    "RiskModel",
    "RunReport",
    "SimulationPlan",
    "SimulationSummary",
    "StoreOptions",
    "StoredCourse",
    "StoredNames",
    "calibrate",
    "day_features",
    "evaluate_file",
    "evaluate_risk",
    "feature_tables",
    "fit_mastery",
    "forget_learner",
    "ingest",
    "learner_activity",
    "learner_features",
    "load_model",
    "mastery_from_store",
    "model_bytes",
    "model_card",
    "observed_course_map",
    "open_store",
    "plan_for_lines",
    "predict_risk",
    "read_event_log",
    "read_item_areas",
    "read_responses",
    "recommend_from_logs",
    "reliability",
    "responses_of",
    "retry_quarantined",
    "simulate",
    "store_features",
    "stored_names",
    "train_risk",
]

#: Where each name of this door is at home, by module of the analytics.
_HOMES = {
    "pipeline._mastery": ("ENOUGH_ANSWERS", "ENOUGH_LEARNERS", "LearnerMastery", "MasteryReport", "mastery_from_store"),
    "diagnosis.calibration": (
        "CALIBRATION_FLAGS",
        "CALIBRATION_MODELS",
        "CalibratedItem",
        "Calibration",
        "ItemReliability",
        "Reliability",
        "Responses",
        "calibrate",
        "read_item_areas",
        "read_responses",
        "reliability",
        "responses_of",
    ),
    "diagnosis.mastery._fitting": ("fit_mastery",),
    "evaluation": ("SMALLEST_GROUP", "Evaluation", "evaluate_file"),
    "features": (
        "FEATURES",
        "TABLES",
        "ActivityReport",
        "CourseSummary",
        "Feature",
        "feature_tables",
        "learner_activity",
        "learner_features",
        "observed_course_map",
    ),
    "pipeline._features": ("ENGINES", "DayFeatures", "day_features", "store_features"),
    "pipeline._recommend": ("FRAMEWORK", "recommend_from_logs"),
    "prediction": (
        "RiskModel",
        "evaluate_risk",
        "load_model",
        "model_bytes",
        "model_card",
        "predict_risk",
        "train_risk",
    ),
    "reports.run": ("LearnerAdvice", "RunReport"),
    "simulation": ("FORMS", "HABITS", "SimulationPlan", "SimulationSummary", "plan_for_lines", "simulate"),
    "store": (
        "Changes",
        "EventLog",
        "EventStore",
        "ForgetReport",
        "IngestReport",
        "StoreOptions",
        "StoredCourse",
        "StoredNames",
        "forget_learner",
        "ingest",
        "open_store",
        "read_event_log",
        "retry_quarantined",
        "stored_names",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
_PACKAGE = __name__.rpartition(".")[0]


def __getattr__(name: str) -> Any:
    """Load one name of ``__all__``.

    Raises:
        MissingExtraError: what it needs is not installed.
    """
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        found = getattr(import_module(f"{_PACKAGE}.{_HOME_OF[name]}"), name)
    except ModuleNotFoundError as missing:
        raise MissingExtraError("pipeline", missing.name or "?") from missing
    globals()[name] = found
    return found
