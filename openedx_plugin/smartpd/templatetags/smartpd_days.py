"""Days as people write them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language

__all__ = ["day"]

register = template.Library()


@register.filter
def day(moment: datetime) -> str:
    """The day of ``moment`` in the reader's language: Django writes Uzbek months with a capital, people do not."""
    text = str(formats.date_format(timezone.localtime(moment), "DATE_FORMAT"))
    return text.lower() if (get_language() or "").startswith("uz") else text
