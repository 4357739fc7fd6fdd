"""What the course team sees of a class in the block, and what it may do to one learner's attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smartpd_analytics.api import BarRow, MeanRow, bars_svg, means_svg, say, say_day, whole_percent

from ..messages import Message
from ..messages import mark as _
from ._attempt import Refusal
from ._screens import Speaker
from ._words import PHASES

__all__ = [
    "STATE_FIELDS",
    "TEAM_WORDS",
    "attempts_gone",
    "learners_screen",
    "reopened",
    "reset",
    "team_notice",
    "team_screen",
    "team_words",
]

_Z95 = 1.96
_FEW = 5
_SHOWN_NEEDS = 3

#: Words of the panel, by the name under which a template or the script uses them.
TEAM_WORDS: dict[str, str] = {
    "team": _("For the course team"),
    "loading": _("Loading…"),
    "failed": _("That did not work. Check your connection and try again."),
    "no_plugin": _("The results of the class need the SmartPD plugin, which is not installed on this site."),
    "nobody": _("Nobody has answered here yet. The results appear with the first answers."),
    "nobody_finished": _(
        "Nobody has finished yet. The results appear with the first learner who answers every question."
    ),
    "few": _("Fewer than five learners have finished: these figures say much about single learners."),
    "started": _("Started: {count}"),
    "finished": _("Finished: {count}"),
    "mean": _("Mean: {percent}%"),
    "target": _("Target: {level}"),
    "levels": _("Learners at each level"),
    "areas": _("Means of the areas, with the range in which they probably lie"),
    "needs": _("What the class needs most"),
    "need": _("mean {percent}%, to the target {gap}%"),
    "all_results": _("Results of the class, questions and tables"),
    "one_learner": _("One learner"),
    "find": _("Find by username or name"),
    "search": _("Find"),
    "found": _("Learners who have answered here: {count}"),
    "found_some": _("Learners who have answered here: {count}. The first {shown} are shown; search for others."),
    "found_none": _("Nobody of this name has answered here."),
    "learner": _("Learner"),
    "answered": _("Answered"),
    "answered_of": _("{answered} of {total}"),
    "level": _("Level"),
    "last": _("Last answer"),
    "too_fast": _("not reliable: answered too fast"),
    "all_same": _("uncertain: all answers are the same"),
    "act": _("What to do"),
    "private": _("does not show results to the course team"),
    "reopen": _("Let them go on"),
    "goes_on": _("has not finished and can go on"),
    "test_over": _("a finished adaptive test cannot go on, only start again"),
    "nothing_there": _("nothing is stored in the block, so there is nothing to reset"),
    "no_way": _("This site has no way to change a learner’s attempt."),
    "reset": _("Reset…"),
    "reset_sure": _(
        "All answers of {name} in this questionnaire are deleted, earlier attempts and points too. "
        "This cannot be undone."
    ),
    "reset_yes": _("Delete the answers"),
    "cancel": _("Cancel"),
    "was_reset": _("The answers of {name} are deleted. They can start again and are told so."),
    "was_reopened": _("{name} can change the answers and finish again, and is told so."),
    "notice_reset": _(
        "The course team has reset this questionnaire on {day}. Your earlier answers are deleted; please answer again."
    ),
    "notice_reopen": _(
        "The course team has reopened this questionnaire for you on {day}. "
        "Your answers are kept: change what you like and finish again."
    ),
}
#: Those that the script says.
_SCRIPT = ("loading", "failed")


def team_words(speaker: Speaker) -> dict[str, str]:
    """The words of the panel's script."""
    return {name: _said(speaker, name) for name in _SCRIPT}


def _said(speaker: Speaker, word: str, /, **values: object) -> str:
    return speaker.gettext(TEAM_WORDS[word]).format(**values)


def _plain(speaker: Speaker) -> dict[str, str]:
    return {name: speaker.gettext(words) for name, words in TEAM_WORDS.items() if "{" not in words}


# --- the class ----------------------------------------------------------------------------------


def team_screen(results: Sequence[Any], speaker: Speaker, *, target: str, link: str) -> dict[str, Any]:
    """What ``team.html`` gets.

    Args:
        results: of this block, as the plugin's ``class_results`` gives them.
        target: id of the level to reach.
        link: address of the class's page.
    """
    several = len(results) > 1
    return {
        "w": _plain(speaker),
        "link": link,
        "results": [_result(each, speaker, target, several=several) for each in results],
    }


def _result(found: Any, speaker: Speaker, target: str, *, several: bool) -> dict[str, Any]:
    facts = [_said(speaker, "started", count=found.begun), _said(speaker, "finished", count=found.finished)]
    if found.mean is not None:
        facts.append(_said(speaker, "mean", percent=whole_percent(found.mean)))
    phase = speaker.gettext(PHASES.get(found.phase, found.phase))
    return {
        "heading": f"{phase}, {found.instrument_id} {found.instrument_version}" if several else "",
        "facts": facts,
        "finished": found.finished,
        "few": 0 < found.finished < _FEW,
        "levels": _levels(found.levels, speaker, target),
        "areas": _areas(found, speaker),
        "needs": [
            {
                "title": say(need.title, speaker.lang),
                "text": _said(speaker, "need", percent=whole_percent(need.mean), gap=whole_percent(need.gap)),
            }
            for need in found.needs[:_SHOWN_NEEDS]
            if need.gap > 0
        ],
    }


