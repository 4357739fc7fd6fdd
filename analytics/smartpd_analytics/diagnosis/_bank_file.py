"""An item bank as a JSON file: what calibration writes and adaptive tests read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data import ItemBank, ItemParameters
from ..errors import InputError
from ._grid import grid_of

__all__ = ["item_bank_from_json", "item_bank_to_json", "read_item_bank"]

_FORMAT = "smartpd-item-bank"
_VERSION = 1
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
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(f"the file cannot be read: {reason}", file=str(path), accepted="a JSON file") from None
    return item_bank_from_json(text, file=str(path))


def item_bank_from_json(text: str, *, file: str = "") -> ItemBank:
    """The bank in ``text``; ``file`` is its name in messages.

    Raises:
        InputError: it is no JSON, no item bank, of a later format, or an item cannot be used.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON: {error}", file=file, accepted="an item bank in JSON") from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise InputError("this is no item bank", file=file, accepted=f'an object with "format": "{_FORMAT}"')
    if document.get("format_version") != _VERSION:
        problem = f"format_version is {document.get('format_version')!r}"
        raise InputError(problem, file=file, accepted=str(_VERSION))
    if document.get("model") not in _MODELS:
        raise InputError(f"model is {document.get('model')!r}", file=file, accepted=", ".join(_MODELS))
    entries = document.get("items")
    if not isinstance(entries, list):
        raise InputError("items is no list", file=file, accepted="a list of items")
    ability = _Fields(document.get("ability", {}), "ability", file)
    whole = _Fields(document, "", file)
    bank = ItemBank(
        id=whole.text("id"),
        model=document["model"],
        items=tuple(_item(_Fields(entry, f"item {number}", file)) for number, entry in enumerate(entries, start=1)),
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

    def __init__(self, values: object, place: str, file: str) -> None:
        self._place = f"{place}, " if place else ""
        self._file = file
        if not isinstance(values, dict):
            raise InputError(f"{place or 'the document'} is no object", file=file, accepted="an object")
        self._values = values

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise InputError(f"{self._place}{name} is {value!r}", file=self._file, accepted="words")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        return self._number(name, self._values.get(name, default))

    def numbers(self, name: str) -> tuple[float, ...]:
        values = self._values.get(name)
        if not isinstance(values, list):
            raise InputError(f"{self._place}{name} is {values!r}", file=self._file, accepted="a list of numbers")
        return tuple(self._number(name, value) for value in values)

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{self._place}{name} is {value!r}", file=self._file, accepted="a number")
        try:
            return float(value)
        except OverflowError:
            raise InputError(f"{self._place}{name} is too large", file=self._file, accepted="a number") from None
