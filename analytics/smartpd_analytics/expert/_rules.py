"""Rules: what one is, and a set of them ready to be applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..data import Text
from ._conditions import Condition
from ._facts import FACTS, FactValue

__all__ = ["Conclusion", "Rule", "RuleSet", "in_firing_order"]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A new fact about the learner: ``type`` is ``boolean``, ``number`` or ``text``."""

    fact: str
    type: str
    value: FactValue


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    ``scope`` is ``learner`` (draws conclusions about the learner) or ``candidate`` (weighs one possible
    action). ``priority`` orders rules that hold at once, highest first. ``certainty`` in 0..1 is how sure the
    conclusion is when the condition holds. ``boost`` is in points of the ranking, below 0 for a malus.
    ``reason`` is the sentence for the learner, with placeholders, and ``again`` the one that takes its place where
    the rule has spoken for an action before this one in the same advice. ``why`` is the pedagogical reason.
    """

    id: str
    version: int
    scope: str
    priority: int
    certainty: float
    condition: Condition
    concludes: tuple[Conclusion, ...]
    boost: float
    block: bool
    reason: Text | None
    again: Text | None
    title: Text
    explanation: Text
    why: str
    line: int

    @property
    def order(self) -> tuple[int, int, str]:
        """Conflict resolution: higher priority, then the more specific condition, then the id."""
        return (-self.priority, -self.condition.specificity, self.id)


# Not slotted: what follows from the rules is worked out once and kept.
@dataclass(frozen=True)
class RuleSet:
    """Checked and compiled rules, in the order in which they fire.

    ``concluded`` has the facts that the rules add for the learner, name -> type.
    """

    learner: tuple[Rule, ...]
    candidate: tuple[Rule, ...]
    concluded: Mapping[str, str]
    file: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, learner scope first."""
        return self.learner + self.candidate

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Rule, ...]]:
        return {
            kind: tuple(r for r in self.candidate if r.condition.kinds is None or kind in r.condition.kinds)
            for kind in FACTS["kind"].values
        }

    def for_kind(self, kind: str) -> tuple[Rule, ...]:
        """The candidate rules that can hold for an action of ``kind``, in firing order."""
        return self._by_kind[kind]


def in_firing_order(rules: list[Rule]) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Learner rules such that each comes after all that conclude a fact it looks at, else by ``Rule.order``.

    Returns:
        The rules, and the facts of a circle (``("a", "b", "a")``) where there is one, else ``()``.
    """
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        for conclusion in rule.concludes:
            makers.setdefault(conclusion.fact, []).append(rule)
    waiting = sorted(rules, key=lambda rule: rule.order)
    placed: set[str] = set()
    ordered: list[Rule] = []
    while waiting:
        ready = next((rule for rule in waiting if _needs(rule, makers) <= placed), None)
        if ready is None:
            return tuple(ordered), _circle(waiting, makers)
        waiting.remove(ready)
        placed.add(ready.id)
        ordered.append(ready)
    return tuple(ordered), ()


def _needs(rule: Rule, makers: Mapping[str, list[Rule]]) -> set[str]:
    return {maker.id for fact in rule.condition.facts for maker in makers.get(fact, ())}


def _circle(waiting: list[Rule], makers: Mapping[str, list[Rule]]) -> tuple[str, ...]:
    """Every waiting rule waits for another waiting one: following them must come round."""
    left = {rule.id for rule in waiting}
    path: list[str] = []
    rule = waiting[0]
    while True:
        fact, maker = next(
            (fact, maker) for fact in rule.condition.facts for maker in makers.get(fact, ()) if maker.id in left
        )
        if fact in path:
            return (*path[path.index(fact) :], fact)
        path.append(fact)
        rule = maker
