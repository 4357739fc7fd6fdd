"""Conditions of rules: checked once when they are read, evaluated often.

A condition is an expression of the rule-engine library, cut down to what is needed and can neither
run long nor fail: facts, numbers, words in quotes, ``true`` and ``false``, ``and or not in``,
comparisons, ``+ - *``, brackets. No functions, regular expressions, attributes, loops or division.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import rule_engine
from rule_engine import DataType

from ..errors import N_, Message, listed
from ._facts import FACTS, FactValue

__all__ = ["MAX_LENGTH", "Condition", "ConditionError", "compile_condition"]

#: Characters of a condition; every condition of the bundled rules is far below.
MAX_LENGTH = 500

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d+)?) |
        (?P<name>[A-Za-z_][A-Za-z0-9_]*) |
        (?P<text>"[^"\\\n]*"|'[^'\\\n]*') |
        (?P<sign><=|>=|==|!=|[<>()\[\],+\-*])
    )""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
_ACCEPTED = N_("facts, numbers, words in quotes, true, false, and, or, not, in, < <= == != >= >, + - *, ( ), [ ]")
_NO_BOOLEAN = N_("a number or a word stands where true or false is needed")
_AS_IN = N_("a comparison, as in: answers > 0")
_STRANGE = N_("{text} cannot stand in a condition")
_OF_TYPE = {
    "boolean": N_("{name} is true or false"),
    "number": N_("{name} is a number"),
    "text": N_("{name} is a word in quotes"),
}
_TYPES = {"boolean": DataType.BOOLEAN, "number": DataType.FLOAT, "text": DataType.STRING}


class ConditionError(ValueError):
    """A condition cannot be used; ``accepted`` says what could stand there."""

    def __init__(self, problem: str, accepted: str = "", **arguments: object) -> None:
        self.problem = Message(problem, **arguments)
        self.accepted = accepted
        super().__init__(self.problem)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A compiled condition: ``facts`` are the names it looks at, in order of appearance.

    ``of_candidate`` are those of them that are facts of scope ``candidate``; ``kinds`` are the kinds of
    action it can hold for, or None where the text does not say.
    """

    text: str
    facts: tuple[str, ...]
    of_candidate: tuple[str, ...]
    #: Their values, taken out of a candidate's facts.
    pick: Callable[[Mapping[str, FactValue]], object]
    kinds: frozenset[str] | None
    _rule: Any

    @property
    def specificity(self) -> int:
        """How many facts the condition mentions: the more, the more specific."""
        return len(self.facts)

    def holds(self, values: Mapping[str, FactValue]) -> bool:
        """Whether it holds for ``values``; a number too large to compute with counts as no."""
        try:
            return bool(self._rule.matches(values))
        except (rule_engine.EngineError, ArithmeticError):
            return False


def compile_condition(text: str, types: Mapping[str, str]) -> Condition:
    """Check and compile ``text``.

    Args:
        types: the facts that may stand in it, name -> ``boolean``, ``number`` or ``text``.

    Raises:
        ConditionError: too long, a sign or word that is not accepted, an unknown fact, a wrong type, syntax.
    """
    if len(text) > MAX_LENGTH:
        accepted = Message(N_("at most {most}"), most=MAX_LENGTH)
        raise ConditionError(N_("the condition is too long: {found} characters"), accepted, found=len(text))
    tokens = _tokens(text)
    names = tuple(dict.fromkeys(value for kind, value in tokens if kind == "name" and value not in _KEYWORDS))
    for name in names:
        if name not in types:
            raise ConditionError(N_("there is no fact '{name}'"), ", ".join(sorted(types)), name=name)
    if not any(types[name] == "text" and name not in FACTS for name in names):
        _check_words(tokens, names)
    context = rule_engine.Context(
        type_resolver={name: _TYPES[fact_type] for name, fact_type in types.items()},
        resolver=rule_engine.resolve_item,
        default_timezone="utc",
    )
    try:
        rule = rule_engine.Rule(text, context=context)
        if not _is_boolean(rule.statement.expression):
            raise ConditionError(_NO_BOOLEAN, _AS_IN)
        _check_types(rule.statement.expression)
    except rule_engine.RuleSyntaxError:
        raise ConditionError(N_("the condition is not complete, or its words do not fit together")) from None
    except (rule_engine.EngineError, ArithmeticError) as error:
        accepted = listed(Message(_OF_TYPE[types[name]], name=name) for name in names)
        raise ConditionError(N_("the condition compares what cannot be compared"), accepted) from error
    except RecursionError:
        raise ConditionError(N_("the condition is nested too deeply")) from None
    of_candidate = tuple(name for name in names if name in FACTS and FACTS[name].scope == "candidate")
    pick = itemgetter(*of_candidate) if of_candidate else _nothing
    return Condition(text, names, of_candidate, pick, _kinds(tokens), rule)


