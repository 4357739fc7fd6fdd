"""Who may see what in a course: the one place where it is decided."""

from __future__ import annotations

from enum import Enum
from typing import Any

from . import compat

__all__ = ["Role", "observes", "role_in"]


class Role(Enum):
    """What an account is in a course.

    The team sees every learner of its course, a learner their own data only, an observer figures of groups of five or
    more and nobody's own. ``OBSERVER`` is who observes and does not take the course; see ``observes``.
    """

    ANONYMOUS = "anonymous"
    STRANGER = "stranger"
    OBSERVER = "observer"
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
    return Role.OBSERVER if compat.is_observer(user, course_key) else Role.STRANGER


def observes(user: Any, course_key: Any) -> bool:
    """Whether ``user`` may see figures of groups; who takes the course may be an observer besides."""
    return bool(user.is_authenticated and user.is_active and compat.is_observer(user, course_key))
