"""What the pages say: data turned into words, numbers and links in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from smartpd_analytics.api import radar_svg, whole_percent

from ._keys import block_type
from ._results import (
    again,
    answered_again,
    cautions,
    doubt,
    doubted,
    instrument_name,
    level_doubt,
    levelled,
    notes,
    results,
)
from ._standing import estimate, note, source_words, standing
from ._words import PHASES, level_label, percent, words
from .data import ActionData, ActivityData, AreaData, ProfileData

__all__ = [
    "PHASES",
    "actions_context",
    "doubt",
    "level_label",
    "percent",
    "profile_context",
    "profile_csv",
    "words",
]

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

#: What comes before a step, by the type of its block.
_FIRST_STEPS = {
    "html": pgettext_lazy("smartpd", "Open the text"),
    "video": pgettext_lazy("smartpd", "Watch the video"),
    "vertical": pgettext_lazy("smartpd", "Open the unit"),
}

# --- what to do next ----------------------------------------------------------------------------


def actions_context(actions: Iterable[ActionData]) -> list[dict[str, Any]]:
    return [
        {
            "kind": _kind(action),
            "title": words(action.title),
            "reason": words(action.reason),
            "minutes": action.minutes,
            "link": action.link,
            "first_title": words(action.first_title),
            "first_link": action.first_link,
            "first_step": _FIRST_STEPS.get(block_type(action.first)) or pgettext("smartpd", "Open"),
            "step": _KINDS.get(action.kind) or pgettext("smartpd", "Open"),
            "rule": words(action.rule_title),
        }
        for action in actions
    ]


def _kind(action: ActionData) -> str:
    """What kind of step it is, where its title does not begin with the same words."""
    kind = str(_KINDS.get(action.kind, ""))
    return "" if words(action.title).casefold().startswith(kind.casefold()) else kind


# --- where a learner stands ---------------------------------------------------------------------


def profile_context(profile: ProfileData) -> dict[str, Any]:
    known = any(area.value is not None for area in profile.areas)
    unsure = doubted(profile.diagnoses)
    return {
        "level": level_label(profile.level, profile.level_name),
        "level_doubt": level_doubt(profile.diagnoses) if profile.level else "",
        "target_level": level_label(profile.target_level, profile.target_level_name),
        "target_percent": percent(profile.target),
        "target_role": words(profile.target_role),
        "targets_vary": any(each.target != profile.target for each in profile.competencies),
        "areas_below": _areas_below(profile),
        "again": again(profile.diagnoses),
        "areas": [_area(area, profile, unsure) for area in profile.areas] if known else [],
        "radar": _radar(profile.areas) if known else "",
        "diagnosis": _diagnosis(profile),
        "results": results(profile.diagnoses),
        "cautions": cautions(profile.diagnoses),
        "activity": _activity(profile.activity),
        "as_of": profile.as_of,
    }


def _areas_below(profile: ProfileData) -> int:
    """How many areas are below the target although the whole has reached it by the diagnostic; 0 where it has not.

    Of a result that may not be right nothing of the kind is said.
    """
    newest = levelled(profile.diagnoses)
    if newest is None or newest.cautions or newest.share is None:
        return 0
    if whole_percent(newest.share) < whole_percent(profile.target):
        return 0
    return sum(bool(standing(area)["gap"]) for area in profile.areas)


def _area(area: AreaData, profile: ProfileData, doubted: Collection[str]) -> dict[str, Any]:
    return {
        **estimate(area, doubted),
        "title": words(area.title),
        "anew": area.area_id in answered_again(profile.diagnoses),
        "competencies": [
            {
                **estimate(each, doubted),
                "id": each.competency_id,
                "title": words(each.title),
                "sources": [source_words(source) for source in each.sources],
            }
            for each in profile.competencies
            if each.area_id == area.area_id
        ],
    }


def _radar(areas: Sequence[AreaData]) -> str:
    goals, unknown = [percent(area.target) for area in areas], pgettext("smartpd", "not known yet")
    parts = [f"{words(area.title)}: {unknown if area.value is None else f'{percent(area.value)}%'}" for area in areas]
    if len(set(goals)) > 1:
        own_goal = pgettext("smartpd", "%(area)s (goal: %(goal)s%%)")
        parts = [own_goal % {"area": part, "goal": goal} for part, goal in zip(parts, goals, strict=True)]
        description = "; ".join(parts)
    else:
        description = _("%(areas)s. Goal: %(goal)s%%.") % {"areas": "; ".join(parts), "goal": goals[0]}
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
        said = "; ".join(notes(diagnosis))
        scored = diagnosis.max_points and diagnosis.kind not in ("motivation", "needs_survey")
        value = percent(diagnosis.share) if scored else None
        day = diagnosis.modified.date().isoformat()
        row = [
            pgettext("smartpd", "Diagnosis"),
            f"{diagnosis.instrument_id} {diagnosis.instrument_version}",
            f"{instrument_name(diagnosis)} ({PHASES.get(diagnosis.phase, diagnosis.phase)})",
            value,
            None,
            None,
            diagnosis.level,
            None,
            said,
            day,
        ]
        rows.append(row)
    role, goal = words(profile.target_role), percent(profile.target)
    rows.append([pgettext("smartpd", "Target"), None, role, None, goal, None, profile.target_level, *[None] * 3])
    for area in profile.areas:
        at = standing(area).values()
        rows.append([pgettext("smartpd", "Area"), area.area_id, words(area.title), *at, None, note(area), None])
    for each in profile.competencies:
        at = standing(each).values()
        newest = max((source.as_of for source in each.sources), default=None)
        since = newest.date().isoformat() if newest else None
        rows.append(
            [pgettext("smartpd", "Competency"), each.competency_id, words(each.title), *at, None, note(each), since]
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
