"""One learner's way through an instrument.

An attempt belongs to one instrument in one version. It grows answer by answer until the learner
finishes it; after that it does not change, and starting again makes the next attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from smartpd_analytics.api import (
    SEPARATOR,
    DiagnosisScore,
    Framework,
    Instrument,
    Item,
    instrument_bank,
    score_ability,
    score_answers,
)

from ..messages import Message
from ..messages import mark as _

__all__ = [
    "Attempt",
    "Change",
    "Progress",
    "Refusal",
    "answer",
    "archived",
    "attempt_on",
    "check_page",
    "finish",
    "guess",
    "progress_of",
    "score_of",
    "usable_answers",
]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a learner has answered. Times are ISO 8601 in UTC, ``""`` while it has not happened.

    ``number`` counts from 1; ``area`` is the area of the last answer; ``guess`` the level that the learner
    expected before the first answer, or ``""``. ``asked`` are the items of an adaptive test in their order, the one
    at hand last; empty for an instrument that is asked as a whole.
    """

    instrument_id: str = ""
    version: str = ""
    number: int = 1
    answers: Mapping[str, str] = field(default_factory=dict)
    started: str = ""
    completed: str = ""
    area: str = ""
    guess: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions are answered, of how many: those of the score, without scoring anything."""

    answered: int
    total: int

    @property
    def complete(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True)
class Change:
    """The attempt after a step of the learner, and the events to publish, in order.

    No events and the same attempt mean that nothing has changed: there is nothing to save. ``most`` are the questions
    of an adaptive test at most.
    """

    attempt: Attempt
    instrument: Instrument
    framework: Framework
    events: tuple[tuple[str, dict[str, Any]], ...] = ()
    most: int = 0
    #: ``progress``, where it is known already.
    counted: Progress | None = None

    @cached_property
    def score(self) -> DiagnosisScore:
        """The score so far, worked out once it is asked for: between two answers nobody does."""
        return score_of(self.attempt, self.instrument, self.framework, most=self.most)

    @cached_property
    def progress(self) -> Progress:
        return self.counted or progress_of(self.attempt, self.instrument, most=self.most)


class Refusal(Exception):
    """A step that cannot be taken; all earlier answers stay as they are.

    Args:
        status: 400 what was sent cannot be used; 409 the page is out of date.
        message: what to tell the learner.
    """

    def __init__(self, status: int, message: Message) -> None:
        self.status = status
        self.message = message
        super().__init__(str(message))


def attempt_on(stored: Attempt, instrument: Instrument) -> Attempt:
    """``stored`` where it belongs to ``instrument``, else the empty attempt that comes after it."""
    if (stored.instrument_id, stored.version) == (instrument.id, instrument.version):
        return stored
    number = stored.number + 1 if stored.answers or stored.asked else stored.number
    return Attempt(instrument_id=instrument.id, version=instrument.version, number=number)


def archived(attempt: Attempt) -> dict[str, Any]:
    """An attempt as it is kept among the earlier ones; JSON."""
    return {
        "instrument": attempt.instrument_id,
        "version": attempt.version,
        "number": attempt.number,
        "answers": dict(attempt.answers),
        "started": attempt.started,
        "completed": attempt.completed,
        "guess": attempt.guess,
        **({"asked": list(attempt.asked)} if attempt.asked else {}),
    }


def usable_answers(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that the instrument has, in its order."""
    found = ((item.id, item.canonical(answers.get(item.id))) for item in instrument.items)
    return {item_id: answer for item_id, answer in found if answer is not None}


def score_of(attempt: Attempt, instrument: Instrument, framework: Framework, *, most: int = 0) -> DiagnosisScore:
    """The score so far. Of an adaptive test that goes on it has no level yet, and ``total`` is ``most`` questions."""
    known = usable_answers(instrument, attempt.answers)
    if not attempt.asked:
        return score_answers(instrument, framework, known)
    goes_on = 0 if attempt.completed else max(most, 1)
    return score_ability(instrument, framework, known, bank=instrument_bank(instrument), most=goes_on)


def progress_of(attempt: Attempt, instrument: Instrument, *, most: int = 0) -> Progress:
    """``answered`` and ``total`` of ``score_of``."""
    known = usable_answers(instrument, attempt.answers)
    if not attempt.asked:
        return Progress(len(known), sum(item.required or item.id in known for item in instrument.items))
    return Progress(len(known), len(known) if attempt.completed else max(most, len(known) + 1))


def check_page(attempt: Attempt, instrument: Instrument, version: str, number: int | None) -> None:
    """Refuses what a page says that shows another version or another attempt.

    Raises:
        Refusal: page out of date (409).
    """
    if version != instrument.version:
        raise Refusal(
            409,
            Message(
                _(
                    "The questionnaire has changed since you opened this page, so this answer was not saved. "
                    "Your earlier answers are kept. Reload the page to go on."
                )
            ),
        )
    if number is not None and number != attempt.number:
        raise Refusal(
            409,
            Message(
                _(
                    "This questionnaire was started again since you opened this page, on another page or by your "
                    "course team, so this answer was not saved. Reload the page to go on."
                )
            ),
        )


