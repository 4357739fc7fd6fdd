"""What the answers to an instrument say."""

from __future__ import annotations

from dataclasses import dataclass

from .irt import Ability

__all__ = ["AreaScore", "CompetencyEstimate", "CompetencyScore", "DiagnosisScore"]


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """Points on the answered items of one competency; ``share`` = points / max of the items that count."""

    competency_id: str
    area_id: str
    points: int
    max_points: int
    answered: int
    total: int
    share: float | None
    #: Indicative: one item is too little for a dependable level. None while unanswered.
    level: str | None
    #: Most points that the answered items can give.
    answered_max: int = 0


@dataclass(frozen=True, slots=True)
class AreaScore:
    """Points on the answered items of one area or scale; the level is indicative, None until all are answered."""

    area_id: str
    points: int
    max_points: int
    answered: int
    total: int
    share: float | None
    level: str | None
    #: Standard error of ``share``; None while unanswered.
    error: float | None = None

    @property
    def mean(self) -> float | None:
        """Mean points of an answered item, such as 5.2 on a scale of 1 to 7; None while unanswered."""
        return self.points / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class DiagnosisScore:
    """The result of an instrument so far; ``level`` is None until enough items are answered (``MissingAnswers``).

    Of an instrument without a framework ``areas`` are its scales, and there are neither levels nor competencies.
    """

    instrument_id: str
    instrument_version: str
    framework_id: str
    answered: int
    total: int
    points: int
    max_points: int
    level: str | None
    areas: tuple[AreaScore, ...]
    competencies: tuple[CompetencyScore, ...]
    #: Points / max of the items that count, and its standard error; None while unanswered.
    share: float | None = None
    error: float | None = None
    #: What the instrument is for, one of ``INSTRUMENT_KINDS``.
    kind: str = "self_assessment"
    #: Of an adaptive test: where the learner stands on the scale of the items.
    ability: Ability | None = None

    @property
    def complete(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True, slots=True)
class CompetencyEstimate:
    """Where a learner stands in one competency, by one source.

    ``value`` is a share of the maximum, ``error`` its standard error, both in 0..1. ``source`` is
    ``self_assessment``, ``knowledge_test``, ``problems`` or ``combined``; ``evidence`` counts the answers behind it.
    """

    competency_id: str
    value: float
    error: float
    source: str
    evidence: int
