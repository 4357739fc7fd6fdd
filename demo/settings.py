"""Django's settings of the demo host, and of the test suite: the workbench, the plugin, one course.

The plugin comes in by ``edx_django_utils.plugins``, as in the LMS; nothing here names it.
"""

from __future__ import annotations

import importlib
import os
import warnings

import django.conf.locale
from edx_django_utils.plugins import add_plugins, get_plugin_apps
from workbench.settings import *  # noqa: F403
from workbench.settings import INSTALLED_APPS as WORKBENCH_APPS

from demo.course import COURSE_KEY, load_course
from demo.place import ROOT, VAR, database, secret_key

with warnings.catch_warnings():
    # WebOb, which XBlock stands on, still imports a module that Python is about to drop.
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("webob")

PROJECT_TYPE = "lms.djangoapp"

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = secret_key()
DATABASES = {"default": database(os.environ.get("SMARTPD_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Tashkent"

# --- words: Uzbek in Latin script under its own name ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("uz", "Oʻzbekcha")]
django.conf.locale.LANG_INFO["uz"] = {"bidi": False, "code": "uz", "name": "Uzbek", "name_local": "Oʻzbekcha"}

# --- what runs: the workbench without its samples, admin and file service, then the demo, then the plugins ---
INSTALLED_APPS = [
    *(app for app in WORKBENCH_APPS if app.startswith("django.contrib.") and app != "django.contrib.admin"),
    "workbench",
    "demo.apps.DemoConfig",
    *get_plugin_apps(PROJECT_TYPE),
]
WORKBENCH = {"reset_state_on_restart": False, "services": {}}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crum.CurrentRequestUserMiddleware",
]
ROOT_URLCONF = "demo.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "demo" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "demo.context.host",
            ],
            "builtins": ["demo.templatetags.words"],
        },
    }
]
#: As on the platform, which leaves the size of a request to the handlers.
DATA_UPLOAD_MAX_MEMORY_SIZE = None
LOGIN_URL = "/"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_FAILURE_VIEW = "demo.views.refused"

# --- files: everything written goes below VAR ---
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": VAR / "demo.log",
            "maxBytes": 2_000_000,
            "backupCount": 1,
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        }
    },
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
    "root": {"handlers": ["file"], "level": "INFO"},
}

# --- the plugin's and the demo's own ---
SMARTPD_COURSES = {COURSE_KEY: load_course().title}
SMARTPD_COMPLETED_KEYS = "demo.services.completed_keys"
SMARTPD_LEARNER_STATES = "demo.store.LearnerStates"
SMARTPD_BLOCK_SERIES = "demo.store.block_series"
#: Where events are written, one JSON line each, as in the LMS.
DEMO_TRACKING_LOG = VAR / "tracking.log"
#: The log that the project ships, and its copy moved to end on the day before the demo was first started.
DEMO_SHIPPED_LOG = ROOT / "demo" / "tracking" / "tracking.log.gz"
DEMO_SIMULATED_LOG = VAR / "simulated.log"

add_plugins(__name__, PROJECT_TYPE, "common")
add_plugins(__name__, PROJECT_TYPE, "production")
