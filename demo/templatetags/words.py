"""``{% words "key" name=value %}`` and ``{{ text|in_language }}`` in the demo's templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from demo import words as demo_words

register = template.Library()


@register.simple_tag
def words(key: str, **values: Any) -> str:
    return demo_words.words(key, **values)


@register.filter
def in_language(text: Mapping[str, str]) -> str:
    return demo_words.in_language(text)
