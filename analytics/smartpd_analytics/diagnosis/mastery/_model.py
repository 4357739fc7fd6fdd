"""The parameters of mastery tracking, and what is known of one learner in one competency.

Bayesian knowledge tracing (Corbett & Anderson 1995, doi:10.1007/BF01099821) with more than two levels
where the data call for them. A learner stands on one of S ordered levels of a competency (two levels:
"not yet" and "mastered"). An answer is right with a probability that depends on the level and on the
item; after each answer the learner may have moved up one level. With two levels and no item effects
this is the classical model: ``start[1]`` is P(L0), ``learn[0]`` P(T), ``right(0)`` P(G) and
``1 - right(1)`` P(S).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, isfinite, log

from ...errors import N_, InputError

__all__ = ["DEFAULT_SKILL", "MasteryModel", "MasteryState", "SkillModel", "logistic", "logit"]

#: Shares are one within this much.
_ROUNDING = 1e-6
#: Beyond this the logistic function is 0 or 1 in double precision, and ``exp`` near its limit.
_FAR = 35.0


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), for any finite ``x``."""
    return 1 / (1 + exp(-max(-_FAR, min(_FAR, x))))


def logit(p: float) -> float:
    """log(p / (1 - p)) for ``p`` in 0..1, ends excluded."""
    return log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class SkillModel:
    """How one competency is learnt and shown; S levels, lowest first.

    Args:
        start: S shares that sum to 1: where learners begin.
        learn: S - 1 probabilities: of moving from a level to the next one after an answer.
        ease: S logits, not descending: of a right answer on each level, to an item of average difficulty.
        items: item -> logit that is added for it (above 0: easier than average); 0 for an item not named.
        answers: how many answers the parameters were fitted on; 0 for assumed ones.

    Raises:
        InputError: the lengths do not fit, or a value is out of its range.
    """

    start: tuple[float, ...]
    learn: tuple[float, ...]
    ease: tuple[float, ...]
    items: Mapping[str, float] = field(default_factory=dict)
    answers: int = 0

    def __post_init__(self) -> None:
        levels = len(self.start)
        if levels < 2 or len(self.learn) != levels - 1 or len(self.ease) != levels:
            raise InputError(
                N_("a skill has {start} start values, {learn} learn values and {ease} ease values"),
                accepted=N_("S start values (2 or more), S - 1 learn values, S ease values"),
                start=levels,
                learn=len(self.learn),
                ease=len(self.ease),
            )
        if abs(sum(self.start) - 1) > _ROUNDING or not all(0 <= share <= 1 for share in self.start):
            raise _wrong("start", self.start, N_("shares that sum to 1"))
        if not all(0 <= chance <= 1 for chance in self.learn):
            raise _wrong("learn", self.learn, N_("probabilities, 0 to 1"))
        # Also false for NaN.
        if not all(low <= high for low, high in zip(self.ease, self.ease[1:], strict=False)):
            raise _wrong("ease", self.ease, N_("logits, none below the one before"))
        if not all(map(isfinite, (*self.ease, *self.items.values()))):
            raise InputError(N_("an ease or an item's offset is not finite"), accepted=N_("logits"))

    def right(self, item: str = "") -> tuple[float, ...]:
        """Probability of a right answer to ``item`` on each level."""
        offset = self.items.get(item, 0.0)
        return tuple(logistic(ease + offset) for ease in self.ease)


def _wrong(name: str, values: tuple[float, ...], accepted: str) -> InputError:
    return InputError(N_("the values of {name} are {values}"), accepted=accepted, name=name, values=str(list(values)))


#: For a competency nobody has calibrated: half begin as masters, one in ten learns it from an answer; guess
#: and slip at 0.25 and 0.15, near the bounds that Corbett & Anderson (1995) set (0.3 and 0.1). Provisional.
DEFAULT_SKILL = SkillModel(start=(0.5, 0.5), learn=(0.1,), ease=(logit(0.25), logit(0.85)))


@dataclass(frozen=True, slots=True)
class MasteryModel:
    """Skill models by competency id; ``default`` serves all others."""

    skills: Mapping[str, SkillModel] = field(default_factory=dict)
    default: SkillModel = DEFAULT_SKILL

    def skill(self, competency_id: str) -> SkillModel:
        return self.skills.get(competency_id, self.default)


@dataclass(frozen=True, slots=True)
class MasteryState:
    """What is known of one learner in one competency: a share for each level, and the answers behind it.

    Of constant size, so that a row of a database holds it.
    """

    belief: tuple[float, ...]
    evidence: int = 0
