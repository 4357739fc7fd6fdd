"""Whose results the course team may see: the one place where that is decided, by what learners allow (``consents``).

``counted`` says who counts in the figures of a class, ``visible_to_team`` who may be shown by name, with a row of their
own in a table, or with single answers.
"""

from __future__ import annotations

from typing import Any

from opaque_keys.edx.keys import CourseKey

from .consents import refusers

__all__ = ["counted", "private_profiles", "visible_to_team"]


def counted(course_key: CourseKey, results: Any) -> Any:
    """The ``DiagnosisResult`` rows of a course that count in its figures."""
    return results.exclude(profile_id__in=refusers(course_key, "evaluation"))


def private_profiles(course_key: CourseKey) -> frozenset[int]:
    """Ids of the profiles whose learners do not show their results to the course team."""
    return frozenset(row["profile_id"] for row in refusers(course_key, "team"))


def visible_to_team(course_key: CourseKey, results: Any) -> Any:
    """The ``DiagnosisResult`` rows of a course that the course team may see learner by learner."""
    return results.exclude(profile_id__in=private_profiles(course_key))
