"""How LMS and CMS find this app. Import-light on purpose: an import error here stops the whole platform."""

import logging

from django.apps import AppConfig, apps
from django.conf import settings

log = logging.getLogger(__name__)

_SETTINGS = {
    "common": {"relative_path": "settings.common"},
    "production": {"relative_path": "settings.production"},
    "test": {"relative_path": "settings.test"},
}


class SmartPDConfig(AppConfig):
    """The app and what the platform's plugin manager reads off it."""

    name = "smartpd"
    label = "smartpd"
    verbose_name = "SmartPD"
    default_auto_field = "django.db.models.BigAutoField"

    plugin_app = {
        "url_config": {
            "lms.djangoapp": {"namespace": "smartpd", "regex": r"^smartpd/", "relative_path": "urls"},
            # Blocks link to the pages from Studio's preview as well; there the same address leads to the LMS.
            "cms.djangoapp": {"namespace": "smartpd", "regex": r"^smartpd/", "relative_path": "studio_urls"},
        },
        "settings_config": {"lms.djangoapp": _SETTINGS, "cms.djangoapp": _SETTINGS},
        "signals_config": {
            "lms.djangoapp": {
                "relative_path": "signals",
                "receivers": [
                    {
                        "receiver_func_name": "forget_retired_account",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_MISC",
                    },
                    {
                        "receiver_func_name": "forget_deleted_state",
                        "signal_path": "django.db.models.signals.post_delete",
                        "sender_path": "lms.djangoapps.courseware.models.StudentModule",
                    },
                ],
            }
        },
    }

    def ready(self) -> None:
        """Take in the site's own instruments and frameworks, and make xAPI statements, where it has any."""
        self._register_statements()
        from django.core.checks import register

        from .checks import check_settings

        register(check_settings, "smartpd")
        if not settings.SMARTPD_INSTRUMENT_FOLDER:
            return
        from smartpd_analytics.api import InstrumentError, use_folder

        try:
            use_folder(settings.SMARTPD_INSTRUMENT_FOLDER)
        except InstrumentError as problem:
            log.error("SMARTPD_INSTRUMENT_FOLDER: %s", problem)

    @staticmethod
    def _register_statements() -> None:
        if not apps.is_installed("event_routing_backends"):
            return
        try:
            from .tracking import xapi  # noqa: F401
        except Exception:
            # Another release of it must not stop the platform; our events are then missing from its statements.
            log.exception("SmartPD's events do not become xAPI statements")
