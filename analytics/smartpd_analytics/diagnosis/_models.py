"""The curves of item response theory: probabilities of categories, their derivatives, information.

Logistic models without the factor 1.7: 1PL, 2PL and 3PL (Birnbaum 1968, in Lord & Novick, *Statistical
Theories of Mental Test Scores*) and the graded response model (Samejima 1969, Psychometrika Monograph 17).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum

from ..data import ItemParameters

__all__ = [
    "SMALLEST",
    "category_probabilities",
    "curves",
    "informations",
    "item_information",
    "likelihoods",
    "test_information",
]

#: No probability falls below this, so that its logarithm stays finite.
SMALLEST = 1e-300


def category_probabilities(item: ItemParameters, ability: float) -> tuple[float, ...]:
    """The probability of each category 0..m at ``ability``; they sum to 1."""
    return curves(item, ability)[0]


def item_information(item: ItemParameters, ability: float) -> float:
    """Fisher information of one item at ``ability``: sum over categories of P'² / P, 0 or more.

    For right-or-wrong items that is a² (Q/P) ((P - c) / (1 - c))² (Lord 1980, *Applications of Item
    Response Theory*, 4-43); for graded ones Samejima's (1969). Units: 1 / ability².
    """
    return curves(item, ability)[2]


def informations(items: Sequence[ItemParameters], ability: float) -> list[float]:
    """The information of each item, faster for right-or-wrong items than ``item_information`` one by one."""
    found = []
    for item in items:
        if len(item.thresholds) > 1:
            found.append(curves(item, ability)[2])
            continue
        slope = item.discrimination
        small = exp(-min(abs(x := slope * (ability - item.thresholds[0])), 700.0))
        right = 1.0 / (1.0 + small) if x >= 0 else small / (1.0 + small)
        told = slope * slope * small / (1.0 + small) ** 2
        guessing = item.guessing
        found.append(told * (1.0 - guessing) * right / (guessing + (1.0 - guessing) * right) if guessing else told)
    return found


def likelihoods(item: ItemParameters, nodes: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """For each category its probability at each node."""
    if len(item.thresholds) > 1:
        return tuple(zip(*(curves(item, node)[0] for node in nodes), strict=True))
    slope, difficulty, guessing = item.discrimination, item.thresholds[0], item.guessing
    scale = 1.0 - guessing
    # Each by its own exponential: 1 - P has no digits left where P is near 1.
    powers = [max(min(slope * (node - difficulty), 600.0), -600.0) for node in nodes]
    wrong = tuple(scale / (1.0 + exp(power)) for power in powers)
    return wrong, tuple(guessing + scale / (1.0 + exp(-power)) for power in powers)


def test_information(items: Sequence[ItemParameters], ability: float) -> float:
    """Information of all ``items`` together: their sum, as answers are independent given ability."""
    return fsum(item_information(item, ability) for item in items)


def curves(item: ItemParameters, ability: float) -> tuple[tuple[float, ...], tuple[float, ...], float, float]:
    """All that estimation needs of one item at ``ability``.

    Returns:
        The probability P of each category; P'/P of each, the slope of its logarithm; the information,
        sum of P'² / P; and Warm's J, sum of P' P'' / P (Warm 1989, for graded items Samejima 1998).
    """
    slope = item.discrimination
    scale = 1.0 - item.guessing
    first = [0.0]
    second = [0.0]
    at_least = [1.0]
    below = [0.0]
    for threshold in item.thresholds:
        right, wrong = _logistic(slope * (ability - threshold))
        density = slope * scale * right * wrong
        at_least.append(item.guessing + scale * right)
        below.append(scale * wrong)
        first.append(density)
        second.append(slope * density * (wrong - right))
    at_least.append(0.0)
    below.append(1.0)
    first.append(0.0)
    second.append(0.0)
    probabilities = []
    ratios = []
    information = 0.0
    warm = 0.0
    for k in range(len(item.thresholds) + 1):
        # The difference of two numbers near 1 has few digits left, that of their complements all.
        chance = at_least[k] - at_least[k + 1] if at_least[k] < 0.5 else below[k + 1] - below[k]
        chance = max(chance, SMALLEST)
        rise = first[k] - first[k + 1]
        ratio = rise / chance
        probabilities.append(chance)
        ratios.append(ratio)
        information += rise * ratio
        warm += ratio * (second[k] - second[k + 1])
    return tuple(probabilities), tuple(ratios), information, warm


def _logistic(x: float) -> tuple[float, float]:
    """1 / (1 + exp(-x)) and its complement, each to full precision."""
    if x >= 0:
        small = exp(-min(x, 700.0))
        return 1.0 / (1.0 + small), small / (1.0 + small)
    small = exp(max(x, -700.0))
    return small / (1.0 + small), 1.0 / (1.0 + small)
