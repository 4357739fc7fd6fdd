"""Everything that can go wrong in the plugin, as one tree.

    SmartPDPluginError
    ├── UnknownLearnerError      no account with this id
    ├── InvalidRecordError       something to record is not what is accepted
    ├── NotAllowedError          who asks is not in the course team
    ├── NotPossibleHereError     this host cannot change another learner's state
    └── RefreshRunningError      a refresh is running already

Every error keeps its arguments as attributes, and its message says what was wrong and what is accepted.
"""

from __future__ import annotations

__all__ = [
    "InvalidRecordError",
    "NotAllowedError",
    "NotPossibleHereError",
    "RefreshRunningError",
    "SmartPDPluginError",
    "UnknownLearnerError",
]


class SmartPDPluginError(Exception):
    """Root of all errors of this package."""


class UnknownLearnerError(SmartPDPluginError):
    """No account has this id.

    Args:
        user_id: the id that was given.
    """

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"no account has the id {user_id!r}")


class InvalidRecordError(SmartPDPluginError):
    """Something to record is not what is accepted.

    Args:
        what: name of the argument.
        value: what was given.
        accepted: what would have been accepted.
    """

    def __init__(self, what: str, value: object, *, accepted: str) -> None:
        self.what = what
        self.value = value
        self.accepted = accepted
        super().__init__(f"{what} {value!r} cannot be recorded (accepted: {accepted})")


class NotAllowedError(SmartPDPluginError):
    """Only the course team may do this.

    Args:
        user_id: who asked.
    """

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"the account {user_id!r} is not in the course team")


class NotPossibleHereError(SmartPDPluginError):
    """The host has no way to another learner's state of a block (see ``SMARTPD_LEARNER_STATES``)."""

    def __init__(self) -> None:
        super().__init__("this host cannot change the state of another learner (accepted: SMARTPD_LEARNER_STATES)")


class RefreshRunningError(SmartPDPluginError):
    """Another refresh holds the lock."""

    def __init__(self) -> None:
        super().__init__("another refresh is running; start this one again when it has ended")
