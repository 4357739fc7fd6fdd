"""An item bank made ready once per process: its likelihoods on a grid of abilities, its items by information."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from itertools import pairwise
from math import exp, inf, isfinite, sqrt
from operator import mul
from typing import TypeAlias

from ..data import ItemBank, ItemParameters
from ..errors import N_, AnswerError, InputError, Message
from ._models import informations, likelihoods

__all__ = ["Grid", "check_items", "grid_of"]

#: Nodes of the grid, over five standard deviations of ability to both sides. With equal weights and a step
#: of 0.156 standard deviations the sums are off by 2 exp(-2 pi² (0.12 / 0.156)²) = 2e-5 for posteriors as
#: narrow as 0.12 (Trefethen & Weideman 2014, doi:10.1137/130932132): tests of a hundred good items.
_NODES = 65
_REACH = 5.0
#: Items are ranked by information at points this many standard deviations apart; an estimate's error is larger.
_BAND = 0.1
#: Posteriors that are remembered, so that an answer more costs one multiplication.
_REMEMBERED = 512
#: Below this a product of likelihoods is brought back to a sum of 1.
_TINY = 1e-150

#: The posterior at each node, up to a factor, and the sum over all nodes.
Posterior: TypeAlias = tuple[tuple[float, ...], float]


class Grid:
    """What can be computed of a bank before anybody answers; filled as far as it is asked for."""

    def __init__(self, items: Sequence[ItemParameters], mean: float, sd: float) -> None:
        check_items(items)
        if not (isfinite(mean) and isfinite(sd) and sd > 0):
            problem = N_("ability has the mean {mean} and the standard deviation {sd}")
            raise InputError(problem, accepted=N_("a standard deviation above 0"), mean=mean, sd=sd)
        self.items = tuple(items)
        self.place = {item.item_id: index for index, item in enumerate(self.items)}
        self.area_of = {item.item_id: item.area_id for item in self.items}
        self._mean = mean
        self._sd = sd
        z = [-_REACH + 2 * _REACH * k / (_NODES - 1) for k in range(_NODES)]
        self._nodes = tuple(mean + sd * each for each in z)
        # Second moments about the population's mean: near it, where they must be exact, they are small.
        self._offsets = tuple(sd * each for each in z)
        self._squares = tuple(each * each for each in self._offsets)
        prior = tuple(exp(-each * each / 2) for each in z)
        self._prior: Posterior = prior, sum(prior)
        self._columns: dict[tuple[str, int], tuple[float, ...]] = {}
        self._ranks: dict[int, tuple[str, ...]] = {}
        self._posteriors: dict[tuple[tuple[str, int], ...], Posterior] = {}

    def ability(self, answers: tuple[tuple[str, int], ...]) -> tuple[float, float]:
        """Mean and standard deviation of ability after ``answers`` (EAP; Bock & Mislevy 1982).

        Raises:
            AnswerError: an item is not in the bank, or has no such category.
        """
        posterior, total = self._posterior(answers)
        shift = sum(map(mul, posterior, self._offsets)) / total
        variance = sum(map(mul, posterior, self._squares)) / total - shift * shift
        return self._mean + shift, sqrt(max(variance, 0.0))

    def by_information(self, ability: float) -> tuple[str, ...]:
        """Ids of all items, those that tell most near ``ability`` first; ties in the bank's order."""
        band = round((min(max(ability, self._nodes[0]), self._nodes[-1]) - self._mean) / (self._sd * _BAND))
        ranked = self._ranks.get(band)
        if ranked is None:
            point = self._mean + band * self._sd * _BAND
            tells = informations(self.items, point)
            places = sorted(range(len(self.items)), key=tells.__getitem__, reverse=True)
            ranked = tuple(self.items[place].item_id for place in places)
            self._ranks[band] = ranked
        return ranked

    def mode(self, answers: tuple[tuple[str, int], ...]) -> float:
        """The node at which the posterior is highest."""
        posterior = self._posterior(answers)[0]
        return self._nodes[posterior.index(max(posterior))]

    def _posterior(self, answers: tuple[tuple[str, int], ...]) -> Posterior:
        if not answers:
            return self._prior
        found = self._posteriors.get(answers)
        if found is None:
            # A test goes forward: what was before this answer is not asked for again.
            before = self._posteriors.pop(answers[:-1], None)
            if before is None:
                before = self._prior
                for answer in answers[:-1]:
                    before = self._times(before, answer)
            found = self._times(before, answers[-1])
            if len(self._posteriors) >= _REMEMBERED:
                self._posteriors.clear()
            self._posteriors[answers] = found
        return found

    def _times(self, posterior: Posterior, answer: tuple[str, int]) -> Posterior:
        column = self._columns.get(answer)
        if column is None:
            item = self.item_of(answer)
            for category, values in enumerate(likelihoods(item, self._nodes)):
                self._columns[item.item_id, category] = values
            column = self._columns[answer]
        product = tuple(map(mul, posterior[0], column))
        total = sum(product)
        return (product, total) if total > _TINY else (tuple(each / total for each in product), 1.0)

    def item_of(self, answer: tuple[str, int]) -> ItemParameters:
        """The item that was answered.

        Raises:
            AnswerError: it is not in the bank, or has no such category.
        """
        item_id, category = answer
        if item_id not in self.place:
            raise AnswerError(item_id, category, problem="unknown_item", accepted=tuple(self.place))
        item = self.items[self.place[item_id]]
        categories = range(len(item.thresholds) + 1)
        if category not in categories:
            raise AnswerError(item_id, category, problem="unknown_option", accepted=tuple(categories))
        return item


