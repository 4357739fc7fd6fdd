"""Doors of packages whose names are loaded when they are first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any

__all__ = ["loader"]


def loader(door: str, homes: Mapping[str, Collection[str]]) -> Callable[[str], Any]:
    """What is to be ``__getattr__`` of a package.

    Args:
        door: the package's ``__name__``.
        homes: module inside of the package -> names of the door that are at home there.
    """
    home_of = {name: module for module, names in homes.items() for name in names}

    def load(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {door!r} has no attribute {name!r}")
        found = getattr(import_module(f"{door}.{home_of[name]}"), name)
        setattr(sys.modules[door], name, found)
        return found

    return load
