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
is accepted. Messages are made of templates that ``N_`` marks: English, and sayable in the other languages by
``reports.words.said``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = [
    "ANSWERS_ACCEPTED",
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
    "accepted_once",
    "listed",
    "reason_of",
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


def listed(values: Iterable[object], *, quoted: bool = False) -> Message:
    """Names or values one after the other, for a message; those that are messages are translated where they are said.

    Args:
        quoted: each in quotes and no more than eight of them: names from a file, which may hold commas.
    """
    given = list(values)
    if quoted:
        given = [*(repr(str(value)) for value in given[:8]), *(["…"] if len(given) > 8 else [])]
    if not any(isinstance(value, Message) for value in given):
        return Message(_cut_list(", ".join(map(str, given))))
    names = [f"value_{number}" for number in range(len(given))]
    return Message(", ".join(f"{{{name}}}" for name in names), LONGEST_LIST, **dict(zip(names, given, strict=True)))


def reason_of(error: Exception) -> Message:
    """Why something failed, as the system or a library says it; what is a ``Message`` stays one."""
    given = error.args[0] if error.args else ""
    text = (isinstance(error, OSError) and error.strerror) or (given if isinstance(given, Message) else str(error))
    return text if isinstance(text, Message) else Message(text or type(error).__name__)


def _cut(value: object, longest: int) -> object:
    return f"{value[: longest - 1]}…" if isinstance(value, str) and len(value) > longest else value


#: What may be wrong with an answer.
ANSWER_PROBLEMS: Mapping[str, str] = {
    "unknown_item": N_("no item {item}"),
    "unknown_option": N_("item {item} has no option {given}"),
    "option_twice": N_("item {item} has an option twice in {given}"),
    "options_missing": N_("item {item} takes all options in order, not {given}"),
    "not_alone": N_("item {item} has an option in {given} that excludes the others"),
    "wrong_number": N_("item {item} takes another number of options than {given}"),
    "not_a_number": N_("item {item} takes a number, not {given}"),
    "out_of_range": N_("item {item} does not take {given}"),
    "no_words": N_("item {item} takes words"),
    "too_long": N_("item {item} does not take {given} characters"),
}
#: What would have been accepted where that is no list of ids: of bounds the least and the most.
ANSWERS_ACCEPTED: Mapping[str, str] = {
    "option_twice": N_("each option once"),
    "wrong_number": N_("from {least} to {most} options"),
    "not_a_number": N_("a number from {least} to {most}"),
    "out_of_range": N_("a number from {least} to {most}"),
    "no_words": N_("words, at most {most} characters"),
    "too_long": N_("at most {most} characters"),
}


class SmartPDError(Exception):
    """Root of all errors of this package."""

    def __str__(self) -> str:
        # Not as a plain ``str``: a ``Message`` stays one.
        return self.args[0] if self.args else ""


_WITH_ACCEPTED = N_("{place}{problem} (accepted: {accepted})")


def _placed(place: str, problem: Message, accepted: str) -> Message:
    if not accepted:
        return Message("{place}{problem}", len(place), place=place, problem=problem)
    said = accepted if isinstance(accepted, Message) else Message(_cut_list(accepted))
    return Message(_WITH_ACCEPTED, len(place), place=place, problem=problem, accepted=said)


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
        return _placed(self._place, self.problem, self.accepted)

    @property
    def without_accepted(self) -> Message:
        """Place and problem alone: for a list that says once what is accepted."""
        return _placed(self._place, self.problem, "")

    @property
    def _place(self) -> str:
        if isinstance(self.file, Message):
            # No file, but what has a name in every language, such as standard input.
            return Message("{file}: ", file=self.file)
        file = f"…{self.file[1 - LONGEST_VALUE :]}" if len(self.file) > LONGEST_VALUE else self.file
        return f"{file}:{self.line}: " if file and self.line else f"{file}: " if file else ""


class SourceError(InputError):
    """A log source is missing, unreadable, empty, binary, or breaks off."""


def accepted_once(errors: Iterable[InputError]) -> tuple[Message, ...]:
    """What is accepted instead of what these errors are about, each once, in their order."""
    found = dict.fromkeys(error.accepted for error in errors if error.accepted)
    return tuple(each if isinstance(each, Message) else Message(_cut_list(each)) for each in found)


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
        accepted: the item ids or option ids that exist; for a problem of ``ANSWERS_ACCEPTED`` its bounds, if any.
    """

    def __init__(self, item_id: str, option: object, *, problem: str, accepted: tuple[object, ...] = ()) -> None:
        self.item_id = item_id
        self.option = option
        self.problem = problem
        self.accepted = accepted
        super().__init__(str(self))

    def __str__(self) -> str:
        bounds = {"least": self.accepted[0], "most": self.accepted[-1]} if self.accepted else {}
        wanted = ANSWERS_ACCEPTED.get(self.problem)
        return Message(
            _WITH_ACCEPTED,
            place="",
            problem=Message(ANSWER_PROBLEMS[self.problem], item=repr(self.item_id), given=repr(self.option)),
            accepted=Message(wanted, **bounds) if wanted else listed(self.accepted),
        )


class StoreError(SmartPDError):
    """A store of events cannot be opened, read or written as asked.

    Args:
        problem: what is wrong, as a sentence without its place; a template for ``Message``.
        store: the store's folder.
        accepted: what would have been accepted, or ``""``.
        arguments: what is put into ``problem``.
    """

    def __init__(self, problem: str, *, store: str, accepted: str = "", **arguments: object) -> None:
        self.problem = problem if isinstance(problem, Message) else Message(problem, **arguments)
        self.store = store
        self.accepted = accepted
        super().__init__(str(self))

    def __str__(self) -> str:
        return _placed(f"{self.store}: ", self.problem, self.accepted)


class StoreBusyError(StoreError):
    """Another run is writing to the store.

    Args:
        store: the store's folder.
        holder: who holds it, as process, machine and start; ``""`` where that is unknown.
    """

    def __init__(self, *, store: str, holder: str) -> None:
        self.holder = holder
        super().__init__(
            N_("another run is writing to this store: {holder}")
            if holder
            else N_("another run is writing to this store"),
            store=store,
            accepted=N_("one writer at a time; --wait SECONDS waits for the other"),
            holder=holder,
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
        super().__init__(str(self))

    def __str__(self) -> str:
        template = N_("'{module}' is not installed; install it with: pip install 'openedx-smartpd[{extra}]'")
        return Message(template, module=self.module, extra=self.extra)
