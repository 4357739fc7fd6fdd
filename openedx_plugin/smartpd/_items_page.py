"""What the page of a class's questions says: how each works, in figures and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from opaque_keys.edx.keys import CourseKey
from smartpd_analytics.api import (
    LEAST_FOR_FLAGS,
    SEPARATOR,
    SMALLEST_GROUP,
    InputError,
    Instrument,
    Item,
    ItemFigures,
    say,
)

from ._class_page import UNTOLD
from ._page import PHASES, percent, words
from .instruments import find_instrument
from .team_data import ClassItemsData, DiagnosisKey, SingleAnswersData

__all__ = ["HINTS", "HINTS_OF_TESTS", "answer_text", "answers_csv", "items_context", "items_csv"]

#: Flag of ``smartpd_analytics.api.ITEM_FLAGS`` -> what it means to a teacher, and what to do.
HINTS: Mapping[str, Any] = {
    "same": gettext_lazy("Everybody gave the same answer: the question separates nobody."),
    "easy": gettext_lazy("Most place themselves at the top here: the question separates little."),
    "hard": gettext_lazy(
        "Most place themselves at the bottom: a need of the whole class, or a question that few understand."
    ),
    "negative": gettext_lazy(
        "Who is higher overall is lower here: check the wording, and whether the scale runs the same way."
    ),
    "weak": gettext_lazy("Answers here go little with the rest: look whether learners understand the question."),
    "lifts_alpha": gettext_lazy("Without this question the result as a whole would be more dependable."),
}
#: The same where answers are right or wrong.
HINTS_OF_TESTS: Mapping[str, Any] = {
    **HINTS,
    "easy": gettext_lazy("Most answer this right: it separates little."),
    "hard": gettext_lazy("Few answer this right: check the key and the wording, and whether the course teaches it."),
    "negative": gettext_lazy("Who does well overall does worse here: check the key and the wording."),
    "weak": gettext_lazy("Right or wrong here says little about the rest: look at the wording."),
    "rival": gettext_lazy(
        "Strong learners prefer a wrong answer to the right one: check the key, and whether both are right."
    ),
    "unused": gettext_lazy("Nobody chooses one of the wrong answers: replace it by a mistake that people really make."),
}
#: Lowest value -> its word; discrimination after Ebel & Frisbie (1991, ch. 13), alpha after Nunnally (1978).
_DISCRIMINATION = (
    (0.4, pgettext_lazy("smartpd separates", "very well")),
    (0.3, pgettext_lazy("smartpd separates", "well")),
    (0.2, pgettext_lazy("smartpd separates", "somewhat")),
    (0.0, pgettext_lazy("smartpd separates", "little")),
    (-1.0, pgettext_lazy("smartpd separates", "the wrong way")),
)
_ALPHA = (
    (0.8, gettext_lazy("good: differences between learners can be trusted")),
    (0.7, gettext_lazy("enough for the class; read single learners with care")),
    (0.5, gettext_lazy("enough for a rough picture of the class, too low for single learners")),
    (-100.0, gettext_lazy("too low: the answers do not hang together")),
)


def items_context(
    course_key: CourseKey, found: ClassItemsData | None, key: DiagnosisKey, *, whole: bool
) -> dict[str, Any]:
    """The page of one diagnosis; readers who may not see small groups get counts of no options."""
    base = {"phase": str(PHASES.get(key.phase, key.phase)), "version": key.instrument_version, "least": LEAST_FOR_FLAGS}
    if found is None or not found.statistics.learners:
        return {**base, "state": "unknown" if found else "nobody"}
    statistics = found.statistics
    if not whole and statistics.learners < SMALLEST_GROUP:
        return {**base, "state": "too_few"}
    instrument = find_instrument(course_key, key.instrument_id, key.instrument_version)
    asked = {item.id: item for item in instrument.items}
    hints = HINTS_OF_TESTS if instrument.kind == "knowledge_test" else HINTS
    items = [
        _item(number, asked[figures.item_id], figures, hints, whole=whole)
        for number, figures in enumerate(statistics.items, 1)
    ]
    # Of so few learners nothing is judged: the figures change with the next one.
    few = statistics.learners < LEAST_FOR_FLAGS
    for item in items if few else ():
        item["separates"] = ""
    return {
        **base,
        "state": "",
        "learners": statistics.learners,
        "complete": statistics.complete,
        "unknown": found.unknown,
        "few": few,
        "alpha": _figure(statistics.alpha),
        "alpha_words": "" if few else _word(_ALPHA, statistics.alpha),
        "sem": "" if statistics.sem is None else number_format(statistics.sem, 1),
        "most_points": instrument.max_points,
        "is_test": instrument.kind == "knowledge_test",
        "scored": any(item["difficulty"] is not None for item in items),
        "items": items,
        "weak": [item for item in items if item["hints"]],
    }


def _item(number: int, item: Item, figures: ItemFigures, hints: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    texts = {option.id: words(option.text) for option in item.options}
    return {
        "number": number,
        "id": item.id,
        "text": words(item.text),
        "learners": figures.learners,
        "difficulty": percent(figures.difficulty),
        "part": round(figures.difficulty or 0.0, 3),
        "discrimination": _figure(figures.discrimination),
        "separates": _word(_DISCRIMINATION, figures.discrimination),
        "alpha_without": _figure(figures.alpha_without),
        "numbers": [figures.discrimination, figures.alpha_without],
        "hints": [str(hints[flag]) for flag in figures.flags if flag in hints],
        "options": [
            {
                "text": texts[use.option_id],
                "learners": use.learners,
                "percent": percent(use.learners / figures.learners) if figures.learners else 0,
                "part": round(use.learners / figures.learners, 3) if figures.learners else 0,
                "best": use.best,
                "rest": percent(use.rest),
            }
            for use in (figures.options if whole else ())
        ],
    }


def _figure(value: float | None) -> str:
    """Two decimals as the reader writes them; a dash for what is not known."""
    return UNTOLD if value is None else str(number_format(value, 2)).replace("-", "−")


def _word(scale: Iterable[tuple[float, Any]], value: float | None) -> str:
    return "" if value is None else next(str(word) for least, word in scale if value >= least)


# --- tables -------------------------------------------------------------------------------------


def items_csv(
    course_key: CourseKey, found: ClassItemsData | None, key: DiagnosisKey, *, whole: bool
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each question."""
    header = [
        pgettext("smartpd", "Id"),
        pgettext("smartpd", "Question"),
        pgettext("smartpd", "Learners"),
        pgettext("smartpd", "Difficulty, %"),
        pgettext("smartpd", "Discrimination"),
        pgettext("smartpd", "Alpha without it"),
        pgettext("smartpd", "Hints"),
    ]
    page = items_context(course_key, found, key, whole=whole)
    return header, (_items_row(item) for item in page.get("items", ()))


