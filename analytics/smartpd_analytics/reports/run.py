"""The outcome of one run over tracking logs, ready to be written as JSON, CSV or text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..data import (
    CompetencyEstimate,
    CourseMap,
    Framework,
    LearnerActivity,
    LineAccount,
    Recommendation,
    Text,
    is_simulated,
)
from ..features import CourseSummary

__all__ = ["LearnerAdvice", "RunReport"]


@dataclass(frozen=True, slots=True)
class LearnerAdvice:
    """One learner in one course: what the log tells, where they stand, what to do next.

    ``estimates`` has one for each competency, ``by_source`` those that it was combined from.
    """

    activity: LearnerActivity
    estimates: tuple[CompetencyEstimate, ...]
    recommendation: Recommendation
    by_source: tuple[CompetencyEstimate, ...] = ()

    @property
    def has_left(self) -> bool:
        return self.activity.enrolled is False

    def sources_of(self, competency_id: str) -> tuple[CompetencyEstimate, ...]:
        """What an estimate was combined from, one for each source."""
        return tuple(each for each in self.by_source if each.competency_id == competency_id)


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything one run found.

    ``maps`` has each course as the log shows it, completed by the course map; ``frameworks`` has those that
    the estimates of a course speak of. ``map_unused``: the course map is about none of the courses.
    ``map_problems`` and ``diagnosis_problems`` are messages; ``unknown_*`` are the names asked for that the
    log does not have, ``known_*`` those that it has.
    """

    account: LineAccount
    courses: tuple[CourseSummary, ...]
    learners: tuple[LearnerAdvice, ...]
    maps: Mapping[str, CourseMap] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    map_unused: bool = False
    map_problems: tuple[str, ...] = ()
    diagnosis_problems: tuple[str, ...] = ()
    known_courses: tuple[str, ...] = ()
    known_learners: tuple[str, ...] = ()
    unknown_courses: tuple[str, ...] = ()
    unknown_learners: tuple[str, ...] = ()

    @property
    def warnings(self) -> int:
        """Everything that somebody should look at: broken lines, sources, rows, names that there are not."""
        return (
            self.account.quarantined
            + self.map_unused
            + sum(
                len(problems)
                for problems in (
                    self.account.source_problems,
                    self.map_problems,
                    self.diagnosis_problems,
                    self.unknown_courses,
                    self.unknown_learners,
                )
            )
        )

    @property
    def simulated(self) -> bool:
        """Whether a course among them is a simulated one."""
        return any(is_simulated(course.course_key) for course in self.courses)

    @property
    def nothing_read(self) -> bool:
        """Not one line was a tracking event, not even one without interest."""
        return self.account.nothing_read

    def title_of(self, course_key: str, usage_key: str) -> Text:
        """The title of a unit or block, empty where nothing names it."""
        course_map = self.maps.get(course_key)
        unit = course_map.get(usage_key) if course_map else None
        return unit.title if unit else {}

    def competency_title(self, course_key: str, competency_id: str) -> Text:
        """The title of a competency, empty where no framework has it."""
        framework = self.frameworks.get(course_key)
        found = (each.title for each in framework.competencies if each.id == competency_id) if framework else ()
        return next(iter(found), {})
