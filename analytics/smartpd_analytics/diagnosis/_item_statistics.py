"""Items in classical test theory, in plain Python: what the course team sees of a class.

``calibration.reliability`` gives the same figures for large files, by numpy.

Difficulty is the mean share of an item's points (for right and wrong answers the share of right ones). Discrimination
is the corrected item-total correlation: the item against the sum of all others (Henrysson 1963,
doi:10.1007/BF02289618), so that an item is not held against itself. Alpha is Cronbach's (1951, doi:10.1007/BF02310555),
SEM = sd sqrt(1 - alpha) (Lord & Novick 1968).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from ..data import SEPARATOR, Instrument, Item, ItemFigures, ItemStatistics, OptionUse
from ._answers import check_answers

__all__ = ["ITEM_FLAGS", "LEAST_FOR_FLAGS", "item_statistics"]

#: Flag -> when it stands. The limits are those of textbooks (Ebel & Frisbie 1991, ch. 13; Haladyna 2004, ch. 9).
ITEM_FLAGS: Mapping[str, str] = {
    "same": "everybody got the same points",
    "easy": "difficulty of 0.90 or more",
    "hard": "difficulty of 0.20 or less, or of a choice in a test no better than guessing",
    "negative": "discrimination below 0",
    "weak": "discrimination from 0 to below 0.20",
    "lifts_alpha": "without the item alpha is higher by more than 0.01",
    "rival": "in a test, those who chose a wrong option do better on the rest than those who chose the right one",
    "unused": "in a test, nobody chose one of the options",
}
#: Flags rest on nothing where fewer learners than this have answered.
LEAST_FOR_FLAGS = 20

_EASY, _HARD, _WEAK, _LIFT = 0.9, 0.2, 0.2, 0.01
#: A wrong option is a rival only where so many chose it.
_LEAST_RIVALS = 5


def item_statistics(instrument: Instrument, answers: Sequence[Mapping[str, str]]) -> ItemStatistics:
    """The items of ``instrument`` by the answers of learners, one mapping (item id -> answer) for each.

    Answers to an item count wherever they are; whatever rests on the total (alpha, discrimination, ``rest`` of an
    option) is of those who answered every scored item. Items without points (surveys, numbers, words) have counts of
    their options alone.

    Raises:
        AnswerError: an answer is to an item that the instrument does not ask, or is no answer to it.
    """
    given = [check_answers(instrument, each) for each in answers]
    scored = [item for item in instrument.items if item.max_points > _lowest(instrument, item)]
    complete = [each for each in given if scored and all(item.id in each for item in scored)]
    table = _Table(scored, complete)
    return ItemStatistics(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        learners=sum(bool(each) for each in given),
        complete=len(complete),
        alpha=table.alpha,
        sem=table.sem,
        items=tuple(_figures(instrument, item, given, complete, table) for item in instrument.items),
    )


def _lowest(instrument: Instrument, item: Item) -> int:
    return item.min_points if instrument.kind == "motivation" else 0


class _Table:
    """Points of the complete learners, by item, with the total of each learner."""

    def __init__(self, items: Sequence[Item], complete: Sequence[Mapping[str, str]]) -> None:
        self.points = {item.id: [item.points_of(each[item.id]) for each in complete] for item in items}
        self.totals = [sum(row) for row in zip(*self.points.values(), strict=True)] if complete else []
        self.most = sum(item.max_points for item in items)
        self._variances = {item_id: _variance(points) for item_id, points in self.points.items()}

    @property
    def alpha(self) -> float | None:
        return _alpha(list(self._variances.values()), _variance(self.totals))

    @property
    def sem(self) -> float | None:
        alpha, variance = self.alpha, _variance(self.totals)
        # Chance may take alpha below 0, where it says no more than 0 does.
        return None if alpha is None or variance is None else sqrt(variance * (1 - max(alpha, 0.0)))

    def rest(self, item_id: str) -> list[int]:
        """Each learner's points without this item."""
        return [total - own for total, own in zip(self.totals, self.points[item_id], strict=True)]

    def discrimination(self, item_id: str) -> float | None:
        return _correlation(self.points[item_id], self.rest(item_id))

    def alpha_without(self, item_id: str) -> float | None:
        others = [variance for other, variance in self._variances.items() if other != item_id]
        return _alpha(others, _variance(self.rest(item_id)))


