"""Instruments by id and version: those of the site, and those that course teams have written in their blocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from opaque_keys.edx.keys import CourseKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import InputError, Instrument

from . import models
from .errors import InvalidRecordError

__all__ = ["find_instrument", "keep_instrument"]

_LONGEST_VERSION = 32


def keep_instrument(course_key: CourseKey, document: Mapping[str, Any], *, now: datetime) -> None:
    """Keeps a course's own questionnaire under its id and version; a correction of wording replaces the words."""
    try:
        instrument = analytics.parse_instrument(document)
    except InputError as problem:
        raise InvalidRecordError("instrument", str(document.get("id"))[:64], accepted=str(problem)) from problem
    if len(instrument.version) > _LONGEST_VERSION:
        raise InvalidRecordError("version", instrument.version, accepted=f"at most {_LONGEST_VERSION} characters")
    identity = {"course_key": course_key, "instrument_id": instrument.id, "version": instrument.version}
    known = models.OwnInstrument.objects.filter(**identity).first()
    plain = analytics.instrument_to_document(instrument)
    if known is None or known.document != plain:
        models.OwnInstrument.objects.update_or_create(**identity, defaults={"document": plain, "modified": now})


def find_instrument(course_key: CourseKey, instrument_id: str, version: str) -> Instrument:
    """The instrument that results of a course name: one of the site, else one of the course's own.

    Raises:
        InputError: neither has it in this version.
    """
    try:
        return analytics.load_instrument(instrument_id, version)
    except InputError:
        own = models.OwnInstrument.objects.filter(
            course_key=course_key, instrument_id=instrument_id, version=version
        ).first()
        if own is None:
            raise
        return _read(own.pk, own.modified)


@lru_cache(maxsize=64)
def _read(pk: int, _modified: datetime) -> Instrument:
    return analytics.parse_instrument(models.OwnInstrument.objects.get(pk=pk).document)
