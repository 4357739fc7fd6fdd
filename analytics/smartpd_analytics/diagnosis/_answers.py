"""The answers of one learner to an instrument: all in their one spelling, and those that may leave."""

from __future__ import annotations

from collections.abc import Mapping

from ..data import Instrument
from ..data.answers import spelling
from ..errors import AnswerError

__all__ = ["check_answers", "public_answers"]


def check_answers(instrument: Instrument, answers: Mapping[str, object]) -> dict[str, str]:
    """Each answer (item id -> answer, see ``Item``) in its one spelling.

    Raises:
        AnswerError: an answer is to an item that is not asked, or is no answer to its item; it says why.
    """
    items = {item.id: item for item in instrument.items}
    checked: dict[str, str] = {}
    for item_id, answer in answers.items():
        if item_id not in items:
            raise AnswerError(item_id, answer, problem="unknown_item", accepted=tuple(items))
        spelt = spelling(items[item_id], answer)
        if not isinstance(spelt, str):
            raise AnswerError(item_id, spelt.given, problem=spelt.problem, accepted=spelt.accepted)
        checked[item_id] = spelt
    return checked


def public_answers(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    """``answers`` without those in the learner's own words: what may go into events, logs and exports."""
    private = {item.id for item in instrument.all_items if item.private}
    return {item_id: answer for item_id, answer in answers.items() if item_id not in private}
