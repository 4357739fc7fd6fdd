"""What the page of a class's questions says: how each works, in figures and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from smartpd_analytics.api import (
    LEAST_FOR_FLAGS,
    SMALLEST_GROUP,
    InputError,
    Instrument,
    Item,
    ItemFigures,
    load_instrument,
    say,
)

from ._class_page import UNTOLD
from ._page import PHASES, percent, words
from .team_data import ClassItemsData, DiagnosisKey, SingleAnswersData

__all__ = ["HINTS", "HINTS_OF_TESTS", "answers_csv", "items_context", "items_csv"]

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


def items_context(found: ClassItemsData | None, key: DiagnosisKey, *, whole: bool) -> dict[str, Any]:
    """The page of one diagnosis; readers who may not see small groups get counts of no options."""
    base = {"phase": str(PHASES.get(key.phase, key.phase)), "version": key.instrument_version, "least": LEAST_FOR_FLAGS}
    if found is None or not found.statistics.learners:
        return {**base, "state": "unknown" if found else "nobody"}
    statistics = found.statistics
    if not whole and statistics.learners < SMALLEST_GROUP:
        return {**base, "state": "too_few"}
    instrument = load_instrument(key.instrument_id, key.instrument_version)
    asked = {item.id: item for item in instrument.items}
    hints = HINTS_OF_TESTS if instrument.kind == "knowledge_test" else HINTS
    items = [
        _item(number, asked[figures.item_id], figures, hints, whole=whole)
        for number, figures in enumerate(statistics.items, 1)
    ]
    return {
        **base,
        "state": "",
        "learners": statistics.learners,
        "complete": statistics.complete,
        "unknown": found.unknown,
        "few": statistics.learners < LEAST_FOR_FLAGS,
        "alpha": UNTOLD if statistics.alpha is None else f"{statistics.alpha:.2f}",
        "alpha_words": _word(_ALPHA, statistics.alpha),
        "sem": "" if statistics.sem is None else f"{statistics.sem:.1f}",
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
        "discrimination": UNTOLD if figures.discrimination is None else _signed(figures.discrimination),
        "separates": _word(_DISCRIMINATION, figures.discrimination),
        "alpha_without": UNTOLD if figures.alpha_without is None else f"{figures.alpha_without:.2f}",
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


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _word(scale: Iterable[tuple[float, Any]], value: float | None) -> str:
    return "" if value is None else next(str(word) for least, word in scale if value >= least)


# --- tables -------------------------------------------------------------------------------------


def items_csv(found: ClassItemsData | None, key: DiagnosisKey, *, whole: bool) -> tuple[list[str], Iterator[list[Any]]]:
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
    page = items_context(found, key, whole=whole)
    return header, (_items_row(item) for item in page.get("items", ()))


def _items_row(item: Mapping[str, Any]) -> list[Any]:
    figures = [item["difficulty"], item["discrimination"].replace("−", "-"), item["alpha_without"]]
    told = [None if figure == UNTOLD else figure for figure in figures]
    return [item["id"], item["text"], item["learners"], told[0], *map(_number, told[1:]), " ".join(item["hints"])]


def _number(figure: str | None) -> float | None:
    return None if figure is None else float(figure)


def answers_csv(
    rows: Iterable[SingleAnswersData], key: DiagnosisKey, lang: str
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and a row for each answer of each learner.

    The columns have the names that ``smartpd reliability`` and ``smartpd calibrate`` read.
    """
    try:
        instrument: Instrument | None = load_instrument(key.instrument_id, key.instrument_version)
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
    chosen = set(given.split("+"))
    text = "; ".join(say(option.text, lang) for option in item.options if option.id in chosen)
    score = item.points_of(given) if item.max_points else None
    return [score, item.area_id, given, say(item.text, lang), text]
