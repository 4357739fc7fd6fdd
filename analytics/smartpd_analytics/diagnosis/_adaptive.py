"""Adaptive testing: which item next, and when to stop. Nothing is kept between two calls.

The next item is the one with the most information at the learner's current estimate (EAP), which on
banks of several hundred items is as good as weighting by the posterior or minimising its expected
variance, at a fraction of the time (measured; see docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import fsum, inf
from random import Random

from ..data import Ability, ItemBank
from ..errors import N_, InputError
from ._ability import answer_pairs
from ._grid import Grid, grid_of

__all__ = ["AdaptiveSettings", "AdaptiveStep", "next_item"]


@dataclass(frozen=True, slots=True)
class AdaptiveSettings:
    """When a test stops and how its items are chosen."""

    #: Stops when the posterior standard deviation is no larger; 0 never stops for it.
    error: float = 0.35
    #: Never stops for ``error`` before this many answers.
    min_items: int = 5
    #: Stops after this many answers.
    max_items: int = 20
    #: Stops when this many seconds have passed; infinite for no limit.
    max_seconds: float = inf
    #: Chooses at random among this many of the best items, so that not all learners see the same
    #: (randomesque exposure control; Kingsbury & Zara 1989, doi:10.1207/s15324818ame0204_6); 1 for none.
    randomesque: int = 5
    #: Area id -> the share of items it is to have; they sum to 1. Empty for no content balancing.
    area_shares: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class AdaptiveStep:
    """What comes next.

    ``item_id`` is ``""`` when the test is over; ``stopped`` then says why: ``error`` (precise enough),
    ``length``, ``time``, or ``bank`` (no item is left). While it goes on ``stopped`` is ``""``.
    """

    item_id: str
    stopped: str
    #: EAP of the answers so far.
    ability: Ability


_DEFAULT = AdaptiveSettings()


def next_item(
    bank: ItemBank,
    answers: Mapping[str, int],
    settings: AdaptiveSettings = _DEFAULT,
    *,
    seed: int = 0,
    excluded: Collection[str] = frozenset(),
    seconds: float = 0.0,
) -> AdaptiveStep:
    """The next item for the learner who gave ``answers``, or why the test is over.

    The same arguments give the same item. With ``area_shares`` the item comes from the area that is
    furthest behind its share (Kingsbury & Zara 1989): after n answers no area with items left has n times
    its share and 1 more.

    Args:
        bank: kept alive by the caller, so that what is computed of it serves all calls of a process.
        answers: item id -> category from 0.
        settings: when to stop, how to choose.
        seed: one number for each learner and attempt.
        excluded: ids of items that are not to be asked, for instance those of an earlier test; a set.
        seconds: how long the test has lasted.

    Raises:
        AnswerError: an answer is to an item or names a category that the bank does not have.
        InputError: the settings or the bank cannot be used.
    """
    if settings is not _DEFAULT:
        _check(settings)
    grid = grid_of(bank)
    pairs = answer_pairs(grid, answers)
    value, error = grid.ability(pairs)
    ability = Ability(value=value, error=error, method="eap", answered=len(pairs))
    stopped = _reason(settings, ability, seconds)
    if stopped:
        return AdaptiveStep("", stopped, ability)
    best = _best(grid, value, answers, excluded, settings)
    if not best:
        return AdaptiveStep("", "bank", ability)
    # A sum would give neighbouring seeds the same draws, one answer apart.
    chosen = best[0] if len(best) == 1 else Random(f"{seed}/{len(pairs)}").choice(best)  # noqa: S311
    return AdaptiveStep(chosen, "", ability)


def _reason(settings: AdaptiveSettings, ability: Ability, seconds: float) -> str:
    if ability.error <= settings.error and ability.answered >= settings.min_items:
        return "error"
    if ability.answered >= settings.max_items:
        return "length"
    return "time" if seconds >= settings.max_seconds else ""


def _best(
    grid: Grid, ability: float, answers: Mapping[str, int], excluded: Collection[str], settings: AdaptiveSettings
) -> list[str]:
    """The items to choose from, best first; empty where none is left."""
    ranked = grid.by_information(ability)
    count = settings.randomesque
    if not settings.area_shares:
        return _first(ranked, count, answers, excluded)
    for area in _by_need(grid, answers, settings.area_shares):
        best = _first((item_id for item_id in ranked if grid.area_of[item_id] == area), count, answers, excluded)
        if best:
            return best
    return []


def _first(ranked: Iterable[str], count: int, answers: Mapping[str, int], excluded: Collection[str]) -> list[str]:
    """The first ``count`` items that may be asked."""
    found: list[str] = []
    for item_id in ranked:
        if item_id not in answers and item_id not in excluded:
            found.append(item_id)
            if len(found) == count:
                break
    return found


def _by_need(grid: Grid, answers: Mapping[str, int], shares: Mapping[str, float]) -> list[str]:
    """Areas with a share, those that are furthest behind it first."""
    asked = dict.fromkeys(shares, 0)
    for item_id in answers:
        area = grid.area_of[item_id]
        if area in asked:
            asked[area] += 1
    due = sum(asked.values()) + 1
    return sorted((area for area in shares if shares[area] > 0), key=lambda area: asked[area] - shares[area] * due)


def _check(settings: AdaptiveSettings) -> None:
    if not settings.error >= 0:
        raise InputError(N_("{name} is {value}"), accepted=N_("0 or more"), name="error", value=settings.error)
    if not 0 <= settings.min_items <= settings.max_items:
        least, most = settings.min_items, settings.max_items
        problem = N_("min_items is {least} and max_items {most}")
        raise InputError(problem, accepted="0 <= min_items <= max_items", least=least, most=most)
    if not settings.randomesque >= 1:
        name, value = "randomesque", settings.randomesque
        raise InputError(N_("{name} is {value}"), accepted=N_("1 or more"), name=name, value=value)
    shares = settings.area_shares
    if shares and (min(shares.values()) < 0 or abs(fsum(shares.values()) - 1) > 1e-6):
        problem, accepted = N_("{name} is {value}"), N_("shares of 0 or more that sum to 1")
        raise InputError(problem, accepted=accepted, name="area_shares", value=repr(dict(shares)))
