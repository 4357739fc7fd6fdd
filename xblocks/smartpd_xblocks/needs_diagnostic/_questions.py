"""The instrument as a learner sees it: one area a step, in the framework's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from smartpd_analytics.api import SEPARATOR, Framework, Instrument, Item, Option, say

__all__ = ["ItemView", "OptionView", "Questions", "Step", "item_view", "questions"]


@dataclass(frozen=True, slots=True)
class OptionView:
    """``place`` is where the learner has put an option of an ``order``, from 1; 0 where nowhere yet."""

    id: str
    text: str
    chosen: bool
    place: int = 0
    #: Of several answers the one that stands alone, such as "none of these".
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class ItemView:
    """``number`` counts from 1 through the whole instrument; ``value`` is the answer to a ``number`` or a ``text``.

    ``least`` and ``most`` are the range of a number, the fewest and most options of several, the most characters of a
    text; ``""`` for no bound.
    """

    id: str
    number: int
    text: str
    help: str
    options: tuple[OptionView, ...]
    kind: str = "choice"
    scenario: str = ""
    value: str = ""
    required: bool = True
    least: str = ""
    most: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.value) or any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen; ``number`` counts from 1."""

    area_id: str
    number: int
    title: str
    description: str
    items: tuple[ItemView, ...]
    #: Items without an answer that need one.
    open: int


@dataclass(frozen=True, slots=True)
class Questions:
    """All screens of an instrument; ``resume_at`` is the number of the step to open first."""

    title: str
    intro: str
    minutes: int
    steps: tuple[Step, ...]
    answered: int
    total: int
    resume_at: int


def questions(
    instrument: Instrument, framework: Framework, answers: Mapping[str, str], *, last_area: str, lang: str
) -> Questions:
    """The screens in the language ``lang`` (``"en"``, ``"ru"``, ``"uz"``), with what has been chosen.

    A learner resumes in the area of the last answer, or where that is done in the next one with a
    question open, or where none is open in the last.
    """
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    steps: list[Step] = []
    number = 0
    for area in framework.areas:
        views: list[ItemView] = []
        for item in (item for item in instrument.items if area_of.get(item.competency_id) == area.id):
            number += 1
            views.append(item_view(item, answers.get(item.id, ""), number=number, lang=lang))
        if views:
            open_items = sum(view.required and not view.answered for view in views)
            steps.append(
                Step(
                    area_id=area.id,
                    number=len(steps) + 1,
                    title=say(area.title, lang),
                    description=say(area.description, lang),
                    items=tuple(views),
                    open=open_items,
                )
            )
    # What needs no answer is asked and not counted: a full bar means that one may finish.
    total = sum(view.required for step in steps for view in step.items)
    return Questions(
        title=say(instrument.title, lang),
        intro=say(instrument.intro, lang),
        minutes=instrument.minutes,
        steps=tuple(steps),
        answered=total - sum(step.open for step in steps),
        total=total,
        resume_at=_resume_at(steps, last_area),
    )


def item_view(item: Item, answer: str, *, number: int, lang: str) -> ItemView:
    """One question with what has been answered."""
    return ItemView(
        id=item.id,
        number=number,
        text=say(item.text, lang),
        help=say(item.help, lang),
        options=_options(item, answer, lang),
        kind=item.kind,
        scenario=say(item.scenario, lang),
        value=answer if item.kind in ("number", "text") else "",
        required=item.required,
        least="" if item.least is None else f"{item.least:g}",
        most="" if item.most is None else f"{item.most:g}",
    )


def _options(item: Item, answer: str, lang: str) -> tuple[OptionView, ...]:
    given = answer.split(SEPARATOR) if answer else []
    shown = item.options if item.kind != "order" else _mixed(item)
    return tuple(
        OptionView(
            option.id,
            say(option.text, lang),
            option.id in given,
            given.index(option.id) + 1 if item.kind == "order" and option.id in given else 0,
            option.exclusive,
        )
        for option in shown
    )


def _mixed(item: Item) -> list[Option]:
    """The options of an order in an order that is the same for everybody, and not the right one."""
    mixed = sorted(item.options, key=lambda option: sha256(f"{item.id}/{option.id}".encode()).digest())
    return mixed if mixed != list(item.options) else [*mixed[1:], mixed[0]]


def _resume_at(steps: list[Step], last_area: str) -> int:
    last = next((step.number for step in steps if step.area_id == last_area), 1)
    from_there = [step.number for step in steps if step.open and step.number >= last]
    before = [step.number for step in steps if step.open]
    return next(iter(from_there or before), len(steps))
