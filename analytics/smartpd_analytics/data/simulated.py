"""How simulated data says that it is simulated, from the log line to the last report.

The label lies in what every stage keeps: the organisation of the course key, which is in every event, and
the names of the learners, which are in every file without courses.
"""

from __future__ import annotations

import re

__all__ = ["SIMULATED_ORG", "SIMULATED_PREFIX", "is_simulated", "is_simulated_learner"]

#: Organisation of every simulated course: ``course-v1:Simulated+…``.
SIMULATED_ORG = "Simulated"
#: Start of the username of every simulated learner.
SIMULATED_PREFIX = "simulated-"

_COURSE = re.compile(rf"(?:course-v1:|ccx-v1:|(?:ccx-)?block-v1:)?{SIMULATED_ORG}[+/]")


def is_simulated(course_key: str) -> bool:
    """Whether a course or usage key, in any spelling, belongs to a simulated course."""
    return _COURSE.match(course_key) is not None


def is_simulated_learner(learner: str) -> bool:
    """Whether a username is that of a simulated learner; a pseudonym says nothing, so ask the course as well."""
    return learner.startswith(SIMULATED_PREFIX)