def _items_row(item: Mapping[str, Any]) -> list[Any]:
    numbers = [None if number is None else round(number, 2) for number in item["numbers"]]
    return [item["id"], item["text"], item["learners"], item["difficulty"], *numbers, " ".join(item["hints"])]


def answers_csv(
    course_key: CourseKey, rows: Iterable[SingleAnswersData], key: DiagnosisKey, lang: str
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each answer of each learner.

    The columns have the names that ``smartpd reliability`` and ``smartpd calibrate`` read.
    """
    try:
        instrument: Instrument | None = find_instrument(course_key, key.instrument_id, key.instrument_version)
    except InputError:
        instrument = None
    header = ["learner", "item", "score", "area", "answer", "question", "answer_text", "complete", "date"]
    return header, _answers_rows(rows, instrument, lang)


def _answers_rows(rows: Iterable[SingleAnswersData], instrument: Instrument | None, lang: str) -> Iterator[list[Any]]:
    items = {item.id: item for item in instrument.items} if instrument else {}
    for row in rows:
        # The rows are read while they are sent, when the language of the request may be gone.
        end = [int(row.complete), row.modified.date().isoformat()]
        for item_id, answer in row.answers.items():
            item = items.get(item_id)
            yield [row.username, item_id, *_answer(item, answer, lang), *end]


def _answer(item: Item | None, answer: str, lang: str) -> list[Any]:
    """Score, area, answer, question, answer in words; of an item that is gone the answer alone."""
    given = item.canonical(answer) if item else None
    if item is None or given is None:
        return [None, "", answer, "", ""]
    score = item.points_of(given) if item.max_points else None
    return [score, item.area_id, given, say(item.text, lang), answer_text(item, given, lang)]


def answer_text(item: Item, given: str, lang: str) -> str:
    """An answer in the words of its options; a number or a text of one's own has none."""
    chosen = set(given.split(SEPARATOR))
    return "; ".join(say(option.text, lang) for option in item.options if option.id in chosen)
