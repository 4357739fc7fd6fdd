"""The calibrated items of an instrument as a bank for adaptive tests, and the result of such a test."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ..data import (
    Ability,
    AreaScore,
    CompetencyScore,
    DiagnosisScore,
    Framework,
    Instrument,
    Item,
    ItemBank,
    ItemParameters,
)
from ..errors import N_, InputError
from ..frameworks import load_instrument
from ._ability import estimate_ability
from ._answers import check_answers
from ._models import category_probabilities
from ._scoring import belong_together, level_at

__all__ = ["instrument_bank", "level_at_ability", "load_item_bank", "score_ability"]

#: How far the areas of one learner lie apart, as a share of how far learners do: sqrt(1 - r) with a correlation r of
#: .75 between areas. A judgement, until answers say otherwise.
WITHIN_LEARNER = 0.5


def instrument_bank(instrument: Instrument) -> ItemBank:
    """The items that are asked and have parameters, by content area; ability is standard normal.

    ``provisional`` where any of them is. What ``next_item`` computes of a bank is kept with it: keep the bank too.

    Raises:
        InputError: no item has parameters.
    """
    items = [item for item in instrument.items if item.parameters is not None]
    if not items:
        problem = N_("no item of the instrument '{id}' has parameters")
        raise InputError(problem, accepted=N_("an instrument whose items have irt"), id=instrument.id)
    parameters = tuple(item.parameters for item in items if item.parameters is not None)
    models = {_model(each) for each in parameters}
    return ItemBank(
        id=f"{instrument.id}.v{instrument.version}",
        model=models.pop() if len(models) == 1 else "mixed",
        items=parameters,
        provisional=any(item.provisional for item in items),
    )


@cache
def load_item_bank(instrument_id: str, version: str = "") -> ItemBank:
    """The bank of a bundled instrument, made once per process.

    Raises:
        InstrumentError: there is no such instrument, or not in this version.
        InputError: none of its items has parameters.
    """
    return instrument_bank(load_instrument(instrument_id, version))


def level_at_ability(framework: Framework, instrument: Instrument, ability: float) -> str:
    """Id of the level in which ``ability`` lies, by the instrument's ``ability_cuts``.

    Raises:
        InputError: the instrument has none.
    """
    if not instrument.ability_cuts:
        problem = N_("the instrument '{id}' has no ability_cuts")
        raise InputError(problem, accepted=N_("an instrument with ability_cuts"), id=instrument.id)
    return framework.levels[bisect_right(instrument.ability_cuts, ability)].id


def score_ability(
    instrument: Instrument,
    framework: Framework,
    answers: Mapping[str, str],
    *,
    bank: ItemBank | None = None,
    most: int = 0,
) -> DiagnosisScore:
    """The result of an adaptive test, comparable with that of the whole instrument whatever items were asked.

    ``ability`` is the EAP of the answers to items with parameters, ``share`` the share of all points of all such items
    that is expected there (test characteristic curve; Lord 1980), ``error`` half of how far it moves from one
    standard error below to one above. ``level`` is read from the ability where the instrument has ``ability_cuts``,
    else from the share. Areas and competencies with an answer have the same from their own answers, which are few: they
    are drawn to what the learner can do as a whole (augmented subscores; Wainer et al. 2001), by a prior around the
    learner's ability with the standard deviation ``WITHIN_LEARNER``, and their levels are indicative. ``points``,
    ``max_points``, ``answered`` and ``total`` are those of the answered items: when the test is over is for
    ``next_item`` to say.

    Args:
        bank: ``instrument_bank(instrument)``, kept by the caller to save time.
        most: how many questions a test that goes on may have; 0 for one that is over. While it goes on there is no
            level yet, and ``total`` is ``most``, or one more than the answers.

    Raises:
        AnswerError: an answer is to an item that the instrument does not ask, or is no answer to it.
        InputError: no item has parameters, or the instrument is for another framework.
    """
    belong_together(framework, instrument)
    checked = check_answers(instrument, answers)
    part = _Part(instrument, framework, bank or instrument_bank(instrument), checked)
    answered = [item for item in instrument.items if item.id in checked]
    whole = part.of(answered, "")
    areas = []
    for area in framework.areas:
        own = [item for item in answered if item.area_id == area.id]
        if own:
            error = part.of(own, area.id, around=whole[0])[2]
            areas.append(AreaScore(area_id=area.id, error=error, **part.figures(own, area.id, around=whole[0])))
    competencies = []
    for competency in framework.competencies:
        own = [item for item in answered if item.competency_id == competency.id]
        if own:
            figures = part.figures(own, competency.area_id, around=whole[0])
            competencies.append(
                CompetencyScore(
                    competency_id=competency.id,
                    area_id=competency.area_id,
                    answered_max=figures["max_points"],
                    **figures,
                )
            )
    ability, share, error, level = whole
    return DiagnosisScore(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        framework_id=framework.id,
        answered=len(answered),
        total=max(most, len(answered) + 1) if most else len(answered),
        points=part.points(answered),
        max_points=sum(item.max_points for item in answered),
        level=level if answered and not most else None,
        areas=tuple(areas),
        competencies=tuple(competencies),
        share=share if answered else None,
        error=error if answered else None,
        kind=instrument.kind,
        ability=ability,
    )


class _Part:
    """The result of some of the answers."""

    def __init__(
        self, instrument: Instrument, framework: Framework, bank: ItemBank, answers: Mapping[str, str]
    ) -> None:
        self._instrument = instrument
        self._framework = framework
        self._bank = bank
        self._answers = answers
        items = {item.id: item for item in instrument.items}
        self._worth = {each.item_id: _worth(items[each.item_id]) for each in bank.items}

    def points(self, items: Iterable[Item]) -> int:
        return sum(item.points_of(self._answers[item.id]) for item in items)

    def figures(self, items: Sequence[Item], area_id: str, *, around: Ability) -> dict[str, Any]:
        """What the scores of areas and of competencies have in common."""
        _, share, _, level = self.of(items, area_id, around=around)
        return {
            "points": self.points(items),
            "max_points": sum(item.max_points for item in items),
            "answered": len(items),
            "total": len(items),
            "share": share,
            "level": level,
        }

    def of(
        self, items: Iterable[Item], area_id: str, *, around: Ability | None = None
    ) -> tuple[Ability, float, float, str]:
        """Ability from the answers to ``items``; share, its error and level among the items of the area.

        Before the answers ability is taken to be that of everybody, or to lie ``around`` the learner's own.
        """
        categories = {i.id: i.category_of(self._answers[i.id]) for i in items if i.id in self._worth}
        bank = self._bank
        if around is not None:
            few = tuple(each for each in bank.items if each.item_id in categories)
            bank = replace(bank, items=few, ability_mean=around.value, ability_sd=WITHIN_LEARNER * bank.ability_sd)
        ability = estimate_ability(bank, categories) if categories or around is None else around
        share = self._share(ability.value, area_id)
        spread = self._share(ability.value + ability.error, area_id) - self._share(
            ability.value - ability.error, area_id
        )
        return ability, share, spread / 2, self._level(ability.value, share)

    def _share(self, ability: float, area_id: str) -> float:
        expected = most = 0.0
        for parameters in self._bank.items:
            if not area_id or parameters.area_id == area_id:
                worth = self._worth[parameters.item_id]
                chances = category_probabilities(parameters, ability)
                expected += sum(chance * points for chance, points in zip(chances, worth, strict=True))
                most += worth[-1]
        return min(expected / most, 1.0) if most else 0.0

    def _level(self, ability: float, share: float) -> str:
        if self._instrument.ability_cuts:
            return level_at_ability(self._framework, self._instrument, ability)
        return level_at(self._framework, self._instrument, share)


def _model(parameters: ItemParameters) -> str:
    if len(parameters.thresholds) > 1:
        return "graded"
    return "3pl" if parameters.guessing else "2pl"


def _worth(item: Item) -> tuple[int, ...]:
    """Points of each category, from the lowest."""
    if item.kind not in ("multiple", "order"):
        return tuple(sorted({option.points for option in item.options}))
    return tuple(range(item.worth + 1)) if item.scoring == "partial" else (0, item.worth)