def answer(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    *,
    item_id: str,
    option_id: str,
    version: str,
    number: int | None,
    phase: str,
    now: str,
    most: int = 0,
) -> Change:
    """One answer given, or by ``""`` taken back. The same again changes nothing.

    Args:
        attempt: as ``attempt_on`` gives it.
        item_id, option_id: what was chosen, as ``Item`` spells answers; where one can leave
            it empty, ``""`` for nothing any more.
        version, number: the instrument's version and the attempt that the learner's page shows
            (``number`` None where the page did not say).
        phase: ``entry``, ``interim`` or ``exit``, for the events.
        now: ISO 8601 in UTC.
        most: questions of an adaptive test, at most.

    Raises:
        Refusal: unknown item or option (400); page out of date, or attempt finished (409).
    """
    check_page(attempt, instrument, version, number)
    if attempt.completed:
        raise Refusal(
            409,
            Message(_("You have finished this questionnaire. To answer differently, choose “Answer again”.")),
        )
    item = next((item for item in instrument.items if item.id == item_id), None)
    if item is None:
        raise Refusal(
            400,
            Message(
                _(
                    "This questionnaire has no question “{item}”, so nothing was saved. "
                    "Your earlier answers are kept. Reload the page to go on."
                ),
                {"item": item_id[:40]},
            ),
        )
    taken_back = not option_id and item.kind in ("multiple", "number", "text")
    given = "" if taken_back else item.canonical(option_id)
    if given is None:
        raise Refusal(400, _no_answer(item, option_id))
    if attempt.answers.get(item_id, "") == given:
        return Change(attempt, instrument, framework, most=most)
    answers = {**attempt.answers, item_id: given}
    if not given:
        del answers[item_id]
    area = next((c.area_id for c in framework.competencies if c.id == item.competency_id), "")
    changed = replace(attempt, answers=answers, started=attempt.started or now, area=area)
    progress = progress_of(changed, instrument, most=most)
    base = {"instrument": instrument.id, "version": instrument.version, "phase": phase}
    events: list[tuple[str, dict[str, Any]]] = []
    if not attempt.started:
        events.append(("smartpd.diagnosis.started", {**base, "total": progress.total}))
    events.append(
        (
            "smartpd.diagnosis.answered",
            {
                **base,
                "item": item.id,
                "competency": item.competency_id,
                # Nobody's own words go into a log.
                "option": "" if item.private else given,
                "points": item.points_of(given) if given else 0,
                "answered": progress.answered,
                "total": progress.total,
            },
        )
    )
    return Change(changed, instrument, framework, tuple(events), most, progress)


def _no_answer(item: Item, given: str) -> Message:
    """Why something is no answer, with what is accepted; the learner's own words are not repeated."""
    if item.kind == "number":
        return Message(
            _("This is no answer here: give a number from {least} to {most}. It was not saved."),
            {"least": f"{item.least or 0:g}", "most": "…" if item.most is None else f"{item.most:g}"},
        )
    if item.kind == "text":
        return Message(
            _("This text is too long, so it was not saved (accepted: at most {most} characters)."),
            {"most": int(item.most or 2000)},
        )
    if item.kind == "multiple" and set(given.split(SEPARATOR)) <= {option.id for option in item.options}:
        return Message(
            _("Choose {least} to {most} of these answers. What you have chosen now was not saved."),
            {"least": int(item.least or 1), "most": int(item.most or len(item.options))},
        )
    return Message(
        _(
            "This question has no answer “{option}” (it has: {accepted}), so nothing was saved. "
            "Your earlier answers are kept."
        ),
        {"option": given[:40], "accepted": ", ".join(option.id for option in item.options)},
    )


def guess(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    *,
    level: str,
    version: str,
    number: int | None,
    phase: str,
) -> Change:
    """The level that the learner expects, asked for before the first answer. The same guess again changes nothing.

    Raises:
        Refusal: the framework has no such level (400); page out of date, or something is answered already (409).
    """
    check_page(attempt, instrument, version, number)
    if attempt.guess == level:
        return Change(attempt, instrument, framework)
    if attempt.answers:
        raise Refusal(409, Message(_("You have answered already, so your guess stays as it was.")))
    levels = [each.id for each in framework.levels]
    if level not in levels:
        raise Refusal(
            400,
            Message(
                _("There is no level “{level}” (there are: {accepted}), so your guess was not saved."),
                {"level": level[:40], "accepted": ", ".join(levels)},
            ),
        )
    guessed = {"instrument": instrument.id, "version": instrument.version, "phase": phase, "level": level}
    return Change(replace(attempt, guess=level), instrument, framework, (("smartpd.diagnosis.guessed", guessed),))


def finish(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    *,
    version: str,
    number: int | None,
    phase: str,
    now: str,
) -> Change:
    """The learner asks for the result of a full set of answers. Finishing twice changes nothing.

    Raises:
        Refusal: page out of date (409); questions still open (400).
    """
    check_page(attempt, instrument, version, number)
    if attempt.completed:
        return Change(attempt, instrument, framework)
    change = Change(replace(attempt, completed=now), instrument, framework)
    score = change.score
    if attempt.asked and attempt.asked[-1] not in attempt.answers:
        raise Refusal(400, Message(_("The test goes on: there is another question. Reload the page to see it.")))
    if not score.complete:
        raise Refusal(
            400,
            Message(
                _("Questions still open: {count}. Answer them to get your level."),
                {"count": score.total - score.answered},
            ),
        )
    completed = {
        "instrument": instrument.id,
        "version": instrument.version,
        "phase": phase,
        "points": score.points,
        "max_points": score.max_points,
        "level": score.level,
        "areas": {area.area_id: area.points for area in score.areas},
    }
    return replace(change, events=(("smartpd.diagnosis.completed", completed),))
