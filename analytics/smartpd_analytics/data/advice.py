"""What to do next: the facts it rests on, the actions, the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .activity import LearnerActivity
from .scores import CompetencyEstimate
from .text import Text

__all__ = [
    "Action",
    "Firing",
    "LearnerFacts",
    "Recommendation",
]


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """All that the expert system and the ranking may know of one learner in one course."""

    learner: str
    course_key: str
    as_of: datetime
    activity: LearnerActivity | None = None
    #: One combined estimate for each competency (``diagnosis.combine_estimates``).
    estimates: tuple[CompetencyEstimate, ...] = ()
    #: Competency id -> target share in 0..1; ``default_target`` stands for the rest.
    targets: Mapping[str, float] = field(default_factory=dict)
    default_target: float = 0.57
    #: Competency id -> who has set its target: ``course``, or ``role``, whose name is ``role``; the site for the rest.
    target_sources: Mapping[str, str] = field(default_factory=dict)
    role: Text = field(default_factory=dict)
    #: Items of the entry diagnosis answered and in all; 0 of 0 where the course has none.
    diagnosis_answered: int = 0
    diagnosis_total: int = 0
    #: Minutes that all of it takes, as the instrument says; 0 where that is not known.
    diagnosis_minutes: int = 0
    #: Usage key of the needs diagnostic of this course, or ``""``.
    diagnosis_key: str = ""
    #: It was answered faster than one can read (``diagnosis.answering_cautions``), and can be answered again.
    diagnosis_hasty: bool = False
    #: Usage keys the learner has marked done in the learning matrix or completed otherwise.
    done: frozenset[str] = frozenset()
    #: What the learner has said in a needs survey: hours a week and minutes without a break (0 for not said), whether
    #: the connection is slow, breaks off or costs by volume, and the competencies in which they want to get better.
    hours_a_week: float = 0.0
    sitting_minutes: int = 0
    slow_connection: bool = False
    wished: frozenset[str] = frozenset()
    #: Also said: the way of taking part that the learner prefers and those that are possible (words of the course map's
    #: column ``mode``), and the language they prefer materials in; empty for not said.
    preferred_mode: str = ""
    possible_modes: frozenset[str] = frozenset()
    preferred_language: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired: what it saw and what it concluded."""

    rule_id: str
    target: str
    title: Text
    saw: Mapping[str, Any]
    concluded: Mapping[str, Any]
    certainty: float


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do next, with the reason in a sentence in each language."""

    rank: int
    #: ``retry revisit ask practise read_first resume come_back start review take_diagnosis prepare stretch``
    kind: str
    #: Usage key to open.
    target: str
    title: Text
    minutes: int
    reason: Text
    #: Usage key of what to do before the target (the video before a failed problem), or ``""``.
    first: str = ""
    first_title: Text = field(default_factory=dict)
    competencies: tuple[str, ...] = ()
    score: float = 0.0
    #: Ids of the rules that weighed on it, strongest first.
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Up to three actions for one learner in one course, and the trace that explains them."""

    learner: str
    course_key: str
    as_of: datetime
    actions: tuple[Action, ...]
    trace: tuple[Firing, ...]
