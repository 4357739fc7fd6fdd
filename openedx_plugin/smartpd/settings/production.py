"""Settings in production.

The platform reads its YAML after the common settings of plugins and before these: a value given
there is already in place and stays.
"""

from .common import plugin_settings

__all__ = ["plugin_settings"]
