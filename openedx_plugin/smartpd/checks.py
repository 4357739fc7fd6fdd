"""Whether the settings of this site can be used: said by ``manage.py check``, and a default taken where one cannot.

Warnings, not errors: an error here would keep the whole platform from its own commands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.utils.module_loading import import_string

from .settings.common import DEFAULTS

__all__ = ["check_settings", "usable"]

log = logging.getLogger(__name__)


def usable(name: str) -> Any:
    """The setting, or its default where it cannot be used, which is logged once."""
    value = getattr(settings, name)
    accepted = _accepted_instead(name, value)
    if not accepted:
        return value
    _complain(name, repr(value), accepted)
    return DEFAULTS[name]


def check_settings(**_kwargs: Any) -> list[CheckMessage]:
    """One warning for each setting that cannot be used, in the order of docs/settings.md."""
    found: list[CheckMessage] = []
    for number, name in enumerate(DEFAULTS, 1):
        value = getattr(settings, name)
        if accepted := _accepted_instead(name, value):
            found.append(Warning(_said(name, repr(value), accepted), id=f"smartpd.W{number:03d}"))
    return found


def _said(name: str, value: str, accepted: str) -> str:
    return f"{name} is {value}, which cannot be used (accepted: {accepted}); the default is {DEFAULTS[name]!r}"


@lru_cache(maxsize=64)
def _complain(name: str, value: str, accepted: str) -> None:
    log.error("%s", _said(name, value, accepted))


def _accepted_instead(name: str, value: Any) -> str:
    """What is accepted where ``value`` is not; ``""`` where it is."""
    return _RULES[name](value)


# --- one rule for each setting ------------------------------------------------------------------


def _instrument(value: Any) -> str:
    from smartpd_analytics.api import InputError, instrument_ids, load_instrument

    try:
        fits = isinstance(value, str) and bool(load_instrument(value).cut_scores)
    except InputError:
        fits = False
    return "" if fits else ", ".join(instrument_ids(kind="self_assessment"))


def _target_level(value: Any) -> str:
    from smartpd_analytics.api import load_framework, load_instrument

    instrument = load_instrument(usable("SMARTPD_INSTRUMENT"))
    framework = load_framework(instrument.framework_id)
    levels = [level.id for level in framework.levels]
    return "" if value in levels else f"{', '.join(levels)}, the levels of {framework.id}"


def _folder(value: Any) -> str:
    from smartpd_analytics.api import InstrumentError, use_folder

    if not value:
        return ""
    if not isinstance(value, (str, Path)) or not Path(value).is_dir():
        return "the path of a folder with instruments and frameworks"
    try:
        use_folder(value)
    except InstrumentError as problem:
        return f"a folder with valid instruments and frameworks: {problem}"
    return ""


def _rules(value: Any) -> str:
    from smartpd_analytics.api import InputError, load_rules

    if not value:
        return ""
    try:
        load_rules(value)
    except (InputError, OSError, TypeError) as problem:
        return f"the path of a valid rule file: {problem}"
    return ""


def _whole_number(least: int) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= least
        return "" if fits else f"a whole number, {least} or more"

    return rule


def _courses(value: Any) -> str:
    fits = isinstance(value, Mapping) and all(
        isinstance(key, str) and isinstance(title, (str, Mapping)) for key, title in value.items()
    )
    return "" if fits else "course keys with their titles, as text or as a mapping of languages"


def _path(value: Any) -> str:
    if not value:
        return ""
    try:
        import_string(value)
    except (ImportError, AttributeError, TypeError, ValueError):
        return "the dotted path of something that can be imported"
    return ""


_RULES: Mapping[str, Callable[[Any], str]] = {
    "SMARTPD_INSTRUMENT": _instrument,
    "SMARTPD_TARGET_LEVEL": _target_level,
    "SMARTPD_INSTRUMENT_FOLDER": _folder,
    "SMARTPD_RULES_FILE": _rules,
    "SMARTPD_RECOMMENDATIONS": _whole_number(0),
    "SMARTPD_PAGE_SIZE": _whole_number(1),
    "SMARTPD_COURSES": _courses,
    "SMARTPD_COMPLETED_KEYS": _path,
    "SMARTPD_LEARNER_STATES": _path,
    "SMARTPD_BLOCK_SERIES": _path,
}
