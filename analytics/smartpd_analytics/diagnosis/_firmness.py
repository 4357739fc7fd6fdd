"""How firm an estimate of competence is, in a word that a page can say."""

from __future__ import annotations

__all__ = ["FEW_ANSWERS", "FIRM_ERROR", "ROUGH_ERROR", "firmness", "likely_range"]

#: Both sides of a 95% interval of a normal distribution.
_Z95 = 1.96
#: Width of a middle level (B1, B2) of the bundled self-assessment: 16 of 88 points.
_LEVEL_WIDTH = 16 / 88
#: The largest standard error with which the likely range reaches one level to each side: 0.093.
FIRM_ERROR = _LEVEL_WIDTH / _Z95
#: The largest with which it reaches two: 0.186. A single answer to a self-assessment has 0.2.
ROUGH_ERROR = 2 * _LEVEL_WIDTH / _Z95
#: From fewer answers than this an estimate is a first impression, whatever its error.
FEW_ANSWERS = 5


def firmness(error: float, evidence: int) -> str:
    """``first_impression``, ``rough`` or ``firm``.

    By the standard error of an estimate on the scale 0..1: ``firm`` up to ``FIRM_ERROR``, ``rough`` up to
    ``ROUGH_ERROR``; from fewer than ``FEW_ANSWERS`` answers (``evidence``) always ``first_impression``. A
    self-assessment alone never becomes ``firm``, since its error never falls below 0.12 (``SELF_VIEW``).
    """
    if evidence < FEW_ANSWERS or error > ROUGH_ERROR:
        return "first_impression"
    return "firm" if error <= FIRM_ERROR else "rough"


def likely_range(value: float, error: float) -> tuple[float, float]:
    """Both ends of ``value`` ± 1.96 ``error``, held inside 0..1: the 95% interval of a normal distribution."""
    return max(0.0, value - _Z95 * error), min(1.0, value + _Z95 * error)
