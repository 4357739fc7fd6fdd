"""What follows from a change: current estimates, and what is recommended by them. The profile is locked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smartpd_analytics import api as analytics

from . import models, recommend
from .facts import CourseContext, learner_state

__all__ = ["FROM_ANSWERS", "estimate_from_problems", "keep_estimate", "keep_estimates", "recompute"]

#: Sources of estimates that come from answers to an instrument.
FROM_ANSWERS = ("self_assessment", "knowledge_test")


def estimate_from_problems(profile: models.Profile, course: CourseContext, activity: analytics.LearnerActivity) -> None:
    found = analytics.problem_estimates(activity, course.course_map)
    keep_estimates(profile, "problems", found, activity.as_of, prune=True)


_ESTIMATED = ["value", "error", "evidence", "as_of"]


def keep_estimates(
    profile: models.Profile,
    source: str,
    estimates: Iterable[analytics.CompetencyEstimate],
    as_of: datetime,
    *,
    prune: bool,
) -> None:
    """Makes ``estimates`` the current ones of their source; an estimate that stays the same keeps its date."""
    rows = models.CompetencyEstimate.objects.filter(profile=profile, source=source)
    stored = {row.competency_id: row for row in rows}
    new, changed = [], []
    for estimate in estimates:
        row = stored.pop(estimate.competency_id, None)
        values = (round(estimate.value, 9), round(estimate.error, 9), estimate.evidence)
        if row is None:
            row = models.CompetencyEstimate(profile=profile, source=source, competency_id=estimate.competency_id)
            new.append(row)
        elif (row.value, row.error, row.evidence) != values:
            changed.append(row)
        else:
            continue
        row.value, row.error, row.evidence = values
        row.as_of = as_of
    # No upsert: the lock on the profile keeps others out, and plain statements take no locks on gaps.
    models.CompetencyEstimate.objects.bulk_create(new)
    if changed:
        models.CompetencyEstimate.objects.bulk_update(changed, _ESTIMATED)
    if prune and stored:
        rows.filter(pk__in=[row.pk for row in stored.values()]).delete()


def keep_estimate(profile: models.Profile, estimate: analytics.CompetencyEstimate, as_of: datetime) -> None:
    """The same for the one estimate that an answer on the way has changed, in one statement where it is there."""
    values = {"value": round(estimate.value, 9), "error": round(estimate.error, 9), "evidence": estimate.evidence}
    identity = {"profile": profile, "source": estimate.source, "competency_id": estimate.competency_id}
    if not models.CompetencyEstimate.objects.filter(**identity).update(as_of=as_of, **values):
        models.CompetencyEstimate.objects.create(as_of=as_of, **identity, **values)


def recompute(profile: models.Profile, course: CourseContext, now: datetime) -> None:
    state = learner_state(profile, course)
    recommendation = recommend.compute(state.facts, course.course_map)
    if recommendation is not None:
        recommend.keep(profile, recommendation, now=now)
    profile.last_active, profile.need = state.last_active, state.need
    profile.enrolled = state.log.enrolled if state.log else None
    profile.save(update_fields=["level", "need", "last_active", "enrolled", "modified"])
