"""An instrument file as an Instrument, checked against its framework."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ..data import AreaNorm, Framework, Instrument, Item, ItemParameters, MissingAnswers, Option
from ._entry import Entry, distinct, document

__all__ = ["KINDS", "MISSING_POLICIES", "parse_instrument"]

#: The kinds of instrument that can be scored.
KINDS = ("self_assessment", "knowledge_test", "motivation")
ITEM_KINDS = ("choice", "multiple", "order")
#: What may become of missing answers; see ``MissingAnswers``.
MISSING_POLICIES = ("refuse", "person_mean", "zero")


_OPTIONAL = ("help", "reverse", "type", "scenario", "irt")


def parse_instrument(data: bytes, file: str, framework_of: Callable[[Entry], Framework]) -> Instrument:
    """The instrument in ``data``; ``file`` is its name in messages.

    ``framework_of`` gives the framework that the entry ``framework`` names, or raises.

    Raises:
        InstrumentError: the first thing that is not as accepted, with its line.
    """
    fields = document(data, file).fields(
        "id",
        "version",
        "kind",
        "framework",
        "title",
        "intro",
        "minutes",
        "cut_scores",
        "items",
        optional=("missing", "norms"),
    )
    kind = fields["kind"].words()
    if kind not in KINDS:
        raise fields["kind"].error(f"{kind!r} cannot be scored", ", ".join(KINDS))
    framework = framework_of(fields["framework"])
    items = _items(fields["items"], framework)
    source, norms = _norms(fields["norms"], framework) if "norms" in fields else ("", ())
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
        missing=_missing(fields["missing"]) if "missing" in fields else MissingAnswers(),
        norms=norms,
        norms_source=source,
    )


def _items(entry: Entry, framework: Framework) -> tuple[Item, ...]:
    known = {competency.id for competency in framework.competencies}
    area_of = {competency.id: competency.area_id for competency in framework.competencies}
    places: list[tuple[str, Entry]] = []
    items: list[Item] = []
    for number, item_entry in enumerate(entry.entries("item"), start=1):
        fields = item_entry.fields("id", "competency", "text", "options", optional=_OPTIONAL)
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
        kind = _item_kind(fields["type"].called(f"{name}, type")) if "type" in fields else "choice"
        item = Item(
            id=identifier,
            competency_id=competency_id,
            text=fields["text"].called(f"{name}, text").text(),
            help=fields["help"].called(f"{name}, help").text() if "help" in fields else {},
            options=_options(fields["options"].called(f"{name}, options"), name, kind),
            reverse=_reverse(fields["reverse"].called(f"{name}, reverse"), kind) if "reverse" in fields else False,
            kind=kind,
            scenario=fields["scenario"].called(f"{name}, scenario").text() if "scenario" in fields else {},
            parameters=_parameters(fields["irt"].called(f"{name}, irt"), identifier, area_of[competency_id])
            if "irt" in fields
            else None,
        )
        places.append((identifier, fields["id"]))
        items.append(item)
    distinct(places, "item")
    return tuple(items)


def _item_kind(entry: Entry) -> str:
    kind = entry.words()
    if kind not in ITEM_KINDS:
        raise entry.error(f"{kind!r} is no type of item", ", ".join(ITEM_KINDS))
    return kind


def _reverse(entry: Entry, kind: str) -> bool:
    reverse = entry.flag()
    if reverse and kind != "choice":
        raise entry.error(f"an item of the type {kind!r} has no other end", "reverse with the type choice alone")
    return reverse


def _parameters(entry: Entry, item_id: str, area_id: str) -> ItemParameters:
    fields = entry.fields("discrimination", "difficulty", optional=("guessing",))
    discrimination = fields["discrimination"].decimal("a number above 0")
    if discrimination == 0:
        raise fields["discrimination"].error("a discrimination of 0", "a number above 0")
    accepted = "a number from 0 on, below 1"
    guessing = fields["guessing"].decimal(accepted) if "guessing" in fields else 0.0
    if guessing >= 1:
        raise fields["guessing"].error(f"{guessing:g} is no probability of guessing", accepted)
    difficulty = fields["difficulty"].signed("a number such as -0.5")
    return ItemParameters(item_id, discrimination, (difficulty,), guessing, area_id)


def _options(entry: Entry, item_name: str, kind: str) -> tuple[Option, ...]:
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
    if kind != "choice" and any(option.points > 1 for option in options):
        raise entry.error(f"an option of the type {kind!r} is worth more than a point", "points 0 or 1")
    return tuple(options)


def _missing(entry: Entry) -> MissingAnswers:
    fields = entry.fields("policy", optional=("least_share",))
    policy = fields["policy"].words()
    if policy not in MISSING_POLICIES:
        raise fields["policy"].error(f"{policy!r} is no policy for missing answers", ", ".join(MISSING_POLICIES))
    if "least_share" not in fields:
        return MissingAnswers(policy)
    if policy != "person_mean":
        raise fields["least_share"].error(f"the policy {policy!r} has none", "least_share with person_mean alone")
    accepted = "a number above 0, at most 1"
    least = fields["least_share"].decimal(accepted)
    if not 0 < least <= 1:
        raise fields["least_share"].error(f"{least:g} is no such share", accepted)
    return MissingAnswers(policy, least)


def _norms(entry: Entry, framework: Framework) -> tuple[str, tuple[AreaNorm, ...]]:
    fields = entry.fields("source", "areas")
    known = {area.id for area in framework.areas}
    places: list[tuple[str, Entry]] = []
    norms: list[AreaNorm] = []
    for area_entry in fields["areas"].entries("norms, area"):
        inner = area_entry.fields("area", "sd", "alpha")
        area_id = inner["area"].words()
        if area_id not in known:
            raise inner["area"].error(
                f"the framework {framework.id!r} has no area {area_id!r}", ", ".join(sorted(known))
            )
        sd = inner["sd"].decimal("a number of points above 0")
        if sd == 0:
            raise inner["sd"].error("a standard deviation of 0", "a number of points above 0")
        alpha = inner["alpha"].decimal("a number from 0 to 1")
        if alpha > 1:
            raise inner["alpha"].error(f"{alpha:g} is no reliability", "a number from 0 to 1")
        places.append((area_id, inner["area"]))
        norms.append(AreaNorm(area_id, sd, alpha))
    distinct(places, "area")
    return fields["source"].words(), tuple(norms)


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
