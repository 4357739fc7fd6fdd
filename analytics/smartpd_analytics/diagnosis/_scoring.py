"""Scoring of an instrument in the manner of the DigCompEdu CheckIn self-reflection tool (JRC).

Each item gives the points of the chosen option; the total is held against the instrument's cut
scores. For areas and competencies, which have no cut scores of their own, the overall cuts are
applied in proportion to their points: such a level rests on few items and is indicative only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from ..data import AreaNorm, AreaScore, CompetencyScore, DiagnosisScore, Framework, Instrument, Item
from ..errors import AnswerError, InputError
from ._estimates import ITEM_NOISE

__all__ = ["cut_shares", "level_at", "score_answers"]


def score_answers(instrument: Instrument, framework: Framework, answers: Mapping[str, str]) -> DiagnosisScore:
    """The score of ``answers`` (item id -> answer, see ``Item``), which may be partial or empty.

    ``points`` are those of the answered items, reverse items counted from the other end; ``max_points`` is
    everywhere the maximum of all items, answered or not. ``share`` and ``level`` follow the instrument's
    policy for missing answers (``MissingAnswers``): by default the share is points divided by the maximum
    of the answered items, and a level stands only where every item behind it is answered. Areas and
    competencies come in the framework's order, those that no item asks about are left out.

    ``error`` is the standard error of measurement of a share. Where the instrument has norms for an area,
    sd * sqrt(1 - alpha) / maximum, times sqrt(items / answered items) (Lord & Novick 1968); else that of
    independent items with the noise ``ITEM_NOISE`` each. That of the whole adds the areas' variances.

    Raises:
        AnswerError: an answer is to an item or names an option that the instrument does not have.
        InputError: the instrument is for another framework.
    """
    _belong_together(framework, instrument)
    points = _points(instrument, answers)
    cuts = cut_shares(instrument)
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    norms = {norm.area_id: norm for norm in instrument.norms}

    def tally(items: Iterable[Item]) -> _Tally:
        return _tally(items, points, instrument.missing.policy)

    competencies = []
    for competency in framework.competencies:
        own = tally(item for item in instrument.items if item.competency_id == competency.id)
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
                    level=_level(framework, instrument, cuts, own),
                )
            )
    areas = []
    variance = 0.0
    for area in framework.areas:
        own = tally(item for item in instrument.items if area_of[item.competency_id] == area.id)
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
                    level=_level(framework, instrument, cuts, own),
                    error=error,
                )
            )
    overall = tally(instrument.items)
    return DiagnosisScore(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        framework_id=framework.id,
        answered=overall.answered,
        total=overall.total,
        points=overall.points,
        max_points=overall.max_points,
        level=_level(framework, instrument, cuts, overall),
        areas=tuple(areas),
        competencies=tuple(competencies),
        share=overall.share,
        error=sqrt(variance) / overall.counting if overall.answered else None,
    )


def cut_shares(instrument: Instrument) -> tuple[float, ...]:
    """Lowest share (0..1) of each level, ascending; the first is 0.0."""
    return tuple(cut / instrument.max_points for cut in instrument.cut_scores)


def level_at(framework: Framework, instrument: Instrument, share: float) -> str:
    """Id of the level in which ``share`` (0..1) lies.

    Raises:
        InputError: the share is not in 0..1, or the instrument is for another framework.
    """
    _belong_together(framework, instrument)
    if not 0.0 <= share <= 1.0:
        raise InputError(f"{share!r} is no share", accepted="0 to 1")
    return _level_of(framework, cut_shares(instrument), share)


@dataclass(frozen=True, slots=True)
class _Tally:
    points: int
    max_points: int
    #: Maximum of the items that count: the answered ones, or all where missing answers count 0.
    counting: int
    #: Sum of the squared maxima of the answered items.
    squares: int
    answered: int
    total: int
    share: float | None


def _tally(items: Iterable[Item], points: Mapping[str, int], policy: str) -> _Tally:
    asked = tuple(items)
    answered = tuple(item for item in asked if item.id in points)
    max_points = sum(item.max_points for item in asked)
    # A test in which nothing is answered has not been taken, so nothing counts as wrong yet.
    zeros = policy == "zero" and bool(points)
    counting = max_points if zeros else sum(item.max_points for item in answered)
    scored = sum(points[item.id] for item in answered)
    return _Tally(
        points=scored,
        max_points=max_points,
        counting=counting,
        squares=sum(item.max_points**2 for item in answered),
        answered=len(answered),
        total=len(asked),
        share=scored / counting if counting else None,
    )


def _error(tally: _Tally, norm: AreaNorm | None) -> float | None:
    if not tally.answered:
        return None
    if norm is None:
        return ITEM_NOISE * sqrt(tally.squares) / tally.counting
    return norm.sd * sqrt(1 - norm.alpha) / tally.max_points * sqrt(tally.total / tally.answered)


def _level(framework: Framework, instrument: Instrument, cuts: tuple[float, ...], tally: _Tally) -> str | None:
    missing = instrument.missing
    needed = {"refuse": tally.total, "person_mean": missing.least_share * tally.total, "zero": 0}[missing.policy]
    if tally.share is None or tally.answered < needed:
        return None
    return _level_of(framework, cuts, tally.share)


def _level_of(framework: Framework, cuts: tuple[float, ...], share: float) -> str:
    # Equal fractions divide to equal floats (IEEE 754 division is correctly rounded), so a total that
    # lies exactly on a cut score is not lost to rounding.
    return framework.levels[bisect_right(cuts, share) - 1].id


def _points(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, int]:
    items = {item.id: item for item in instrument.items}
    points = {}
    for item_id, given in answers.items():
        if item_id not in items:
            raise AnswerError(item_id, given, problem="unknown_item", accepted=tuple(items))
        item = items[item_id]
        answer = item.canonical(given)
        if answer is None:
            raise AnswerError(
                item_id, given, problem="unknown_option", accepted=tuple(option.id for option in item.options)
            )
        points[item_id] = item.points_of(answer)
    return points


def _belong_together(framework: Framework, instrument: Instrument) -> None:
    if instrument.framework_id != framework.id:
        problem = f"the instrument {instrument.id!r} does not belong to the framework {framework.id!r}"
        raise InputError(problem, accepted=instrument.framework_id)
