"""The items of an instrument file: which keys each type has, and what they may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from ..data import Framework, Item, Option, Scale
from ..errors import N_, Message
from ._calibration_file import read_parameters
from ._entry import Entry, Problems, distinct

__all__ = ["TYPES_OF", "Head", "read_items", "read_option_sets"]

#: The item types that each kind of instrument may have; the first is meant where an item names none.
TYPES_OF = {
    "self_assessment": ("choice", "rating"),
    "knowledge_test": ("choice", "multiple", "order"),
    "needs_survey": ("choice", "rating", "multiple", "order", "number", "text"),
    "motivation": ("rating", "choice"),
}
_LIMITS = {"multiple": ("least", "most"), "number": ("least", "most"), "text": ("most",)}
_SCORINGS = ("all_or_nothing", "partial")
_MOST_NUMBER, _MOST_LENGTH = 999_999, 5000
_ANY_NUMBER = N_("a number from -999999 to 999999")
_LENGTH = N_("a whole number of characters from 1 to 5000")


@dataclass(frozen=True, slots=True)
class Head:
    """What items are checked against."""

    kind: str
    framework: Framework | None
    scales: tuple[Scale, ...]
    option_sets: Mapping[str, tuple[Option, ...]]


def read_option_sets(entry: Entry, kind: str, problems: Problems) -> dict[str, tuple[Option, ...]]:
    """The option sets of a file, by name."""
    sets: dict[str, tuple[Option, ...]] = {}

    def read(name: str, options: Entry) -> None:
        options.key_is_identifier(name)
        sets[name] = _options(options, options.name, kind, TYPES_OF[kind][0])

    for name, options in entry.values().items():
        problems.attempt(partial(read, name, options), None)
    return sets


def read_items(entry: Entry, head: Head, problems: Problems) -> tuple[Item, ...]:
    """All items of a file, numbered from 1; those with a problem are left out."""
    places: list[tuple[str, Entry]] = []
    items: list[Item] = []

    def read(number: int, item_entry: Entry) -> None:
        item = _item(item_entry, number, head, places)
        items.append(item)

    for number, item_entry in enumerate(entry.entries(N_("item {number}")), start=1):
        problems.attempt(partial(read, number, item_entry), None)
    problems.attempt(lambda: distinct(places, N_("item")), None)
    if items and not any(item.active for item in items):
        problems.attempt(lambda: _none_active(entry), None)
    return tuple(items)


def _none_active(entry: Entry) -> None:
    raise entry.error(N_("every item is switched off"), N_("at least one item that is asked"))


def _item(entry: Entry, number: int, head: Head, places: list[tuple[str, Entry]]) -> Item:
    given = entry.values()
    if "id" in given:
        identifier = given["id"].identifier()
        places.append((identifier, given["id"]))
        # From here on people find the item by its id sooner than by its number.
        entry = entry.called(Message(N_("item {number} ({id})"), number=number, id=identifier))
        given = entry.values()
    types = TYPES_OF[head.kind]
    kind = given["type"].one_of(types, N_("'{found}' is no type of item here")) if "type" in given else types[0]
    home = "competency" if head.framework is not None else "scale"
    needed = ("id", home, "text") if kind in ("number", "text") else ("id", home, "text", "options")
    fields = entry.fields(*needed, optional=_optional_keys(head, kind))
    area_id, competency_id = _home(fields[home], head)
    options, set_name = _options_of(fields.get("options"), head, kind)
    least, most = _range(fields, kind, options)
    item = Item(
        id=fields["id"].identifier(),
        competency_id=competency_id,
        text=fields["text"].text(),
        help=fields["help"].text() if "help" in fields else {},
        options=options,
        reverse="reverse" in fields and _reverse(fields["reverse"], head, kind),
        kind=kind,
        scenario=fields["scenario"].text() if "scenario" in fields else {},
        area_id=area_id,
        level=_level(fields["level"], head) if "level" in fields else "",
        worth=_worth(fields) if head.kind != "needs_survey" else 0,
        scoring=_scoring(fields),
        option_set=set_name,
        least=least,
        most=most,
        required="required" not in fields or fields["required"].flag(),
        active="active" not in fields or fields["active"].flag(),
        number=number,
    )
    if "irt" not in fields:
        return item
    parameters, provisional = read_parameters(fields["irt"], item)
    return replace(item, parameters=parameters, provisional=provisional)


def _optional_keys(head: Head, kind: str) -> tuple[str, ...]:
    """What an item of this kind of instrument and this type may have beside what it must have."""
    keys = ["type", "scenario", "help", "active", "reverse"]
    if head.framework is not None:
        keys += ["level", "irt"]
    if head.kind != "needs_survey" and kind in ("choice", "rating"):
        keys.append("reverse")
    if head.kind == "needs_survey":
        keys += [
            "required",
            *{"multiple": ("least", "most"), "number": ("least", "most"), "text": ("most",)}.get(kind, ()),
        ]
    if head.kind == "knowledge_test" and kind in ("multiple", "order"):
        keys += ["worth", "scoring"]
    return tuple(keys)


def _reverse(entry: Entry, head: Head, kind: str) -> bool:
    reverse = entry.flag()
    if reverse and (kind not in ("choice", "rating") or head.kind == "needs_survey"):
        accepted = N_("reverse where options are worth points")
        raise entry.error(N_("an item of the type '{kind}' has no other end"), accepted, kind=kind)
    return reverse


def _home(entry: Entry, head: Head) -> tuple[str, str]:
    """Area and competency; where the instrument has scales, both are the scale."""
    found = entry.words()
    if head.framework is None:
        scales = [scale.id for scale in head.scales]
        if found not in scales:
            raise entry.error(N_("the instrument has no scale '{found}'"), ", ".join(scales), found=found)
        return found, found
    area_of = {competency.id: competency.area_id for competency in head.framework.competencies}
    if found not in area_of:
        raise entry.error(
            N_("the framework '{framework}' has no '{found}'"),
            ", ".join(area_of),
            framework=head.framework.id,
            found=found,
        )
    return area_of[found], found


def _level(entry: Entry, head: Head) -> str:
    return entry.one_of(level.id for level in head.framework.levels) if head.framework is not None else ""


def _options_of(entry: Entry | None, head: Head, kind: str) -> tuple[tuple[Option, ...], str]:
    """The options, and the name of the set where they come from one."""
    if entry is None:
        return (), ""
    if entry.node.text is None:
        return _options(entry, entry.name, head.kind, kind), ""
    name = entry.words()
    if name not in head.option_sets:
        accepted = ", ".join(head.option_sets) or N_("a list of options")
        raise entry.error(N_("there is no option set '{found}'"), accepted, found=name)
    return head.option_sets[name], name


def _options(entry: Entry, under: str, instrument_kind: str, kind: str) -> tuple[Option, ...]:
    scored = instrument_kind != "needs_survey"
    needed = ("id", "points", "text") if scored and kind != "order" else ("id", "text")
    more = {"order": ("points",)} if scored else {"multiple": ("exclusive",)}
    places: list[tuple[str, Entry]] = []
    options: list[Option] = []
    for option_entry in entry.entries(N_("option {number}"), least=2, under=under):
        fields = option_entry.fields(*needed, optional=more.get(kind, ()))
        option = Option(
            fields["id"].identifier(),
            # What comes first is right in an order, so its options have no points of their own.
            fields["points"].natural() if "points" in fields and kind != "order" else 0,
            fields["text"].text(),
            "exclusive" in fields and fields["exclusive"].flag(),
        )
        places.append((option.id, fields["id"]))
        options.append(option)
    distinct(places, N_("option"))
    if scored and kind != "order":
        _check_points(entry, options, kind)
    return tuple(options)


def _check_points(entry: Entry, options: list[Option], kind: str) -> None:
    points = [option.points for option in options]
    if not any(points):
        raise entry.error(N_("no option is worth a point"), N_("at least one option worth more than 0"))
    if kind == "multiple":
        if max(points) > 1:
            raise entry.error(N_("an option of several is worth more than a point"), N_("points 0 or 1"))
        if all(points):
            raise entry.error(N_("every option is right"), N_("at least one option with 0 points"))


def _worth(fields: dict[str, Entry]) -> int:
    if "worth" not in fields:
        return 1
    worth = fields["worth"].natural()
    if not 1 <= worth <= 100:
        raise fields["worth"].error(N_("{found} is out of range"), N_("a whole number from 1 to 100"), found=worth)
    return worth


def _scoring(fields: dict[str, Entry]) -> str:
    if "scoring" not in fields:
        return _SCORINGS[0]
    scoring = fields["scoring"].one_of(_SCORINGS)
    if scoring == "partial" and _worth(fields) < 2:
        raise fields["scoring"].error(N_("one point cannot be given in part"), N_("partial with a worth of 2 or more"))
    return scoring


def _range(fields: dict[str, Entry], kind: str, options: tuple[Option, ...]) -> tuple[float | None, float | None]:
    """Least and most, by what they mean for the type; None where they are not given."""
    least: float | None = None
    most: float | None = None
    if kind == "text":
        most = fields["most"].decimal(_LENGTH, 1, _MOST_LENGTH) if "most" in fields else None
        if most is not None and most != int(most):
            raise fields["most"].error(N_("this is no whole number"), _LENGTH)
    elif kind == "number":
        least = fields["least"].decimal(_ANY_NUMBER, -_MOST_NUMBER, _MOST_NUMBER) if "least" in fields else None
        most = fields["most"].decimal(_ANY_NUMBER, -_MOST_NUMBER, _MOST_NUMBER) if "most" in fields else None
    else:
        accepted = Message(N_("a whole number from 1 to {most}, the number of options"), most=len(options))
        for name in ("least", "most"):
            if name in fields and not 1 <= fields[name].natural() <= len(options):
                raise fields[name].error(N_("{found} is out of range"), accepted, found=fields[name].natural())
        least = float(fields["least"].natural()) if "least" in fields else None
        most = float(fields["most"].natural()) if "most" in fields else None
    if least is not None and most is not None and least > most:
        raise fields["most"].error(N_("most is smaller than least"), N_("most as large as least or larger"))
    return least, most
