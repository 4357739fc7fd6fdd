"""Calibrated items, and where a learner stands on their scale."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Ability", "ItemBank", "ItemParameters"]


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """One item by item response theory, on the logistic scale (without the factor 1.7).

    An answer is a category 0..``len(thresholds)``. With one threshold the item is right (1) or wrong (0):
    P(1) = guessing + (1 - guessing) / (1 + exp(-discrimination (ability - difficulty))), which is the 1PL,
    2PL or 3PL model (Birnbaum 1968). With more it is graded (Samejima 1969): category k or higher has the
    probability 1 / (1 + exp(-discrimination (ability - thresholds[k-1]))), and ``guessing`` is 0.
    """

    item_id: str
    #: Above 0.
    discrimination: float
    #: Ascending, in units of ability.
    thresholds: tuple[float, ...]
    #: Lower asymptote, 0 <= guessing < 1.
    guessing: float = 0.0
    #: Content area, ``""`` for none.
    area_id: str = ""

    @property
    def difficulty(self) -> float:
        """The threshold of a right-or-wrong item, the mean of the thresholds of a graded one."""
        return sum(self.thresholds) / len(self.thresholds)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ItemBank:
    """Items on one scale, on which the ability of the learners they were calibrated with is normal."""

    id: str
    #: ``1pl``, ``2pl``, ``3pl``, ``graded`` or ``mixed``.
    model: str
    items: tuple[ItemParameters, ...]
    ability_mean: float = 0.0
    #: Above 0.
    ability_sd: float = 1.0
    #: Whether the answers behind it are simulated.
    simulated: bool = False
    #: Whether some parameters were set by judgement, not estimated from answers.
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Ability:
    """An estimate of ability.

    ``method`` is ``eap``, ``map`` or ``wle``; ``error`` is the posterior standard deviation (EAP, MAP) or
    the standard error (WLE), infinite where there is no answer to judge by; ``answered`` counts the answers.
    """

    value: float
    error: float
    method: str
    answered: int
