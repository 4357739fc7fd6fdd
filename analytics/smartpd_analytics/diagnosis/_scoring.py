"""Scoring of an instrument in the manner of the DigCompEdu CheckIn self-reflection tool (JRC).

Each item gives the points of the chosen option; the total is held against the instrument's cut
scores. For areas and competencies, which have no cut scores of their own, the overall cuts are
applied in proportion to their points: such a level rests on few items and is indicative only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..data import AreaScore, CompetencyScore, DiagnosisScore, Framework, Instrument, Item
from ..errors import AnswerError, InputError

__all__ = ["cut_shares", "level_at", "score_answers"]


def score_answers(instrument: Instrument, framework: Framework, answers: Mapping[str, str]) -> DiagnosisScore:
    """The score of ``answers`` (item id -> option id), which may be partial or empty.

    ``max_points`` is everywhere the maximum of all items, answered or not; ``share`` is points
    divided by the maximum of the answered items alone, None while there is none. A level stands
    only where every item behind it is answered. Areas and competencies come in the framework's
    order, those that no item asks about are left out.

    Raises:
        AnswerError: an answer is to an item or names an option that the instrument does not have.
        InputError: the instrument is for another framework.
    """
    _belong_together(framework, instrument)
    points = _points(instrument, answers)
    cuts = cut_shares(instrument)
    area_of = {competency.id: competency.area_id for competency in framework.competencies}

    competencies = []
    for competency in framework.competencies:
        tally = _tally((item for item in instrument.items if item.competency_id == competency.id), points)
        if tally.total:
            competencies.append(
                CompetencyScore(
                    competency_id=competency.id,
                    area_id=competency.area_id,
                    points=tally.points,
                    max_points=tally.max_points,
                    answered=tally.answered,
                    total=tally.total,
                    share=tally.share,
                    level=_level(framework, cuts, tally),
                )
            )
    areas = []
    for area in framework.areas:
        tally = _tally((item for item in instrument.items if area_of[item.competency_id] == area.id), points)
        if tally.total:
            areas.append(
                AreaScore(
                    area_id=area.id,
                    points=tally.points,
                    max_points=tally.max_points,
                    answered=tally.answered,
                    total=tally.total,
                    share=tally.share,
                    level=_level(framework, cuts, tally),
                )
            )
    overall = _tally(instrument.items, points)
    return DiagnosisScore(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        framework_id=framework.id,
        answered=overall.answered,
        total=overall.total,
        points=overall.points,
        max_points=overall.max_points,
        level=_level(framework, cuts, overall),
        areas=tuple(areas),
        competencies=tuple(competencies),
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
    max_answered: int
    answered: int
    total: int

    @property
    def share(self) -> float | None:
        return self.points / self.max_answered if self.answered else None


def _tally(items: Iterable[Item], points: Mapping[str, int]) -> _Tally:
    asked = tuple(items)
    answered = tuple(item for item in asked if item.id in points)
    return _Tally(
        points=sum(points[item.id] for item in answered),
        max_points=sum(item.max_points for item in asked),
        max_answered=sum(item.max_points for item in answered),
        answered=len(answered),
        total=len(asked),
    )


def _level(framework: Framework, cuts: tuple[float, ...], tally: _Tally) -> str | None:
    if tally.share is None or tally.answered < tally.total:
        return None
    return _level_of(framework, cuts, tally.share)


def _level_of(framework: Framework, cuts: tuple[float, ...], share: float) -> str:
    # Equal fractions divide to equal floats (IEEE 754 division is correctly rounded), so a total that
    # lies exactly on a cut score is not lost to rounding.
    return framework.levels[bisect_right(cuts, share) - 1].id


def _points(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, int]:
    worth = {item.id: {option.id: option.points for option in item.options} for item in instrument.items}
    points = {}
    for item_id, option_id in answers.items():
        if item_id not in worth:
            raise AnswerError(item_id, option_id, problem="unknown_item", accepted=tuple(worth))
        # Answers come from outside: a list would not even be hashable.
        if not isinstance(option_id, str) or option_id not in worth[item_id]:
            raise AnswerError(item_id, option_id, problem="unknown_option", accepted=tuple(worth[item_id]))
        points[item_id] = worth[item_id][option_id]
    return points


def _belong_together(framework: Framework, instrument: Instrument) -> None:
    if instrument.framework_id != framework.id:
        problem = f"the instrument {instrument.id!r} does not belong to the framework {framework.id!r}"
        raise InputError(problem, accepted=instrument.framework_id)
