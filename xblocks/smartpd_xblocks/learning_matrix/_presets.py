"""The matrix and the rating scale that a freshly dropped block starts with (data beside this file)."""

from __future__ import annotations

import copy
import functools
import json
from importlib import resources
from typing import Any


def default_matrix() -> dict[str, Any]:
    """Topics on digital competence by read, watch, practise, discuss, create; in three languages."""
    return copy.deepcopy(_data()["matrix"])


def default_scale() -> list[dict[str, str]]:
    """The words of the four steps of the rating scale, lowest first."""
    return copy.deepcopy(_data()["scale"])


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("default_matrix.json").read_text(encoding="utf-8")
    )
    return data