def _levels(levels: Sequence[tuple[str, int]], speaker: Speaker, target: str) -> str:
    if not levels:
        return ""
    names = [level for level, _count in levels]
    return bars_svg(
        [BarRow(level, count, str(count)) for level, count in levels],
        title=_said(speaker, "levels"),
        description="; ".join(f"{level}: {count}" for level, count in levels),
        mark=names.index(target) if target in names else None,
        words=_said(speaker, "target", level=target),
    )


def _areas(found: Any, speaker: Speaker) -> str:
    if not found.areas:
        return ""
    rows = []
    for area in found.areas:
        half = None if area.error is None else _Z95 * area.error
        ends = (None, None) if half is None else (max(0.0, area.mean - half), min(1.0, area.mean + half))
        rows.append(MeanRow(say(area.title, speaker.lang), area.mean, *ends))
    return means_svg(
        rows,
        title=_said(speaker, "areas"),
        description="; ".join(f"{row.label}: {whole_percent(row.mean)}%" for row in rows),
    )


# --- one learner --------------------------------------------------------------------------------


def learners_screen(learners: Iterable[Any], total: int, speaker: Speaker, *, searched: bool) -> dict[str, Any]:
    """What ``team_learners.html`` gets: ``learners`` as the plugin's ``learners_of_block`` gives them."""
    rows = [
        {
            "username": each.username,
            "name": each.full_name or each.username,
            "private": each.private,
            "answered": _said(speaker, "answered_of", answered=each.answered, total=each.total),
            **_possible(each.state, speaker),
            "level": each.level or "–",
            "doubt": _doubt(each.cautions, speaker),
            "day": say_day(each.modified.date(), speaker.lang),
            "sure": _said(speaker, "reset_sure", name=each.full_name or each.username),
        }
        for each in learners
    ]
    if len(rows) < total:
        heading = _said(speaker, "found_some", count=total, shown=len(rows))
    else:
        heading = _said(speaker, "found", count=total)
    if not rows:
        heading = _said(speaker, "found_none" if searched else "nobody")
    return {"w": _plain(speaker), "heading": heading, "rows": rows}


def _doubt(cautions: Sequence[str], speaker: Speaker) -> str:
    """Why a level may not be right, in the words of the course team's other pages."""
    if "very_fast" in cautions:
        return _said(speaker, "too_fast")
    return _said(speaker, "all_same") if cautions else ""


#: Fields of a learner's state that say what can be done to it.
STATE_FIELDS = ("answers", "asked", "earlier", "guess", "completed_at")


def _possible(state: Mapping[str, Any] | None, speaker: Speaker) -> dict[str, Any]:
    """Which acts would be carried out, and why not the others."""
    if state is None:
        return {"reopen": False, "reset": False, "why": [_said(speaker, "no_way")]}
    can_reset = any(state.get(name) for name in STATE_FIELDS)
    can_reopen = bool(state.get("completed_at")) and not state.get("asked")
    why = []
    if not can_reset:
        why.append("nothing_there")
    elif not can_reopen:
        why.append("test_over" if state.get("completed_at") else "goes_on")
    return {"reopen": can_reopen, "reset": can_reset, "why": [_said(speaker, each) for each in why]}


def attempts_gone(state: Mapping[str, Any]) -> int:
    """How many attempts a learner had before the last reset: they go on being counted, so that no page is mistaken."""
    act = state.get("team_act") or {}
    return int(act.get("gone", 0))


def reset(state: Mapping[str, Any], *, now: str) -> dict[str, Any]:
    """What is stored in place of a learner's state once it is deleted.

    Raises:
        Refusal: there is nothing to delete (409).
    """
    if not any(state.get(name) for name in STATE_FIELDS):
        raise Refusal(409, Message(_("There are no answers of this learner here, so nothing was changed.")))
    return {"team_act": {"act": "reset", "at": now, "gone": attempts_gone(state) + len(state.get("earlier") or ()) + 1}}


def reopened(state: Mapping[str, Any], *, now: str) -> dict[str, Any]:
    """What is laid over a finished learner's state so that they can go on.

    Raises:
        Refusal: the learner has not finished, or has finished an adaptive test, which cannot go on (409).
    """
    if not state.get("completed_at"):
        words = _("This learner has not finished, so there is nothing to reopen: they can go on already.")
        raise Refusal(409, Message(words))
    if state.get("asked"):
        # Its questions followed from the answers, and it knows enough: it would be over again at once.
        words = _("A finished adaptive test cannot be reopened. Reset it, and the learner can start again.")
        raise Refusal(409, Message(words))
    return {"completed_at": "", "team_act": {"act": "reopen", "at": now, "gone": attempts_gone(state)}}


def team_notice(act: Mapping[str, Any], speaker: Speaker, *, finished: bool) -> str:
    """What a learner is told of an act of the course team, until they have finished again."""
    if finished or act.get("act") not in ("reset", "reopen"):
        return ""
    return _said(speaker, f"notice_{act['act']}", day=speaker.day(str(act.get("at", ""))))
