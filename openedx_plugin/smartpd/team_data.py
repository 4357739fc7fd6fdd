"""The frozen data of the course team's view of a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smartpd_analytics.api import ItemStatistics

__all__ = [
    "BlockStateData",
    "BlockStatesData",
    "ClassItemsData",
    "CohortData",
    "DiagnosisKey",
    "LearnerStandingData",
    "SingleAnswersData",
]


@dataclass(frozen=True, slots=True)
class CohortData:
    """A group of learners of a course, as the platform has it."""

    cohort_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DiagnosisKey:
    """Which answers belong together: one block, one phase, one version of one instrument."""

    usage_key: str
    phase: str
    instrument_id: str
    instrument_version: str


@dataclass(frozen=True, slots=True)
class ClassItemsData:
    """The items of one diagnosis; ``unknown`` results have no single answers, being older than their keeping."""

    key: DiagnosisKey
    statistics: ItemStatistics
    unknown: int


@dataclass(frozen=True, slots=True)
class SingleAnswersData:
    """One learner's answers to one diagnosis: item id -> answer."""

    username: str
    key: DiagnosisKey
    complete: bool
    modified: datetime
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LearnerStandingData:
    """How far one learner is in one block, for whoever may reset or reopen it.

    ``private`` learners do not show their results to the course team: ``level`` is ``""`` for them. ``state`` are
    those fields of the block's state that were asked for, as JSON; None where the host has no way to it. ``cautions``
    are what ``smartpd_analytics.api.answering_cautions`` found in this result.
    """

    user_id: int
    username: str
    full_name: str
    answered: int
    total: int
    level: str
    modified: datetime
    private: bool = False
    state: Mapping[str, Any] | None = None
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockStateData:
    """What one learner has stored in a block, field by field as JSON; nothing of a ``private`` learner."""

    user_id: int
    username: str
    full_name: str
    state: Mapping[str, Any]
    private: bool = False


@dataclass(frozen=True, slots=True)
class BlockStatesData:
    """One page of such learners, ``page`` of ``pages``, of ``total`` in all."""

    total: int
    page: int
    pages: int
    learners: tuple[BlockStateData, ...]
