"""Settings that cannot be used: said by the check, and no page stops for one."""

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from smartpd import checks
from smartpd.settings.common import DEFAULTS
from smartpd.targets import standard

from tests.openedx_plugin.made import COURSE

WRONG = [
    ("SMARTPD_INSTRUMENT", "nope", "digcompedu_selfassessment"),
    ("SMARTPD_INSTRUMENT", "learning_needs", "digcompedu_selfassessment"),
    ("SMARTPD_INSTRUMENT", 7, "digcompedu_selfassessment"),
    ("SMARTPD_TARGET_LEVEL", "Z9", "A1, A2, B1, B2, C1, C2"),
    ("SMARTPD_TARGET_LEVEL", ["B2"], "A1, A2"),
    ("SMARTPD_INSTRUMENT_FOLDER", "/no/such/folder", "a folder"),
    ("SMARTPD_RULES_FILE", "/no/such/rules.yaml", "rule file"),
    ("SMARTPD_RECOMMENDATIONS", "three", "a whole number, 0 or more"),
    ("SMARTPD_RECOMMENDATIONS", -1, "a whole number, 0 or more"),
    ("SMARTPD_PAGE_SIZE", -5, "a whole number, 1 or more"),
    ("SMARTPD_PAGE_SIZE", True, "a whole number, 1 or more"),
    ("SMARTPD_COURSES", [1], "course keys with their titles"),
    ("SMARTPD_COURSES", {1: "One"}, "course keys with their titles"),
    ("SMARTPD_COMPLETED_KEYS", "no.such.function", "dotted path"),
    ("SMARTPD_LEARNER_STATES", 5, "dotted path"),
    ("SMARTPD_BLOCK_SERIES", "nodots", "dotted path"),
]


def warned():
    return [each for each in run_checks(tags=["smartpd"]) if each.id.startswith("smartpd.")]


def test_the_settings_of_a_new_site_are_fine():
    assert warned() == []
    assert set(checks._RULES) == set(DEFAULTS)


@pytest.mark.parametrize(("name", "value", "accepted"), WRONG)
def test_the_check_names_setting_value_and_what_is_accepted(settings, name, value, accepted):
    setattr(settings, name, value)
    [found] = warned()
    assert f"{name} is {value!r}" in found.msg
    assert accepted in found.msg
    assert not found.is_serious(), "the platform's own commands go on"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value", "_accepted"), WRONG)
def test_the_pages_go_on_with_the_default(client, learner, teacher, settings, caplog, name, value, _accepted):
    setattr(settings, name, value)
    checks._complain.cache_clear()
    for user, page in ((learner, "my_development"), (teacher, "team")):
        client.force_login(user)
        assert client.get(reverse(f"smartpd:{page}", args=[COURSE])).status_code == 200
    assert sum(name in record.getMessage() for record in caplog.records) <= 1, "not once for each page"


def test_to_ask_for_the_yardstick_reads_nothing_once_it_is_known(monkeypatch):
    """It is asked for at every learner of a course."""
    standard()
    monkeypatch.setattr("smartpd.targets.usable", lambda name: pytest.fail(f"{name} was looked up again"))
    assert standard().target_level == "B2"


@pytest.mark.parametrize(("level", "taken"), [("Z9", "B2"), (["B2"], "B2")])
def test_the_yardstick_of_a_mistyped_level_is_the_default(settings, level, taken):
    settings.SMARTPD_TARGET_LEVEL = level
    assert standard().target_level == taken
