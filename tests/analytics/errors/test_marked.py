"""Whatever an error says is marked for translation: no sentence reaches people in English alone."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
import smartpd_analytics
from smartpd_analytics.errors import ANSWER_PROBLEMS, ANSWERS_ACCEPTED, listed
from smartpd_analytics.reports.words import words_in

ROOT = Path(smartpd_analytics.__file__).parent
#: What files and command lines hold whatever the language.
CODE = {
    ".yaml, .yml, .csv",
    "framework, units",
    "usage_key, block_id",
    "usage_key: …",
    "yes, no",
    "true, false",
    "type, value",
    "boolean, number, text",
    "fact: {type: boolean, value: true}",
    "--engine spark --master URL",
    "secure=true, ca_cert=FILE",
    "2026-09-01, 2026-09-01T06:00+05:00",
    "NAME=SHARE, steady=0.5",
    "0 <= min_items <= max_items",
    "ability",
    "true",
}
FUNCTIONS = (ast.FunctionDef, ast.ClassDef)
ERRORS = (
    *("InputError", "CourseMapError", "InstrumentError", "LeakageError"),
    *("ModelError", "RuleError", "SmartPDError", "SourceError", "StoreError"),
    *("BrokenOffError", "NotTextError"),
)
#: Error or message -> its arguments that are words for people, by place and by name.
MAKERS = {
    **{name: {0, "problem", "accepted"} for name in ERRORS},
    "ConditionError": {0, 1, "problem", "accepted"},
    "Message": {0},
    "listed": {0},
}


class Module:
    """One file: its functions, and what its names are given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.constants = given_names(node for node in self.tree.body if not isinstance(node, FUNCTIONS))
        nodes = list(ast.walk(self.tree))
        methods = {each for node in nodes if isinstance(node, ast.ClassDef) for each in node.body}
        self.functions = [
            Function(node, node in methods, self.constants) for node in nodes if isinstance(node, ast.FunctionDef)
        ]
        self.own = {function.name for function in self.functions}


class Function:
    """One function: its calls, what its names are given, and the places of its parameters."""

    def __init__(self, node: ast.FunctionDef, is_method: bool, constants: dict[str, list[ast.expr]]) -> None:
        self.name, self.is_method = node.name, is_method
        self.calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
        self.names = {**constants, **given_names(node.body)}
        by_place = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        self.places = {name: place - is_method for place, name in enumerate(by_place)}
        self.parameters = [*by_place, *(each.arg for each in node.args.kwonlyargs)]


def given_names(statements) -> dict[str, list[ast.expr]]:
    """Name -> the expressions that are assigned to it."""
    found = defaultdict(list)
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found[node.target.id].append(node.value)
            for target in node.targets if isinstance(node, ast.Assign) else ():
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        found[name.id].append(value)
    return found


MODULES = [Module(path) for path in sorted(ROOT.rglob("*.py"))]
CONSTANTS = {name: values for module in MODULES for name, values in module.constants.items() if name.isupper()}


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def words_of(call: ast.Call, wanted) -> list[ast.expr]:
    """Those arguments of a call that people are to read."""
    by_place = [value for place, value in enumerate(call.args) if place in wanted]
    return by_place + [keyword.value for keyword in call.keywords if keyword.arg in wanted]


class Search:
    """Literals in an expression that are not marked, and parameters that it takes them from."""

    def __init__(self, function: Function, words: ast.expr) -> None:
        self.names, self.parameters = function.names, function.parameters
        self.unmarked, self.taken, self.seen = [], set(), set()
        self.look(words)

    def look(self, node: ast.expr) -> None:  # noqa: PLR0912 - a case for each kind of expression
        if isinstance(node, ast.Constant):
            without_places = re.sub(r"\{\w+\}", "", str(node.value))
            if isinstance(node.value, str) and any(map(str.isalpha, without_places)) and node.value not in CODE:
                self.unmarked.append(node.value)
        elif isinstance(node, ast.Name):
            self.look_up(node.id)
        elif isinstance(node, ast.Call):
            if called(node) in ("Message", "listed"):
                for words in words_of(node, MAKERS[called(node)]):
                    self.look(words)
            elif called(node) == "join":
                for value in node.args:
                    # What is listed are names that people write: of levels, columns, kinds.
                    if not isinstance(value, ast.Name):
                        self.look(value)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                self.look(part)
        elif isinstance(node, ast.IfExp):
            self.look(node.body)
            self.look(node.orelse)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self.look(value)
        elif isinstance(node, ast.BinOp):
            self.look(node.left)
            self.look(node.right)
        elif isinstance(node, ast.Subscript):
            self.look(node.value)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                self.look(value)
        elif isinstance(node, ast.GeneratorExp):
            self.look(node.elt)

    def look_up(self, name: str) -> None:
        if name in self.seen:
            return
        self.seen.add(name)
        if name in self.parameters:
            self.taken.add(name)
        # Names of languages, tables and columns are lists; words for people are texts or dicts of texts.
        for value in self.names.get(name, CONSTANTS.get(name, [])):
            self.look(value)


