"""Single answers beside each result: kept with it, gone with it, never in anybody's own words."""

from __future__ import annotations

from collections.abc import Mapping

from opaque_keys.edx.keys import UsageKey
from smartpd_analytics.api import InputError, public_answers

from . import models
from .instruments import find_instrument

__all__ = ["keep_answers", "was_reset"]


def keep_answers(result: models.DiagnosisResult, answers: Mapping[str, str]) -> None:
    """Keeps the answers behind ``result``; the learner's row is locked."""
    try:
        instrument = find_instrument(result.profile.course_key, result.instrument_id, result.instrument_version)
    except InputError:
        # Without the instrument nothing says which answers are words, and nobody could read the others.
        return
    public = public_answers(instrument, answers)
    row = getattr(result, "single_answers", None)
    if row is None:
        models.DiagnosisAnswers.objects.create(result=result, answers=public)
    elif row.answers != public:
        row.answers = public
        row.save(update_fields=["answers"])


def was_reset(profile: models.Profile, usage_key: UsageKey) -> bool:
    """Whether the course team has ever reset this block for the learner."""
    return models.TeamAct.objects.filter(profile=profile, usage_key=usage_key, act="reset").exists()
