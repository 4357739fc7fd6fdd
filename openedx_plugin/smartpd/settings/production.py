"""Settings in production.

The platform reads its YAML after the common settings of plugins and before these: a value given
there is already in place and stays.
"""

from __future__ import annotations

from typing import Any

from . import common

__all__ = ["plugin_settings"]

#: Tags of the blocks that may stand in a library.
BLOCKS = ("smartpd_needs_diagnostic", "smartpd_learning_matrix", "smartpd_pres")


def plugin_settings(settings: Any) -> None:
    """The common settings, and in Studio our blocks among those that libraries may hold."""
    common.plugin_settings(settings)
    enabled = getattr(settings, "LIBRARY_ENABLED_BLOCKS", None)
    if enabled is not None:
        settings.LIBRARY_ENABLED_BLOCKS = [*enabled, *(tag for tag in BLOCKS if tag not in enabled)]
