"""What the templates get: the questions, the result and the course team's summary, all in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any

from smartpd_analytics.api import DiagnosisScore, Framework, Instrument, answering_cautions, say, say_day

from ._attempt import Attempt, score_of, usable_answers
from ._comparison import AreaChange, Comparison
from ._questionnaire import answer_words, decimal_mark
from ._questions import ItemView, Questions, item_view, questions
from ._result import AreaRow, Result, result
from ._targets import Targets
from ._words import COUNTED_WORDS, PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "Speaker",
    "adaptive_screen",
    "author_screen",
    "comparison_screen",
    "next_steps_screen",
    "question_screen",
    "result_screen",
    "result_table",
]


def _english(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the phrases of the screens in one language.

    Args:
        gettext: msgid to words.
        lang: language of the words that the instrument itself carries.
        ngettext: msgids of one and of many, and how many, to words.
    """

    gettext: Callable[[str], str]
    lang: str
    ngettext: Callable[[str, str, int], str] = _english

    def word(self, name: str, **values: object) -> str:
        """One phrase with its values."""
        return self.gettext(SCREEN_WORDS[name]).format(**values)

    def counted(self, name: str, number: float, **values: object) -> str:
        """One phrase with ``number`` in it, ``{number}``, and other values."""
        # In Russian a broken number takes the form of two: 2,5 часа.
        form = int(number) if number == int(number) else 2
        said = decimal_mark(f"{number:g}", self.lang)
        return self.ngettext(*COUNTED_WORDS[name], form).format(number=said, **values)

    def day(self, moment: str) -> str:
        """The day of a moment in ISO 8601; ``""`` for none."""
        return say_day(date.fromisoformat(moment[:10]), self.lang) if moment else ""

    def plain(self) -> dict[str, str]:
        """The phrases that have no values, by name."""
        return {name: self.gettext(words) for name, words in SCREEN_WORDS.items() if "{" not in words}

    def script(self) -> dict[str, str]:
        """The phrases of the script; their values are filled there."""
        return {name: self.gettext(words) for name, words in SCRIPT_WORDS.items()}


def question_screen(
    attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker, *, most: int = 0
) -> dict[str, Any]:
    """The intro and all steps: ``q`` and the words ``t`` of ``student.html``.

    Of an adaptive test (``most`` questions) there are no steps but, once it is over, the questions that were asked.
    """
    count = speaker.word("count", total=sum(item.required for item in instrument.items))
    minutes = instrument.minutes
    if most:
        count = speaker.word("adaptive_count", total=most)
        minutes = max(1, round(minutes * most / len(instrument.items)))
        asked = attempt.asked if attempt.completed else ()
        instrument = replace(instrument, items=tuple(item for item in instrument.items if item.id in asked))
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
        "purpose": speaker.word("purpose" if framework.levels else "purpose_survey"),
        "count": count,
        "minutes": speaker.word("minutes", minutes=minutes),
        "answered": speaker.word("answered", answered=view.answered, total=view.total),
        "left": _left(attempt, view, speaker, minutes=minutes, most=most),
    }
    return {
        "t": words,
        "q": view,
        "steps": [(labels[step.number], step, _hinted(step.items, instrument, speaker)) for step in view.steps],
        "levels": named,
        "guess": attempt.guess,
        "minutes": minutes,
    }


def _left(attempt: Attempt, view: Questions, speaker: Speaker, *, minutes: int, most: int) -> str:
    """How far an attempt is and how long the rest takes, as a share of ``minutes``; ``""`` before the first answer."""
    if most:
        return speaker.word("adaptive_left", answered=len(attempt.answers), most=most) if attempt.answers else ""
    if not view.answered:
        return ""
    if view.answered == view.total:
        return speaker.word("all")
    still = ceil(minutes * (view.total - view.answered) / view.total)
    return speaker.word("left", answered=view.answered, total=view.total, minutes=still)


