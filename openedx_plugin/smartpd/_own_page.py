"""What a learner has chosen, in words: goals, stated needs and consent, for the page and for the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext, pgettext_lazy
from opaque_keys.edx.keys import CourseKey
from smartpd_analytics.api import InputError

from ._items_page import answer_text
from ._page import level_label, percent, words
from ._results import doubted
from .data import GoalData, ProfileData, StatedNeedsData
from .instruments import find_instrument

__all__ = ["chosen_rows", "goals_context"]

_PURPOSES = {
    "advice": pgettext_lazy("smartpd", "Advice to me from my answers"),
    "team": pgettext_lazy("smartpd", "The course team sees my results"),
    "evaluation": pgettext_lazy("smartpd", "My results count, without my name, in figures of the course"),
}


def goals_context(goals: Iterable[GoalData], profile: ProfileData, today: date) -> list[dict[str, Any]]:
    """The accepted goals, each with where the learner stands now."""
    now = {each.competency_id: each.value for each in profile.competencies}
    unsure = doubted(profile.diagnoses)
    doubtful = {
        each.competency_id for each in profile.competencies if any(source.source in unsure for source in each.sources)
    }
    believed = {
        each.competency_id
        for each in profile.competencies
        if {source.source for source in each.sources} == {"self_assessment"}
    }
    found = []
    for goal in goals:
        if goal.status != "accepted":
            continue
        value = now.get(goal.competency_id)
        reached = value is not None and value >= goal.target
        found.append(
            {
                "id": goal.competency_id,
                "title": words(goal.title),
                "level": level_label(goal.level, goal.level_name),
                "start": percent(goal.start),
                "now": percent(value),
                "target": percent(goal.target),
                "hours": number_format(goal.hours, use_l10n=True).rstrip("0").rstrip(".,") or "0",
                "due": goal.due,
                "words": goal.words,
                "reached": reached,
                "believed": goal.competency_id in believed,
                "doubtful": goal.competency_id in doubtful,
                "late": not reached and goal.due < today,
            }
        )
    return found


def _said(course_key: CourseKey, needs: StatedNeedsData) -> Iterable[tuple[str, str | None, str]]:
    """Item, question and answer, both in words where the site still has the questionnaire."""
    try:
        instrument = find_instrument(course_key, needs.instrument_id, needs.instrument_version)
        items = {item.id: item for item in instrument.items}
    except InputError:
        items = {}
    lang = get_language() or "en"
    for item_id, answer in needs.answers.items():
        item = items.get(item_id)
        yield item_id, words(item.text) if item else None, (item and answer_text(item, answer, lang)) or answer


def chosen_rows(
    course_key: CourseKey, goals: Iterable[GoalData], needs: StatedNeedsData | None, consent: Mapping[str, bool]
) -> list[list[Any]]:
    """Rows of the learner's own table, in the columns of ``profile_csv``."""
    rows: list[list[Any]] = []
    for goal in goals:
        state = pgettext("smartpd", "accepted") if goal.status == "accepted" else pgettext("smartpd", "declined")
        note = "; ".join(filter(None, [state, goal.words]))
        at = [percent(goal.start), percent(goal.target), None, goal.level, round(goal.hours * 60)]
        rows.append(
            [pgettext("smartpd", "Goal"), goal.competency_id, words(goal.title), *at, note, goal.due.isoformat()]
        )
    if needs is not None:
        day = needs.modified.date().isoformat()
        rows += [
            [pgettext("smartpd", "Stated needs"), item, question, *[None] * 5, answer, day]
            for item, question, answer in _said(course_key, needs)
        ]
    for purpose, given in consent.items():
        said = pgettext("smartpd", "allowed") if given else pgettext("smartpd", "refused")
        rows.append(
            [pgettext("smartpd", "Consent"), purpose, str(_PURPOSES.get(purpose, purpose)), *[None] * 5, said, None]
        )
    return rows
