"""Keeps what a diagnosis has found: its result, the single answers behind it, the estimates that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from opaque_keys.edx.keys import UsageKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import AreaScore, CompetencyScore, DiagnosisScore

from . import models
from ._estimating import keep_estimate, keep_estimates
from ._single_answers import keep_answers, was_reset
from .consents import PURPOSES, refused

__all__ = ["Kept", "keep_diagnosis"]


class Kept(NamedTuple):
    """The row of a result, None where nothing was kept; whether it is the first of its kind."""

    result: models.DiagnosisResult | None
    first: bool


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
) -> Kept:
    """Keeps a result, its single answers and its estimates. The learner's row is locked."""
    identity = {
        "usage_key": usage_key,
        "phase": phase,
        "instrument_id": score.instrument_id,
        "instrument_version": score.instrument_version,
    }
    no = refused(profile)
    if no == set(PURPOSES):
        return Kept(None, first=False)
    results = models.DiagnosisResult.objects.filter(profile=profile, **identity)
    if from_log and (results.filter(from_log=False).exists() or was_reset(profile, usage_key)):
        # The block's own record is complete and the log may not be; what the team has reset does not come back.
        return Kept(None, first=False)
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
        return Kept(row, first)
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
    return Kept(row, first)


def _flat(record: AreaScore | CompetencyScore) -> dict[str, Any]:
    """A record of plain values by name, without the copies that ``asdict`` makes of them."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
