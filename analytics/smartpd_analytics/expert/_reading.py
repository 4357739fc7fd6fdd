"""Rule files: YAML in, checked and compiled rules out, or a message with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ..data import LANGUAGES, Text
from ..errors import N_, Message, RuleError, reason_of
from ..yaml_lines import Node, read_yaml
from ._conditions import Condition, ConditionError, compile_condition
from ._facts import FACTS, FactValue
from ._rules import Conclusion, Rule, RuleSet, in_firing_order
from ._sentences import problems_of

__all__ = ["load_rules"]

#: Limits of a rule file; the bundled one is far below.
MAX_BYTES = 1_000_000
MAX_RULES = 500

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_REQUIRED = ("id", "scope", "when", "title", "explanation", "why")
_CONCLUSIONS = {"learner": ("conclude",), "candidate": ("boost", "block", "reason")}
_FIELDS = (*_REQUIRED, "version", "priority", "certainty", "conclude", "boost", "block", "reason", "again")


def load_rules(path: str | Path | None = None) -> RuleSet:
    """Read, check and compile a rule file; the bundled rules when ``path`` is None.

    Raises:
        RuleError: the file cannot be read, or has a rule that cannot be used; names file, line, what is accepted.
    """
    return _bundled() if path is None else _read(Path(path).name, _content(Path(path)))


@lru_cache(maxsize=1)
def _bundled() -> RuleSet:
    return _read("rules.yaml", files(__package__).joinpath("data/rules.yaml").read_text(encoding="utf-8"))


_RULES = N_("rules in YAML, in UTF-8")


def _content(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            # Not by its size: a device or a pipe has none.
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            accepted = Message(N_("at most {most} bytes"), most=MAX_BYTES)
            raise RuleError(N_("the file is too long"), file=path.name, accepted=accepted)
        return content.decode("utf-8-sig")
    except OSError as error:
        problem, reason = N_("the file cannot be read: {reason}"), reason_of(error)
        raise RuleError(problem, file=path.name, accepted=_RULES, reason=reason) from None
    except UnicodeDecodeError:
        raise RuleError(N_("the file is no text in UTF-8"), file=path.name, accepted=_RULES) from None


def _read(file: str, text: str) -> RuleSet:
    root = read_yaml(text, file=file, error=RuleError)
    listed = (root.fields or {}).get("rules")
    if listed is None or listed.items is None or not listed.items:
        accepted = N_("rules: followed by a list")
        raise RuleError(N_("the file has no list of rules"), file=file, line=root.line, accepted=accepted)
    if len(listed.items) > MAX_RULES:
        problem, most = N_("too many rules: {found}"), Message(N_("at most {most}"), most=MAX_RULES)
        raise RuleError(problem, file=file, accepted=most, found=len(listed.items))
    rows = [_Row(node, file) for node in listed.items]
    concluded = _concluded(rows)
    rules: list[Rule] = []
    seen: set[str] = set()
    for row in rows:
        rule = _rule(row, concluded)
        if rule.id in seen:
            raise row.error("id", N_("there are two rules with the id '{id}'"), id=rule.id)
        seen.add(rule.id)
        rules.append(rule)
    learner, circle = in_firing_order([rule for rule in rules if rule.scope == "learner"])
    if circle:
        line = next(r.line for r in rules if circle[0] in r.condition.facts and r.concludes)
        problem = N_("these facts wait for each other: {circle}")
        raise RuleError(problem, file=file, line=line, circle=" -> ".join(circle))
    candidate = sorted((rule for rule in rules if rule.scope == "candidate"), key=lambda rule: rule.order)
    return RuleSet(learner, tuple(candidate), concluded, file)


class _Row:
    """The fields of one rule, each fetched with a check and a place for the message."""

    def __init__(self, node: Node, file: str) -> None:
        self.file, self.line = file, node.line
        self.fields: Mapping[str, Node] = node.fields or {}
        if not self.fields:
            raise RuleError(N_("a rule is not a mapping"), file=file, line=node.line, accepted=", ".join(_FIELDS))
        self.name = self.fields["id"].text or "?" if "id" in self.fields else "?"
        for field in _REQUIRED:
            if field not in self.fields:
                raise self.error("", N_("'{key}' is missing"), accepted=", ".join(_REQUIRED), key=field)
        for field in self.fields:
            if field not in _FIELDS:
                raise self.error(field, N_("'{key}' is no field of a rule"), accepted=", ".join(_FIELDS), key=field)

    def error(self, field: str, problem: str, *, accepted: str = "", line: int = 0, **arguments: object) -> RuleError:
        at = line or (self.fields[field].line if field in self.fields else self.line)
        what = problem if isinstance(problem, Message) else Message(problem, **arguments)
        placed = Message(N_("rule {name}: {problem}"), name=self.name, problem=what)
        return RuleError(placed, file=self.file, line=at, accepted=accepted)

    def text(self, field: str) -> str:
        text = self.fields[field].text
        if not text:
            raise self.error(field, N_("'{key}' is empty or not a text"), key=field)
        return text

    def number(self, field: str, default: float, low: float, high: float, *, whole: bool = False) -> float:
        if field not in self.fields:
            return default
        given = self.fields[field].text or ""
        value = _to_number(given)
        if value is None or not low <= value <= high or (whole and not value.is_integer()):
            accepted = N_("a whole number from {least} to {most}") if whole else N_("a number from {least} to {most}")
            bounds = Message(accepted, least=f"{low:g}", most=f"{high:g}")
            raise self.error(field, N_("'{key}' is '{value}'"), accepted=bounds, key=field, value=given)
        return value

    def flag(self, field: str) -> bool:
        if field not in self.fields:
            return False
        text = self.fields[field].text
        if text not in {"true", "false"}:
            raise self.error(field, N_("'{key}' is '{value}'"), accepted="true, false", key=field, value=text)
        return text == "true"

    def words(self, field: str) -> Text:
        """The same words in each language, every language there."""
        given = self.fields[field].fields
        if given is None or set(given) != set(LANGUAGES) or not all(given[lang].text for lang in LANGUAGES):
            problem = N_("'{key}' is not given in every language")
            raise self.error(field, problem, accepted=", ".join(LANGUAGES), key=field)
        return {lang: given[lang].text or "" for lang in LANGUAGES}


def _to_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text) else None


def _concluded(rows: list[_Row]) -> dict[str, str]:
    """The facts that the learner rules add, name -> type; one type for each name."""
    types: dict[str, str] = {}
    for row in rows:
        for name, node in _conclude_fields(row).items():
            fact_type = ((node.fields or {}).get("type") or Node("boolean", node.line)).text or ""
            if not _NAME.fullmatch(name) or name in FACTS:
                what = (
                    N_("'{name}' is the name of a given fact") if name in FACTS else N_("'{name}' is no name of a fact")
                )
                accepted = N_("a new name in a-z, 0-9, _")
                raise row.error("conclude", what, accepted=accepted, line=node.line, name=name)
            if fact_type not in {"boolean", "number", "text"}:
                what = N_("'{name}' has no type")
                raise row.error("conclude", what, accepted="boolean, number, text", line=node.line, name=name)
            if types.setdefault(name, fact_type) != fact_type:
                what = N_("'{name}' has the type {type} in another rule")
                raise row.error("conclude", what, line=node.line, name=name, type=types[name])
    return types


def _conclude_fields(row: _Row) -> Mapping[str, Node]:
    if "conclude" not in row.fields:
        return {}
    fields = row.fields["conclude"].fields
    if not fields:
        accepted = "fact: {type: boolean, value: true}"
        raise row.error("conclude", N_("'{key}' is empty"), accepted=accepted, key="conclude")
    return fields


def _rule(row: _Row, concluded: Mapping[str, str]) -> Rule:
    if not _ID.fullmatch(row.name):
        accepted = N_("a-z, 0-9 and -, a letter first")
        raise row.error("id", N_("'{found}' is no id"), accepted=accepted, found=row.name)
    scope = row.text("scope")
    if scope not in _CONCLUSIONS:
        problem = N_("there is no scope '{scope}'")
        raise row.error("scope", problem, accepted=", ".join(_CONCLUSIONS), scope=scope)
    given = [field for field in ("conclude", "boost", "block", "reason") if field in row.fields]
    wrong = [field for field in given if field not in _CONCLUSIONS[scope]]
    accepted = ", ".join(_CONCLUSIONS[scope])
    if wrong:
        problem = N_("'{key}' cannot be used at the scope {scope}")
        raise row.error(wrong[0], problem, accepted=accepted, key=wrong[0], scope=scope)
    if not given:
        raise row.error("", N_("the rule concludes nothing"), accepted=accepted)
    return Rule(
        id=row.name,
        version=int(row.number("version", 1, 1, 10_000, whole=True)),
        scope=scope,
        priority=int(row.number("priority", 0, -100, 100, whole=True)),
        certainty=row.number("certainty", 1.0, 0.01, 1.0),
        condition=_condition(row, scope, concluded),
        concludes=tuple(_conclusion(row, name, node, concluded[name]) for name, node in _conclude_fields(row).items()),
        boost=row.number("boost", 0.0, -200.0, 200.0),
        block=row.flag("block"),
        reason=_sentence(row, "reason"),
        again=_sentence(row, "again"),
        title=row.words("title"),
        explanation=row.words("explanation"),
        why=row.text("why"),
        line=row.line,
    )


def _condition(row: _Row, scope: str, concluded: Mapping[str, str]) -> Condition:
    types = {name: fact.type for name, fact in FACTS.items() if scope == "candidate" or fact.scope == "learner"}
    try:
        return compile_condition(row.text("when"), {**types, **concluded})
    except ConditionError as error:
        raise row.error("when", error.problem, accepted=error.accepted) from None


def _conclusion(row: _Row, name: str, node: Node, fact_type: str) -> Conclusion:
    fields = node.fields or {}
    if set(fields) - {"type", "value"}:
        problem = N_("'{name}' has other fields")
        raise row.error("conclude", problem, accepted="type, value", line=node.line, name=name)
    text = fields["value"].text if "value" in fields else "true" if fact_type == "boolean" else None
    value: FactValue | None = text
    accepted = N_("a text")
    if fact_type == "number":
        value, accepted = _to_number(text or ""), N_("a number")
    elif fact_type == "boolean":
        # Evidence only adds up; what speaks against a conclusion belongs into the condition.
        value, accepted = (True if text == "true" else None), "true"
    if value is None:
        problem = N_("the value of '{name}' cannot be used")
        raise row.error("conclude", problem, accepted=accepted, line=node.line, name=name)
    return Conclusion(name, fact_type, value)


def _sentence(row: _Row, field: str) -> Text | None:
    if field not in row.fields:
        return None
    if "reason" not in row.fields:
        problem, accepted = N_("'{key}' stands without a reason"), N_("reason and again, or neither")
        raise row.error(field, problem, accepted=accepted, key=field)
    template = row.words(field)
    for problem, accepted in problems_of(template):
        raise row.error(field, problem, accepted=accepted)
    return template
