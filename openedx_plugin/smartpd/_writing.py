"""What changes a profile: every change locks the learner's row, stores, and recomputes, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connections, router, transaction
from django.db.models import Model
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import AreaScore, CompetencyScore, CourseMap, DiagnosisScore, LearnerActivity

from . import compat, models, recommend
from ._keys import MAX_KEY, block_key, usage_key_of
from ._single_answers import keep_answers, was_reset
from .consents import PURPOSES, refused
from .data import LearnerLogData, LoggedDiagnosisData, StoredActivityData
from .errors import InvalidRecordError, UnknownLearnerError
from .facts import CourseContext, activity_from_json, activity_to_json, learner_state
from .instruments import find_instrument

__all__ = [
    "PHASES",
    "STATUSES",
    "held_profile",
    "learner_turn",
    "recompute_without",
    "record_diagnosis",
    "record_progress",
    "refresh",
    "store_activities",
    "store_course_map",
]

log = logging.getLogger(__name__)

_CLOCKS_DIFFER = timedelta(days=1)

#: The profile of the learner whose turn it is, locked; nothing in the turn has to lock it again.
_held: ContextVar[models.Profile | None] = ContextVar("smartpd_profile_of_the_turn", default=None)

#: Sources of estimates that come from answers to an instrument.
_FROM_ANSWERS = ("self_assessment", "knowledge_test")
PHASES = ("entry", "interim", "exit")
STATUSES = ("planned", "doing", "done", "none")


# --- rows that are there exactly once -----------------------------------------------------------


def _upsert(rows: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Inserts rows or updates those that are there, in one statement, so that two at once cannot collide."""
    if not rows:
        return
    kind = type(rows[0])
    features = connections[router.db_for_write(kind)].features
    kind._default_manager.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        update_fields=update,
        # MariaDB finds the row by any unique index and refuses to be told which.
        unique_fields=unique if features.supports_update_conflicts_with_target else None,
    )


def held_profile(user_id: int, course_key: CourseKey) -> models.Profile | None:
    """The learner's profile where this is their turn; else None."""
    held = _held.get()
    return held if held is not None and (held.user_id, held.course_key) == (user_id, course_key) else None


