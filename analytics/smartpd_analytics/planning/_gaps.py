"""Distances to the targets, and levels: what the diagnosis says about a unit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import fsum

from ..data import LearnerFacts, Text
from ..errors import InputError
from ..frameworks import instrument_ids, load_framework, load_instrument

__all__ = ["NOTICEABLE", "Gaps", "gaps_of"]

#: A gap below this rounds to nothing.
NOTICEABLE = 0.005


@dataclass(frozen=True, slots=True)
class Gaps:
    """Estimates and gaps by competency, both shares in 0..1.

    ``levels`` has the framework's level ids with the share from which each holds, lowest first; empty where
    the framework is not known.
    """

    values: Mapping[str, float]
    gaps: Mapping[str, float]
    levels: Mapping[str, float]
    mean_value: float
    #: Competency id -> title; empty where the framework is not known.
    titles: Mapping[str, Text] = field(default_factory=dict)
    #: Who has set the targets, and the learner's role, as in ``LearnerFacts``.
    sources: Mapping[str, str] = field(default_factory=dict)
    role: Text = field(default_factory=dict)

    def largest_of(self, competencies: Iterable[str]) -> str:
        """Of those competencies the one furthest from its target; ``""`` where none has been estimated."""
        known = [competency for competency in sorted(competencies) if competency in self.gaps]
        return max(known, key=lambda competency: self.gaps[competency], default="")

    def gap_of(self, competencies: Iterable[str]) -> float | None:
        """Mean gap of those competencies that have been estimated; None where none has."""
        known = [self.gaps[competency] for competency in sorted(competencies) if competency in self.gaps]
        return _mean(known) if known else None

    def reached(self, competencies: Iterable[str]) -> bool:
        """Whether all of those competencies have been estimated and none is noticeably below its target."""
        known = [self.gaps.get(competency) for competency in competencies]
        return bool(known) and all(gap is not None and gap < NOTICEABLE for gap in known)

    def step_to(self, level: str, competencies: Iterable[str]) -> int | None:
        """Levels from where the learner stands (in these competencies, else overall) up to ``level``."""
        place = self.level_number(level)
        if place is None or not self.values:
            return None
        known = [self.values[competency] for competency in sorted(competencies) if competency in self.values]
        value = _mean(known) if known else self.mean_value
        return place - max(bisect_right(list(self.levels.values()), value + 1e-9) - 1, 0)

    def level_number(self, level: str) -> int | None:
        """Place of a level from 0 at the lowest; None where it is not known."""
        return list(self.levels).index(level) if level in self.levels else None


def gaps_of(facts: LearnerFacts, framework_id: str) -> Gaps:
    """What the estimates of a learner mean, against their targets."""
    values = {estimate.competency_id: estimate.value for estimate in facts.estimates}
    values = {competency: values[competency] for competency in sorted(values)}
    gaps = {c: max(facts.targets.get(c, facts.default_target) - value, 0.0) for c, value in values.items()}
    return Gaps(
        values,
        gaps,
        _levels(framework_id),
        _mean(values.values()),
        _titles(framework_id),
        sources=facts.target_sources,
        role=facts.role,
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return fsum(listed) / len(listed) if listed else 0.0


@cache
def _titles(framework_id: str) -> dict[str, Text]:
    try:
        framework = load_framework(framework_id)
    except InputError:
        return {}
    return {competency.id: competency.title for competency in framework.competencies}


@cache
def _levels(framework_id: str) -> dict[str, float]:
    """Level id -> the share from which it holds, by the framework's self-assessment, else in equal steps."""
    try:
        framework = load_framework(framework_id)
    except InputError:
        return {}
    for instrument_id in instrument_ids(kind="self_assessment"):
        instrument = load_instrument(instrument_id)
        if instrument.framework_id == framework_id and len(instrument.cut_scores) == len(framework.levels):
            cuts = [score / instrument.max_points for score in instrument.cut_scores]
            break
    else:
        cuts = [number / len(framework.levels) for number in range(len(framework.levels))]
    return {level.id: cut for level, cut in zip(framework.levels, cuts, strict=True)}
