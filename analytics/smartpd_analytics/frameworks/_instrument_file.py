"""An instrument file as an Instrument, checked against its framework."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ..data import Framework, Instrument, Item, Option
from ._entry import Entry, distinct, document

__all__ = ["KINDS", "parse_instrument"]

#: The kinds of instrument that can be scored.
KINDS = ("self_assessment",)


def parse_instrument(data: bytes, file: str, framework_of: Callable[[Entry], Framework]) -> Instrument:
    """The instrument in ``data``; ``file`` is its name in messages.

    ``framework_of`` gives the framework that the entry ``framework`` names, or raises.

    Raises:
        InstrumentError: the first thing that is not as accepted, with its line.
    """
    fields = document(data, file).fields(
        "id", "version", "kind", "framework", "title", "intro", "minutes", "cut_scores", "items"
    )
    kind = fields["kind"].words()
    if kind not in KINDS:
        raise fields["kind"].error(f"{kind!r} cannot be scored", ", ".join(KINDS))
    framework = framework_of(fields["framework"])
    items = _items(fields["items"], framework)
    return Instrument(
        id=fields["id"].identifier(),
        version=fields["version"].identifier(),
        kind=kind,
        framework_id=framework.id,
        title=fields["title"].text(),
        intro=fields["intro"].text(),
        minutes=fields["minutes"].natural(),
        items=items,
        cut_scores=_cut_scores(fields["cut_scores"], framework, sum(item.max_points for item in items)),
    )


def _items(entry: Entry, framework: Framework) -> tuple[Item, ...]:
    known = {competency.id for competency in framework.competencies}
    places: list[tuple[str, Entry]] = []
    items: list[Item] = []
    for number, item_entry in enumerate(entry.entries("item"), start=1):
        fields = item_entry.fields("id", "competency", "text", "help", "options")
        identifier = fields["id"].identifier()
        # From here on people find the item by its id sooner than by its number.
        name = f"item {number} ({identifier})"
        competency_id = fields["competency"].words()
        if competency_id not in known:
            raise (
                fields["competency"]
                .called(f"{name}, competency")
                .error(f"the framework {framework.id!r} has no {competency_id!r}", ", ".join(sorted(known)))
            )
        item = Item(
            id=identifier,
            competency_id=competency_id,
            text=fields["text"].called(f"{name}, text").text(),
            help=fields["help"].called(f"{name}, help").text(),
            options=_options(fields["options"].called(f"{name}, options"), name),
        )
        places.append((identifier, fields["id"]))
        items.append(item)
    distinct(places, "item")
    return tuple(items)


def _options(entry: Entry, item_name: str) -> tuple[Option, ...]:
    places: list[tuple[str, Entry]] = []
    options: list[Option] = []
    for option_entry in entry.entries(f"{item_name}, option", least=2):
        fields = option_entry.fields("id", "points", "text")
        option = Option(fields["id"].identifier(), fields["points"].natural(), fields["text"].text())
        places.append((option.id, fields["id"]))
        options.append(option)
    distinct(places, "option")
    if not any(option.points for option in options):
        raise entry.error("no option is worth a point", "at least one option worth more than 0")
    return tuple(options)


def _cut_scores(entry: Entry, framework: Framework, max_points: int) -> tuple[int, ...]:
    levels = ", ".join(level.id for level in framework.levels)
    accepted = f"one number for each of {levels}, ascending, from 0 to at most {max_points}"
    cuts = tuple(cut.natural() for cut in entry.entries("cut score"))
    if len(cuts) != len(framework.levels):
        raise entry.error(f"there are {len(cuts)} numbers", accepted)
    if cuts[0] != 0:
        raise entry.error(f"the first is {cuts[0]}", accepted)
    for lower, upper in pairwise(cuts):
        if upper <= lower:
            raise entry.error(f"{upper} stands after {lower}", accepted)
    if cuts[-1] > max_points:
        raise entry.error(f"{cuts[-1]} is more than all points together", accepted)
    return cuts
