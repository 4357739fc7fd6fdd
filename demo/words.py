"""The words of the demo's own pages, in three languages, from ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from smartpd_analytics.api import say

__all__ = ["all_words", "in_language", "words"]


@lru_cache(maxsize=1)
def all_words() -> Mapping[str, Mapping[str, str]]:
    """Key -> language -> words."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    )
    return found


def in_language(text: Mapping[str, str]) -> str:
    """``text`` in the active language."""
    return say(text, get_language() or "en")


def words(key: str, **values: Any) -> str:
    """The words of ``key`` in the active language, with ``{name}`` filled in from ``values``.

    Raises:
        KeyError: there are no such words.
    """
    return in_language(all_words()[key]).format(**values)
