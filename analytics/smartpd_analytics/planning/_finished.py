"""What of a course a learner has finished, apart from what they say of it themselves."""

from __future__ import annotations

from dataclasses import replace

from ..data import CourseMap, LearnerFacts
from ._course import lay_out

__all__ = ["finished_keys"]


def finished_keys(facts: LearnerFacts, course_map: CourseMap) -> frozenset[str]:
    """Usage keys of the units and blocks that are finished by the log and the diagnosis; ``facts.done`` is passed over.

    Finished as the ranking has it: a block is solved, a unit was opened and has no problem open; without problems,
    opened and every video started.
    """
    return lay_out(replace(facts, done=frozenset()), course_map).met
