"""What the templates get: the questions, the result and the course team's summary, all in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from smartpd_analytics.api import SEPARATOR, Framework, Instrument, say, score_answers

from ._attempt import Attempt, usable_answers
from ._comparison import AreaChange, Comparison
from ._questions import Questions, questions
from ._result import AreaRow, Result, result
from ._targets import Goals
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "Speaker",
    "author_screen",
    "comparison_screen",
    "next_steps_screen",
    "question_screen",
    "result_screen",
    "result_table",
]


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
    named = [
        {
            "id": level.id,
            "name": _level(level.id, say(level.name, speaker.lang)),
            "text": say(level.description, speaker.lang),
        }
        for level in framework.levels
    ]
    labels = {s.number: speaker.word("step", number=s.number, steps=len(view.steps)) for s in view.steps}
    words = {
        **speaker.plain(),
        "count": speaker.word("count", total=view.total),
        "minutes": speaker.word("minutes", minutes=view.minutes),
        "answered": speaker.word("answered", answered=view.answered, total=view.total),
    }
    return {
        "t": words,
        "q": view,
        "steps": [(labels[step.number], step) for step in view.steps],
        "levels": named,
        "guess": attempt.guess,
    }


def result_screen(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    speaker: Speaker,
    *,
    target: str,
    goals: Goals | None = None,
) -> dict[str, Any]:
    """The result so far for ``result.html``; ``radar`` is SVG."""
    words = speaker.plain()
    found = result(
        score_answers(instrument, framework, usable_answers(instrument, attempt.answers)),
        instrument,
        framework,
        target=target,
        goals=goals,
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
        "band_line": _band(found.band, speaker),
        "guess_line": _guess(attempt.guess, found, framework, speaker),
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


def comparison_screen(found: Comparison, framework: Framework, speaker: Speaker) -> dict[str, Any]:
    """Before and after for ``result.html``: a sentence, and a row for the whole and for each area."""
    titles = {area.id: say(area.title, speaker.lang) for area in framework.areas}
    names = {level.id: _level(level.id, say(level.name, speaker.lang)) for level in framework.levels}
    rows = [(speaker.word("whole"), found.whole), *((titles.get(row.area_id, row.area_id), row) for row in found.areas)]
    again = found.before.phase == found.after.phase
    return {
        "title": speaker.word("last_time" if again else "comparison"),
        "note": speaker.word("last_time_note") if again else "",
        "before": speaker.word("before", day=found.before.day[:10]),
        "level_line": speaker.word(
            "level_change",
            before=names.get(found.before.level, found.before.level) or "–",
            after=names.get(found.after.level, found.after.level) or "–",
        ),
        "most": ""
        if again
        else speaker.word("most", area=titles.get(found.most, found.most))
        if found.most
        else speaker.word("nothing_gained"),
        "rows": [
            {
                "title": title,
                "before": row.before,
                "after": row.after,
                "change": _change(row, speaker),
                "clear": row.clear,
            }
            for title, row in rows
        ],
    }


def result_table(attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker) -> list[list[str]]:
    """A learner's own answers as a table: header, then a row for each item."""
    areas = {area.id: say(area.title, speaker.lang) for area in framework.areas}
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    given = usable_answers(instrument, attempt.answers)
    rows = [[speaker.word("area"), speaker.word("question"), speaker.word("answer"), speaker.word("area_points")]]
    for item in instrument.items:
        answer = given.get(item.id)
        texts = {option.id: say(option.text, speaker.lang) for option in item.options}
        rows.append(
            [
                areas.get(area_of.get(item.competency_id, ""), ""),
                say(item.text, speaker.lang),
                "; ".join(texts[option] for option in answer.split(SEPARATOR)) if answer else "",
                str(item.points_of(answer)) if answer else "",
            ]
        )
    return rows


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


def _band(band: tuple[str, ...], speaker: Speaker) -> str:
    if not band:
        return ""
    if len(band) == 1:
        return speaker.word("band", level=band[0])
    return speaker.word("band_between", low=band[0], high=band[-1])


def _guess(guess: str, found: Result, framework: Framework, speaker: Speaker) -> str:
    order = {level.id: level.index for level in framework.levels}
    if guess not in order or found.level not in order:
        return ""
    name = next(_level(level.id, say(level.name, speaker.lang)) for level in framework.levels if level.id == guess)
    difference = order[guess] - order[found.level]
    word = "guess_higher" if difference > 0 else "guess_lower" if difference < 0 else "guess_same"
    return speaker.word(word, guess=name)


def _change(row: AreaChange, speaker: Speaker) -> str:
    if not row.change:
        return speaker.word("points_same")
    points = speaker.word("points_up" if row.change > 0 else "points_down", change=abs(row.change))
    return speaker.word("clear" if row.clear else "unclear", change=points)


def _level(level_id: str, name: str) -> str:
    return f"{level_id} ({name})" if level_id and name else level_id
