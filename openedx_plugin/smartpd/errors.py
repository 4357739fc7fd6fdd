"""Everything that can go wrong in the plugin, as one tree.

    SmartPDPluginError
    ├── UnknownLearnerError      no account with this id
    ├── InvalidRecordError       something to record is not what is accepted
    └── RefreshRunningError      a refresh is running already

Every error keeps its arguments as attributes, and its message says what was wrong and what is accepted.
"""

from __future__ import annotations

__all__ = ["InvalidRecordError", "RefreshRunningError", "SmartPDPluginError", "UnknownLearnerError"]


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


class RefreshRunningError(SmartPDPluginError):
    """Another refresh holds the lock."""

    def __init__(self) -> None:
        super().__init__("another refresh is running; start this one again when it has ended")
