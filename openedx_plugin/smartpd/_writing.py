"""What blocks record: each record locks the learner's row, stores, and recomputes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import DiagnosisScore, Instrument

from . import _under_way, models
from ._estimating import FROM_ANSWERS, estimate_from_problems, keep_estimates, recompute
from ._keeping import keep_diagnosis
from ._profiles import in_turn, locked_profile
from ._under_way import settled_profile
from .consents import refused
from .errors import InvalidRecordError
from .facts import CourseContext, activity_from_json
from .instruments import find_instrument

__all__ = [
    "PHASES",
    "STATUSES",
    "recompute_without",
    "record_answers",
    "record_diagnosis",
    "record_progress",
    "refresh",
]

PHASES = ("entry", "interim", "exit")
STATUSES = ("planned", "doing", "done", "none")


def record_diagnosis(
    user_id: int,
    course: CourseContext,
    *,
    usage_key: UsageKey,
    phase: str,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None,
    again_until: datetime | None,
    terms: str,
    now: datetime,
) -> None:
    if phase not in PHASES:
        raise InvalidRecordError("phase", phase, accepted=", ".join(PHASES))
    if not 0 <= score.answered <= score.total or not score.total:
        raise InvalidRecordError("score", f"{score.answered} of {score.total}", accepted="answers to an instrument")
    # In a turn, what fails here undoes the whole turn: no savepoint is needed to undo this alone.
    with transaction.atomic(savepoint=not in_turn()):
        profile = settled_profile(user_id, course.course_key)
        kept = keep_diagnosis(
            profile, usage_key, phase, score, answers, again_until=again_until, when=now, from_log=False
        )
        same = _under_way.digest(usage_key, phase, score.instrument_id, score.instrument_version, terms)
        _under_way.goes_on(profile, kept.result, score, answers, same if terms else "")
        # An answer on the way is kept and no more: whoever reads the recommendations next has them computed.
        if kept.first or score.complete or profile.modified >= now:
            recompute(profile, course, now)


def record_answers(
    user_id: int,
    course_key: CourseKey,
    *,
    usage_key: UsageKey,
    phase: str,
    instrument: Instrument,
    answers: Mapping[str, str],
    terms: str,
    now: datetime,
) -> bool:
    if analytics.public_answers(instrument, answers) != answers:
        return False
    with transaction.atomic(savepoint=not in_turn()):
        profile = locked_profile(user_id, course_key)
        same = _under_way.digest(usage_key, phase, instrument.id, instrument.version, terms)
        return _under_way.keep_on_the_way(profile, same, answers, now)


def recompute_without(profile: models.Profile, course: CourseContext, usage_key: UsageKey, *, now: datetime) -> None:
    """Forgets all results of one block with their answers; what followed from them follows from the others.

    The learner's row is locked and settled.
    """
    models.DiagnosisResult.objects.filter(profile=profile, usage_key=usage_key).delete()
    kept = models.DiagnosisResult.objects.filter(profile=profile).order_by("modified", "pk")
    profile.level = ""
    estimates: dict[str, dict[str, analytics.CompetencyEstimate]] = {source: {} for source in FROM_ANSWERS}
    for row in () if "advice" in refused(profile) else kept:
        profile.level = (row.level if row.complete else "") or profile.level
        for estimate in _estimates_of(row):
            estimates[estimate.source][estimate.competency_id] = estimate
    for source, found in estimates.items():
        keep_estimates(profile, source, found.values(), now, prune=True)
    recompute(profile, course, now)


def _estimates_of(row: models.DiagnosisResult) -> tuple[analytics.CompetencyEstimate, ...]:
    try:
        kind = find_instrument(row.profile.course_key, row.instrument_id, row.instrument_version).kind
    except analytics.InputError:
        return ()
    score = DiagnosisScore(
        instrument_id=row.instrument_id,
        instrument_version=row.instrument_version,
        framework_id=row.framework_id,
        answered=row.answered,
        total=row.total,
        points=row.points,
        max_points=row.max_points,
        level=row.level or None,
        areas=(),
        competencies=tuple(analytics.CompetencyScore(**each) for each in row.competencies),
        kind=kind,
    )
    return tuple(analytics.score_estimates(score))


def record_progress(user_id: int, course: CourseContext, *, usage_key: str, status: str, now: datetime) -> None:
    if status not in STATUSES:
        raise InvalidRecordError("status", status, accepted=", ".join(STATUSES))
    with transaction.atomic():
        profile = settled_profile(user_id, course.course_key)
        mark = models.ProgressMark.objects.filter(profile=profile, usage_key=usage_key).first()
        if status == "none":
            if mark is not None:
                mark.delete()
        elif mark is None:
            models.ProgressMark.objects.create(profile=profile, usage_key=usage_key, status=status, modified=now)
        elif mark.status != status:
            mark.status, mark.modified = status, now
            mark.save()
        recompute(profile, course, now)


def refresh(user_id: int, course: CourseContext, *, now: datetime) -> None:
    with transaction.atomic():
        profile = settled_profile(user_id, course.course_key)
        snapshot = models.ActivitySnapshot.objects.filter(profile=profile).first()
        if snapshot is not None:
            estimate_from_problems(profile, course, activity_from_json(snapshot.activity))
        recompute(profile, course, now)
