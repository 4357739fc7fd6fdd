"""What the pages say: data turned into words, numbers and links in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from smartpd_analytics.api import Text, radar_svg, say

from .data import ActionData, ActivityData, AreaData, CompetencyData, ProfileData

__all__ = ["PHASES", "actions_context", "level_label", "percent", "profile_context", "profile_csv", "words"]

#: What kind of step an action is, in a word or two.
_KINDS = {
    "ask": pgettext_lazy("smartpd", "Ask"),
    "come_back": pgettext_lazy("smartpd", "Come back"),
    "practise": pgettext_lazy("smartpd", "Practise"),
    "prepare": pgettext_lazy("smartpd", "Prepare"),
    "read_first": pgettext_lazy("smartpd", "Read first"),
    "resume": pgettext_lazy("smartpd", "Go on"),
    "retry": pgettext_lazy("smartpd", "Try again"),
    "review": pgettext_lazy("smartpd", "Review"),
    "revisit": pgettext_lazy("smartpd", "Go back"),
    "start": pgettext_lazy("smartpd", "Start"),
    "stretch": pgettext_lazy("smartpd", "A step further"),
    "take_diagnosis": pgettext_lazy("smartpd", "Needs diagnostic"),
}
_SOURCES = {
    "self_assessment": pgettext_lazy("smartpd", "own answers"),
    "knowledge_test": pgettext_lazy("smartpd", "knowledge test"),
    "problems": pgettext_lazy("smartpd", "problems in the course"),
}
PHASES = {
    "entry": pgettext_lazy("smartpd", "at the start"),
    "interim": pgettext_lazy("smartpd", "in between"),
    "exit": pgettext_lazy("smartpd", "at the end"),
}


def words(text: Text) -> str:
    """``text`` in the reader's language."""
    return say(text, get_language() or "en")


def percent(share: float | None) -> int | None:
    """A share as a whole number of per cent, halves upwards."""
    return None if share is None else int(share * 100 + 0.5)


def level_label(level: str | None, name: Text) -> str:
    """A level by its id and name: ``B1 Integrator``."""
    return f"{level} {words(name)}".strip() if level else ""


# --- what to do next ----------------------------------------------------------------------------


def actions_context(actions: Iterable[ActionData]) -> list[dict[str, Any]]:
    return [
        {
            "kind": str(_KINDS.get(action.kind, "")),
            "title": words(action.title),
            "reason": words(action.reason),
            "minutes": action.minutes,
            "link": action.link,
            "first_title": words(action.first_title),
            "first_link": action.first_link,
        }
        for action in actions
    ]


# --- where a learner stands ---------------------------------------------------------------------


def profile_context(profile: ProfileData) -> dict[str, Any]:
    known = any(area.value is not None for area in profile.areas)
    return {
        "level": level_label(profile.level, profile.level_name),
        "target_level": level_label(profile.target_level, profile.target_level_name),
        "target_percent": percent(profile.areas[0].target) if profile.areas else None,
        "areas": [_area(area, profile.competencies) for area in profile.areas] if known else [],
        "radar": _radar(profile.areas) if known else "",
        "diagnosis": _diagnosis(profile),
        "diagnoses": [
            {
                "phase": str(PHASES.get(each.phase, each.phase)),
                "points": each.points,
                "max_points": each.max_points,
                "level": each.level,
                "date": each.modified,
            }
            for each in profile.diagnoses
            if each.complete
        ],
        "activity": _activity(profile.activity),
        "as_of": profile.as_of,
    }


def _area(area: AreaData, competencies: Sequence[CompetencyData]) -> dict[str, Any]:
    return {
        **_standing(area),
        "title": words(area.title),
        "competencies": [
            {
                **_standing(each),
                "id": each.competency_id,
                "title": words(each.title),
                "sources": [_source(source.source, source.value, source.evidence) for source in each.sources],
            }
            for each in competencies
            if each.area_id == area.area_id
        ],
    }


def _standing(it: AreaData | CompetencyData) -> dict[str, Any]:
    """Value, target, gap and level, in this order."""
    value, target = percent(it.value), percent(it.target)
    # The gap of the rounded numbers, so that a reader who subtracts gets what is written.
    gap = None if value is None or target is None else max(0, target - value)
    return {"value": value, "target": target, "gap": gap, "level": it.level or ""}


def _source(source: str, value: float, evidence: int) -> str:
    name = _SOURCES.get(source, source)
    return _("%(source)s %(value)s%% (answers: %(count)s)") % {
        "source": name,
        "value": percent(value),
        "count": evidence,
    }


