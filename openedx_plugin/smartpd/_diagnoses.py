"""Stored results of diagnoses as frozen data, named by their instruments."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from opaque_keys.edx.keys import CourseKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import CompetencyScore, Instrument, Text

from . import compat, models
from .data import AreaResultData, DiagnosisData
from .instruments import find_instrument

__all__ = ["cautions_of", "diagnosis_data", "instrument_words"]

#: Kinds in which hasty answers are looked for: what these find stands in the profile.
_MEASURES = ("self_assessment", "knowledge_test")


def diagnosis_data(row: models.DiagnosisResult, course_key: CourseKey) -> DiagnosisData:
    instrument = _instrument(row, course_key)
    titles = _titles(instrument)
    kind = instrument.kind if instrument else ""
    seconds = _seconds(row)
    return DiagnosisData(
        usage_key=str(row.usage_key),
        phase=row.phase,
        instrument_id=row.instrument_id,
        instrument_version=row.instrument_version,
        answered=row.answered,
        total=row.total,
        points=row.points,
        max_points=row.max_points,
        level=row.level,
        complete=row.complete,
        modified=row.modified,
        link=compat.jump_url(course_key, str(row.usage_key)),
        framework_id=row.framework_id,
        areas=tuple(
            AreaResultData(each["area_id"], each.get("share"), each.get("error"), titles.get(each["area_id"], {}))
            for each in row.areas
        ),
        error=_error(row),
        share=row.result,
        title=instrument.title if instrument else {},
        kind=kind,
        seconds=seconds,
        cautions=_cautions(row, kind, seconds),
    )


def instrument_words(row: models.DiagnosisResult, course_key: CourseKey) -> tuple[Text, Mapping[str, Text]]:
    """The title of the instrument of a result, and those of its areas or scales by id; empty where it is gone."""
    instrument = _instrument(row, course_key)
    return (instrument.title if instrument else {}), _titles(instrument)


def _instrument(row: models.DiagnosisResult, course_key: CourseKey) -> Instrument | None:
    """The instrument of the result; the newest version where its own is gone, None where all are."""
    for version in (row.instrument_version, ""):
        try:
            return find_instrument(course_key, row.instrument_id, version)
        except analytics.SmartPDError:
            continue
    return None


def _titles(instrument: Instrument | None) -> Mapping[str, Text]:
    """Titles of the instrument's own scales, else of its framework's areas."""
    if instrument is None:
        return {}
    if instrument.framework_id:
        return {area.id: area.title for area in analytics.load_framework(instrument.framework_id).areas}
    return {scale.id: scale.title for scale in instrument.scales}


def _error(row: models.DiagnosisResult) -> float | None:
    """The standard error of the whole, from those of its areas, which are independent, where it is not stored."""
    if row.error is not None:
        return float(row.error)
    errors = [(each.get("error"), each["max_points"]) for each in row.areas]
    if not row.max_points or not errors or any(error is None for error, _points in errors):
        return None
    return float(sqrt(sum((error * points) ** 2 for error, points in errors)) / row.max_points)


def _seconds(row: models.DiagnosisResult) -> float | None:
    """From the first answer to the last. A log is read at one moment and does not tell it."""
    seconds = (row.modified - row.created).total_seconds()
    return None if row.from_log or seconds <= 0 else seconds


def cautions_of(
    row: models.DiagnosisResult, course_key: CourseKey, kinds: dict[tuple[str, str], str] | None = None
) -> tuple[str, ...]:
    """What speaks for hasty answers in one result (``smartpd_analytics.api.answering_cautions``).

    Args:
        kinds: given again with other results of the course, so that each instrument is looked up once.
    """
    known, version = {} if kinds is None else kinds, (row.instrument_id, row.instrument_version)
    if version not in known:
        instrument = _instrument(row, course_key)
        known[version] = instrument.kind if instrument else ""
    return _cautions(row, known[version], _seconds(row))


def _cautions(row: models.DiagnosisResult, kind: str, seconds: float | None) -> tuple[str, ...]:
    if kind not in _MEASURES:
        return ()
    scores = (
        CompetencyScore(
            competency_id=each["competency_id"],
            area_id=each["area_id"],
            points=each["points"],
            max_points=each["max_points"],
            answered=each["answered"],
            total=each["total"],
            share=each["share"],
            level=each["level"],
        )
        for each in row.competencies
    )
    found = analytics.answering_cautions(scores, seconds=seconds)
    # In a test equal shares are no sign of equal options.
    return found if kind == "self_assessment" else tuple(each for each in found if each != "same_option")
