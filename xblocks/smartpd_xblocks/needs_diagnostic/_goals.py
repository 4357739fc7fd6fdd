"""A goal for each of the largest needs: specific, measurable, within the hours there are, with a date."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from smartpd_analytics.api import ContentUnit, Framework, Instrument, plan_goals, unit_minutes

from ..messages import Message
from ..messages import mark as _
from ._attempt import Attempt, Refusal, score_of
from ._result import GapRow, Result, result
from ._targets import Targets

if TYPE_CHECKING:
    from ._screens import Speaker

__all__ = ["GoalForm", "goal_screens", "goals_of", "read_goal"]

#: Longest goal in one's own words.
_MOST_WORDS = 500
_LEAST_HOURS, _MOST_HOURS = 0.5, 40.0
_LATEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class GoalForm:
    """What a learner's page sends: the need, hours a week, the day, and words; ``accepted`` or ``declined``."""

    competency_id: str
    hours: float
    due: date
    words: str
    status: str


def read_goal(data: Mapping[str, Any], *, today: date) -> GoalForm:
    """What was sent as a goal.

    Raises:
        Refusal: a field cannot be used (400); the message names it and what is accepted.
    """
    try:
        hours = float(str(data.get("hours", "")).replace(",", "."))
    except ValueError:
        hours = 0.0
    if not _LEAST_HOURS <= hours <= _MOST_HOURS:
        raise Refusal(400, Message(_("Hours a week: a number from 0.5 to 40 is accepted.")))
    try:
        due = date.fromisoformat(str(data.get("due", "")))
    except ValueError as problem:
        raise Refusal(400, Message(_("Day: choose the day by which you want to get there."))) from problem
    if not today < due <= today + _LATEST:
        raise Refusal(400, Message(_("Day: choose one after today and within two years.")))
    words = data.get("words", "")
    if not isinstance(words, str) or len(words.strip()) > _MOST_WORDS:
        words_ = _("In your own words: at most {most} characters are accepted.")
        raise Refusal(400, Message(words_, {"most": _MOST_WORDS}))
    status = data.get("status")
    if status not in ("accepted", "declined"):
        raise Refusal(400, Message(_("Take the goal or leave it.")))
    return GoalForm(str(data.get("competency", "")), hours, due, words.strip(), status)


def goals_of(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    speaker: Speaker,
    *,
    targets: Targets,
    reached: Collection[str] = (),
    **more: Any,
) -> list[dict[str, Any]]:
    """``goal_screens`` for the largest needs of an attempt; ``targets`` are the levels to reach."""
    score = score_of(attempt, instrument, framework)
    found = result(
        score,
        instrument,
        framework,
        target=targets.overall,
        targets=targets,
        reached=reached,
        lang=speaker.lang,
        radar_title="",
        radar_description="",
    )
    return goal_screens(found, speaker, reached=reached, **more)


def goal_screens(
    found: Result,
    speaker: Speaker,
    *,
    stored: Mapping[str, Any],
    units: Sequence[ContentUnit],
    hours: float | None,
    today: date,
    reached: Collection[str] = (),
) -> list[dict[str, Any]]:
    """A form for each need, filled with what is stored, else with a plan.

    What the course has units for is planned first; what the learner wants no goal for takes no one's place, nor does
    what is reached by all that is known (``reached``).

    Args:
        stored: competency id -> the plugin's ``GoalData``.
        units: of the course, for how long the need takes.
        hours: a week, as the learner has said them; None where that is not known.
    """
    gaps = found.gaps
    minutes = [unit_minutes(units, gap.competency_id) for gap in gaps]
    goals = [stored.get(gap.competency_id) for gap in gaps]
    left = [
        gap.competency_id in reached if goal is None else goal.status == "declined"
        for gap, goal in zip(gaps, goals, strict=True)
    ]
    order = sorted(range(len(gaps)), key=lambda place: (left[place], not minutes[place]))
    plans = plan_goals([(gaps[place].gap / 100, minutes[place]) for place in order], hours=hours, today=today)
    screens: dict[int, dict[str, Any]] = {}
    before = 0.0
    for place, plan in zip(order, plans, strict=True):
        gap, goal, known = gaps[place], goals[place], minutes[place]
        weekly = goal.hours if goal is not None else plan.hours
        before += plan.needed
        screens[place] = {
            "id": gap.competency_id,
            "title": gap.title,
            "state": goal.status if goal is not None else "",
            "aim": speaker.word("goal_aim", level=gap.target, percent=gap.target_percent, now=gap.percent),
            "why": _why(gap, known, plan.needed, speaker),
            "hours": f"{weekly:g}",
            "needed": f"{before:g}",
            "due": (goal.due if goal is not None else plan.due).isoformat(),
            "one_of_several": len(gaps) > 1,
            "first": (today + timedelta(days=1)).isoformat(),
            "last": (today + _LATEST).isoformat(),
            "words": goal.words if goal is not None else "",
        }
    return [screens[place] for place in range(len(gaps))]


def _why(gap: GapRow, minutes: int, needed: float, speaker: Speaker) -> str:
    word = "goal_hours_course" if minutes else "goal_hours_usual"
    return speaker.counted(word, max(1, round(needed)), gap=gap.gap)