def _locked_profile(user_id: int, course_key: CourseKey, *, made: bool = False) -> models.Profile:
    """The learner's profile, made if need be, locked until the transaction ends.

    Args:
        made: it is there already, as far as the caller knows.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    held = held_profile(user_id, course_key)
    if held is not None:
        return held
    here = models.Profile.objects.filter(user_id=user_id, course_key=course_key)
    if not connections[router.db_for_write(models.Profile)].features.has_select_for_update:
        # SQLite locks the database by its first write and fails if it has read before, so write first.
        if here.update(course_key=course_key):
            return here.get()  # type: ignore[no-any-return]
        _upsert(
            [models.Profile(user_id=user_id, course_key=course_key)],
            unique=["user", "course_key"],
            update=["course_key"],
        )
        # It has let in a profile without an account.
        found: models.Profile | None = here.select_related("user").first()
        if found is None:
            raise UnknownLearnerError(user_id)
        return found
    if not made and not here.exists():
        _make_profile(user_id, course_key)
    # The account is not read: joined, its row would be locked as well.
    profile: models.Profile = here.select_for_update().get()
    return profile


def _make_profile(user_id: int, course_key: CourseKey) -> None:
    # Whoever makes the row holds the account's row. Without that, requests that meet here deadlock on
    # MariaDB: an INSERT that finds its twin takes a shared lock that two of them cannot both raise, and
    # INSERT … ON DUPLICATE KEY UPDATE locks the gap into which the next learner's row belongs.
    if not get_user_model()._default_manager.select_for_update().filter(pk=user_id).exists():
        raise UnknownLearnerError(user_id)
    with suppress(IntegrityError), transaction.atomic():
        if not models.Profile.objects.filter(user_id=user_id, course_key=course_key).exists():
            models.Profile.objects.create(user_id=user_id, course_key=course_key)


@contextmanager
def learner_turn(user_id: int, course_key: CourseKey) -> Iterator[None]:
    # A new profile is made in a transaction of its own: whoever makes it holds the account's row, and whoever
    # holds the profile may want that row next, for a platform's row that points at the account.
    locks = connections[router.db_for_write(models.Profile)].features.has_select_for_update
    if locks and not models.Profile.objects.filter(user_id=user_id, course_key=course_key).exists():
        with transaction.atomic():
            _make_profile(user_id, course_key)
    with transaction.atomic():
        turn = _held.set(_locked_profile(user_id, course_key, made=locks))
        try:
            yield
        finally:
            _held.reset(turn)


# --- what blocks record -------------------------------------------------------------------------


def record_diagnosis(
    user_id: int,
    course: CourseContext,
    *,
    usage_key: UsageKey,
    phase: str,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None,
    now: datetime,
) -> None:
    if phase not in PHASES:
        raise InvalidRecordError("phase", phase, accepted=", ".join(PHASES))
    if not 0 <= score.answered <= score.total or not score.total:
        raise InvalidRecordError("score", f"{score.answered} of {score.total}", accepted="answers to an instrument")
    # In a turn, what fails here undoes the whole turn: no savepoint is needed to undo this alone.
    with transaction.atomic(savepoint=_held.get() is None):
        profile = _locked_profile(user_id, course.course_key)
        begun = _keep_diagnosis(profile, usage_key, phase, score, answers, when=now, from_log=False)
        # An answer on the way is kept and no more: whoever reads the recommendations next has them computed.
        if begun or score.complete or profile.modified >= now:
            _recompute(profile, course, now)


def _keep_diagnosis(
    profile: models.Profile,
    usage_key: UsageKey,
    phase: str,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None,
    *,
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
    values = {
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
        _keep_estimate(profile, estimates[0], when)
    elif estimates:
        _keep_estimates(profile, estimates[0].source, estimates, when, prune=False)
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
    estimates: dict[str, dict[str, analytics.CompetencyEstimate]] = {source: {} for source in _FROM_ANSWERS}
    for row in () if "advice" in refused(profile) else kept:
        profile.level = (row.level if row.complete else "") or profile.level
        for estimate in _estimates_of(row):
            estimates[estimate.source][estimate.competency_id] = estimate
    for source, found in estimates.items():
        _keep_estimates(profile, source, found.values(), now, prune=True)
    _recompute(profile, course, now)


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
        profile = _locked_profile(user_id, course.course_key)
        mark = models.ProgressMark.objects.filter(profile=profile, usage_key=usage_key).first()
        if status == "none":
            if mark is not None:
                mark.delete()
        elif mark is None:
            models.ProgressMark.objects.create(profile=profile, usage_key=usage_key, status=status, modified=now)
        elif mark.status != status:
            mark.status, mark.modified = status, now
            mark.save()
        _recompute(profile, course, now)


# --- what the batch stores ----------------------------------------------------------------------


def store_course_map(course_key: CourseKey, course_map: CourseMap) -> int:
    """Replaces the course's map; returns the number of units stored."""
    width = {field.name: field.max_length for field in models.ContentUnit._meta.concrete_fields}

    def fitted(name: str, text: str) -> str:
        return recommend.clean_text(text)[: width[name]]

    rows = {
        unit.usage_key: models.ContentUnit(
            course_key=course_key,
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
        stored = {row.usage_key: row for row in models.ContentUnit.objects.filter(course_key=course_key)}
        gone = [row.pk for key, row in stored.items() if key not in rows]
        if gone:
            models.ContentUnit.objects.filter(pk__in=gone).delete()
        changed = [
            row
            for key, row in rows.items()
            if key not in stored or any(getattr(stored[key], name) != getattr(row, name) for name in names)
        ]
        identity = ["course_key", "usage_key"]
        _upsert(changed, unique=identity, update=[name for name in names if name not in identity])
    return len(rows)


def store_activities(
    course: CourseContext, learners: Iterable[LearnerLogData], *, now: datetime
) -> Iterator[StoredActivityData]:
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
        profile = _locked_profile(account.pk, course.course_key)
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
        _estimate_from_problems(profile, course, activity)
        _recompute(profile, course, now)
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
        _keep_diagnosis(profile, usage_key, diagnosis.phase, score, diagnosis.answers, when=when, from_log=True)
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


def refresh(user_id: int, course: CourseContext, *, now: datetime) -> None:
    with transaction.atomic():
        profile = _locked_profile(user_id, course.course_key)
        snapshot = models.ActivitySnapshot.objects.filter(profile=profile).first()
        if snapshot is not None:
            _estimate_from_problems(profile, course, activity_from_json(snapshot.activity))
        _recompute(profile, course, now)


# --- what follows from a change -----------------------------------------------------------------


def _estimate_from_problems(profile: models.Profile, course: CourseContext, activity: LearnerActivity) -> None:
    found = analytics.problem_estimates(activity, course.course_map)
    _keep_estimates(profile, "problems", found, activity.as_of, prune=True)


_ESTIMATED = ["value", "error", "evidence", "as_of"]


def _keep_estimates(
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


def _keep_estimate(profile: models.Profile, estimate: analytics.CompetencyEstimate, as_of: datetime) -> None:
    """The same for the one estimate that an answer on the way has changed, in one statement where it is there."""
    values = {"value": round(estimate.value, 9), "error": round(estimate.error, 9), "evidence": estimate.evidence}
    identity = {"profile": profile, "source": estimate.source, "competency_id": estimate.competency_id}
    if not models.CompetencyEstimate.objects.filter(**identity).update(as_of=as_of, **values):
        models.CompetencyEstimate.objects.create(as_of=as_of, **identity, **values)


def _recompute(profile: models.Profile, course: CourseContext, now: datetime) -> None:
    state = learner_state(profile, course)
    recommendation = recommend.compute(state.facts, course.course_map)
    if recommendation is not None:
        recommend.keep(profile, recommendation, now=now)
    profile.last_active, profile.need = state.last_active, state.need
    profile.enrolled = state.log.enrolled if state.log else None
    profile.save(update_fields=["level", "need", "last_active", "enrolled", "modified"])
