"""One course with four people: a learner, another learner, somebody who is not enrolled, the course team."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from smartpd import api

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, OTHER_COURSE, TITLE, activity, course_map, score


@pytest.fixture(autouse=True)
def bare_host(settings: Any) -> None:
    """A host that has nothing but the plugin: no frame of its own, no tabs."""
    settings.ROOT_URLCONF = "tests.openedx_plugin.site_urls"
    settings.LOGIN_URL = "/login"
    settings.SMARTPD_COMPLETED_KEYS = ""
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(apps.get_app_config("smartpd").path) / "templates"],
            "APP_DIRS": False,
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
            },
        }
    ]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def courses(settings: Any) -> None:
    settings.SMARTPD_COURSES = {COURSE: TITLE, OTHER_COURSE: {"en": "Another course", "uz": "Boshqa kurs"}}


def _account(username: str, course: str | None = COURSE, **more: Any) -> Any:
    user = get_user_model().objects.create_user(username=username, **more)
    if course:
        Group.objects.get_or_create(name=course)[0].user_set.add(user)
    return user


@pytest.fixture
def learner(db: None) -> Any:
    return _account("primus", first_name="First", last_name="Learner")


@pytest.fixture
def other(db: None) -> Any:
    return _account("secunda")


@pytest.fixture
def stranger(db: None) -> Any:
    Group.objects.get_or_create(name=COURSE)
    return _account("stranger", None)


@pytest.fixture
def teacher(db: None) -> Any:
    return _account("teacher", None, is_staff=True)


@pytest.fixture
def known(learner: Any) -> Any:
    """A learner of whom diagnosis and log both know something."""
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="2"))
    return learner
