"""Settings under the platform's own test runner: the defaults."""

from .common import plugin_settings

__all__ = ["plugin_settings"]
