"""What blocks record: each record locks the learner's row, stores, and recomputes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from opaque_keys.edx.keys import UsageKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import AreaScore, CompetencyScore, DiagnosisScore

from . import models
from ._estimating import FROM_ANSWERS, estimate_from_problems, keep_estimate, keep_estimates, recompute
from ._profiles import in_turn, locked_profile
from ._single_answers import keep_answers, was_reset
from .consents import PURPOSES, refused
from .errors import InvalidRecordError
from .facts import CourseContext, activity_from_json
from .instruments import find_instrument

__all__ = [
    "PHASES",
    "STATUSES",
    "keep_diagnosis",
    "recompute_without",
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
    now: datetime,
) -> None:
    if phase not in PHASES:
        raise InvalidRecordError("phase", phase, accepted=", ".join(PHASES))
    if not 0 <= score.answered <= score.total or not score.total:
        raise InvalidRecordError("score", f"{score.answered} of {score.total}", accepted="answers to an instrument")
    # In a turn, what fails here undoes the whole turn: no savepoint is needed to undo this alone.
    with transaction.atomic(savepoint=not in_turn()):
        profile = locked_profile(user_id, course.course_key)
        begun = keep_diagnosis(
            profile, usage_key, phase, score, answers, again_until=again_until, when=now, from_log=False
        )
        # An answer on the way is kept and no more: whoever reads the recommendations next has them computed.
        if begun or score.complete or profile.modified >= now:
            recompute(profile, course, now)


def keep_diagnosis(
    profile: models.Profile,
    usage_key: UsageKey,
    phase: str,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None,
    *,
    again_until: datetime | None = None,
    when: datetime,
    from_log: bool,
) -> bool:
    """Keeps a result, its single answers and its estimates; whether it is the first of its kind."""
    identity = {
        "usage_key": usage_key,
        "phase": phase,
        "instrument_id": score.instrument_id,
        "instrument_version": score.instrument_version,
    }
    no = refused(profile)
    if no == set(PURPOSES):
        return False
    results = models.DiagnosisResult.objects.filter(profile=profile, **identity)
    if from_log and (results.filter(from_log=False).exists() or was_reset(profile, usage_key)):
        # The block's own record is complete and the log may not be; what the team has reset does not come back.
        return False
    values: dict[str, Any] = {
        "framework_id": score.framework_id,
        "answered": score.answered,
        "total": score.total,
        "points": score.points,
        "max_points": score.max_points,
        "level": score.level or "",
        "share": score.share if score.ability is not None or score.kind == "motivation" else None,
        "error": score.error if score.ability is not None or score.kind == "motivation" else None,
        "areas": [_flat(area) for area in score.areas],
        "competencies": [_flat(competency) for competency in score.competencies],
        "again_until": again_until,
        "from_log": from_log,
    }
    row = results.filter(complete=score.complete).select_related("single_answers").first()
    # A result that becomes complete was begun with its first answer.
    begun = results.filter(complete=False).first() if score.complete else None
    created = begun.created if begun else when
    first = row is None
    before = {each["competency_id"]: each for each in row.competencies} if row and not score.complete else {}
    if row is None:
        row = models.DiagnosisResult.objects.create(
            profile=profile, complete=score.complete, created=created, modified=when, **identity, **values
        )
    else:
        # What is known of the learner need not be read again.
        row.profile = profile
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if begun or changed:
            for name in changed:
                setattr(row, name, values[name])
            row.created = created if begun else row.created
            row.modified = when
            row.save(update_fields=[*changed, "created", "modified"])
    if answers is not None:
        keep_answers(row, answers)
    if begun:
        begun.delete()
    if "advice" in no:
        return first
    if score.complete:
        # A survey or a motivation questionnaire has no level to put in place of the one that is known.
        profile.level = score.level or profile.level
    now = {each["competency_id"]: each for each in values["competencies"]}
    # What this try has not answered yet keeps its last estimate, and what this answer has not changed does too.
    estimates = [
        each for each in analytics.score_estimates(score) if before.get(each.competency_id) != now[each.competency_id]
    ]
    if before and len(estimates) == 1:
        keep_estimate(profile, estimates[0], when)
    elif estimates:
        keep_estimates(profile, estimates[0].source, estimates, when, prune=False)
    return first


def _flat(record: AreaScore | CompetencyScore) -> dict[str, Any]:
    """A record of plain values by name, without the copies that ``asdict`` makes of them."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def recompute_without(profile: models.Profile, course: CourseContext, usage_key: UsageKey, *, now: datetime) -> None:
    """Forgets all results of one block with their answers; what followed from them follows from the others.

    The learner's row is locked.
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
        profile = locked_profile(user_id, course.course_key)
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
        profile = locked_profile(user_id, course.course_key)
        snapshot = models.ActivitySnapshot.objects.filter(profile=profile).first()
        if snapshot is not None:
            estimate_from_problems(profile, course, activity_from_json(snapshot.activity))
        recompute(profile, course, now)
