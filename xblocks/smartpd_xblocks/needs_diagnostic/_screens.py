"""What the templates get: the questions, the result and the course team's summary, all in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from smartpd_analytics.api import Framework, Instrument, say, score_answers

from ._attempt import Attempt, usable_answers
from ._questions import Questions, questions
from ._result import AreaRow, result
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = ["Speaker", "author_screen", "next_steps_screen", "question_screen", "result_screen"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the phrases of the screens in one language.

    Args:
        gettext: msgid to words.
        lang: language of the words that the instrument itself carries.
    """

    gettext: Callable[[str], str]
    lang: str

    def word(self, name: str, **values: object) -> str:
        """One phrase with its values."""
        return self.gettext(SCREEN_WORDS[name]).format(**values)

    def plain(self) -> dict[str, str]:
        """The phrases that have no values, by name."""
        return {name: self.gettext(words) for name, words in SCREEN_WORDS.items() if "{" not in words}

    def script(self) -> dict[str, str]:
        """The phrases of the script; their values are filled there."""
        return {name: self.gettext(words) for name, words in SCRIPT_WORDS.items()}


def question_screen(attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker) -> dict[str, Any]:
    """The intro and all steps: ``q`` and the words ``t`` of ``student.html``."""
    view = questions(
        instrument,
        framework,
        usable_answers(instrument, attempt.answers),
        last_area=attempt.area,
        lang=speaker.lang,
    )
    labels = {s.number: speaker.word("step", number=s.number, steps=len(view.steps)) for s in view.steps}
    words = {
        **speaker.plain(),
        "count": speaker.word("count", total=view.total),
        "minutes": speaker.word("minutes", minutes=view.minutes),
        "answered": speaker.word("answered", answered=view.answered, total=view.total),
    }
    return {"t": words, "q": view, "steps": [(labels[step.number], step) for step in view.steps]}


def result_screen(
    attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker, *, target: str
) -> dict[str, Any]:
    """The result so far for ``result.html``; ``radar`` is SVG."""
    words = speaker.plain()
    found = result(
        score_answers(instrument, framework, usable_answers(instrument, attempt.answers)),
        instrument,
        framework,
        target=target,
        lang=speaker.lang,
        radar_title=words["picture"],
        radar_description=words["picture_text"],
    )
    level = _level(found.level, found.level_name)
    aim = _level(found.target, found.target_name)
    return {
        "t": words,
        "heading": words["result"] if found.complete else words["result_so_far"],
        "finished": bool(attempt.completed),
        "r": found,
        "radar": found.radar,
        "level_line": speaker.word("level", level=level) if level else words["level_open"],
        "points_line": speaker.word("points", points=found.points, max_points=found.max_points, percent=found.percent)
        if found.complete
        else speaker.word("answered", answered=found.answered, total=found.total),
        "target_line": speaker.word("target", target=aim, percent=found.target_percent) if aim else "",
        "areas": [_area(row, speaker) for row in found.areas],
        "gaps": [
            {
                "title": row.title,
                "area": row.area,
                "text": speaker.word("gap", percent=row.percent, gap=row.gap),
            }
            for row in found.gaps
        ],
    }


def next_steps_screen(actions: Iterable[Any], speaker: Speaker) -> list[dict[str, str]]:
    """The plugin's recommended actions, with their reasons in the speaker's language."""
    return [
        {
            "title": say(action.title, speaker.lang),
            "reason": say(action.reason, speaker.lang),
            "minutes": speaker.word("action_minutes", minutes=action.minutes),
            "link": action.link,
            "first": speaker.word("action_first", title=say(action.first_title, speaker.lang)) if action.first else "",
        }
        for action in actions
    ]


def author_screen(
    instrument: Instrument | None, framework: Framework | None, speaker: Speaker, *, phase: str, target: str
) -> dict[str, Any]:
    """The settings in sentences and all questions to read, for ``author.html``."""
    facts = [
        speaker.word("author_phase", phase=speaker.gettext(PHASES.get(phase, phase))),
        speaker.word("author_target", target=target),
    ]
    view: Questions | None = None
    if instrument is not None and framework is not None:
        view = questions(instrument, framework, {}, last_area="", lang=speaker.lang)
        facts = [
            speaker.word("author_instrument", title=view.title, id=instrument.id, version=instrument.version),
            *facts,
            speaker.word("count", total=view.total),
            speaker.word("minutes", minutes=view.minutes),
        ]
    return {"t": speaker.plain(), "facts": facts, "q": view}


def _area(row: AreaRow, speaker: Speaker) -> dict[str, Any]:
    done = row.answered == row.total
    if done:
        points = speaker.word("of", points=row.points, max_points=row.max_points)
        gap = speaker.word("to_go", gap=row.gap) if row.gap else speaker.word("reached")
    else:
        # Half an area says neither how many points it will bring nor whether the target is reached.
        points = speaker.word("open_area", points=row.points, answered=row.answered, total=row.total)
        gap = "–"
    return {
        "title": row.title,
        "points": points,
        "percent": row.percent,
        "level": _level(row.level, row.level_name) or "–",
        "gap": gap,
    }


def _level(level_id: str, name: str) -> str:
    return f"{level_id} ({name})" if level_id and name else level_id
