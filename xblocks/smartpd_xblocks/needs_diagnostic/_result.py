"""What the answers say: levels, the gap to the target, and the picture of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from smartpd_analytics.api import (
    AreaScore,
    DiagnosisScore,
    Framework,
    Instrument,
    Level,
    cut_shares,
    level_at,
    level_at_ability,
    radar_svg,
    say,
    whole_percent,
)

from ._comparison import CLEAR
from ._targets import Targets

__all__ = ["AreaRow", "GapRow", "Result", "result", "target_share"]

#: How many needs a learner is shown: more would be no choice any more.
LARGEST_GAPS = 3
#: A difference below this rounds to nothing and is no gap to work on.
_NOTICEABLE = 0.005


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One line of the table; percentages are whole, None where nothing is answered yet.

    ``gap`` is how far the share lies below the target, 0 where it is reached, None where there is
    no target.
    """

    area_id: str
    title: str
    points: int
    max_points: int
    answered: int
    total: int
    percent: int | None
    level: str
    level_name: str
    gap: int | None


@dataclass(frozen=True, slots=True)
class GapRow:
    """A competency below the target: ``percent`` reached, ``gap`` to go, both whole percentages."""

    competency_id: str
    title: str
    area: str
    percent: int
    gap: int
    #: The share itself, 0..1.
    share: float = 0.0
    #: The level to reach in this competency, with its name, and from which whole percentage it begins.
    target: str = ""
    target_percent: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The result so far; the level is ``""`` until every item is answered."""

    complete: bool
    answered: int
    total: int
    points: int
    max_points: int
    percent: int | None
    level: str
    level_name: str
    level_text: str
    target: str
    target_name: str
    target_percent: int | None
    #: Whole percentages between which the share lies (95%); empty where the error is not known.
    range: tuple[int, ...]
    #: Names of the lowest and the highest level that the error of measurement leaves (95%), each once.
    band: tuple[str, ...]
    areas: tuple[AreaRow, ...]
    gaps: tuple[GapRow, ...]
    radar: str


def target_share(framework: Framework, instrument: Instrument, level_id: str) -> float | None:
    """The share of all points where the level begins; None for a level that the framework lacks."""
    index = next((level.index for level in framework.levels if level.id == level_id), None)
    cuts = cut_shares(instrument)
    return cuts[index] if index is not None and index < len(cuts) else None


def result(
    score: DiagnosisScore,
    instrument: Instrument,
    framework: Framework,
    *,
    target: str,
    targets: Targets | None = None,
    reached: Collection[str] = (),
    lang: str,
    radar_title: str,
    radar_description: str,
) -> Result:
    """The result in the language ``lang``.

    Args:
        target: id of the level to reach.
        targets: levels to reach where competencies have their own; ``target`` is their overall one.
        reached: competencies in which all that is known of the learner reaches the target, which these answers alone
            may not do; other needs come before them.
        radar_title, radar_description: the picture's text alternative.
    """
    levels = {level.id: level for level in framework.levels}
    targets = targets or Targets(target)
    shares = targets.shares(score, lambda level: target_share(framework, instrument, level))
    goal = shares.get("")
    titles = {area.id: say(area.title, lang) for area in framework.areas}
    area_levels = {area.area_id: _area_level(area, instrument, framework) for area in score.areas}
    rows = tuple(
        AreaRow(
            area_id=area.area_id,
            title=titles.get(area.area_id, area.area_id),
            points=area.points,
            max_points=area.max_points,
            answered=area.answered,
            total=area.total,
            percent=None if area.share is None else whole_percent(area.share),
            level=area_levels[area.area_id],
            level_name=say(levels[level].name, lang) if (level := area_levels[area.area_id]) in levels else "",
            gap=None if area.area_id not in shares or area.share is None else _gap(shares[area.area_id], area.share),
        )
        for area in score.areas
    )
    overall = levels.get(score.level or "")
    aim = levels.get(target)
    share = score.share if score.complete else score.points / score.max_points if score.max_points else None
    return Result(
        complete=score.complete,
        answered=score.answered,
        total=score.total,
        points=score.points,
        max_points=score.max_points,
        percent=None if share is None else whole_percent(share),
        level=overall.id if overall else "",
        level_name=say(overall.name, lang) if overall else "",
        level_text=say(overall.description, lang) if overall else "",
        target=aim.id if aim else "",
        target_name=say(aim.name, lang) if aim else "",
        target_percent=None if goal is None else whole_percent(goal),
        range=_range(score),
        band=_band(score, instrument, framework, lang),
        areas=rows,
        gaps=_largest_gaps(score, framework, targets, reached, shares=shares, titles=titles, lang=lang),
        radar=radar_svg(_axes(score, titles, shares), title=radar_title, description=radar_description),
    )


def _band(score: DiagnosisScore, instrument: Instrument, framework: Framework, lang: str) -> tuple[str, ...]:
    if not score.complete or score.share is None or score.error is None:
        return ()
    names = {level.id: f"{level.id} ({say(level.name, lang)})" for level in framework.levels}
    at = score.ability
    if at is not None and instrument.ability_cuts:
        spans = (at.value - CLEAR * at.error, at.value + CLEAR * at.error)
        levels = [level_at_ability(framework, instrument, end) for end in spans]
    else:
        ends = (score.share - CLEAR * score.error, score.share + CLEAR * score.error)
        levels = [level_at(framework, instrument, min(1.0, max(0.0, end))) for end in ends]
    return tuple(dict.fromkeys(names[level] for level in levels))


def _range(score: DiagnosisScore) -> tuple[int, ...]:
    if not score.complete or score.share is None or score.error is None:
        return ()
    ends = (score.share - CLEAR * score.error, score.share + CLEAR * score.error)
    return tuple(whole_percent(min(1.0, max(0.0, end))) for end in ends)


def _area_level(area: AreaScore, instrument: Instrument, framework: Framework) -> str:
    """The level of an area; once half of it is answered that of the answers so far, as "My development" has it."""
    if area.level or area.share is None or 2 * area.answered < area.total:
        return area.level or ""
    return level_at(framework, instrument, area.share) if cut_shares(instrument) else ""


def _gap(goal: float, share: float) -> int:
    """Of the rounded numbers, so that a reader who subtracts gets what is written."""
    return max(0, whole_percent(goal) - whole_percent(share))


def _axes(
    score: DiagnosisScore, titles: dict[str, str], shares: Mapping[str, float]
) -> Sequence[tuple[str, float | None, float | None]]:
    return [(titles.get(area.area_id, area.area_id), area.share, shares.get(area.area_id)) for area in score.areas]


def _level_words(level: Level, lang: str) -> str:
    name = say(level.name, lang)
    return f"{level.id} ({name})" if name else level.id


def _largest_gaps(
    score: DiagnosisScore,
    framework: Framework,
    targets: Targets,
    reached: Collection[str],
    *,
    shares: Mapping[str, float],
    titles: dict[str, str],
    lang: str,
) -> tuple[GapRow, ...]:
    levels = {level.id: level for level in framework.levels}
    competencies = {competency.id: competency for competency in framework.competencies}
    below = [
        (shares[one.competency_id] - one.share, position, one)
        for position, one in enumerate(score.competencies)
        if one.share is not None and shares.get(one.competency_id, 0.0) - one.share >= _NOTICEABLE
    ]
    below.sort(key=lambda entry: (entry[2].competency_id in reached, -entry[0], entry[1]))
    return tuple(
        GapRow(
            competency_id=one.competency_id,
            title=say(competencies[one.competency_id].title, lang)
            if one.competency_id in competencies
            else one.competency_id,
            area=titles.get(one.area_id, one.area_id),
            percent=whole_percent(one.share or 0.0),
            gap=_gap(shares[one.competency_id], one.share or 0.0),
            share=one.share or 0.0,
            target=_level_words(levels.get(targets.level_in(one.competency_id), levels[targets.overall]), lang),
            target_percent=whole_percent(shares[one.competency_id]),
        )
        for _below, _position, one in below[:LARGEST_GAPS]
    )