def wanted_by(call: ast.Call, module: Module, makers) -> set[int | str]:
    """Which arguments of a call are words: by the function of that name in the same file, else by any of that name."""
    name, plain = called(call), isinstance(call.func, ast.Name)
    homes = {module} if name in module.own else {home for home, known, _ in makers if known == name} | {None}
    return (
        set()
        .union(*(makers.get((home, name, False), set()) for home in homes))
        .union(*(makers.get((home, name, True), set()) for home in homes if not plain))
    )


def makers_of(modules):
    """``MAKERS`` and every function that hands its own parameters on to one of them."""
    makers = {(None, name, False): set(wanted) for name, wanted in MAKERS.items()}
    grown = True
    while grown:
        grown = False
        for module, function, words in words_in_calls(modules, dict(makers)):
            for taken in Search(function, words).taken:
                known = makers.setdefault((module, function.name, function.is_method), set())
                new = {taken, function.places.get(taken, taken)}
                grown = grown or not new <= known
                known |= new
    return makers


def words_in_calls(modules, makers):
    names = {name for _, name, _ in makers}
    for module in modules:
        for function in module.functions:
            for call in function.calls:
                if called(call) in names:
                    for words in words_of(call, wanted_by(call, module, makers)):
                        yield module, function, words


def unmarked_in(modules) -> list[str]:
    return sorted(
        {
            f"{module.path.relative_to(module.path.parents[1])}:{words.lineno}: {literal!r}"
            for module, function, words in words_in_calls(modules, makers_of(modules))
            for literal in Search(function, words).unmarked
        }
    )


def test_every_sentence_of_an_error_is_marked():
    assert unmarked_in(MODULES) == []


@pytest.mark.parametrize(
    "body",
    [
        "raise InputError('no such thing')",
        "raise InputError(f'no {name}')",
        "raise ModelError(N_('good'), accepted='another one')",
        "raise InputError(N_('good'), accepted=Message('bad {x}', x=1))",
        "problem = 'bad' if name else N_('good')\n    raise InputError(problem)",
        "problem, accepted = N_('good'), 'bad'\n    raise InputError(problem, accepted=accepted)",
        "raise InputError(WORDS[name])",
        "raise helped('bad')",
        "raise InputError(N_('good'), accepted=', '.join(('one', 'two')) + ', or a third')",
    ],
)
def test_a_sentence_that_is_not_marked_is_found(tmp_path, body):
    path = tmp_path / "module.py"
    path.write_text(
        f"WORDS = {{'a': 'bad'}}\ndef helped(words):\n    return InputError(words)\ndef check(name):\n    {body}\n",
        encoding="utf-8",
    )
    assert unmarked_in([Module(path)])


def test_every_answer_problem_is_said_in_every_language():
    for lang in ("ru", "uz"):
        for template in (*ANSWER_PROBLEMS.values(), *ANSWERS_ACCEPTED.values()):
            assert words_in(lang).gettext(template) != template
    assert set(ANSWERS_ACCEPTED) <= set(ANSWER_PROBLEMS)


def test_words_are_taken_from_catalogues_by_names_that_are_collected():
    for module in MODULES:
        for name, values in given_names([module.tree]).items():
            if any(isinstance(value, ast.Attribute) and value.attr in ("gettext", "ngettext") for value in values):
                assert name in ("_", "gettext", "ngettext"), f"{module.path}: messages of {name}() are not collected"


def test_a_long_list_is_cut_at_a_word():
    assert str(listed(f"item-{number}" for number in range(500))).endswith("…")
    assert len(listed(f"item-{number}" for number in range(500))) < 420
