"""Signing in and out and account settings: no course, no learning, and often no name."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking.entry import EventType, Skip

_ACCOUNT = Skip("account")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.user.login": _ACCOUNT,
    "edx.user.logout": _ACCOUNT,
    "edx.user.settings.changed": _ACCOUNT,
    "edx.user.settings.change_initiated": _ACCOUNT,
    "edx.user.settings.viewed": _ACCOUNT,
}
