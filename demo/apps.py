"""The demo as a Django app."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["DemoConfig"]


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "SmartPD demo"
