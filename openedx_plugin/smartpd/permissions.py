"""Who may see what in a course: the one place where it is decided."""

from __future__ import annotations

from enum import Enum
from typing import Any

from . import compat

__all__ = ["Role", "role_in"]


class Role(Enum):
    """What an account is in a course. The team sees every learner of its course, a learner their own data only."""

    ANONYMOUS = "anonymous"
    STRANGER = "stranger"
    LEARNER = "learner"
    TEAM = "team"


def role_in(user: Any, course_key: Any) -> Role:
    """The role of ``user`` (a Django account, or the anonymous one) in the course."""
    if not user.is_authenticated or not user.is_active:
        return Role.ANONYMOUS
    if compat.is_course_team(user, course_key):
        return Role.TEAM
    if compat.is_enrolled(user, course_key):
        return Role.LEARNER
    return Role.STRANGER