def _figures(
    instrument: Instrument,
    item: Item,
    given: Sequence[Mapping[str, str]],
    complete: Sequence[Mapping[str, str]],
    table: _Table,
) -> ItemFigures:
    answered = [each[item.id] for each in given if item.id in each]
    options = _options(item, answered, complete, table)
    if item.id not in table.points:
        return ItemFigures(item.id, len(answered), None, None, None, None, options)
    low = _lowest(instrument, item)
    shares = [(item.points_of(answer) - low) / (item.max_points - low) for answer in answered]
    variance = _variance(shares)
    figures = ItemFigures(
        item_id=item.id,
        learners=len(answered),
        difficulty=fsum(shares) / len(shares) if shares else None,
        sd=None if variance is None else sqrt(variance),
        discrimination=table.discrimination(item.id),
        alpha_without=table.alpha_without(item.id),
        options=options,
    )
    flags = _Flags(instrument, item, figures, table.alpha).found() if len(answered) >= LEAST_FOR_FLAGS else ()
    return ItemFigures(**{**{name: getattr(figures, name) for name in figures.__slots__}, "flags": flags})


def _options(
    item: Item, answered: Sequence[str], complete: Sequence[Mapping[str, str]], table: _Table
) -> tuple[OptionUse, ...]:
    if item.kind not in ("choice", "rating", "multiple"):
        return ()
    scored = item.id in table.points
    most = table.most - item.max_points if scored else table.most
    rest = table.rest(item.id) if scored else table.totals
    chosen = [answer.split(SEPARATOR) for answer in answered]
    of_complete = [each.get(item.id, "").split(SEPARATOR) for each in complete]
    best = max((item.scored(option) for option in item.options), default=0)
    found = []
    for option in item.options:
        values = [points for own, points in zip(of_complete, rest, strict=True) if option.id in own]
        found.append(
            OptionUse(
                option_id=option.id,
                learners=sum(option.id in own for own in chosen),
                rest=fsum(values) / len(values) / most if values and most else None,
                best=scored and (bool(option.points) if item.kind == "multiple" else item.scored(option) == best),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Flags:
    instrument: Instrument
    item: Item
    figures: ItemFigures
    alpha: float | None

    def found(self) -> tuple[str, ...]:
        found = []
        if self.figures.sd == 0:
            found.append("same")
        found += [*self._by_difficulty(), *self._by_discrimination()]
        without = self.figures.alpha_without
        if self.alpha is not None and without is not None and without > self.alpha + _LIFT:
            found.append("lifts_alpha")
        if self.instrument.kind == "knowledge_test":
            found += self._by_options()
        return tuple(found)

    def _by_difficulty(self) -> list[str]:
        difficulty = self.figures.difficulty
        if difficulty is None:
            return []
        single = self.instrument.kind == "knowledge_test" and self.item.kind == "choice" and self.item.options
        guessing = 1 / len(self.item.options) if single else 0.0
        if difficulty >= _EASY:
            return ["easy"]
        return ["hard"] if difficulty <= max(_HARD, guessing) else []

    def _by_discrimination(self) -> list[str]:
        value = self.figures.discrimination
        if value is None or value >= _WEAK:
            return []
        return ["negative" if value < 0 else "weak"]

    def _by_options(self) -> list[str]:
        found = []
        right = [use.rest for use in self.figures.options if use.best and use.rest is not None]
        wrong = [use for use in self.figures.options if not use.best]
        if (
            self.item.kind == "choice"
            and right
            and any(use.rest is not None and use.learners >= _LEAST_RIVALS and use.rest > max(right) for use in wrong)
        ):
            found.append("rival")
        if any(use.learners == 0 for use in wrong):
            found.append("unused")
        return found


def _variance(values: Sequence[float]) -> float | None:
    """With n - 1 below it; None for fewer than two values, exactly 0 for equal ones."""
    if len(values) < 2:
        return None
    if min(values) == max(values):
        return 0.0
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _alpha(variances: Sequence[float | None], of_total: float | None) -> float | None:
    known = [variance for variance in variances if variance is not None]
    items = len(variances)
    if items < 2 or len(known) < items or not of_total:
        return None
    return items / (items - 1) * (1 - fsum(known) / of_total)


def _correlation(values: Sequence[float], others: Sequence[float]) -> float | None:
    one, other = _variance(values), _variance(others)
    if not one or not other:
        return None
    mean, mean_other = fsum(values) / len(values), fsum(others) / len(others)
    together = fsum((a - mean) * (b - mean_other) for a, b in zip(values, others, strict=True)) / (len(values) - 1)
    return max(-1.0, min(1.0, together / sqrt(one * other)))
