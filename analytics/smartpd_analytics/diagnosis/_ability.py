"""Ability from answers to calibrated items: EAP, MAP and WLE, each with its error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, sqrt

from ..data import Ability, ItemBank, ItemParameters
from ..errors import N_, InputError
from ._grid import Grid, grid_of
from ._models import curves

__all__ = ["ABILITY_METHODS", "answer_pairs", "estimate_ability"]

ABILITY_METHODS = ("eap", "map", "wle")
#: Roots are found to this part of a standard deviation of ability.
_PRECISION = 1e-9
#: Nobody is placed further from the mean than this many standard deviations.
_FURTHEST = 40.0
#: Step and reach, in standard deviations, of the search among several roots (items with guessing).
_SCAN_STEP = 0.25
_SCAN_REACH = 8.0


def estimate_ability(bank: ItemBank, answers: Mapping[str, int], *, method: str = "eap") -> Ability:
    """Where the learner stands who gave ``answers`` (item id -> category from 0), in the bank's units.

    Args:
        bank: right-or-wrong and graded items may stand in one bank.
        answers: items without an answer are left out, not counted as wrong.
        method: ``eap`` (default), the mean of the posterior under the bank's normal population (Bock &
            Mislevy 1982, doi:10.1177/014662168200600405), with its standard deviation; ``map``, the mode
            (Samejima 1969), with 1 / sqrt(information + 1 / sd²); ``wle``, the weighted likelihood
            estimate, nearly unbiased and without a prior (Warm 1989, doi:10.1007/BF02294627), with
            1 / sqrt(information). All three are finite for answers that are all right or all wrong.

    Returns:
        Without an answer, the population's mean, with its standard deviation (``wle``: an infinite error).

    Raises:
        AnswerError: an answer is to an item or names a category that the bank does not have.
        InputError: the method is not known, or the bank cannot be used.
    """
    if method not in ABILITY_METHODS:
        raise InputError(N_("no method '{method}'"), accepted=", ".join(ABILITY_METHODS), method=method)
    grid = grid_of(bank)
    pairs = answer_pairs(grid, answers)
    if method == "eap":
        value, error = grid.ability(pairs)
    elif method == "map":
        value, error = _map(bank, grid, pairs)
    else:
        value, error = _wle(bank, grid, pairs)
    return Ability(value=value, error=error, method=method, answered=len(pairs))


def answer_pairs(grid: Grid, answers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """``answers`` in a form that can be remembered.

    Raises:
        AnswerError: an item or category cannot even be looked up.
    """
    pairs = tuple(answers.items())
    try:
        hash(pairs)
    except TypeError:
        for item_id, category in pairs:
            if not isinstance(category, int):
                grid.item_of((item_id, category))
        raise
    return pairs


#: Slope of the (weighted) log-likelihood at an ability, and the information there.
_Slope = Callable[[float], tuple[float, float]]


def _map(bank: ItemBank, grid: Grid, pairs: tuple[tuple[str, int], ...]) -> tuple[float, float]:
    answered = [(grid.item_of(pair), pair[1]) for pair in pairs]
    precision = bank.ability_sd**-2

    def slope(ability: float) -> tuple[float, float]:
        rise, information, _warm = _sums(answered, ability)
        return rise - (ability - bank.ability_mean) * precision, information + precision

    value = _root(slope, *_bracket(slope, grid.mode(pairs), bank), bank.ability_sd * _PRECISION)
    return value, 1 / sqrt(slope(value)[1])


def _wle(bank: ItemBank, grid: Grid, pairs: tuple[tuple[str, int], ...]) -> tuple[float, float]:
    if not pairs:
        return bank.ability_mean, inf
    answered = [(grid.item_of(pair), pair[1]) for pair in pairs]

    def slope(ability: float) -> tuple[float, float]:
        rise, information, warm = _sums(answered, ability)
        # So far out that no item tells anything, the way back to the others is all that is left.
        pull = warm / (2 * information) if information > 0 else bank.ability_mean - ability
        return rise + pull, information

    start = grid.ability(pairs)[0]
    if any(item.guessing for item, _category in answered):
        start = _highest(slope, bank)
    value = _root(slope, *_bracket(slope, start, bank), bank.ability_sd * _PRECISION)
    information = slope(value)[1]
    return value, 1 / sqrt(information) if information > 0 else inf


def _sums(answered: list[tuple[ItemParameters, int]], ability: float) -> tuple[float, float, float]:
    """Slope of the log-likelihood, information and Warm's J of all answers together."""
    rise = information = warm = 0.0
    for item, category in answered:
        _probabilities, ratios, tells, bends = curves(item, ability)
        rise += ratios[category]
        information += tells
        warm += bends
    return rise, information, warm


def _highest(slope: _Slope, bank: ItemBank) -> float:
    """Near which ability the function with this ``slope`` is highest, by the rule of trapezia."""
    step = bank.ability_sd * _SCAN_STEP
    place = best = bank.ability_mean - bank.ability_sd * _SCAN_REACH
    height = highest = 0.0
    before = slope(place)[0]
    for _each in range(round(2 * _SCAN_REACH / _SCAN_STEP)):
        place += step
        now = slope(place)[0]
        height += step * (before + now) / 2
        before = now
        if height > highest:
            highest, best = height, place
    return best


def _bracket(slope: _Slope, start: float, bank: ItemBank) -> tuple[float, float]:
    """Two abilities around ``start``, with the function rising at the lower and falling at the higher."""
    reach = bank.ability_sd * _SCAN_STEP
    low, high = start - reach, start + reach
    while slope(low)[0] <= 0 and reach < bank.ability_sd * _FURTHEST:
        high, reach = low, reach * 2
        low = start - reach
    reach = bank.ability_sd * _SCAN_STEP
    while slope(high)[0] >= 0 and reach < bank.ability_sd * _FURTHEST:
        low, reach = high, reach * 2
        high = start + reach
    return low, high


def _root(slope: _Slope, low: float, high: float, precision: float) -> float:
    """Where the slope is 0, by the Illinois variant of false position (Dowell & Jarratt 1971).

    Scoring by the information would be faster where that is the curvature, and is no better than halving
    where answers in a middle category make the curve twice as steep.
    """
    above, below = slope(low)[0], slope(high)[0]
    if above <= 0 or below >= 0:
        return low if above <= 0 else high
    at, before = low, high
    last = 0
    for _turn in range(200):
        at = (low * below - high * above) / (below - above)
        rise = slope(at)[0]
        if rise == 0 or abs(at - before) < precision or high - low < precision:
            break
        before = at
        if rise > 0:
            low, above = at, rise
            below = below / 2 if last > 0 else below
            last = 1
        else:
            high, below = at, rise
            above = above / 2 if last < 0 else above
            last = -1
    return at
