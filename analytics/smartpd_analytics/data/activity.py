"""What a learner did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "BlockActivity",
    "LearnerActivity",
]


@dataclass(frozen=True, slots=True)
class BlockActivity:
    """What one learner did with one block or unit, up to the day of the features."""

    usage_key: str
    block_type: str
    unit_key: str
    title: str
    #: Graded answers given, and how many of them fully right and not fully right.
    answers: int = 0
    right: int = 0
    wrong: int = 0
    first_try_right: bool | None = None
    #: Wrong answers since the last right one: what is still failing.
    failing: int = 0
    solved: bool = False
    #: Answers given too fast for the question to have been read (``features`` documents the threshold).
    fast_answers: int = 0
    answers_shown: int = 0
    #: Attempts used since staff last gave them back; 0 where the log does not say.
    attempts_used: int = 0
    #: How many attempts the problem allows, None where the log does not say.
    attempts_allowed: int | None = None
    #: The platform has refused an answer since, because the problem is closed.
    refused: bool = False
    #: The course team has deleted the answers since.
    taken_back: bool = False
    plays: int = 0
    completions: int = 0
    views: int = 0
    seconds: int = 0
    first_us: int = 0
    last_us: int = 0

    @property
    def closed(self) -> bool:
        """By the log alone: the problem takes no more answers."""
        return self.refused or (self.attempts_allowed is not None and self.attempts_used >= self.attempts_allowed)


@dataclass(frozen=True, slots=True)
class LearnerActivity:
    """One learner in one course at ``as_of``, from the tracking log alone.

    ``enrolled`` is None where the log has no enrolment event. ``pace`` is units opened for each week
    since the learner started, divided by the median of the course's learners (1.0 = the median; None
    where there is no median). ``minutes`` is time on task by sessions with a 30-minute gap.
    """

    learner: str
    user_id: int | None
    course_key: str
    as_of: datetime
    enrolled: bool | None
    first_seen: datetime
    last_seen: datetime
    active_days: int
    sessions: int
    minutes: float
    answers: int
    right: int
    wrong: int
    fast_answers: int
    answers_shown: int
    first_try_right: int
    problems_tried: int
    problems_solved: int
    videos_played: int
    videos_completed: int
    units_opened: int
    units_in_course: int
    pace: float | None
    #: Usage key of the unit last on screen, or ``""``.
    stopped_at: str
    blocks: tuple[BlockActivity, ...]

    @property
    def days_silent(self) -> float:
        """Days from the last event to ``as_of``."""
        return (self.as_of - self.last_seen).total_seconds() / 86400
