"""Scoring of an instrument: points, shares and, by its cut scores, levels.

Self-assessments are scored in the manner of the DigCompEdu CheckIn self-reflection tool (JRC): each item gives the
points of the chosen option; the total is held against the instrument's cut scores. For areas and competencies, which
have no cut scores of their own, the overall cuts are applied in proportion to their points: such a level rests on few
items and is indicative only. Knowledge tests are scored the same way by their keys.

Motivation questionnaires give a share of the way from the lowest possible score to the highest for each of their
scales (per cent of maximum possible: Cohen, Cohen, Aiken & West 1999, doi:10.1207/S15327906MBR3403_2). Surveys are
not scored: what has been answered is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ..data import AreaNorm, AreaScore, CompetencyScore, DiagnosisScore, Framework, Instrument, Item
from ..errors import N_, InputError
from ._answers import check_answers
from ._estimates import ITEM_NOISE

__all__ = ["belong_together", "cut_shares", "level_at", "score_answers"]


def score_answers(instrument: Instrument, framework: Framework | None, answers: Mapping[str, str]) -> DiagnosisScore:
    """The score of ``answers`` (item id -> answer, see ``Item``), which may be partial or empty.

    ``points`` are those of the answered items, reverse items counted from the other end; ``max_points`` is
    everywhere the maximum of all items, answered or not. ``share`` and ``level`` follow the instrument's
    policy for missing answers (``MissingAnswers``): by default the share is points divided by the maximum
    of the answered items, and a level stands only where every item behind it is answered. Areas and
    competencies come in the framework's order, those that no item asks about are left out. Where the instrument
    has scales instead, they are the areas, and ``framework`` is None or what ``framework_of`` gives. Items that need
    no answer count once they have one.

    ``error`` is the standard error of measurement of a share. Where the instrument has norms for an area,
    sd * sqrt(1 - alpha) / maximum, times sqrt(items / answered items) (Lord & Novick 1968); else that of
    independent items: with the noise ``ITEM_NOISE`` each, or in a knowledge test with the variance p (1 - p)
    of right-or-wrong answers (binomial error model, Lord 1955), p being the share after one item right and one wrong
    have been added, so that who has everything right is not taken to be measured without error. That of the
    whole adds the areas' variances.

    Raises:
        AnswerError: an answer is to an item that the instrument does not ask, or is no answer to it.
        InputError: the instrument is for another framework, or its framework is not given.
    """
    belong_together(framework, instrument)
    if not instrument.framework_id:
        framework = None
    items = {item.id: item for item in instrument.items}
    checked = check_answers(instrument, answers)
    points = {item_id: items[item_id].points_of(answer) for item_id, answer in checked.items()}
    counted = tuple(item for item in instrument.items if item.required or item.id in points)
    norms = {norm.area_id: norm for norm in instrument.norms}
    levels = _Levels(framework, instrument)
    area_of = {competency.id: competency.area_id for competency in framework.competencies} if framework else {}
    tallies = _Tallies(points, instrument)
    of_competency, of_area = defaultdict(list), defaultdict(list)
    for item in counted:
        of_competency[item.competency_id].append(item)
        of_area[area_of.get(item.competency_id, item.area_id)].append(item)
    competencies = []
    for competency in framework.competencies if framework else ():
        own = tallies.of(of_competency[competency.id])
        if own.total:
            competencies.append(
                CompetencyScore(
                    competency_id=competency.id,
                    area_id=competency.area_id,
                    points=own.points,
                    max_points=own.max_points,
                    answered=own.answered,
                    total=own.total,
                    share=own.share,
                    level=levels.at(own),
                    answered_max=own.answered_max,
                )
            )
    areas = []
    variance = 0.0
    for area in framework.areas if framework else instrument.scales:
        own = tallies.of(of_area[area.id])
        if own.total:
            error = _error(own, norms.get(area.id))
            variance += (error * own.counting) ** 2 if error is not None else 0.0
            areas.append(
                AreaScore(
                    area_id=area.id,
                    points=own.points,
                    max_points=own.max_points,
                    answered=own.answered,
                    total=own.total,
                    share=own.share,
                    level=levels.at(own),
                    error=error,
                )
            )
    overall = tallies.of(counted)
    return DiagnosisScore(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        framework_id=instrument.framework_id,
        answered=overall.answered,
        total=overall.total,
        points=overall.points,
        max_points=overall.max_points,
        level=levels.at(overall),
        areas=tuple(areas),
        competencies=tuple(competencies),
        share=overall.share,
        error=sqrt(variance) / overall.counting if overall.share is not None and overall.answered else None,
        kind=instrument.kind,
    )


def cut_shares(instrument: Instrument) -> tuple[float, ...]:
    """Lowest share (0..1) of each level, ascending; the first is 0.0."""
    most = instrument.max_points
    return tuple(cut / most for cut in instrument.cut_scores)


def level_at(framework: Framework, instrument: Instrument, share: float) -> str:
    """Id of the level in which ``share`` (0..1) lies.

    Raises:
        InputError: the share is not in 0..1, or the instrument is for another framework.
    """
    belong_together(framework, instrument)
    if not 0.0 <= share <= 1.0:
        raise InputError(N_("{value} is no share"), accepted=N_("0 to 1"), value=share)
    return _level_of(framework, cut_shares(instrument), share)


@dataclass(frozen=True, slots=True)
class _Tally:
    points: int
    max_points: int
    #: Points above the lowest that the items can give, and the most that these can be, of the items that count:
    #: the answered ones, or all where missing answers count 0.
    gained: int
    counting: int
    #: Variance of ``gained``, without norms.
    variance: float
    answered: int
    answered_max: int
    total: int

    @property
    def share(self) -> float | None:
        return self.gained / self.counting if self.counting else None


class _Tallies:
    """Sums over some of the items."""

    def __init__(self, points: Mapping[str, int], instrument: Instrument) -> None:
        self._points = points
        # Worked out once: each item counts in a competency, an area and the whole.
        self._most = {item.id: item.max_points for item in instrument.items}
        # A test in which nothing is answered has not been taken, so nothing counts as wrong yet.
        self._zeros = instrument.missing.policy == "zero" and bool(points)
        self._from_lowest = instrument.kind == "motivation"
        self._right_or_wrong = instrument.kind == "knowledge_test"

    def of(self, asked: Sequence[Item]) -> _Tally:
        answered = tuple(item for item in asked if item.id in self._points)
        scored = sum(self._points[item.id] for item in answered)
        gained = scored - sum(map(self._lowest, answered))
        ranges = [self._range(item) for item in (asked if self._zeros else answered)]
        if self._right_or_wrong:
            chance = (gained + 1) / (sum(ranges) + 2)
            variance = chance * (1 - chance) * sum(each * each for each in ranges)
        else:
            variance = ITEM_NOISE**2 * sum(self._range(item) ** 2 for item in answered)
        return _Tally(
            points=scored,
            max_points=sum(self._most[item.id] for item in asked),
            gained=gained,
            counting=sum(ranges),
            variance=variance,
            answered=len(answered),
            answered_max=sum(self._most[item.id] for item in answered),
            total=len(asked),
        )

    def _range(self, item: Item) -> int:
        return self._most[item.id] - self._lowest(item)

    def _lowest(self, item: Item) -> int:
        return item.min_points if self._from_lowest else 0


def _error(tally: _Tally, norm: AreaNorm | None) -> float | None:
    if not tally.answered or not tally.counting:
        return None
    if norm is None:
        return sqrt(tally.variance) / tally.counting
    return norm.sd * sqrt(1 - norm.alpha) / tally.max_points * sqrt(tally.total / tally.answered)


class _Levels:
    """The level of a part, by the cut scores of the whole in proportion."""

    def __init__(self, framework: Framework | None, instrument: Instrument) -> None:
        self._framework = framework
        self._missing = instrument.missing
        self._cuts = cut_shares(instrument)

    def at(self, tally: _Tally) -> str | None:
        missing = self._missing
        needed = {"refuse": tally.total, "person_mean": missing.least_share * tally.total, "zero": 0}[missing.policy]
        if self._framework is None or not self._cuts or tally.share is None or tally.answered < needed:
            return None
        return _level_of(self._framework, self._cuts, tally.share)


def _level_of(framework: Framework, cuts: tuple[float, ...], share: float) -> str:
    # Equal fractions divide to equal floats (IEEE 754 division is correctly rounded), so a total that
    # lies exactly on a cut score is not lost to rounding.
    return framework.levels[bisect_right(cuts, share) - 1].id


def belong_together(framework: Framework | None, instrument: Instrument) -> None:
    """Raise ``InputError`` for an instrument of another framework; without one its own scales are its framework."""
    given = framework.id if framework is not None else ""
    if given not in ((instrument.framework_id,) if instrument.framework_id else ("", instrument.id)):
        problem = N_("the instrument '{id}' does not belong to the framework '{framework}'")
        accepted = instrument.framework_id or N_("no framework")
        raise InputError(problem, accepted=accepted, id=instrument.id, framework=given)