def _radar(areas: Sequence[AreaData]) -> str:
    goal, unknown = percent(areas[0].target), pgettext("smartpd", "not known yet")
    parts = [f"{words(area.title)}: {unknown if area.value is None else f'{percent(area.value)}%'}" for area in areas]
    description = _("%(areas)s. Goal: %(goal)s%%.") % {"areas": "; ".join(parts), "goal": goal}
    axes = [(words(area.title), area.value, area.target) for area in areas]
    return radar_svg(axes, title=_("Competence by area"), description=description)


def _diagnosis(profile: ProfileData) -> dict[str, Any]:
    answered, total = profile.diagnosis_answered, profile.diagnosis_total
    return {
        "state": "none" if not total else "complete" if answered >= total else "begun" if answered else "open",
        "answered": answered,
        "total": total,
        "link": profile.diagnosis_link,
    }


def _activity(activity: ActivityData | None) -> dict[str, Any] | None:
    if activity is None:
        return None
    summary = activity.summary
    found: list[tuple[str, str]] = [
        (pgettext("smartpd", "Days with activity"), str(summary.active_days)),
        (pgettext("smartpd", "Time on the course"), _time(summary.minutes)),
    ]
    if summary.units_in_course:
        found.append((pgettext("smartpd", "Units opened"), _of(summary.units_opened, summary.units_in_course)))
    if summary.problems_tried:
        found.append((_("Problems solved, of those tried"), _of(summary.problems_solved, summary.problems_tried)))
        found.append((_("Answers fully right"), _of(summary.right, summary.answers)))
    if summary.videos_played:
        found.append((pgettext("smartpd", "Videos played"), str(summary.videos_played)))
    return {
        "rows": found,
        "last_active": activity.last_active,
        "stopped_title": words(activity.stopped_title),
        "stopped_link": activity.stopped_link,
        "as_of": summary.as_of,
        "enrolled": summary.enrolled,
    }


def _of(part: int, whole: int) -> str:
    return pgettext("smartpd", "%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _time(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    if hours:
        return pgettext("smartpd", "about %(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    return pgettext("smartpd", "about %(minutes)s min") % {"minutes": rest}


# --- one's own data as a table --------------------------------------------------------------------


_COLUMNS = (
    pgettext_lazy("smartpd", "Part"),
    pgettext_lazy("smartpd", "Id"),
    pgettext_lazy("smartpd", "Title"),
    pgettext_lazy("smartpd", "Now, %"),
    pgettext_lazy("smartpd", "Goal, %"),
    pgettext_lazy("smartpd", "To go, %"),
    pgettext_lazy("smartpd", "Level"),
    pgettext_lazy("smartpd", "Minutes"),
    pgettext_lazy("smartpd", "Note"),
    pgettext_lazy("smartpd", "Date"),
)


def profile_csv(profile: ProfileData, actions: Iterable[ActionData]) -> tuple[list[str], list[list[Any]]]:
    """All that a learner's page tells, as header and rows; numbers in per cent."""
    rows: list[list[Any]] = []
    for diagnosis in profile.diagnoses:
        note = _("%(answered)s of %(total)s questions answered") % {
            "answered": diagnosis.answered,
            "total": diagnosis.total,
        }
        value = percent(diagnosis.points / diagnosis.max_points) if diagnosis.max_points else None
        day = diagnosis.modified.date().isoformat()
        title = f"{diagnosis.instrument_id} {diagnosis.instrument_version}"
        row = [
            pgettext("smartpd", "Diagnosis"),
            title,
            str(PHASES[diagnosis.phase]),
            value,
            None,
            None,
            diagnosis.level,
            None,
            note,
            day,
        ]
        rows.append(row)
    for area in profile.areas:
        at = _standing(area)
        rows.append([pgettext("smartpd", "Area"), area.area_id, words(area.title), *at.values(), None, None, None])
    for each in profile.competencies:
        at = _standing(each)
        note = "; ".join(_source(source.source, source.value, source.evidence) for source in each.sources)
        newest = max((source.as_of for source in each.sources), default=None)
        since = newest.date().isoformat() if newest else None
        rows.append(
            [pgettext("smartpd", "Competency"), each.competency_id, words(each.title), *at.values(), None, note, since]
        )
    activity = _activity(profile.activity)
    if activity and profile.activity:
        day = profile.activity.summary.as_of.date().isoformat()
        rows += [
            [pgettext("smartpd", "Course log"), None, name, *[None] * 5, value, day] for name, value in activity["rows"]
        ]
    for action in actions:
        title, reason = words(action.title), words(action.reason)
        rows.append([pgettext("smartpd", "Next step"), action.target, title, *[None] * 4, action.minutes, reason, None])
    return [str(column) for column in _COLUMNS], rows