def _nothing(_values: Mapping[str, FactValue]) -> None:
    return None


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if not text[at:].strip():
            break
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(_STRANGE, _ACCEPTED, text=repr(text[at:].strip()[:12]))
        kind = match.lastgroup or ""
        if kind == "text" and tokens and tokens[-1][0] == "name" and match.start("text") == match.start():
            raise ConditionError(_STRANGE, _ACCEPTED, text=tokens[-1][1] + match["text"])
        if kind == "sign" and match["sign"] == "*" and text[match.end() : match.end() + 1] == "*":
            raise ConditionError(_STRANGE, _ACCEPTED, text="'**'")
        tokens.append((kind, match[kind]))
        at = match.end()
    if not tokens:
        raise ConditionError(N_("the condition is empty"))
    return tokens


def _check_words(tokens: list[tuple[str, str]], names: tuple[str, ...]) -> None:
    """A misspelt ``kind == "retyr"`` would never hold, and nobody would notice."""
    listed = [FACTS[name] for name in names if name in FACTS and FACTS[name].values]
    accepted = sorted({value for fact in listed for value in fact.values})
    for kind, value in tokens:
        if kind == "text" and value[1:-1] not in accepted and value[1:-1]:
            known = ", ".join(accepted) or N_("no words: no fact here is a text")
            raise ConditionError(N_("{value} never occurs"), known, value=value)


def _check_types(node: Any) -> None:
    """What the engine lets pass: a number taken for true or false, and ``==`` or ``in`` between two types."""
    container, left, right = (getattr(node, name, None) for name in ("container", "left", "right"))
    if container is not None:
        if getattr(container.result_type, "value_type", None) != node.member.result_type:
            accepted = N_('as in: kind in ["retry", "review"]')
            raise ConditionError(N_("a list holds other values than the fact"), accepted)
        return
    children = [child for child in (left, right) if child is not None]
    if type(node).__name__ == "LogicExpression" or (type(node).__name__ == "UnaryExpression" and _is_boolean(node)):
        if not all(_is_boolean(child) for child in children):
            raise ConditionError(_NO_BOOLEAN, _AS_IN)
    elif len(children) == 2 and children[0].result_type != children[1].result_type:
        accepted = N_("two numbers, two words, or two of true/false")
        raise ConditionError(N_("two values of different types are compared"), accepted)
    for child in children:
        _check_types(child)


def _is_boolean(node: Any) -> bool:
    return bool(node.result_type == DataType.BOOLEAN)


def _kinds(tokens: list[tuple[str, str]]) -> frozenset[str] | None:
    """The kinds of a condition that begins ``kind == "…" and`` or ``kind in ["…", …] and``, without a bare ``or``.

    Only a shortcut: such a condition needs no evaluation for an action of another kind.
    """
    depth = 0
    for _, value in tokens:
        depth += {"(": 1, ")": -1}.get(value, 0)
        if depth == 0 and value == "or":
            return None
    values = [value for _, value in tokens]
    if values[:2] == ["kind", "=="] and len(values) >= 3 and (len(values) == 3 or values[3] == "and"):
        return frozenset({values[2][1:-1]})
    if values[:3] == ["kind", "in", "["] and "]" in values:
        end = values.index("]")
        if len(values) == end + 1 or values[end + 1] == "and":
            return frozenset(value[1:-1] for kind, value in tokens[3:end] if kind == "text")
    return None