def adaptive_screen(attempt: Attempt, instrument: Instrument, speaker: Speaker, *, most: int) -> dict[str, Any]:
    """The question at hand for ``adaptive_question.html``."""
    number = len(attempt.asked)
    item = next(item for item in instrument.items if item.id == attempt.asked[-1])
    view = item_view(item, "", number=number, lang=speaker.lang)
    ((shown, hint),) = _hinted([view], instrument, speaker)
    return {
        "t": speaker.plain(),
        "item": shown,
        "hint": hint,
        "label": speaker.word("adaptive_step", number=number, most=most),
    }


def _hinted(items: Iterable[ItemView], instrument: Instrument, speaker: Speaker) -> list[tuple[ItemView, str]]:
    """Each question with a line on how to answer it; ``""`` where the question itself shows it."""
    return [(item, _hint(item, speaker, test=instrument.kind == "knowledge_test")) for item in items]


def _hint(item: ItemView, speaker: Speaker, *, test: bool) -> str:
    if item.kind == "multiple":
        if item.most:
            return "" if item.help else speaker.word("some", most=item.most)
        return speaker.word("several" if test else "several_free")
    if item.kind == "order":
        return speaker.word("order")
    if item.kind == "number" and item.least and item.most:
        return speaker.word("number_range", least=item.least, most=item.most)
    if item.kind == "text" and item.most:
        return speaker.word("text_most", most=item.most)
    return ""


def result_screen(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    speaker: Speaker,
    *,
    target: str,
    targets: Targets | None = None,
    wished: Iterable[str] = (),
    reached: Collection[str] = (),
) -> dict[str, Any]:
    """The result so far of an instrument with levels; ``radar`` is SVG."""
    words = speaker.plain()
    wishes = set(wished)
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    score = score_of(attempt, instrument, framework)
    found = result(
        score,
        instrument,
        framework,
        target=target,
        targets=targets,
        reached=reached,
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
        "caution": words["caution"] if _hasty(attempt, instrument, score) else "",
        "guess_line": _guess(attempt.guess, found, framework, speaker),
        "points_line": _points(attempt, found, speaker),
        "asked_line": speaker.word("adaptive_asked", answered=found.answered) if attempt.asked else "",
        "target_line": speaker.word("target", target=aim, percent=found.target_percent) if aim else "",
        "reached_line": _reached(found, speaker),
        "areas": [_area(row, speaker, adaptive=bool(attempt.asked)) for row in found.areas],
        "gaps": [
            {
                "id": row.competency_id,
                "reached": row.competency_id in reached,
                "wished": area_of.get(row.competency_id) in wishes,
                "title": row.title,
                "area": row.area,
                "text": speaker.word("gap", percent=row.percent, gap=row.gap),
            }
            for row in found.gaps
        ],
    }


def _hasty(attempt: Attempt, instrument: Instrument, score: DiagnosisScore) -> bool:
    """Whether a finished self-assessment looks as if it was answered without reading."""
    if instrument.kind != "self_assessment" or not attempt.completed:
        return False
    took = datetime.fromisoformat(attempt.completed) - datetime.fromisoformat(attempt.started)
    return bool(answering_cautions(score.competencies, seconds=took.total_seconds()))


