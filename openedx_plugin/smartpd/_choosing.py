"""What learners choose: consent, stated needs, items seen, goals. Each change locks the learner's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd_analytics import api as analytics

from . import models
from ._estimating import FROM_ANSWERS, keep_estimates, recompute
from ._profiles import held_profile, locked_profile
from ._under_way import settled_profile, stops
from .consents import PURPOSES, refused
from .data import GoalData, StatedNeedsData
from .errors import InvalidRecordError
from .facts import CourseContext
from .instruments import find_instrument
from .recommend import clean_text
from .targets import TargetsData, kept_targets

__all__ = [
    "GOAL_STATES",
    "asked_items",
    "consent",
    "goals",
    "record_asked",
    "record_consent",
    "record_goal",
    "record_needs",
    "record_targets",
    "stated_needs",
]

GOAL_STATES = ("accepted", "declined")
#: Longest goal in one's own words, in characters.
_MOST_WORDS = 500


# --- consent ------------------------------------------------------------------------------------


def consent(user_id: int, course_key: CourseKey) -> dict[str, bool]:
    held = held_profile(user_id, course_key)
    if held is not None:
        return dict(held.choices)
    rows = models.Consent.objects.filter(profile__user_id=user_id, profile__course_key=course_key)
    return dict(rows.order_by("purpose").values_list("purpose", "given"))


def record_consent(
    user_id: int, course: CourseContext, choices: Mapping[str, bool], *, wording: str, now: datetime
) -> None:
    strange = sorted(set(choices) - set(PURPOSES))
    if strange:
        raise InvalidRecordError("purpose", strange[0], accepted=", ".join(PURPOSES))
    with transaction.atomic():
        profile = settled_profile(user_id, course.course_key)
        before = refused(profile)
        stored = {row.purpose: row for row in models.Consent.objects.filter(profile=profile)}
        for purpose, given in choices.items():
            row = stored.get(purpose) or models.Consent(profile=profile, purpose=purpose)
            if row.pk is None or (row.given, row.wording) != (given, wording):
                row.given, row.wording, row.modified = given, wording, now
                row.save()
        del profile.choices
        after = refused(profile)
        if after != before:
            # With the next answer the block tells again what may be kept now.
            stops(profile)
        if "advice" in after - before:
            _forget_advice(profile)
        if after == set(PURPOSES):
            models.DiagnosisResult.objects.filter(profile=profile).delete()
        if "advice" in before - after:
            _advise_again(profile)
        recompute(profile, course, now)


def _forget_advice(profile: models.Profile) -> None:
    models.CompetencyEstimate.objects.filter(profile=profile, source__in=FROM_ANSWERS).delete()
    models.StatedNeeds.objects.filter(profile=profile).delete()
    profile.level, profile.targets = "", {}
    profile.save(update_fields=["targets"])


def _advise_again(profile: models.Profile) -> None:
    """Estimates and level from the results that are kept, as if they came in now, the oldest first."""
    for row in models.DiagnosisResult.objects.filter(profile=profile).order_by("modified", "pk"):
        try:
            kind = find_instrument(profile.course_key, row.instrument_id, row.instrument_version).kind
        except analytics.InputError:
            continue
        competencies = tuple(analytics.CompetencyScore(**each) for each in row.competencies)
        score = analytics.DiagnosisScore(
            row.instrument_id, row.instrument_version, row.framework_id, row.answered, row.total, row.points,
            row.max_points, row.level or None, (), competencies, kind=kind,
        )  # fmt: skip
        estimates = analytics.score_estimates(score)
        if estimates:
            keep_estimates(profile, estimates[0].source, estimates, row.modified, prune=False)
        if row.complete:
            profile.level = row.level or profile.level


# --- targets ------------------------------------------------------------------------------------


def record_targets(user_id: int, course: CourseContext, targets: TargetsData, *, acted: bool, now: datetime) -> None:
    kept = kept_targets(targets)
    if not acted:
        here = models.Profile.objects.filter(user_id=user_id, course_key=course.course_key)
        before = here.values_list("targets", flat=True).first() or {}
        if before == kept or before.get("block") != targets.usage_key:
            return
    with transaction.atomic(savepoint=held_profile(user_id, course.course_key) is None):
        profile = settled_profile(user_id, course.course_key)
        if "advice" in refused(profile) or profile.targets == kept:
            return
        profile.targets = kept
        profile.save(update_fields=["targets"])
        # The next answer in another block is for the targets of that block again.
        stops(profile)
        # With nothing known of the learner yet no distance to a target is told.
        if models.CompetencyEstimate.objects.filter(profile=profile).exists():
            recompute(profile, course, now)


# --- stated needs -------------------------------------------------------------------------------


def record_needs(
    user_id: int,
    course: CourseContext,
    *,
    usage_key: UsageKey,
    instrument: analytics.Instrument,
    answers: Mapping[str, str],
    now: datetime,
) -> None:
    if instrument.kind != "needs_survey":
        raise InvalidRecordError("instrument", instrument.id, accepted="a needs survey")
    public = analytics.public_answers(instrument, analytics.check_answers(instrument, answers))
    with transaction.atomic():
        profile = settled_profile(user_id, course.course_key)
        if "advice" in refused(profile):
            return
        row = models.StatedNeeds.objects.filter(profile=profile).first() or models.StatedNeeds(profile=profile)
        values = {
            "usage_key": usage_key,
            "instrument_id": instrument.id,
            "instrument_version": instrument.version,
            "answers": public,
        }
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.modified = now
            row.save()
            recompute(profile, course, now)


def stated_needs(user_id: int, course_key: CourseKey) -> StatedNeedsData | None:
    row = models.StatedNeeds.objects.filter(profile__user_id=user_id, profile__course_key=course_key).first()
    if row is None:
        return None
    return StatedNeedsData(dict(row.answers), row.modified, row.instrument_id, row.instrument_version)


# --- items of adaptive tests --------------------------------------------------------------------


def record_asked(user_id: int, course_key: CourseKey, *, instrument_id: str, items: Iterable[str]) -> None:
    new = list(dict.fromkeys(items))
    with transaction.atomic():
        profile = locked_profile(user_id, course_key)
        row = models.AskedItems.objects.filter(profile=profile, instrument_id=instrument_id).first()
        if row is None:
            models.AskedItems.objects.create(profile=profile, instrument_id=instrument_id, items=new)
        else:
            # What is asked again is asked last.
            row.items = [*(item for item in row.items if item not in new), *new]
            row.save(update_fields=["items"])


def asked_items(user_id: int, course_key: CourseKey, instrument_id: str) -> tuple[str, ...]:
    rows = models.AskedItems.objects.filter(
        profile__user_id=user_id, profile__course_key=course_key, instrument_id=instrument_id
    )
    return tuple(next(iter(rows.values_list("items", flat=True)), ()))


# --- goals --------------------------------------------------------------------------------------


def record_goal(user_id: int, course_key: CourseKey, goal: GoalData, *, now: datetime) -> None:
    _check_goal(goal, now.date())
    with transaction.atomic():
        profile = settled_profile(user_id, course_key)
        here = models.Goal.objects.filter(
            profile=profile, framework_id=goal.framework_id, competency_id=goal.competency_id
        )
        row = here.first()
        if row is None or row.status != goal.status:
            identity = {"framework_id": goal.framework_id, "competency_id": goal.competency_id}
            row = row or models.Goal(profile=profile, created=now, **identity)
            row.start = _stands_at(profile, goal)
        for name in ("level", "target", "hours", "due", "status"):
            setattr(row, name, getattr(goal, name))
        row.words = clean_text(goal.words).strip()
        row.modified = now
        row.save()


def _stands_at(profile: models.Profile, goal: GoalData) -> float:
    """Where the learner stands by all sources together, as the pages tell it; else as the goal says."""
    rows = models.CompetencyEstimate.objects.filter(profile=profile, competency_id=goal.competency_id)
    known = [
        analytics.CompetencyEstimate(each.competency_id, each.value, each.error, each.source, each.evidence)
        for each in rows
    ]
    return next((each.value for each in analytics.combine_estimates(known)), goal.start)


def _check_goal(goal: GoalData, today: date) -> None:
    framework = analytics.load_framework(goal.framework_id)
    checks = (
        ("competency", goal.competency_id, [each.id for each in framework.competencies]),
        ("level", goal.level, [each.id for each in framework.levels]),
        ("status", goal.status, GOAL_STATES),
    )
    for name, value, accepted in checks:
        if value not in accepted:
            raise InvalidRecordError(name, value, accepted=", ".join(accepted))
    if not (0 <= goal.start <= 1 and 0 <= goal.target <= 1):
        raise InvalidRecordError("target", goal.target, accepted="shares of 0 to 1")
    if not 0 < goal.hours <= 40:
        raise InvalidRecordError("hours", goal.hours, accepted="more than 0, at most 40 a week")
    if goal.status == "accepted" and not today < goal.due <= date(today.year + 2, 12, 31):
        raise InvalidRecordError("due", goal.due.isoformat(), accepted="a day after today, within two years")
    if len(goal.words) > _MOST_WORDS:
        raise InvalidRecordError("words", len(goal.words), accepted=f"at most {_MOST_WORDS} characters")


def goals(user_id: int, course_key: CourseKey) -> tuple[GoalData, ...]:
    rows = models.Goal.objects.filter(profile__user_id=user_id, profile__course_key=course_key)
    return tuple(_goal(row) for row in rows.order_by("due", "pk"))


def _goal(row: models.Goal) -> GoalData:
    goal = GoalData(
        row.framework_id, row.competency_id, row.level, row.start, row.target, row.hours, row.due, row.status, row.words
    )
    framework = analytics.load_framework(row.framework_id)
    title = next((each.title for each in framework.competencies if each.id == row.competency_id), {})
    name = next((each.name for each in framework.levels if each.id == row.level), {})
    return replace(goal, title=title, level_name=name, modified=row.modified)
