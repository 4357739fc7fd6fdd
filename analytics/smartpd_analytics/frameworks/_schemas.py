"""The JSON Schemas of instruments and frameworks, for editors and other programs.

The loaders check more than a schema can say, and say it better; what a schema refuses they refuse as well.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["framework_schema", "instrument_schema"]


def framework_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a framework document."""
    return _schema("framework")


def instrument_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an instrument document."""
    return _schema("instrument")


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files(__package__) / "data" / f"{name}.schema.json").read_bytes())
    return found
