"""Everything that can go wrong in the analytics, as one tree.

    SmartPDError
    ├── InputError            a file, line, cell or argument is not what is accepted
    │   ├── SourceError       a log source cannot be read at all
    │   ├── CourseMapError    a course map has a row that cannot be used
    │   ├── InstrumentError   an instrument or framework file is not valid
    │   └── RuleError         a rule file has a rule that cannot be used
    ├── AnswerError           an answer does not belong to the instrument
    ├── StoreError            a store cannot be opened, read or written as asked
    │   └── StoreBusyError    another run is writing to it
    └── MissingExtraError     a stage needs an optional extra that is not installed

Every error keeps its arguments as attributes, and its message says what was wrong, where, and what
is accepted.
"""

from __future__ import annotations

__all__ = [
    "AnswerError",
    "CourseMapError",
    "InputError",
    "InstrumentError",
    "MissingExtraError",
    "RuleError",
    "SmartPDError",
    "SourceError",
    "StoreBusyError",
    "StoreError",
]


class SmartPDError(Exception):
    """Root of all errors of this package."""


class InputError(SmartPDError):
    """Something given from outside is not what is accepted.

    Args:
        problem: what is wrong, as a sentence without its place.
        file: name of the file, or ``""``.
        line: line number from 1, or 0 where the file as a whole is meant.
        accepted: what would have been accepted, or ``""``.
    """

    def __init__(self, problem: str, *, file: str = "", line: int = 0, accepted: str = "") -> None:
        self.problem = problem
        self.file = file
        self.line = line
        self.accepted = accepted
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        hint = f" (accepted: {self.accepted})" if self.accepted else ""
        return f"{place}{self.problem}{hint}"


class SourceError(InputError):
    """A log source is missing, unreadable, empty, binary, or breaks off."""


class CourseMapError(InputError):
    """A row of a course map cannot be used."""


class InstrumentError(InputError):
    """An instrument or framework file is not valid."""


class RuleError(InputError):
    """A rule cannot be used: unknown fact, wrong type, syntax."""


class AnswerError(SmartPDError):
    """An answer does not belong to the instrument it was given for.

    Args:
        item_id: the item that was answered.
        option: the option that was chosen.
        problem: ``"unknown_item"`` or ``"unknown_option"``.
        accepted: the item ids or option ids that exist.
    """

    def __init__(self, item_id: str, option: object, *, problem: str, accepted: tuple[object, ...] = ()) -> None:
        self.item_id = item_id
        self.option = option
        self.problem = problem
        self.accepted = accepted
        what = f"no item {item_id!r}" if problem == "unknown_item" else f"item {item_id!r} has no option {option!r}"
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
