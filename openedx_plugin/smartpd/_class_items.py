"""Single answers of a class: how its items work, and the answers as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opaque_keys.edx.keys import CourseKey
from smartpd_analytics.api import AnswerError, InputError, Instrument, check_answers, item_statistics, load_instrument

from . import compat
from ._class_results import class_rows
from ._keys import course_key_of, usage_key_of
from ._visibility import counted, visible_to_team
from .errors import InvalidRecordError
from .team_data import ClassItemsData, CohortData, DiagnosisKey, SingleAnswersData

__all__ = ["class_diagnoses", "class_items", "cohorts", "single_answers"]


def cohorts(course_key: str | CourseKey) -> tuple[CohortData, ...]:
    """The cohorts of a course by name; empty where it has none, or the host knows none."""
    return tuple(CohortData(*each) for each in compat.cohorts(course_key_of(course_key)))


def class_diagnoses(course_key: str | CourseKey, *, cohort: int | None = None) -> tuple[DiagnosisKey, ...]:
    """What has been answered in the course, begun or complete."""
    rows = class_rows(course_key_of(course_key), cohort).order_by("usage_key", "phase")
    found = rows.values_list("usage_key", "phase", "instrument_id", "instrument_version").distinct()
    return tuple(DiagnosisKey(str(key), *rest) for key, *rest in found)


def class_items(course_key: str | CourseKey, key: DiagnosisKey, *, cohort: int | None = None) -> ClassItemsData | None:
    """How the items of one diagnosis work, by all who have finished it; None where nobody has.

    Raises:
        InvalidRecordError: no block of this course, or the instrument is not known here any more.
    """
    course = course_key_of(course_key)
    rows = list(counted(course, _of(course, key, cohort)).filter(complete=True).select_related("single_answers"))
    if not rows:
        return None
    instrument = _instrument(key)
    known = [row.single_answers.answers for row in rows if hasattr(row, "single_answers")]
    answers = [usable for each in known if (usable := _usable(instrument, each)) is not None]
    return ClassItemsData(key, item_statistics(instrument, answers), unknown=len(rows) - len(answers))


def single_answers(
    course_key: str | CourseKey, key: DiagnosisKey, *, cohort: int | None = None
) -> Iterator[SingleAnswersData]:
    """Each learner's answers to one diagnosis, begun or complete, of those whom the course team may see."""
    course = course_key_of(course_key)
    rows = visible_to_team(course, _of(course, key, cohort)).filter(single_answers__isnull=False)
    for row in rows.select_related("single_answers", "profile__user").order_by("profile__user__username", "complete"):
        yield SingleAnswersData(
            username=row.profile.user.get_username(),
            key=key,
            complete=row.complete,
            modified=row.modified,
            answers=row.single_answers.answers,
        )


def _of(course: CourseKey, key: DiagnosisKey, cohort: int | None) -> Any:
    return class_rows(course, cohort).filter(
        usage_key=usage_key_of(key.usage_key, course),
        phase=key.phase,
        instrument_id=key.instrument_id,
        instrument_version=key.instrument_version,
    )


def _instrument(key: DiagnosisKey) -> Instrument:
    try:
        return load_instrument(key.instrument_id, key.instrument_version)
    except InputError as problem:
        name = f"{key.instrument_id} {key.instrument_version}"
        raise InvalidRecordError("instrument", name, accepted="an instrument of this site") from problem


def _usable(instrument: Instrument, answers: dict[str, str]) -> dict[str, str] | None:
    try:
        return check_answers(instrument, answers)
    except AnswerError:
        # Kept before the instrument's file was changed under the same version.
        return None