#: The grid of each bank that is alive, by its identity: to hash 500 items would cost more than an estimate.
_grids: dict[int, tuple[weakref.ref[ItemBank], Grid]] = {}


def grid_of(bank: ItemBank) -> Grid:
    """The grid of ``bank``, made at its first use.

    Raises:
        InputError: the bank has an item that cannot be used.
    """
    key = id(bank)
    known = _grids.get(key)
    if known is not None and known[0]() is bank:
        return known[1]
    grid = Grid(bank.items, bank.ability_mean, bank.ability_sd)
    _grids[key] = (weakref.ref(bank, lambda _dead: _grids.pop(key, None)), grid)
    return grid


def check_items(items: Sequence[ItemParameters]) -> None:
    """Raise ``InputError`` for the first item that no model can use."""
    seen: set[str] = set()
    for number, item in enumerate(items, start=1):
        place = Message(N_("item {number} ({id})"), number=number, id=item.item_id)
        if item.item_id in seen:
            raise _wrong(place, N_("stands here a second time"), N_("each item once"))
        seen.add(item.item_id)
        _check(item, place)


def _check(item: ItemParameters, place: Message) -> None:
    slope, guessing = item.discrimination, item.guessing
    if not 0 < slope < inf:
        raise _wrong(place, N_("the discrimination is {value}"), N_("a number above 0"), value=slope)
    thresholds = str(list(item.thresholds))
    if not item.thresholds or not all(map(isfinite, item.thresholds)):
        raise _wrong(place, N_("the thresholds are {value}"), N_("one finite number or more"), value=thresholds)
    if any(upper <= lower for lower, upper in pairwise(item.thresholds)):
        raise _wrong(place, N_("the thresholds are {value}"), N_("ascending numbers"), value=thresholds)
    if not 0 <= guessing < 1:
        raise _wrong(place, N_("the guessing is {value}"), N_("0 or more, below 1"), value=guessing)
    if guessing and len(item.thresholds) > 1:
        raise _wrong(place, N_("graded, with the guessing {value}"), N_("0 for graded items"), value=guessing)


def _wrong(place: Message, problem: str, accepted: str, **arguments: object) -> InputError:
    placed = Message(N_("{place}: {problem}"), place=place, problem=Message(problem, **arguments))
    return InputError(placed, accepted=accepted)
