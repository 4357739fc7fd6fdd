"""Calibration of items and reliability of scales, from the answers of many learners.

Needs the extra ``[pipeline]`` (numpy, scipy). The LMS does not load it: ``diagnosis`` itself does not
import this package.
"""

from __future__ import annotations

from ._calibrate import CALIBRATION_FLAGS, CALIBRATION_MODELS, CalibratedItem, Calibration, calibrate
from ._reliability import ItemReliability, Reliability, cronbach_alpha, reliability
from ._responses import Responses, read_item_areas, read_responses, responses_of

__all__ = [
    "CALIBRATION_FLAGS",
    "CALIBRATION_MODELS",
    "CalibratedItem",
    "Calibration",
    "ItemReliability",
    "Reliability",
    "Responses",
    "calibrate",
    "cronbach_alpha",
    "read_item_areas",
    "read_responses",
    "reliability",
    "responses_of",
]
