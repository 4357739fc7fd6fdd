"""Frameworks and instruments as plain documents, YAML and JSON: what reading gives back unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

from ..data import Framework, Instrument, Item, MissingAnswers, Option
from ._items_file import TYPES_OF

__all__ = [
    "framework_to_document",
    "framework_to_json",
    "framework_to_yaml",
    "instrument_to_document",
    "instrument_to_json",
    "instrument_to_yaml",
]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def framework_to_document(framework: Framework) -> dict[str, Any]:
    """A framework as what JSON can hold; ``parse_framework`` gives it back."""
    return {
        "id": framework.id,
        "version": framework.version,
        "title": dict(framework.title),
        "source": framework.source,
        "areas": [
            {
                "id": area.id,
                "title": dict(area.title),
                "description": dict(area.description),
                "competencies": [
                    {"id": one.id, "title": dict(one.title), "description": dict(one.description)}
                    for one in framework.competencies_of(area.id)
                ],
            }
            for area in framework.areas
        ],
        "levels": [
            {"id": level.id, "name": dict(level.name), "description": dict(level.description)}
            for level in framework.levels
        ],
    }


def instrument_to_document(instrument: Instrument) -> dict[str, Any]:
    """An instrument as what JSON can hold, without what goes without saying; ``parse_instrument`` gives it back."""
    document: dict[str, Any] = {
        "id": instrument.id,
        "version": instrument.version,
        "kind": instrument.kind,
        "framework": instrument.framework_id,
        "title": dict(instrument.title),
        "intro": dict(instrument.intro),
        "minutes": instrument.minutes,
        "cut_scores": list(instrument.cut_scores),
        "ability_cuts": [_short(cut) for cut in instrument.ability_cuts],
        "missing": _missing(instrument.missing),
        "norms": {},
        "scales": [
            {"id": scale.id, "title": dict(scale.title), "description": dict(scale.description)}
            for scale in instrument.scales
        ],
        "option_sets": {
            name: _options(options, instrument.kind, TYPES_OF[instrument.kind][0])
            for name, options in instrument.option_sets.items()
        },
        "items": [_item(item, instrument) for item in instrument.all_items],
    }
    if instrument.norms:
        areas = [{"area": norm.area_id, "sd": norm.sd, "alpha": norm.alpha} for norm in instrument.norms]
        document["norms"] = {"source": instrument.norms_source, "areas": areas}
    return {key: value for key, value in document.items() if value not in ("", [], {})}


def framework_to_yaml(framework: Framework) -> str:
    """``framework_to_document`` as YAML."""
    return _yaml(framework_to_document(framework))


def instrument_to_yaml(instrument: Instrument) -> str:
    """``instrument_to_document`` as YAML."""
    return _yaml(instrument_to_document(instrument))


def framework_to_json(framework: Framework) -> str:
    """``framework_to_document`` as JSON."""
    return _json(framework_to_document(framework))


def instrument_to_json(instrument: Instrument) -> str:
    """``instrument_to_document`` as JSON."""
    return _json(instrument_to_document(instrument))


def _missing(missing: MissingAnswers) -> dict[str, Any]:
    if missing == MissingAnswers():
        return {}
    if missing.policy != "person_mean":
        return {"policy": missing.policy}
    return {"policy": missing.policy, "least_share": missing.least_share}


def _item(item: Item, instrument: Instrument) -> dict[str, Any]:
    home = "competency" if instrument.framework_id else "scale"
    document: dict[str, Any] = {"id": item.id, home: item.competency_id}
    if item.kind != TYPES_OF[instrument.kind][0]:
        document["type"] = item.kind
    document["level"] = item.level
    document["scenario"] = dict(item.scenario)
    document["text"] = dict(item.text)
    document["help"] = dict(item.help)
    document["options"] = item.option_set or _options(item.options, instrument.kind, item.kind)
    if item.worth > 1:
        document["worth"] = item.worth
    if item.scoring != "all_or_nothing":
        document["scoring"] = item.scoring
    for name, limit in (("least", item.least), ("most", item.most)):
        if limit is not None:
            document[name] = _short(limit)
    for name, said in (("reverse", item.reverse), ("required", not item.required), ("active", not item.active)):
        if said:
            document[name] = name == "reverse"
    if item.parameters is not None:
        document["irt"] = _parameters(item)
    return {key: value for key, value in document.items() if value not in ("", [], {})}


def _parameters(item: Item) -> dict[str, Any]:
    parameters = item.parameters
    if parameters is None:
        return {}
    document: dict[str, Any] = {"discrimination": _short(parameters.discrimination)}
    if item.top_category > 1:
        document["thresholds"] = [_short(threshold) for threshold in parameters.thresholds]
    else:
        document["difficulty"] = _short(parameters.thresholds[0])
    if parameters.guessing:
        document["guessing"] = parameters.guessing
    if not item.provisional:
        document["provisional"] = False
    return document


def _options(options: Iterable[Option], instrument_kind: str, kind: str) -> list[dict[str, Any]]:
    scored = instrument_kind != "needs_survey" and kind != "order"
    return [
        {
            "id": option.id,
            **({"points": option.points} if scored else {}),
            **({"exclusive": True} if option.exclusive else {}),
            "text": dict(option.text),
        }
        for option in options
    ]


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


class _Dumper(yaml.SafeDumper):
    """Words in quotation marks, so that whoever edits them need not know what YAML does to a colon or a ``no``."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    style = None if _PLAIN.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: _Dumper, values: list[Any]) -> yaml.Node:
    numbers = all(isinstance(value, int | float) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=numbers)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def _yaml(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
