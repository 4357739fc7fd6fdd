"""Which uses of their answers learners have refused: the one place where that is looked up.

Nothing is refused where nobody has asked. What a refusal means:

- ``advice``: answers make no estimates, no level and no recommendations;
- ``team``: the course team is not shown this learner's results;
- ``evaluation``: they do not count in the figures of the course, and nothing of them is logged;
- all three: they are not kept here at all. The block shows the learner their result from its own state.
"""

from __future__ import annotations

from typing import Any

from opaque_keys.edx.keys import CourseKey

from . import models

__all__ = ["PURPOSES", "refused", "refusers", "usernames_of_refusers"]

PURPOSES = ("advice", "team", "evaluation")


def refused(profile: models.Profile) -> frozenset[str]:
    """The purposes that this learner has refused."""
    if not profile.pk:
        return frozenset()
    return frozenset(purpose for purpose, given in profile.choices.items() if not given)


def refusers(course_key: CourseKey, purpose: str) -> Any:
    """The ids of the profiles of a course that have refused a purpose, as a query."""
    rows = models.Consent.objects.filter(profile__course_key=course_key, purpose=purpose, given=False)
    return rows.values("profile_id")


def usernames_of_refusers(course_key: CourseKey, purpose: str) -> frozenset[str]:
    """The same by their names, for exports that the platform makes."""
    rows = models.Consent.objects.filter(profile__course_key=course_key, purpose=purpose, given=False)
    return frozenset(rows.values_list("profile__user__username", flat=True))
