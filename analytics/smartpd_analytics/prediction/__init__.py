"""Risk of not completing and expected exit level: training, prediction with reasons, and the model's card.

A model is proved on later course runs than those it learnt from, beside a simple rule and a logistic regression.
Where there is too little data, or the model is not better than a rule, it says so and the rule is used.
"""

from __future__ import annotations

from ._file import load_model, model_bytes
from ._leakage import check_split
from ._model import RiskModel
from ._outcomes import read_runs
from ._predict import evaluate_risk, model_card, predict_risk
from ._train import FEWEST_LATER, FEWEST_OF_EACH, FEWEST_TRAINING, train_risk

__all__ = [
    "FEWEST_LATER",
    "FEWEST_OF_EACH",
    "FEWEST_TRAINING",
    "RiskModel",
    "check_split",
    "evaluate_risk",
    "load_model",
    "model_bytes",
    "model_card",
    "predict_risk",
    "read_runs",
    "train_risk",
]
