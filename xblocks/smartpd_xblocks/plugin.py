"""The only file of the blocks that reaches the plugin, and only by its door, lazily.

A block must work on a site where the Django app is not installed (a bare SDK workbench, a test
without Django apps), so callers ask for the door each time and cope with None.
"""

from __future__ import annotations

from types import ModuleType

__all__ = ["APP", "door"]

APP = "smartpd"


def door() -> ModuleType | None:
    """``smartpd.api``, or None where the Django app is not installed or not loaded yet."""
    try:
        from django.apps import apps
    except ImportError:
        return None
    if not apps.ready or not apps.is_installed(APP):
        return None
    from smartpd import api

    return api
