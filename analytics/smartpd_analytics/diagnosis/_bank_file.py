"""An item bank as a JSON file: what calibration writes and adaptive tests read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data import ItemBank, ItemParameters
from ..errors import N_, InputError, Message, reason_of
from ..json_lines import read_json
from ._grid import grid_of

__all__ = ["item_bank_from_json", "item_bank_to_json", "read_item_bank"]

_FORMAT = "smartpd-item-bank"
_VERSION = 1
_BANK = N_("an item bank in JSON, as smartpd calibrate writes it")
_MODELS = ("1pl", "2pl", "3pl", "graded", "mixed")


def item_bank_to_json(
    bank: ItemBank,
    *,
    notes: Mapping[str, Mapping[str, Any]] | None = None,
    calibration: Mapping[str, Any] | None = None,
) -> str:
    """``bank`` as JSON; ``item_bank_from_json`` gives it back unchanged.

    ``notes`` (by item id) and ``calibration`` tell people where the numbers come from; reading passes them over.
    """
    document = {
        "format": _FORMAT,
        "format_version": _VERSION,
        "id": bank.id,
        "model": bank.model,
        "simulated": bank.simulated,
        "provisional": bank.provisional,
        "ability": {"mean": bank.ability_mean, "sd": bank.ability_sd},
        "items": [
            {
                "item": item.item_id,
                "area": item.area_id,
                "discrimination": item.discrimination,
                "thresholds": list(item.thresholds),
                "guessing": item.guessing,
                **(notes or {}).get(item.item_id, {}),
            }
            for item in bank.items
        ],
        "calibration": dict(calibration or {}),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_item_bank(path: str | Path) -> ItemBank:
    """The bank in a JSON file.

    Raises:
        InputError: the file cannot be read, or is no item bank.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise InputError(N_("cannot be read: {reason}"), file=str(path), accepted=_BANK, reason=reason) from None
    return item_bank_from_json(text, file=str(path))


def item_bank_from_json(text: str, *, file: str = "") -> ItemBank:
    """The bank in ``text``; ``file`` is its name in messages.

    Raises:
        InputError: it is no JSON, no item bank, of a later format, or an item cannot be used.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        # Says what is wrong with it, and in which line.
        read_json(text, file=file, error=InputError)
        raise InputError(N_("this is no item bank"), file=file, accepted=_BANK) from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise InputError(N_("this is no item bank"), file=file, accepted=_BANK)
    if document.get("format_version") != _VERSION:
        found = repr(document.get("format_version"))
        problem = N_("{name} is {value}")
        raise InputError(problem, file=file, accepted=str(_VERSION), name="format_version", value=found)
    if document.get("model") not in _MODELS:
        found = repr(document.get("model"))
        raise InputError(N_("{name} is {value}"), file=file, accepted=", ".join(_MODELS), name="model", value=found)
    entries = document.get("items")
    if not isinstance(entries, list):
        raise InputError(N_("'{name}' is no list"), file=file, accepted=N_("a list of items"), name="items")
    ability = _Fields(document.get("ability", {}), Message("ability"), file)
    whole = _Fields(document, None, file)
    bank = ItemBank(
        id=whole.text("id"),
        model=document["model"],
        items=tuple(
            _item(_Fields(entry, Message(N_("item {number}"), number=number), file))
            for number, entry in enumerate(entries, start=1)
        ),
        ability_mean=ability.number("mean", 0.0),
        ability_sd=ability.number("sd", 1.0),
        simulated=document.get("simulated") is True,
        provisional=document.get("provisional") is True,
    )
    try:
        grid_of(bank)
    except InputError as error:
        raise InputError(error.problem, file=file, accepted=error.accepted) from None
    return bank


def _item(fields: _Fields) -> ItemParameters:
    return ItemParameters(
        item_id=fields.text("item"),
        discrimination=fields.number("discrimination"),
        thresholds=fields.numbers("thresholds"),
        guessing=fields.number("guessing", 0.0),
        area_id=fields.text("area", ""),
    )


class _Fields:
    """The values of one object, checked."""

    def __init__(self, values: object, place: Message | None, file: str) -> None:
        self._place = place
        self._file = file
        if not isinstance(values, dict):
            raise self._error(N_("this is no object"), N_("an object in curly brackets"))
        self._values = values

    def _error(self, problem: str, accepted: str, **arguments: object) -> InputError:
        what = Message(problem, **arguments)
        placed = Message(N_("{place}: {problem}"), place=self._place, problem=what) if self._place else what
        return InputError(placed, file=self._file, accepted=accepted)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self._error(N_("{name} is {value}"), N_("words"), name=name, value=repr(value))
        return value

    def number(self, name: str, default: float | None = None) -> float:
        return self._number(name, self._values.get(name, default))

    def numbers(self, name: str) -> tuple[float, ...]:
        values = self._values.get(name)
        if not isinstance(values, list):
            raise self._error(N_("{name} is {value}"), N_("a list of numbers"), name=name, value=repr(values))
        return tuple(self._number(name, value) for value in values)

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(N_("{name} is {value}"), N_("a number"), name=name, value=repr(value))
        try:
            return float(value)
        except OverflowError:
            raise self._error(N_("{name} is too large"), N_("a number"), name=name) from None
