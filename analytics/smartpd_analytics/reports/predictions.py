"""Predictions for people, spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ..data import is_simulated, say
from ..data.prediction import ModelRecord, RiskFactor, RiskPrediction
from .as_csv import safe_cell
from .as_text import TextLine
from .model_card_words import reason_words, share_words
from .words import printable, simulated_words, words_in

__all__ = ["predictions_csv", "predictions_json", "predictions_text", "simulated"]

_FACTORS = 3


def predictions_text(predictions: Sequence[RiskPrediction], record: ModelRecord, lang: str) -> Iterator[TextLine]:
    """A paragraph for each learner, in the given order."""
    _ = words_in(lang).gettext
    if simulated(predictions, record):
        yield TextLine(simulated_words(lang), 0, "note")
    if record.verdict == "rules":
        yield TextLine(_("Rules alone are used, no model."), 0, "note")
        for reason in record.reasons:
            yield TextLine(reason_words(reason, lang), 0, "note")
    course = None
    for each in predictions:
        if each.course_key != course:
            course = each.course_key
            yield TextLine(printable(course), 0, "course")
        yield TextLine(f"{printable(each.learner)} · {each.as_of}", 0, "learner")
        yield TextLine(_risk(each, lang), 2, "")
        if each.level is not None:
            words = _("Expected exit level, if the course is completed: {level} ({low} to {high})")
            yield TextLine(words.format(**_shares(each.level, each.level_low, each.level_high, lang)), 2, "")
        for number, factor in enumerate(each.factors, 1):
            yield TextLine(f"{number}. {printable(say(factor.words, lang))} · {_weight(factor, lang)}", 2, "action")
            yield TextLine(printable(say(factor.action, lang)), 5, "")


def predictions_csv(predictions: Sequence[RiskPrediction], lang: str) -> str:
    """One row for each prediction; shares are 0..1 with four decimals."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    head = [
        "course_key",
        "learner",
        "as_of",
        "probability",
        "low",
        "high",
        "flagged",
        "level",
        "level_low",
        "level_high",
    ]
    for number in range(1, _FACTORS + 1):
        head += [f"factor_{number}", f"factor_{number}_effect", f"factor_{number}_words", f"action_{number}"]
    writer.writerow(head)
    for each in predictions:
        shares = (each.probability, each.low, each.high, each.flagged, each.level, each.level_low, each.level_high)
        row: list[object] = [each.course_key, each.learner, each.as_of, *map(_rounded, shares)]
        for factor in each.factors:
            row += [factor.feature, _rounded(factor.effect), say(factor.words, lang), say(factor.action, lang)]
        row += [None] * (len(head) - len(row))
        # A number below 0 is no formula, and stays a number.
        writer.writerow([value if isinstance(value, float) else safe_cell(value) for value in row])
    return out.getvalue()


def predictions_json(predictions: Sequence[RiskPrediction], record: ModelRecord, lang: str) -> str:
    """One object: whether a model or rules speak, and the predictions with their reasons in ``lang``."""
    rows = []
    for each in predictions:
        row = asdict(each)
        row["factors"] = [
            {**asdict(factor), "words": say(factor.words, lang), "action": say(factor.action, lang)}
            for factor in each.factors
        ]
        rows.append(row)
    content = {
        "verdict": record.verdict,
        "reasons": [reason_words(reason, lang) for reason in record.reasons],
        "simulated": simulated(predictions, record),
        "predictions": rows,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def simulated(predictions: Sequence[RiskPrediction], record: ModelRecord) -> bool:
    """Whether the model learnt from simulated learners, or speaks of them."""
    return record.data.simulated or any(is_simulated(each.course_key) for each in predictions)


def _risk(each: RiskPrediction, lang: str) -> str:
    _ = words_in(lang).gettext
    if each.probability is not None:
        shares = _shares(each.probability, each.low, each.high, lang)
        if each.low is None:
            return _("Risk of not completing: {level}").format(level=shares["level"])
        return _("Risk of not completing: {level} ({low} to {high})").format(**shares)
    if each.flagged is None:
        return _("The rule says nothing: its feature is missing.")
    return _("The rule says: look at this learner.") if each.flagged else _("The rule says: nothing unusual.")


def _weight(factor: RiskFactor, lang: str) -> str:
    words = words_in(lang)
    if factor.effect == 0:
        return words.gettext("the rule")
    points = round(abs(factor.effect) * 100)
    if factor.effect > 0:
        text = words.ngettext("raises the risk by {points} point", "raises the risk by {points} points", points)
    else:
        text = words.ngettext("lowers the risk by {points} point", "lowers the risk by {points} points", points)
    return text.format(points=points)


def _shares(level: float, low: float | None, high: float | None, lang: str) -> dict[str, str | None]:
    return {"level": share_words(level, lang), "low": share_words(low, lang), "high": share_words(high, lang)}


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
