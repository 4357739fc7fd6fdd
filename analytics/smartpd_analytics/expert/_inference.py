"""Applying rules: forward chaining about the learner, then a verdict on each candidate action.

**Forward chaining.** The rules are ordered when they are read: each stands after every rule that
concludes a fact it looks at, otherwise by priority, specificity, id; circles are refused. One pass in
that order therefore reaches the fixpoint (no conclusion can change a condition already judged), and
every rule is judged once, so no set of rules can loop.

**Certainty.** A conclusion is as certain as its rule times its premise; a premise is as certain as the
least certain concluded fact it rests on. Two rules for one conclusion add up as
``cf1 + cf2 * (1 - cf1)``. A conclusion below 0.2 does not hold. This is the certainty-factor model of
MYCIN (Shortliffe and Buchanan 1975, Mathematical Biosciences 23, 351-379; threshold: Buchanan and
Shortliffe 1984, Rule-Based Expert Systems, ch. 11), with positive evidence only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..data import Firing, Text
from ._facts import DEFAULTS, FactValue
from ._rules import Rule, RuleSet

__all__ = ["Inference", "Verdict", "combine_certainty", "infer", "judge"]

#: A conclusion must be at least this certain to hold (MYCIN's threshold).
THRESHOLD = 0.2


@dataclass(frozen=True, slots=True)
class Inference:
    """What is known of a learner after all rules about learners.

    ``facts`` has the given and the concluded facts; ``certainty`` the certainty of each concluded fact
    that holds.
    """

    facts: Mapping[str, FactValue]
    certainty: Mapping[str, float]
    trace: tuple[Firing, ...]
    #: Conditions already judged for this learner, by rule and by the candidate's values that they look at:
    #: most of hundreds of candidates differ in nothing that a rule asks for.
    _judged: dict[tuple[str, object], bool] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, rule: Rule, candidate: Mapping[str, FactValue]) -> bool:
        """Whether a candidate rule's condition holds for a candidate with these facts."""
        key = (rule.id, rule.condition.pick(candidate))
        held = self._judged.get(key)
        if held is None:
            held = self._judged[key] = rule.condition.holds({**self.facts, **candidate})
        return held


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one candidate action.

    ``fired`` are the ids of the rules that hold, in firing order; ``points`` has rule id -> boost times certainty for
    each that has a boost; ``reason`` is the sentence template of the first that has one, and ``again`` what that rule
    says where it has spoken before.
    """

    points: Mapping[str, float]
    blocked: bool
    reason: Text | None
    fired: tuple[str, ...]
    trace: tuple[Firing, ...]
    again: Text | None = None


def combine_certainty(first: float, second: float) -> float:
    """``first + second * (1 - first)``, both in 0..1: two pieces of evidence for the same conclusion."""
    return first + second * (1.0 - first)


def infer(rules: RuleSet, facts: Mapping[str, FactValue]) -> Inference:
    """Forward chaining over the learner rules.

    Args:
        facts: every fact of scope ``learner``.
    """
    known: dict[str, FactValue] = {**facts, **{name: DEFAULTS[kind] for name, kind in rules.concluded.items()}}
    certainty: dict[str, float] = {}
    trace = []
    for rule in rules.learner:
        if not rule.condition.holds(known):
            continue
        sure = rule.certainty * _premise(rule, known, certainty)
        for conclusion in rule.concludes:
            before = certainty.get(conclusion.fact, 0.0)
            if conclusion.type == "boolean":
                certainty[conclusion.fact] = combine_certainty(before, sure)
                known[conclusion.fact] = certainty[conclusion.fact] >= THRESHOLD
            elif sure > before:
                certainty[conclusion.fact] = sure
                known[conclusion.fact] = conclusion.value
        concluded = {conclusion.fact: conclusion.value for conclusion in rule.concludes}
        trace.append(_firing(rule, "", known, concluded, sure))
    held = {name: value for name, value in certainty.items() if value >= THRESHOLD}
    return Inference(known, held, tuple(trace))


def judge(
    rules: RuleSet, inference: Inference, candidate: Mapping[str, FactValue], target: str, *, traced: bool = True
) -> Verdict:
    """Weigh one candidate action.

    Args:
        candidate: every fact of scope ``candidate``.
        target: usage key of the action, for the trace.
        traced: whether the trace is wanted; it takes longer than the verdict.
    """
    known = {**inference.facts, **candidate} if traced else {}
    points: dict[str, float] = {}
    blocked = False
    speaker: Rule | None = None
    fired, trace = [], []
    for rule in rules.for_kind(str(candidate["kind"])):
        if not inference.holds(rule, candidate):
            continue
        fired.append(rule.id)
        sure = rule.certainty * _premise(rule, inference.facts, inference.certainty)
        concluded: dict[str, FactValue] = {}
        if rule.boost:
            points[rule.id] = concluded["boost"] = round(rule.boost * sure, 6)
        if rule.block:
            blocked = concluded["block"] = True
        if rule.reason is not None:
            concluded["reason"] = speaker is None
            speaker = speaker or rule
        if traced:
            trace.append(_firing(rule, target, known, concluded, sure))
    reason, again = (speaker.reason, speaker.again) if speaker else (None, None)
    return Verdict(points, blocked, reason, tuple(fired), tuple(trace), again)


def _premise(rule: Rule, known: Mapping[str, FactValue], certainty: Mapping[str, float]) -> float:
    return min((certainty[name] for name in rule.condition.facts if name in certainty and known[name]), default=1.0)


def _firing(
    rule: Rule, target: str, known: Mapping[str, FactValue], concluded: Mapping[str, FactValue], sure: float
) -> Firing:
    saw = {name: _plain(known[name]) for name in rule.condition.facts}
    return Firing(rule.id, target, rule.title, saw, concluded, round(sure, 6))


def _plain(value: FactValue) -> FactValue | int:
    """Numbers as people and JSON write them: ``3``, not ``3.0``; four digits are enough for a trace."""
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 4)
