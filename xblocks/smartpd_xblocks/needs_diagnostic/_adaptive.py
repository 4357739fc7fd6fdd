"""An adaptive test: which question comes next, and when it is over. Decision 0011 says how items are chosen.

What was answered has chosen what came after it, so an answer that is given stays, and only the question at hand
can be answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil

from smartpd_analytics.api import AdaptiveSettings, Framework, Instrument, Item, ItemBank, instrument_bank, next_item

from ..messages import Message
from ..messages import mark as _
from ._attempt import Attempt, Change, Refusal, answer, check_page, finish, usable_answers

__all__ = [
    "OTHER_QUESTION",
    "AdaptivePlan",
    "answer_and_go_on",
    "can_adapt",
    "is_adaptive",
    "not_again",
    "pending_item",
    "take_up",
]

#: Why an answer to any but the question at hand is refused.
OTHER_QUESTION = Message(_("Another question is at hand now. Reload the page to go on with it."))
#: Answers before which no test is over, however sure the estimate.
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class AdaptivePlan:
    """At most ``length`` questions; over when the posterior deviation of ability is at most ``error``.

    ``seen`` are items asked before, longest ago first; ``seed`` is of the learner, the block and the attempt.
    """

    length: int
    error: float
    seen: tuple[str, ...] = ()
    seed: int = 0

    @staticmethod
    def seed_of(*parts: object) -> int:
        """A number that is the same for the same parts, in every process."""
        return int.from_bytes(sha256("/".join(map(str, parts)).encode()).digest()[:8], "big")


def can_adapt(instrument: Instrument) -> bool:
    """Whether its items are calibrated, so that the next one can be chosen."""
    return instrument.kind == "knowledge_test" and any(item.parameters is not None for item in instrument.items)


def is_adaptive(attempt: Attempt, instrument: Instrument, *, wanted: bool) -> bool:
    """Whether this attempt goes on, or would begin, as an adaptive one: what has begun stays as it began."""
    return bool(attempt.asked) or (wanted and not attempt.answers and can_adapt(instrument))


def pending_item(attempt: Attempt, instrument: Instrument) -> Item | None:
    """The question at hand; None before the first and after the last."""
    if attempt.completed or not attempt.asked or attempt.asked[-1] in attempt.answers:
        return None
    return next((item for item in instrument.items if item.id == attempt.asked[-1]), None)


def not_again(bank: ItemBank, seen: Sequence[str], length: int) -> frozenset[str]:
    """Which of the items seen before are not to come again, as far as the bank allows.

    Each area keeps as many items as its share of ``length`` needs; those seen longest ago are the first to come back.
    """
    sizes = Counter(item.area_id for item in bank.items)
    areas = {item.item_id: item.area_id for item in bank.items}
    spare = {area: size - ceil(length * size / len(bank.items)) for area, size in sizes.items()}
    kept: set[str] = set()
    # The newest first; of an item seen twice the last time counts.
    for item_id in dict.fromkeys(reversed(seen)):
        area = areas.get(item_id)
        if area is not None and spare[area] > 0:
            spare[area] -= 1
            kept.add(item_id)
    return frozenset(kept)


def take_up(attempt: Attempt, instrument: Instrument, framework: Framework, plan: AdaptivePlan) -> Change:
    """The first question chosen, or the one at hand found again. The same asked again changes nothing."""
    same = Change(attempt, instrument, framework, most=plan.length)
    if attempt.completed or pending_item(attempt, instrument) is not None:
        return same
    asked = _next(attempt, instrument, plan)
    return replace(same, attempt=replace(attempt, asked=(*attempt.asked, asked))) if asked else same


def answer_and_go_on(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    plan: AdaptivePlan,
    *,
    item_id: str,
    option_id: str,
    version: str,
    number: int | None,
    phase: str,
    now: str,
) -> Change:
    """An answer to the question at hand; then the next question, or the end of the test.

    The same answer again changes nothing, so a page that has not heard back may send it again.

    Raises:
        Refusal: no answer to the question, or an unknown question (400); page out of date, another question than the
            one at hand, or another answer to one that is answered (409).
    """
    check_page(attempt, instrument, version, number)
    given = attempt.answers.get(item_id)
    item = next((item for item in instrument.items if item.id == item_id), None)
    if given is not None and item is not None and item.canonical(option_id) == given:
        return Change(attempt, instrument, framework, most=plan.length)
    if given is not None:
        raise Refusal(
            409,
            Message(
                _(
                    "This question is answered already, and the answer has chosen the questions after it. "
                    "It stays as it is. Reload the page to go on."
                )
            ),
        )
    pending = pending_item(attempt, instrument)
    if not attempt.completed and (pending is None or pending.id != item_id):
        raise Refusal(409, OTHER_QUESTION)
    if not option_id:
        raise Refusal(400, Message(_("Choose an answer first.")))
    change = answer(
        attempt,
        instrument,
        framework,
        item_id=item_id,
        option_id=option_id,
        version=version,
        number=number,
        phase=phase,
        now=now,
        most=plan.length,
    )
    asked = _next(change.attempt, instrument, plan)
    if asked:
        return replace(change, attempt=replace(change.attempt, asked=(*change.attempt.asked, asked)))
    over = finish(change.attempt, instrument, framework, version=version, number=number, phase=phase, now=now)
    return replace(over, events=(*change.events, *over.events))


def _next(attempt: Attempt, instrument: Instrument, plan: AdaptivePlan) -> str:
    """The next item's id; ``""`` where the test is over."""
    bank = instrument_bank(instrument)
    items = {item.id: item for item in instrument.items}
    answers = usable_answers(instrument, attempt.answers)
    categories = {each: items[each].category_of(given) for each, given in answers.items()}
    sizes = Counter(item.area_id for item in bank.items)
    length = min(plan.length, len(bank.items))
    settings = AdaptiveSettings(
        error=plan.error,
        min_items=min(_FEWEST, length),
        max_items=length,
        area_shares={area: size / len(bank.items) for area, size in sizes.items() if area},
    )
    seen = [item for item in plan.seen if item not in attempt.asked]
    excluded = not_again(bank, seen, length)
    return next_item(bank, categories, settings, seed=plan.seed, excluded=excluded).item_id
