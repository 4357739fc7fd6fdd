"""A diagnosis under way: answers are kept as they come, in one statement, and scored before anybody reads a result.

Between two answers nobody reads a result, so an answer on the way only takes the place of the answers before it.
Results and estimates follow when they are next asked for: whoever changes what is known of a learner gets the profile
by ``settled_profile``, whoever reads calls ``settle_learner`` or ``settle_course`` first. Scoring them at once and
scoring them then come to the same, since what else is recorded of the learner in between is settled first.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import DiagnosisScore, Instrument

from . import models
from ._estimating import recompute
from ._keeping import keep_diagnosis
from ._profiles import existing_profile, locked_profile
from .facts import CourseContext
from .instruments import find_instrument

__all__ = [
    "digest",
    "goes_on",
    "keep_on_the_way",
    "results_of_course",
    "settle",
    "settle_course",
    "settle_learner",
    "settled_profile",
    "stops",
]

log = logging.getLogger(__name__)


# --- writing ------------------------------------------------------------------------------------


def digest(usage_key: UsageKey, phase: str, instrument_id: str, version: str, terms: str) -> str:
    """What has to be the same for answers to take the place of those before."""
    return sha256("\0".join((str(usage_key), phase, instrument_id, version, terms)).encode()).hexdigest()


def keep_on_the_way(profile: models.Profile, terms: str, answers: Mapping[str, str], when: datetime) -> bool:
    """Keeps all answers so far, unscored; False where the learner is not in the middle of a diagnosis on these terms.

    The learner's row is locked.
    """
    here = models.DiagnosisUnderWay.objects.filter(profile_id=profile.pk, terms=terms)
    return bool(here.update(answers=dict(answers), answered_at=when))


def goes_on(
    profile: models.Profile,
    result: models.DiagnosisResult | None,
    score: DiagnosisScore,
    answers: Mapping[str, str] | None,
    terms: str,
) -> None:
    """Lets the answers that follow wait to be scored, where the diagnosis goes on and what is kept of it can be scored.

    The learner's row is locked and settled.

    Args:
        terms: as ``digest`` gives them; ``""`` where the caller names none.
    """
    if not terms or result is None or answers is None or score.complete or not _repeats(result, score, answers):
        stops(profile)
        return
    values = {"result": result, "terms": terms, "answers": {}, "answered_at": None}
    if not models.DiagnosisUnderWay.objects.filter(profile=profile).update(**values):
        models.DiagnosisUnderWay.objects.create(profile=profile, **values)


def stops(profile: models.Profile) -> None:
    """Nothing is under way any more: the next answer is recorded whole. The learner's row is locked and settled."""
    models.DiagnosisUnderWay.objects.filter(profile=profile).delete()


# --- settling -----------------------------------------------------------------------------------

#: Rows with answers that no result counts yet.
_WAITING = {"answered_at__isnull": False}


def settled_profile(user_id: int, course_key: CourseKey) -> models.Profile:
    """The learner's profile, made if need be, locked until the transaction ends, with all answers scored.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    profile = locked_profile(user_id, course_key)
    settle(profile)
    return profile


def settle_learner(user_id: int, course_key: CourseKey) -> None:
    """Scores what one learner has answered; one query where nothing waits."""
    _settle_all(profile__user_id=user_id, profile__course_key=course_key)


def settle_course(course_key: CourseKey) -> None:
    """Scores what the learners of a course have answered, each in a transaction of its own; one query where nothing
    waits.
    """
    _settle_all(profile__course_key=course_key)


def results_of_course(course_key: CourseKey) -> Any:
    """All ``DiagnosisResult`` rows of a course, with all answers scored."""
    settle_course(course_key)
    return models.DiagnosisResult.objects.filter(profile__course_key=course_key)


def _settle_all(**whose: Any) -> None:
    # In one order, for those who settle a whole course inside of a transaction.
    waiting = models.DiagnosisUnderWay.objects.filter(**whose, **_WAITING).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            profile = existing_profile(pk)
            if profile is not None:
                settle(profile)


def settle(profile: models.Profile) -> None:
    """Scores what the learner has answered since their result was last scored; the same again changes nothing.

    The learner's row is locked.
    """
    row = models.DiagnosisUnderWay.objects.filter(profile=profile, **_WAITING).select_related("result").first()
    if row is None:
        return
    result = row.result
    try:
        instrument = find_instrument(profile.course_key, result.instrument_id, result.instrument_version)
        score = _score(result, instrument, row.answers)
    except analytics.SmartPDError as problem:
        # The site has this instrument no more. What was answered stays, and the next answer is recorded whole.
        log.warning("answers of profile %s to %s cannot be scored: %s", profile.pk, result.usage_key, problem)
        models.DiagnosisAnswers.objects.filter(result=result).update(answers=row.answers)
        stops(profile)
        return
    models.DiagnosisUnderWay.objects.filter(profile=profile).update(answers={}, answered_at=None)
    keep_diagnosis(
        profile,
        result.usage_key,
        result.phase,
        score,
        row.answers,
        again_until=result.again_until,
        when=row.answered_at,
        from_log=False,
    )
    # Else whoever reads the recommendations next sees by the times that they are older than the result.
    if score.complete or profile.modified >= row.answered_at:
        recompute(profile, CourseContext(profile.course_key), timezone.now())


def _score(result: models.DiagnosisResult, instrument: Instrument, answers: Mapping[str, str]) -> DiagnosisScore:
    """The score of answers on the way, as the block makes it."""
    framework = analytics.framework_of(instrument)
    if instrument.kind == "knowledge_test" and result.share is not None:
        # Of tests an adaptive one alone has a share of its own.
        return analytics.score_ability(instrument, framework, answers, most=result.total)
    return analytics.score_answers(instrument, framework, answers)


def _repeats(result: models.DiagnosisResult, score: DiagnosisScore, answers: Mapping[str, str]) -> bool:
    """Whether the score can be made again from what is kept."""
    try:
        instrument = find_instrument(result.profile.course_key, result.instrument_id, result.instrument_version)
        # Words of the learner's own are not kept.
        return not any(item.private for item in instrument.all_items) and _score(result, instrument, answers) == score
    except analytics.SmartPDError:
        return False