def comparison_screen(found: Comparison, framework: Framework, speaker: Speaker) -> dict[str, Any]:
    """Before and after for ``result.html``: a sentence, and a row for the whole and for each area."""
    titles = {area.id: say(area.title, speaker.lang) for area in framework.areas}
    rows = [(speaker.word("whole"), found.whole), *((titles.get(row.area_id, row.area_id), row) for row in found.areas)]
    again = found.before.phase == found.after.phase
    return {
        "title": speaker.word("last_time" if again else "comparison"),
        "note": speaker.word("last_time_note") if again else "",
        "before": speaker.word("before", day=speaker.day(found.before.day)),
        "level_line": _level_change(found, framework, speaker),
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


def _level_change(found: Comparison, framework: Framework, speaker: Speaker) -> str:
    if not framework.levels:
        return speaker.word("whole_changed", before=found.whole.before, after=found.whole.after)
    names = {level.id: _level(level.id, say(level.name, speaker.lang)) for level in framework.levels}
    before, after = (names.get(each.level, each.level) or "–" for each in (found.before, found.after))
    return speaker.word("level_change", before=before, after=after)


def result_table(attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker) -> list[list[str]]:
    """A learner's own answers as a table: header, then a row for each item, or for each that an adaptive test asked."""
    areas = {area.id: say(area.title, speaker.lang) for area in framework.areas}
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    given = usable_answers(instrument, attempt.answers)
    # What an answer to a test is worth would tell the key.
    points = instrument.kind == "self_assessment"
    header = [speaker.word("area"), speaker.word("question"), speaker.word("answer")]
    rows = [[*header, speaker.word("area_points")] if points else header]
    for item in instrument.items:
        answer = given.get(item.id, "")
        if attempt.asked and not answer:
            continue
        row = [
            areas.get(area_of.get(item.competency_id, ""), ""),
            say(item.text, speaker.lang),
            answer_words(item, answer, speaker.lang),
        ]
        rows.append([*row, str(item.points_of(answer)) if answer else ""] if points else row)
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
    instrument: Instrument | None,
    framework: Framework | None,
    speaker: Speaker,
    *,
    phase: str,
    target: str,
    most: int = 0,
) -> dict[str, Any]:
    """The settings in sentences and all questions to read, for ``author.html``."""
    facts = [speaker.word("author_phase", phase=speaker.gettext(PHASES.get(phase, phase)))]
    if framework is None or framework.levels:
        facts.append(speaker.word("author_target", target=target))
    view: Questions | None = None
    if instrument is not None and framework is not None:
        view = questions(instrument, framework, {}, last_area="", lang=speaker.lang)
        facts = [
            speaker.word("author_instrument", title=view.title, id=instrument.id, version=instrument.version),
            *facts,
            speaker.word("adaptive_count", total=most) if most else speaker.word("count", total=view.total),
            speaker.word("minutes", minutes=view.minutes),
        ]
    return {"t": speaker.plain(), "facts": facts, "q": view}


def _reached(found: Result, speaker: Speaker) -> str:
    """What is said where the whole has reached the target and single areas have not; ``""`` elsewhere."""
    if not found.complete or found.percent is None or found.target_percent is None:
        return ""
    below = sum(bool(area.gap) for area in found.areas)
    return speaker.word("reached_below", count=below) if below and found.percent >= found.target_percent else ""


def _points(attempt: Attempt, found: Result, speaker: Speaker) -> str:
    if attempt.asked and found.range:
        low, high = found.range
        return speaker.word("adaptive_share", percent=found.percent, low=low, high=high)
    if found.complete:
        return speaker.word("points", points=found.points, max_points=found.max_points, percent=found.percent)
    return speaker.word("answered", answered=found.answered, total=found.total)


def _area(row: AreaRow, speaker: Speaker, *, adaptive: bool) -> dict[str, Any]:
    done = row.answered == row.total
    gap = speaker.word("to_go", gap=row.gap) if row.gap else speaker.word("reached")
    if done and adaptive:
        # Points of whatever questions came up say little; the share allows for how hard they were.
        points = str(row.answered)
    elif done:
        points = speaker.word("of", points=row.points, max_points=row.max_points)
    else:
        points = speaker.word("open_area", points=row.points, answered=row.answered, total=row.total)
        # Less than half an area says neither a level nor whether the target is reached.
        gap = gap if row.level else "–"
    return {
        "title": row.title,
        "points": points,
        "percent": row.percent,
        "level": _level(row.level, row.level_name) or "–",
        "gap": gap,
        # Beside "reached" the words "to the target" would make no sense.
        "to_go": bool(row.level and row.gap),
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
