"""What pages and blocks read: stored rows as frozen data, with titles and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import fmean

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from smartpd_analytics.api import CompetencyEstimate, finished_keys, firmness

from . import compat, models
from ._diagnoses import diagnosis_data
from ._under_way import results_of_course, settle_learner
from .data import (
    ActionData,
    ActivityData,
    AnsweredData,
    AreaData,
    CompetencyData,
    ProfileData,
    SourceData,
)
from .errors import UnknownLearnerError
from .facts import CourseContext, LearnerState, activity_from_json, learner_state, unknown_learner
from .recommend import compute, rule_title, unsaved
from .targets import LearnerTargets, Standard, learner_targets, standard

__all__ = [
    "action_data",
    "answered_versions",
    "finished",
    "log_read",
    "mapped_courses",
    "profile",
    "recommendations",
]


# --- what to do next ----------------------------------------------------------------------------


def is_behind(user_id: int, course_key: CourseKey) -> bool:
    """Whether a diagnosis has gone on since the learner's recommendations were computed."""
    results = models.DiagnosisResult.objects.filter(profile__user_id=user_id, profile__course_key=course_key)
    newer = Q(modified__gt=F("profile__modified")) | Q(under_way__answered_at__isnull=False)
    return bool(results.filter(newer).exists())


def recommendations(user_id: int, course_key: CourseKey) -> tuple[ActionData, ...]:
    stored = models.Recommendation.objects.filter(profile__user_id=user_id, profile__course_key=course_key)
    rows = list(stored.order_by("rank")) or _first_steps(user_id, course_key)
    units = _units(user_id, course_key, {row.target for row in rows})
    return tuple(action_data(row, course_key, units.get(row.target, "")) for row in rows)


def _units(user_id: int, course_key: CourseKey, targets: set[str]) -> dict[str, str]:
    """Target -> the unit that holds it: by the course map, else as the learner's log has it."""
    mapped = models.ContentUnit.objects.filter(course_key=course_key, usage_key__in=sorted(targets)).exclude(
        unit_key=""
    )
    units = dict(mapped.values_list("usage_key", "unit_key")) if targets else {}
    if targets - set(units):
        logs = models.ActivitySnapshot.objects.filter(profile__user_id=user_id, profile__course_key=course_key)
        for snapshot in logs:
            blocks = activity_from_json(snapshot.activity).blocks
            units = {block.usage_key: block.unit_key for block in blocks} | units
    return units


def _first_steps(user_id: int, course_key: CourseKey) -> list[models.Recommendation]:
    """What is recommended to someone of whom nothing is known yet; nothing is stored for a mere look."""
    if models.Profile.objects.filter(user_id=user_id, course_key=course_key).exists():
        return []
    course, now = CourseContext(course_key), timezone.now()
    recommendation = compute(unknown_learner(course, now), course.course_map)
    profile = models.Profile(user_id=user_id, course_key=course_key)
    return unsaved(profile, recommendation, now=now) if recommendation else []


def action_data(row: models.Recommendation, course_key: CourseKey, unit: str = "") -> ActionData:
    return ActionData(
        rank=row.rank,
        kind=row.kind,
        target=row.target,
        title=row.title,
        minutes=row.minutes,
        reason=row.reason,
        link=compat.jump_url(course_key, row.target),
        first=row.first,
        first_title=row.first_title,
        first_link=compat.jump_url(course_key, row.first),
        competencies=tuple(row.competencies),
        unit=unit,
        rule_title=rule_title(row),
    )


# --- where a learner stands ---------------------------------------------------------------------


def profile(user_id: int, course_key: CourseKey) -> ProfileData:
    settle_learner(user_id, course_key)
    row = models.Profile.objects.select_related("user").filter(user_id=user_id, course_key=course_key).first()
    if row is None:
        user = get_user_model()._default_manager.filter(pk=user_id).first()
        if user is None:
            raise UnknownLearnerError(user_id)
        # Never saved: a learner of whom nothing is known yet.
        row = models.Profile(user=user, course_key=course_key)
    course = CourseContext(course_key)
    return _profile(row, course, _state(row, course), standard())


def _state(row: models.Profile, course: CourseContext) -> LearnerState | None:
    return learner_state(row, course) if row.pk else None


def _profile(row: models.Profile, course: CourseContext, state: LearnerState | None, by: Standard) -> ProfileData:
    targets = learner_targets(row.targets, by)
    competencies = _competencies(state, by, targets)
    if state is None:
        key, total = course.diagnosis.usage_key, course.diagnosis.total
    else:
        key, total = state.facts.diagnosis_key, state.facts.diagnosis_total
    return ProfileData(
        user_id=row.user.pk,
        username=row.user.get_username(),
        course_key=str(course.course_key),
        level=row.level,
        level_name=by.level_name(row.level),
        target_level=targets.level,
        target_level_name=by.level_name(targets.level),
        target=targets.share,
        target_role=targets.role,
        areas=_areas(competencies, by),
        competencies=competencies,
        diagnoses=tuple(diagnosis_data(each, course.course_key) for each in state.diagnoses) if state else (),
        diagnosis_answered=state.facts.diagnosis_answered if state else 0,
        diagnosis_total=total,
        diagnosis_link=compat.jump_url(course.course_key, key),
        activity=_activity(state, course),
        as_of=state.as_of if state else None,
    )


