"""One learner's facts, gathered from every source that knows something: diagnosis, log, marks, course map."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from statistics import fmean
from typing import Any

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from smartpd_analytics import api as analytics
from smartpd_analytics.api import (
    BlockActivity,
    CompetencyEstimate,
    ContentUnit,
    CourseMap,
    LearnerActivity,
    LearnerFacts,
)

from . import models
from ._diagnoses import cautions_of
from .consents import refused
from .data import StatedNeedsData
from .targets import LearnerTargets, learner_targets, standard

__all__ = [
    "DIAGNOSTIC_BLOCK",
    "CourseContext",
    "LearnerState",
    "activity_from_json",
    "activity_to_json",
    "learner_state",
    "unknown_learner",
]

#: The block type under which the needs diagnostic is registered.
DIAGNOSTIC_BLOCK = "smartpd_needs_diagnostic"


# --- activity as JSON -------------------------------------------------------------------------

_TIMES = frozenset({"as_of", "first_seen", "last_seen"})


def activity_to_json(activity: LearnerActivity) -> str:
    """``activity`` as JSON in ASCII; ``activity_from_json`` gives it back unchanged (times in UTC).

    Raises:
        ValueError: a number is not finite.
    """
    document: dict[str, Any] = {}
    for field in fields(LearnerActivity):
        value = getattr(activity, field.name)
        if field.name in _TIMES:
            value = value.astimezone(UTC).isoformat()
        elif field.name == "blocks":
            value = [{each.name: getattr(block, each.name) for each in fields(BlockActivity)} for block in value]
        document[field.name] = value
    return json.dumps(document, allow_nan=False, separators=(",", ":"))


def activity_from_json(text: str) -> LearnerActivity:
    """What ``activity_to_json`` wrote. Fields that this version does not know are left out.

    Raises:
        ValueError: the text is no activity.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("an activity is a JSON object")
    try:
        values = _known(document, LearnerActivity)
        for name in _TIMES:
            values[name] = datetime.fromisoformat(values[name])
        values["blocks"] = tuple(BlockActivity(**_known(block, BlockActivity)) for block in values["blocks"])
        return LearnerActivity(**values)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"the stored activity lacks or has a wrong {problem}") from problem


def _known(document: Mapping[str, Any], kind: type) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in document.items() if name in names}


# --- the course -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An entry diagnosis: where it is (``""`` for none), its number of questions, and the minutes for all of them."""

    usage_key: str = ""
    total: int = 0
    #: 0 where the instrument is not known to this site.
    minutes: int = 0
    #: This learner's: how many questions are answered, and whether that was in haste and can be done again.
    answered: int = 0
    hasty: bool = False


class CourseContext:
    """What learners of one course have in common; read once, however many learners are gone through."""

    def __init__(self, course_key: CourseKey, course_map: CourseMap | None = None) -> None:
        self.course_key = course_key
        #: Kinds of instruments, each looked up once (``cautions_of``).
        self.kinds: dict[tuple[str, str], str] = {}
        if course_map is not None:
            self.__dict__["course_map"] = course_map

    @cached_property
    def course_map(self) -> CourseMap:
        # Values, not models: parsing the course key of each row would take longer than all the rest.
        rows = models.ContentUnit.objects.filter(course_key=self.course_key).order_by("position", "usage_key")
        found = list(rows.values("framework_id", *_UNIT_FIELDS))
        framework_id = next((row["framework_id"] for row in found if row["framework_id"]), "")
        return CourseMap(tuple(_unit(row) for row in found), framework_id)

    @cached_property
    def titles(self) -> Mapping[str, analytics.Text]:
        return {unit.usage_key: unit.title for unit in self.course_map.units}

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """The course's entry diagnosis; an empty one where it has none.

        Another learner's result names the block that is really in use; before the first answer the course
        map does, and then the length is that of the site's instrument.
        """
        used = (
            models.DiagnosisResult.objects.filter(profile__course_key=self.course_key, phase="entry")
            .exclude(framework_id="")
            .order_by("-pk")
            .values_list("usage_key", "total", "instrument_id")
            .first()
        )
        if used:
            return Diagnosis(str(used[0]), used[1], analytics.instrument_minutes(used[2]))
        unit = next((unit for unit in self.course_map.units if unit.block_type == DIAGNOSTIC_BLOCK), None)
        instrument = standard().instrument
        return Diagnosis(unit.usage_key, len(instrument.items), instrument.minutes) if unit else Diagnosis()


_UNIT_FIELDS = tuple(field.name for field in fields(ContentUnit))
_TUPLES = ("competencies", "modes", "prerequisites", "languages")


def _unit(row: Mapping[str, Any]) -> ContentUnit:
    values = {name: row[name] for name in _UNIT_FIELDS}
    return ContentUnit(**{**values, **{name: tuple(values[name]) for name in _TUPLES}})


# --- the learner ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LearnerState:
    """What the tables hold of one learner, and the facts that follow from it.

    ``log`` is the activity as the last run found it, while ``facts`` also count what came in since.
    ``targets`` are what the learner is to reach. ``last_active`` is the learner's last sign of life by any source;
    ``as_of`` the time of the newest thing known.
    """

    facts: LearnerFacts
    targets: LearnerTargets
    log: LearnerActivity | None
    estimates: tuple[models.CompetencyEstimate, ...]
    diagnoses: tuple[models.DiagnosisResult, ...]
    last_active: datetime | None
    as_of: datetime | None

    @property
    def need(self) -> float | None:
        """Mean distance to the targets of all that has been estimated, 0..1; None while nothing is."""
        gaps = [max(0.0, self.targets.of(each.competency_id) - each.value) for each in self.facts.estimates]
        return fmean(gaps) if gaps else None


