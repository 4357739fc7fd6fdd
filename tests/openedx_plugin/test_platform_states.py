"""Cohorts, and learners' state of a block, as the platform has them."""

import json
import sys
from types import ModuleType, SimpleNamespace

import pytest
from opaque_keys.edx.keys import CourseKey, UsageKey
from smartpd import compat

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC
from tests.openedx_plugin.rows import Rows

KEY = CourseKey.from_string(COURSE)


@pytest.fixture
def modules(monkeypatch):
    """Puts a module at a name of the platform's."""

    def module(name, **content):
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            path = ".".join(parts[:end])
            if path not in sys.modules or end == len(parts):
                made = ModuleType(path)
                made.__path__ = []
                monkeypatch.setitem(sys.modules, path, made)
        vars(sys.modules[name]).update(content)

    monkeypatch.setattr(compat, "on_platform", lambda: True)
    return module


def test_cohorts_come_from_the_platform(modules):
    groups = Rows(
        SimpleNamespace(id=number, pk=number, name=name, course_id=course, group_type=kind, users=[number * 10])
        for number, name, course, kind in [
            (1, "Morning", KEY, "cohort"),
            (2, "Evening", KEY, "cohort"),
            (3, "Elsewhere", "other", "cohort"),
            (4, "Something else", KEY, "content"),
        ]
    )
    cohorted = {KEY}
    modules("openedx.core.djangoapps.course_groups.cohorts", is_course_cohorted=lambda key: key in cohorted)
    group = SimpleNamespace(COHORT="cohort", objects=groups)
    modules("openedx.core.djangoapps.course_groups.models", CourseUserGroup=group)
    assert compat.cohorts(KEY) == ((2, "Evening"), (1, "Morning"))
    assert compat.cohort_members(KEY, 2) == [20]
    assert compat.cohort_members(KEY, 3) == []
    cohorted.clear()
    assert compat.cohorts(KEY) == ()


@pytest.mark.django_db
def test_a_learners_state_is_changed_in_the_platforms_ways(modules, learner, teacher):
    done = []
    usage = UsageKey.from_string(DIAGNOSTIC)

    class Client:
        def __init__(self, user):
            self.user = user

        def get_many(self, username, keys):
            return [SimpleNamespace(state={"answers": {}})] if username == "primus" and keys == [usage] else []

        def set_many(self, username, states):
            done.append((username, states))

    class StudentModule:
        class DoesNotExist(Exception):
            pass

    def reset_student_attempts(course_id, student, module_state_key, requesting_user, delete_module=False):
        done.append((course_id, student, module_state_key, requesting_user, delete_module))
        if student == teacher:
            raise StudentModule.DoesNotExist

    completions = Rows([SimpleNamespace(user=learner, context_key=KEY, block_key=usage)])
    asked = SimpleNamespace(filter=lambda **wanted: completions if completions.filter(**wanted) else Rows())
    modules("lms.djangoapps.courseware.user_state_client", DjangoXBlockUserStateClient=Client)
    modules("lms.djangoapps.courseware.models", StudentModule=StudentModule)
    modules("lms.djangoapps.instructor.enrollment", reset_student_attempts=reset_student_attempts)
    modules("completion.models", BlockCompletion=SimpleNamespace(objects=asked))

    states = compat.learner_states()
    assert states.read(learner, usage) == {"answers": {}}
    assert states.read(teacher, usage) == {}
    states.write(learner, usage, {"completed_at": ""})
    states.clear(learner, usage, teacher)
    assert done == [("primus", {usage: {"completed_at": ""}}), (KEY, learner, usage, teacher, True)]
    assert completions == []
    states.clear(teacher, usage, teacher)


def test_blocks_say_their_series_from_the_modulestore(modules):
    # As the split modulestore gives it, the key names the branch.
    usage = UsageKey.from_string(DIAGNOSTIC)
    branched = SimpleNamespace(map_into_course=lambda course_key: usage if course_key == KEY else None)
    asked = []

    def get_items(course_key, qualifiers):
        asked.append((course_key, qualifiers))
        return [SimpleNamespace(location=branched, series="Spring")]

    modules("xmodule.modulestore.django", modulestore=lambda: SimpleNamespace(get_items=get_items))
    assert compat.block_series(KEY, "smartpd_needs_diagnostic") == {DIAGNOSTIC: "Spring"}
    assert asked == [(KEY, {"category": "smartpd_needs_diagnostic"})]


def test_a_host_without_the_platform_has_series_by_a_function_of_its_own(settings, db):
    assert set(compat.block_series(KEY, "smartpd_needs_diagnostic").values()) == {""}
    settings.SMARTPD_BLOCK_SERIES = ""
    assert compat.block_series(KEY, "smartpd_needs_diagnostic") == {}


def test_a_host_without_the_platform_names_its_own(settings):
    assert compat.learner_states().__class__.__module__ == "demo.store"
    settings.SMARTPD_LEARNER_STATES = ""
    assert compat.learner_states() is None


def test_states_with_entries_come_from_the_platforms_table_the_newest_first(modules):
    usage = UsageKey.from_string(DIAGNOSTIC)

    def row(number, state, **more):
        values = {"course_id": KEY, "module_state_key": usage, "modified": number, "pk": number, "student": number}
        return SimpleNamespace(state=json.dumps(state), **{**values, **more})

    sent = {"submissions": [{"version": 1}]}
    objects = Rows(
        [
            row(1, sent),
            row(2, {"submissions": []}),
            row(3, {"draft": {"reason": '"submissions": [{'}}),
            row(4, sent, modified=9),
            row(5, sent, module_state_key="another"),
            row(6, sent, course_id="another"),
            row(7, sent),
        ]
    )
    modules("lms.djangoapps.courseware.models", StudentModule=SimpleNamespace(objects=objects))
    states = compat.learner_states()
    assert states.count(usage, "submissions") == 3
    assert states.newest(usage, "submissions", start=0, most=2) == [(4, sent), (7, sent)]
    assert states.newest(usage, "submissions", start=2, most=2) == [(1, sent)]
