"""docs/settings.md names every setting with its default, and every table."""

import re
from pathlib import Path

from django.apps import apps
from smartpd.settings.common import DEFAULTS

DOC = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| `?(.*?)`? \|", DOC, re.MULTILINE))


def test_every_setting_is_documented_with_its_default():
    documented = {name: value for name, value in ROWS.items() if name.startswith("SMARTPD_")}
    assert documented == {
        name: f'"{value}"' if isinstance(value, str) else str(value) for name, value in DEFAULTS.items()
    }


def test_every_setting_that_the_code_reads_has_a_default():
    package = Path(__file__).resolve().parents[2] / "openedx_plugin" / "smartpd"
    reading = r'(?:settings\.|usable\("|_stand_in\(")(SMARTPD_\w+)'
    read = {name for path in package.rglob("*.py") for name in re.findall(reading, path.read_text())}
    assert read == set(DEFAULTS)


def test_every_table_is_documented():
    models = {model.__name__ for model in apps.get_app_config("smartpd").get_models()}
    assert models == {name for name in ROWS if not name.startswith("SMARTPD_")}


def test_every_model_says_whether_it_holds_personal_data():
    for model in apps.get_app_config("smartpd").get_models():
        text = model.__doc__
        assert (".. no_pii:" in text) != all(
            mark in text for mark in (".. pii:", ".. pii_types:", ".. pii_retirement: local_api")
        ), model
