"""What follows when the platform retires an account or deletes a learner's state."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.dispatch import Signal
from opaque_keys.edx.keys import UsageKey
from smartpd import api
from smartpd.models import Profile, TeamAct
from smartpd.signals import forget_deleted_state, forget_retired_account

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, key, score

# --- retirement ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_retired_account_is_forgotten(learner, other):
    for user in (learner, other):
        api.record_diagnosis(user.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score())
    retire = Signal()
    retire.connect(forget_retired_account)
    for _again in range(2):
        retire.send(sender=object, user=learner, something_new=1)
    assert list(Profile.objects.values_list("user", flat=True)) == [other.pk]


@pytest.mark.django_db
def test_a_failure_does_not_stop_the_platforms_own_retirement(learner, monkeypatch, caplog):
    def fails(**_more):
        raise RuntimeError("no database")

    monkeypatch.setattr(Profile.objects, "filter", fails)
    forget_retired_account(user=learner)
    assert "could not forget" in caplog.text


def test_the_receivers_are_where_the_config_says():
    from smartpd.apps import SmartPDConfig

    config = SmartPDConfig.plugin_app["signals_config"]["lms.djangoapp"]
    module = import_module(f"smartpd.{config['relative_path']}")
    found = [getattr(module, each["receiver_func_name"]) for each in config["receivers"]]
    assert found == [forget_retired_account, forget_deleted_state]


# --- the platform deletes a state ---------------------------------------------------------------


def delete_state(learner, usage_key=DIAGNOSTIC):
    """As the platform's row says it, after its deletion."""
    row = SimpleNamespace(student_id=learner.pk, module_state_key=UsageKey.from_string(usage_key))
    forget_deleted_state(sender=object, instance=row, using="default", origin=None)


@pytest.fixture
def diagnosed(learner, other):
    for user in (learner, other):
        api.record_diagnosis(user.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score())
    return learner


@pytest.mark.django_db
def test_results_follow_a_state_that_the_platform_deletes(
    diagnosed, other, teacher, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("crum.get_current_user", lambda: teacher)
    with django_capture_on_commit_callbacks(execute=True):
        delete_state(diagnosed, key("problem", "p1"))
        delete_state(diagnosed, key("smartpd_pres", "essay"))
    assert api.profile(diagnosed.pk, COURSE).level, "another block's state"
    with django_capture_on_commit_callbacks(execute=True):
        delete_state(diagnosed)
        assert api.profile(diagnosed.pk, COURSE).level, "not before the platform's deletion stands"
    assert not api.profile(diagnosed.pk, COURSE).level
    assert api.profile(other.pk, COURSE).level
    act = TeamAct.objects.get()
    assert (act.profile.user, act.act, act.by, act.answered) == (diagnosed, "reset", teacher, 22)
    with django_capture_on_commit_callbacks(execute=True):
        delete_state(diagnosed)
    assert TeamAct.objects.count() == 1, "there was nothing left to follow"


@pytest.mark.django_db
def test_a_deletion_with_the_account_or_by_nobody_is_no_trouble(
    diagnosed, other, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        delete_state(other)
        delete_state(diagnosed)
        diagnosed.delete()
    assert TeamAct.objects.get().by is None

    def fails(*_args, **_more):
        raise RuntimeError("no database")

    monkeypatch.setattr("smartpd._team_acts.forget_block", fails)
    with django_capture_on_commit_callbacks(execute=True):
        delete_state(other)
    assert "could not follow the deletion" in caplog.text
