"""The app gets into LMS and Studio the way the platform takes plugins in."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, reverse
from edx_django_utils.plugins import add_plugins, get_plugin_apps, get_plugin_url_patterns
from smartpd.settings.common import DEFAULTS

from tests.openedx_plugin.made import COURSE

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ("lms.djangoapp", "cms.djangoapp")


@pytest.fixture
def settings_module(monkeypatch):
    """An empty settings module that the platform's loader can import by name."""
    module = ModuleType("a_platform_settings")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


@pytest.mark.parametrize("project", PROJECTS)
def test_the_platform_finds_the_app(project):
    assert "smartpd.apps.SmartPDConfig" in get_plugin_apps(project)


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("kind", ["common", "production", "test"])
def test_every_kind_of_settings_gives_the_defaults(project, kind, settings_module):
    add_plugins(settings_module.__name__, project, kind)
    assert {name: getattr(settings_module, name) for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("project", PROJECTS)
def test_a_value_of_the_site_survives_common_and_production(project, settings_module):
    add_plugins(settings_module.__name__, project, "common")
    settings_module.SMARTPD_TARGET_LEVEL = "C1"
    add_plugins(settings_module.__name__, project, "production")
    add_plugins(settings_module.__name__, project, "production")
    assert settings_module.SMARTPD_TARGET_LEVEL == "C1"


def test_sites_do_not_share_a_default_that_can_be_changed(settings_module):
    add_plugins(settings_module.__name__, "lms.djangoapp", "common")
    settings_module.SMARTPD_COURSES["x"] = "y"
    assert DEFAULTS["SMARTPD_COURSES"] == {}


def _named(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from (f"{pattern.namespace}:{name}" for name in _named(pattern.url_patterns))
        elif isinstance(pattern, URLPattern):
            yield pattern.name


def test_urls_of_the_lms():
    names = set(_named(get_plugin_url_patterns("lms.djangoapp")))
    assert {"smartpd:my_development", "smartpd:my_csv", "smartpd:team", "smartpd:team_csv"} <= names


@pytest.mark.parametrize("course", [COURSE, "Org/PD101/2026", "course-v1:Org+PD_101.x+2026-T1"])
def test_addresses_take_every_form_of_course_id(course):
    address = reverse("smartpd:my_development", args=[course])
    assert address == f"/smartpd/{course}/"
    assert get_resolver().resolve(address).kwargs == {"course_id": course}


def test_other_addresses_are_not_ours():
    with pytest.raises(Resolver404):
        get_resolver().resolve("/smartpd/no-course/")
    with pytest.raises(NoReverseMatch):
        reverse("smartpd:my_development", args=["no-course"])


def test_studio_sends_readers_to_the_lms(settings, rf):
    settings.LMS_ROOT_URL = "https://lms.example.org"
    patterns = get_plugin_url_patterns("cms.djangoapp")
    resolver = next(each for each in patterns if each.namespace == "smartpd")
    match = resolver.resolve(f"smartpd/{COURSE}/")
    response = match.func(rf.get(f"/smartpd/{COURSE}/?learner=a"), **match.kwargs)
    assert response.status_code == 302
    assert response["Location"] == f"https://lms.example.org/smartpd/{COURSE}/?learner=a"


def test_the_config_imports_nothing_heavy():
    code = (
        "import sys, smartpd.apps\n"
        "print(sorted(m for m in sys.modules if m.startswith(('smartpd', 'opaque_keys', 'smartpd_analytics'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['smartpd', 'smartpd.apps']"


@pytest.mark.django_db
def test_the_lms_does_not_load_the_engine():
    code = (
        "import django, sys; django.setup()\n"
        "import smartpd.api, smartpd.views, smartpd.urls\n"
        "print(sorted({'pandas', 'numpy', 'duckdb', 'pyarrow', 'sklearn', 'narwhals'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", "smartpd", check=True, dry_run=True, verbosity=0)


def test_migrations_only_add_tables():
    text = "".join(path.read_text() for path in (ROOT / "openedx_plugin/smartpd/migrations").glob("0*.py"))
    assert text
    assert set(re.findall(r"migrations\.([A-Z]\w+)\(", text)) <= {
        "Migration", "CreateModel", "AddIndex", "AddConstraint", "AddField",
    }  # fmt: skip
    # The account is the only foreign table.
    assert set(re.findall(r"to=['\"]?([\w.]+)", text)) == {
        "smartpd.profile",
        "smartpd.diagnosisresult",
        "settings.AUTH_USER_MODEL",
    }
