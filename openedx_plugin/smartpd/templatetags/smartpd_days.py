"""Days as people write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language

__all__ = ["day"]

register = template.Library()

#: "2026-yil 1-oktabr": the year comes first, unlike in Django's own format of Uzbek dates.
UZBEK_DAY = r"Y-\y\i\l j-F"


@register.filter
def day(moment: date) -> str:
    """The day of ``moment``, a date or a time, in the reader's language; Uzbek months are written small."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    if (get_language() or "").startswith("uz"):
        return str(formats.date_format(local, UZBEK_DAY)).lower()
    return str(formats.date_format(local, "DATE_FORMAT"))
