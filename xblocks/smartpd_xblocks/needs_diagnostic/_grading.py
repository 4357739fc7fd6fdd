"""What a course team may set of grading, and what is wrong with what it has set."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from smartpd_analytics.api import Instrument

from ..messages import Message
from ..messages import mark as _

__all__ = ["GRADED_BY", "grading_problems"]

#: What is graded -> its name for the course team.
GRADED_BY: dict[str, str] = {
    "nothing": _("Nothing: answers are for the learner"),
    "completion": _("Having answered everything"),
    "score": _("The result"),
}


def grading_problems(
    *, graded_by: str, weight: Any, max_attempts: Any, instrument: Instrument | None
) -> Iterator[Message]:
    """A message for each setting that cannot be used, naming the field and what is accepted.

    Args:
        instrument: what is asked; None where it is missing or not valid, which is said of the questionnaire.
    """
    if graded_by not in GRADED_BY:
        yield Message(
            _("Graded: there is no “{value}” (accepted: {accepted})."),
            {"value": str(graded_by)[:40], "accepted": ", ".join(GRADED_BY)},
            about="graded_by",
        )
    elif graded_by == "score" and instrument is not None and not instrument.max_points:
        words = _("Graded: this questionnaire gives no points, so its result cannot be graded.")
        yield Message(words, about="graded_by")
    if weight is not None and not (isfinite(weight) and weight >= 0):
        yield Message(_("Points: {value} cannot be used (accepted: 0 or more)."), {"value": weight}, about="weight")
    if max_attempts is not None and max_attempts < 1:
        yield Message(
            _("Maximum attempts: {value} cannot be used (accepted: 1 or more, or nothing for any number)."),
            {"value": max_attempts},
            about="max_attempts",
        )
