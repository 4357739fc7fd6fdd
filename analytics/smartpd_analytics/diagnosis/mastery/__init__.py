"""Mastery of a competency, followed answer by answer: what the LMS may load.

Fitting a model needs numpy and stands behind the heavy door (``_fitting``); nothing here imports it.
"""

from __future__ import annotations

from ._files import mastery_model_from_json, mastery_model_to_json
from ._model import DEFAULT_SKILL, MasteryModel, MasteryState, SkillModel
from ._tracing import begin_mastery, expect_right, mastery_estimate, observe_answer, trace_answers

__all__ = [
    "DEFAULT_SKILL",
    "MasteryModel",
    "MasteryState",
    "SkillModel",
    "begin_mastery",
    "expect_right",
    "mastery_estimate",
    "mastery_model_from_json",
    "mastery_model_to_json",
    "observe_answer",
    "trace_answers",
]
