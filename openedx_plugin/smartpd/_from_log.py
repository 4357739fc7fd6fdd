"""What the nightly run stores: a course's map, and what the log tells of its learners."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import CourseMap, LearnerActivity

from . import compat, models, recommend
from ._estimating import estimate_from_problems, recompute
from ._keeping import keep_diagnosis
from ._keys import MAX_KEY, block_key, course_key_of, usage_key_of
from ._profiles import upsert
from ._under_way import settled_profile
from ._writing import PHASES
from .data import LearnerLogData, LoggedDiagnosisData, StoredActivityData
from .errors import InvalidRecordError
from .facts import CourseContext, activity_to_json
from .instruments import find_instrument

__all__ = ["store_activities", "store_activity", "store_course_map"]

log = logging.getLogger(__name__)

_CLOCKS_DIFFER = timedelta(days=1)


def store_course_map(course_key: str | CourseKey, course_map: CourseMap) -> int:
    """Replace what is known of the course's units; returns how many there are now.

    Recommendations follow with each learner's next ``store_activity``, ``record_…`` or ``refresh``.
    """
    course = course_key_of(course_key)
    width = {field.name: field.max_length for field in models.ContentUnit._meta.concrete_fields}

    def fitted(name: str, text: str) -> str:
        return recommend.clean_text(text)[: width[name]]

    rows = {
        unit.usage_key: models.ContentUnit(
            course_key=course,
            usage_key=unit.usage_key,
            framework_id=fitted("framework_id", course_map.framework_id),
            title=recommend.clean_words(unit.title),
            block_type=fitted("block_type", unit.block_type),
            unit_key=fitted("unit_key", unit.unit_key),
            position=max(unit.position, 0),
            competencies=list(unit.competencies),
            level=fitted("level", unit.level),
            minutes=unit.minutes,
            activity=fitted("activity", unit.activity),
            modes=list(unit.modes),
            languages=list(unit.languages),
            prerequisites=list(unit.prerequisites),
            max_attempts=unit.max_attempts,
            due_us=unit.due_us,
            titled=unit.titled,
        )
        for unit in course_map.units
        if unit.usage_key and len(unit.usage_key) <= MAX_KEY and recommend.clean_text(unit.usage_key) == unit.usage_key
    }
    names = [field.name for field in models.ContentUnit._meta.concrete_fields if field.name != "id"]
    with transaction.atomic():
        stored = {row.usage_key: row for row in models.ContentUnit.objects.filter(course_key=course)}
        gone = [row.pk for key, row in stored.items() if key not in rows]
        if gone:
            models.ContentUnit.objects.filter(pk__in=gone).delete()
        changed = [
            row
            for key, row in rows.items()
            if key not in stored or any(getattr(stored[key], name) != getattr(row, name) for name in names)
        ]
        identity = ["course_key", "usage_key"]
        upsert(changed, unique=identity, update=[name for name in names if name not in identity])
    return len(rows)


def store_activity(course_key: str | CourseKey, activity: LearnerActivity) -> StoredActivityData:
    """Keep what one learner did, and recompute; see ``store_activities``."""
    return next(store_activities(course_key, [LearnerLogData(activity)]))


def store_activities(course_key: str | CourseKey, learners: Iterable[LearnerLogData]) -> Iterator[StoredActivityData]:
    """Keep what the log tells of each learner, and recompute, one learner at a time as the result is read.

    Learners are matched by account id and username together; those unknown here are left out. Activity
    older than what is stored is left out as well. Answers to a diagnostic count only where the block itself
    has recorded none. One learner's failure does not stop the rest.
    """
    return _stored(CourseContext(course_key_of(course_key)), learners, timezone.now())


def _stored(course: CourseContext, learners: Iterable[LearnerLogData], now: datetime) -> Iterator[StoredActivityData]:
    """Stores what the log tells of each learner in a transaction of its own; one that fails is said and passed over."""
    for learner in learners:
        try:
            outcome, problem = _store_activity(course, learner, now)
        except Exception as error:
            log.exception("what the log tells of a learner of %s could not be stored", course.course_key)
            outcome, problem = "failed", f"{type(error).__name__}: {error}"
        yield StoredActivityData(learner.activity.learner, str(course.course_key), outcome, problem)


def _store_activity(course: CourseContext, learner: LearnerLogData, now: datetime) -> tuple[str, str]:
    activity = learner.activity
    account = _account_of(activity)
    if account is None:
        return "unknown", ""
    if compat.is_course_team(account, course.course_key):
        return "team", ""
    text = activity_to_json(activity)
    problem = ""
    with transaction.atomic():
        profile = settled_profile(account.pk, course.course_key)
        snapshot = models.ActivitySnapshot.objects.filter(profile=profile).first()
        # What a wrong clock has dated into the future does not stand in the way of what is really known.
        if snapshot is not None and activity.as_of < snapshot.as_of <= now + _CLOCKS_DIFFER:
            return "older", ""
        if snapshot is None:
            models.ActivitySnapshot.objects.create(profile=profile, as_of=activity.as_of, activity=text)
        elif snapshot.activity != text:
            snapshot.as_of, snapshot.activity = activity.as_of, text
            snapshot.save()
        if learner.diagnosis is not None:
            problem = _keep_logged_diagnosis(profile, course, learner.diagnosis, activity.last_seen)
        for key in sorted(learner.done):
            # A cell may have been linked to what is no block of this course.
            with suppress(InvalidRecordError):
                models.ProgressMark.objects.get_or_create(
                    profile=profile,
                    usage_key=block_key(key, course.course_key),
                    defaults={"status": "done", "modified": activity.last_seen},
                )
        estimate_from_problems(profile, course, activity)
        recompute(profile, course, now)
    return "updated", problem


def _keep_logged_diagnosis(
    profile: models.Profile, course: CourseContext, diagnosis: LoggedDiagnosisData, when: datetime
) -> str:
    """Keeps answers that are known from the log alone; returns why they could not be used, or ``""``."""
    try:
        instrument = find_instrument(course.course_key, diagnosis.instrument_id, diagnosis.instrument_version)
        score = analytics.score_answers(instrument, analytics.framework_of(instrument), diagnosis.answers)
        usage_key = usage_key_of(diagnosis.usage_key, course.course_key)
    except (analytics.SmartPDError, InvalidRecordError) as error:
        return str(error)
    if diagnosis.phase in PHASES:
        keep_diagnosis(profile, usage_key, diagnosis.phase, score, diagnosis.answers, when=when, from_log=True)
    return ""


def _account_of(activity: LearnerActivity) -> Any:
    """The account that is meant, or None.

    Id and name must both be its own: the log of another platform may carry the same ids, and a retired
    account keeps its id but not its name, so that its past does not come back.
    """
    account = get_user_model()._default_manager.filter(username=activity.learner).first()
    if account is None or account.get_username() != activity.learner:
        return None
    return account if activity.user_id in (None, account.pk) else None
