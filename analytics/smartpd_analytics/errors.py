"""Everything that can go wrong in the analytics, as one tree.

    SmartPDError
    ├── InputError            a file, line, cell or argument is not what is accepted
    │   ├── SourceError       a log source cannot be read at all
    │   ├── CourseMapError    a course map has a row that cannot be used
    │   ├── InstrumentError   an instrument or framework file is not valid
    │   ├── RuleError         a rule file has a rule that cannot be used
    │   ├── LeakageError      features know what they are meant to predict
    │   └── ModelError        a model file cannot be trusted, read or used here
    ├── AnswerError           an answer does not belong to the instrument
    ├── StoreError            a store cannot be opened, read or written as asked
    │   └── StoreBusyError    another run is writing to it
    └── MissingExtraError     a stage needs an optional extra that is not installed

Every error keeps its arguments as attributes, and its message says what was wrong, where, and what
is accepted. The message of an ``InputError`` is a ``Message``: English, and sayable in the other languages by
``reports.words.said``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "ANSWER_PROBLEMS",
    "LONGEST_LIST",
    "N_",
    "AnswerError",
    "CourseMapError",
    "InputError",
    "InstrumentError",
    "LeakageError",
    "Message",
    "MissingExtraError",
    "ModelError",
    "RuleError",
    "SmartPDError",
    "SourceError",
    "StoreBusyError",
    "StoreError",
]


#: Longest name or value, and longest list of what is accepted, that stands in a message; the rest is cut off.
LONGEST_VALUE, LONGEST_LIST = 160, 400


def N_(message: str) -> str:
    """Marks a template that is translated where it is said."""
    return message


class Message(str):
    """A sentence for people: a ``str`` in English that remembers from what it was made.

    Args:
        template: English with ``{name}`` for each argument, marked by ``N_``; the key of the catalogues.
        longest: characters of a value from which on it is cut.
        arguments: what is put in; one that is itself a ``Message`` is translated as well.
    """

    __slots__ = ("arguments", "template")
    template: str
    arguments: Mapping[str, object]

    def __new__(cls, template: str, longest: int = LONGEST_VALUE, /, **arguments: object) -> Message:
        cut = {name: value if isinstance(value, Message) else _cut(value, longest) for name, value in arguments.items()}
        made = super().__new__(cls, template.format(**cut) if cut else template)
        made.template, made.arguments = template, cut
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _message, (self.template, dict(self.arguments))


def _message(template: str, arguments: dict[str, object]) -> Message:
    return Message(template, LONGEST_LIST, **arguments)


def _cut_list(text: str) -> str:
    return f"{text[:LONGEST_LIST].rpartition(' ')[0]} …" if len(text) > LONGEST_LIST else text


def _cut(value: object, longest: int) -> object:
    return f"{value[: longest - 1]}…" if isinstance(value, str) and len(value) > longest else value


#: What may be wrong with an answer.
ANSWER_PROBLEMS: Mapping[str, str] = {
    "unknown_item": "no item {item}",
    "unknown_option": "item {item} has no option {given}",
    "option_twice": "item {item} has an option twice in {given}",
    "options_missing": "item {item} takes all options in order, not {given}",
    "not_alone": "item {item} has an option in {given} that excludes the others",
    "wrong_number": "item {item} takes another number of options than {given}",
    "not_a_number": "item {item} takes a number, not {given}",
    "out_of_range": "item {item} does not take {given}",
    "no_words": "item {item} takes words",
    "too_long": "item {item} does not take {given} characters",
}


class SmartPDError(Exception):
    """Root of all errors of this package."""


class InputError(SmartPDError):
    """Something given from outside is not what is accepted.

    Args:
        problem: what is wrong, as a sentence without its place; a template for ``Message``.
        file: name of the file, or ``""``.
        line: line number from 1, or 0 where the file as a whole is meant.
        accepted: what would have been accepted, or ``""``.
        arguments: what is put into ``problem``.
    """

    def __init__(self, problem: str, *, file: str = "", line: int = 0, accepted: str = "", **arguments: object) -> None:
        self.problem = problem if isinstance(problem, Message) else Message(problem, **arguments)
        self.file = file
        self.line = line
        self.accepted = accepted
        super().__init__(str(self))

    def __str__(self) -> str:
        file = f"…{self.file[1 - LONGEST_VALUE :]}" if len(self.file) > LONGEST_VALUE else self.file
        place = f"{file}:{self.line}: " if file and self.line else f"{file}: " if file else ""
        if not self.accepted:
            return Message("{place}{problem}", len(place), place=place, problem=self.problem)
        accepted = self.accepted if isinstance(self.accepted, Message) else Message(_cut_list(self.accepted))
        return Message(
            N_("{place}{problem} (accepted: {accepted})"),
            len(place),
            place=place,
            problem=self.problem,
            accepted=accepted,
        )


class SourceError(InputError):
    """A log source is missing, unreadable, empty, binary, or breaks off."""


class CourseMapError(InputError):
    """A row of a course map cannot be used."""


class InstrumentError(InputError):
    """An instrument or framework file is not valid.

    Args:
        path: the keys and list positions (from 0) that lead to the place, such as ``("items", 3, "text", "uz")``.
    """

    def __init__(self, problem: str, *, path: tuple[str | int, ...] = (), **given: Any) -> None:
        self.path = path
        super().__init__(problem, **given)


class RuleError(InputError):
    """A rule cannot be used: unknown fact, wrong type, syntax."""


class LeakageError(InputError):
    """Features know what they are meant to predict, or a learner stands on both sides of a split."""


class ModelError(InputError):
    """A model file cannot be trusted, read or used with what is installed."""


class AnswerError(SmartPDError):
    """An answer does not belong to the instrument it was given for.

    Args:
        item_id: the item that was answered.
        option: the option that was chosen, or what was given instead; of words no more than their number.
        problem: one of ``ANSWER_PROBLEMS``.
        accepted: the item ids or option ids that exist, or what would have been accepted.
    """

    def __init__(self, item_id: str, option: object, *, problem: str, accepted: tuple[object, ...] = ()) -> None:
        self.item_id = item_id
        self.option = option
        self.problem = problem
        self.accepted = accepted
        what = ANSWER_PROBLEMS[problem].format(item=repr(item_id), given=_cut(repr(option), LONGEST_VALUE))
        super().__init__(f"{what} (accepted: {', '.join(map(str, accepted))})")


class StoreError(SmartPDError):
    """A store of events cannot be opened, read or written as asked.

    Args:
        problem: what is wrong, as a sentence without its place.
        store: the store's folder.
        accepted: what would have been accepted, or ``""``.
    """

    def __init__(self, problem: str, *, store: str, accepted: str = "") -> None:
        self.problem = problem
        self.store = store
        self.accepted = accepted
        super().__init__(f"{store}: {problem}" + (f" (accepted: {accepted})" if accepted else ""))


class StoreBusyError(StoreError):
    """Another run is writing to the store.

    Args:
        store: the store's folder.
        holder: who holds it, as process, machine and start; ``""`` where that is unknown.
    """

    def __init__(self, *, store: str, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"another run is writing to this store{f': {holder}' if holder else ''}",
            store=store,
            accepted="one writer at a time; --wait SECONDS waits for the other",
        )


class MissingExtraError(SmartPDError):
    """A stage needs an optional extra.

    Args:
        extra: name of the extra, such as ``"pipeline"``.
        module: the module that could not be imported.
    """

    def __init__(self, extra: str, module: str) -> None:
        self.extra = extra
        self.module = module
        super().__init__(f"{module!r} is not installed; install it with: pip install 'openedx-smartpd[{extra}]'")
