"""The one registry: what becomes of each event type. The entries stand in the module of their kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from smartpd_analytics.tracking import (
    account,
    activity,
    assessment,
    completion,
    enrolment,
    forum,
    grade,
    membership,
    navigation,
    problem,
    reading,
    smartpd,
    staff,
    video,
)
from smartpd_analytics.tracking.entry import EventType, Skip
from smartpd_analytics.tracking.implicit import ROUTES

__all__ = ["EVENT_TYPES", "ROUTES", "entry_of"]

EVENT_TYPES: Mapping[str, EventType | Skip] = MappingProxyType(
    {
        **problem.EVENT_TYPES,
        **video.EVENT_TYPES,
        **navigation.EVENT_TYPES,
        **enrolment.EVENT_TYPES,
        **grade.EVENT_TYPES,
        **completion.EVENT_TYPES,
        **forum.EVENT_TYPES,
        **activity.EVENT_TYPES,
        **account.EVENT_TYPES,
        **staff.EVENT_TYPES,
        **assessment.EVENT_TYPES,
        **membership.EVENT_TYPES,
        **reading.EVENT_TYPES,
        **smartpd.EVENT_TYPES,
    }
)

_UNLISTED = Skip("unlisted")


def entry_of(event_type: str) -> EventType | Skip:
    """The entry for an ``event_type``; types that are no entry are skipped as unlisted."""
    entry = EVENT_TYPES.get(event_type)
    if entry is None and event_type.startswith("/"):
        entry = next((route.entry for route in ROUTES if route.pattern.match(event_type)), None)
    return entry or _UNLISTED
