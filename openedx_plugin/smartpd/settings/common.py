"""The settings of this app and their defaults, for every environment; docs/settings.md explains each."""

from __future__ import annotations

from typing import Any

from .statements import allow_statements

#: Name -> default. A test fails when one of them is missing from docs/settings.md.
DEFAULTS: dict[str, Any] = {
    "SMARTPD_INSTRUMENT": "digcompedu_selfassessment",
    "SMARTPD_TARGET_LEVEL": "B2",
    "SMARTPD_INSTRUMENT_FOLDER": "",
    "SMARTPD_RULES_FILE": "",
    "SMARTPD_RECOMMENDATIONS": 3,
    "SMARTPD_PAGE_SIZE": 50,
    "SMARTPD_COURSES": {},
    "SMARTPD_COMPLETED_KEYS": "",
    "SMARTPD_LEARNER_STATES": "",
    "SMARTPD_BLOCK_SERIES": "",
}


def plugin_settings(settings: Any) -> None:
    """Adds the defaults to ``settings``; what is set already stays, so it can be applied any number of times."""
    for name, default in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, default.copy() if isinstance(default, dict) else default)
    allow_statements(settings)