def learner_state(profile: models.Profile, course: CourseContext) -> LearnerState:
    """Reads one learner's state; ``profile`` comes with its ``user``."""
    estimates = tuple(profile.estimates.order_by("competency_id", "source"))
    diagnoses = tuple(profile.diagnoses.order_by("modified", "pk"))
    marks = tuple(profile.marks.order_by("usage_key"))
    snapshot = models.ActivitySnapshot.objects.filter(profile=profile).first()
    log = activity = activity_from_json(snapshot.activity) if snapshot else None
    live = max([*(row.modified for row in diagnoses), *(row.modified for row in marks)], default=None)
    if activity and live and live > activity.last_seen:
        # Answering and marking reach us at once, the log once a night: the learner has been here since.
        activity = replace(activity, last_seen=live, as_of=max(activity.as_of, live))
    known = [moment for moment in (live, activity.as_of if activity else None) if moment]
    as_of = max(known, default=None)
    diagnosis = _entry_diagnosis(diagnoses, course)
    no_advice = "advice" in refused(profile)
    if no_advice:
        # Who wants no advice from answers is not asked to answer either.
        diagnosis = Diagnosis()
    targets = learner_targets(profile.targets, standard())
    facts = LearnerFacts(
        learner=profile.user.get_username(),
        course_key=str(profile.course_key),
        as_of=as_of or profile.created,
        activity=activity,
        estimates=analytics.combine_estimates(tuple(_estimate(row) for row in estimates)),
        targets=targets.shares,
        default_target=targets.share,
        target_sources=targets.sources,
        role=targets.role,
        diagnosis_answered=diagnosis.answered,
        diagnosis_total=diagnosis.total,
        diagnosis_minutes=diagnosis.minutes,
        diagnosis_key=diagnosis.usage_key,
        diagnosis_hasty=diagnosis.hasty,
        done=frozenset(mark.usage_key for mark in marks if mark.status == "done"),
        **_stated_needs(profile),
    )
    return LearnerState(facts, targets, log, estimates, diagnoses, activity.last_seen if activity else live, as_of)


#: Answers of the bundled needs survey, whose ids keep their meaning from version to version.
_SITTINGS = {"quarter": 15, "half": 30, "hour": 60, "longer": 120}
#: Ways of taking part, in the words of the course map.
_MODES = {"room": "room", "live": "online", "own_time": "asynchronous"}
_SLOW = frozenset({"slow", "unstable", "mobile", "rare"})


def _stated_needs(profile: models.Profile) -> dict[str, Any]:
    """What the learner has said in a needs survey, as facts."""
    row = models.StatedNeeds.objects.filter(profile=profile).first()
    if row is None:
        return {}
    said = StatedNeedsData(row.answers, row.modified)
    areas = set(said.answers.get("goal_areas", "").split(analytics.SEPARATOR))
    return {
        "hours_a_week": said.hours or 0.0,
        "sitting_minutes": _SITTINGS.get(said.answers.get("sitting", ""), 0),
        "preferred_mode": _MODES.get(said.answers.get("mode", ""), ""),
        "possible_modes": frozenset(
            _MODES[each] for each in said.answers.get("modes_possible", "").split(analytics.SEPARATOR) if each in _MODES
        ),
        "preferred_language": said.answers.get("language", "") if said.answers.get("language") != "other" else "",
        "slow_connection": said.answers.get("connection") in _SLOW,
        # The areas of the survey are those of DigCompEdu.
        "wished": frozenset(
            each.id
            for each in analytics.load_framework("digcompedu").competencies
            if each.area_id in areas and standard().framework.id == "digcompedu"
        ),
    }


def unknown_learner(course: CourseContext, now: datetime) -> LearnerFacts:
    """The facts of someone of whom nothing is known yet: what the course offers is all there is to go by."""
    diagnosis = course.diagnosis
    return LearnerFacts(
        learner="",
        course_key=str(course.course_key),
        as_of=now,
        default_target=standard().target,
        diagnosis_total=diagnosis.total,
        diagnosis_minutes=diagnosis.minutes,
        diagnosis_key=diagnosis.usage_key,
    )


def _estimate(row: models.CompetencyEstimate) -> CompetencyEstimate:
    return CompetencyEstimate(row.competency_id, row.value, row.error, row.source, row.evidence)


def _entry_diagnosis(diagnoses: Iterable[models.DiagnosisResult], course: CourseContext) -> Diagnosis:
    """The diagnosis and what is answered of it; a complete result counts, even where a new try has begun."""
    # Surveys and motivation questionnaires are for no framework and say no level.
    own = [row for row in diagnoses if row.phase == "entry" and row.framework_id]
    if not own:
        return course.diagnosis
    last = max(own, key=lambda row: (row.complete, row.modified, row.pk))
    open_again = last.again_until is None or last.again_until > timezone.now()
    return Diagnosis(
        str(last.usage_key),
        last.total,
        analytics.instrument_minutes(last.instrument_id),
        answered=last.answered,
        hasty=last.complete and open_again and "very_fast" in cautions_of(last, course.course_key, course.kinds),
    )