def _competencies(state: LearnerState | None, by: Standard, targets: LearnerTargets) -> tuple[CompetencyData, ...]:
    combined: dict[str, CompetencyEstimate] = {}
    sources: dict[str, list[SourceData]] = {}
    for estimate in state.facts.estimates if state else ():
        combined[estimate.competency_id] = estimate
    for row in state.estimates if state else ():
        source = SourceData(row.source, row.value, row.error, row.evidence, row.as_of)
        sources.setdefault(row.competency_id, []).append(source)
    found = []
    for competency in by.framework.competencies:
        known, target = combined.get(competency.id), targets.of(competency.id)
        value = known.value if known else None
        found.append(
            CompetencyData(
                competency_id=competency.id,
                area_id=competency.area_id,
                title=competency.title,
                target=target,
                value=value,
                level=None if value is None else by.level_at(value),
                gap=None if value is None else max(0.0, target - value),
                sources=tuple(sources.get(competency.id, ())),
                error=known.error if known else None,
                evidence=known.evidence if known else 0,
                firmness=firmness(known.error, known.evidence) if known else "",
            )
        )
    return tuple(found)


def _areas(competencies: Sequence[CompetencyData], by: Standard) -> tuple[AreaData, ...]:
    areas = []
    for area in by.framework.areas:
        inside = [each for each in competencies if each.area_id == area.id]
        values = [each.value for each in inside if each.value is not None]
        value = fmean(values) if values else None
        # Of what is known, so that value and target speak of the same.
        target = fmean(each.target for each in inside if each.value is not None or not values)
        errors = [each.error for each in inside if each.error is not None]
        error = sum(errors) / len(errors) if errors else None
        evidence = sum(each.evidence for each in inside)
        areas.append(
            AreaData(
                area_id=area.id,
                title=area.title,
                target=target,
                value=value,
                # One answer of four is no level of the area.
                level=None if value is None or 2 * len(values) < len(inside) else by.level_at(value),
                gap=None if value is None else max(0.0, target - value),
                estimated=len(values),
                total=len(inside),
                error=error,
                evidence=evidence,
                firmness="" if error is None else firmness(error, evidence),
                sources=_area_sources(inside),
            )
        )
    return tuple(areas)


def _area_sources(inside: Iterable[CompetencyData]) -> tuple[SourceData, ...]:
    found: dict[str, list[SourceData]] = {}
    for each in inside:
        for source in each.sources:
            found.setdefault(source.source, []).append(source)
    return tuple(
        SourceData(
            name,
            fmean(each.value for each in rows),
            fmean(each.error for each in rows),
            sum(each.evidence for each in rows),
            max(each.as_of for each in rows),
        )
        for name, rows in found.items()
    )


def _activity(state: LearnerState | None, course: CourseContext) -> ActivityData | None:
    summary = state.log if state else None
    if state is None or summary is None:
        return None
    seen = {block.usage_key: {"en": block.title} for block in summary.blocks if block.title}
    title = course.titles.get(summary.stopped_at) or seen.get(summary.stopped_at) or {}
    return ActivityData(summary, state.last_active, title, compat.jump_url(course.course_key, summary.stopped_at))


# --- what is finished ---------------------------------------------------------------------------


def finished(user_id: int, course_key: CourseKey) -> frozenset[str]:
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    if user is None:
        return frozenset()
    completed = compat.completed_keys(user, course_key)
    if completed is not None:
        return completed
    settle_learner(user_id, course_key)
    row = models.Profile.objects.select_related("user").filter(user_id=user_id, course_key=course_key).first()
    if row is None:
        return frozenset()
    course = CourseContext(course_key)
    return finished_keys(learner_state(row, course).facts, course.course_map)


# --- courses ------------------------------------------------------------------------------------


def mapped_courses() -> tuple[str, ...]:
    keys = models.ContentUnit.objects.order_by().values_list("course_key", flat=True).distinct()
    return tuple(sorted(str(key) for key in keys))


def answered_versions(course_key: CourseKey) -> tuple[AnsweredData, ...]:
    names = ("usage_key", "phase", "instrument_id", "instrument_version")
    rows = (
        results_of_course(course_key)
        .filter(answered__gt=0)
        .order_by(*names)
        .values_list(*names)
        .annotate(Count("profile_id", distinct=True))
    )
    return tuple(AnsweredData(str(key), *rest) for key, *rest in rows)


def log_read(course_key: CourseKey) -> datetime | None:
    newest: datetime | None = models.ActivitySnapshot.objects.filter(profile__course_key=course_key).aggregate(
        newest=Max("as_of")
    )["newest"]
    return newest
