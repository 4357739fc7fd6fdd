"""Days as people write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language
from smartpd_analytics.api import LANGUAGES, say_day

__all__ = ["day"]

register = template.Library()


@register.filter
def day(moment: date) -> str:
    """The day of ``moment``, a date or a time, in the reader's language, as the blocks write it."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    lang = get_language() or "en"
    if lang.partition("-")[0] in LANGUAGES:
        return say_day(local, lang)
    return str(formats.date_format(local, "DATE_FORMAT"))
