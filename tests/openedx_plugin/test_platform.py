"""What is asked of the platform, of modules that stand at its names and have its signatures."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from opaque_keys.edx.django.models import CourseKeyField
from opaque_keys.edx.keys import CourseKey
from smartpd import api, compat
from smartpd.permissions import Role, observes, role_in

from tests.openedx_plugin.made import COURSE, OTHER_COURSE
from tests.openedx_plugin.rows import Rows

KEY = CourseKey.from_string(COURSE)


class Enrolments:
    """``common.djangoapps.student.models.CourseEnrollment`` as far as we ask it."""

    enrolled: set = set()

    @classmethod
    def is_enrolled(cls, user, course_key):
        assert isinstance(course_key, CourseKey)
        return user.username in cls.enrolled


class Overview:
    """``CourseOverview`` as far as we ask it."""

    class DoesNotExist(Exception):
        pass

    @classmethod
    def get_from_id(cls, course_id):
        if course_id != KEY:
            raise cls.DoesNotExist
        return SimpleNamespace(display_name_with_default="The platform's title")


@pytest.fixture
def platform(monkeypatch):
    """Modules at the platform's names; what is put into ``masquerades`` counts for the request's account."""

    def module(name, **content):
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            path = ".".join(parts[:end])
            if path not in sys.modules:
                made = ModuleType(path)
                made.__path__ = []
                monkeypatch.setitem(sys.modules, path, made)
        vars(sys.modules[name]).update(content)

    said = SimpleNamespace(staff=set(), observers=set(), masquerades={}, opened=[], module=module)

    def setup_masquerade(request, course_key, staff_access=False, reset_masquerade_data=False):
        masquerade = said.masquerades.get(course_key)
        if not staff_access or masquerade is None:
            return None, request.user
        return masquerade, get_user_model().objects.get(username=masquerade.user_name)

    def get_course_with_access(user, action, course_key, depth=0, check_if_enrolled=False, **_more):
        said.opened.append((user.username, action, check_if_enrolled))
        return SimpleNamespace(id=course_key)

    def is_masquerading_as_specific_student(user, course_key):
        masquerade = getattr(user, "masquerade_settings", {}).get(course_key)
        return bool(masquerade and masquerade.user_name)

    class Researchers:
        def __init__(self, course_key):
            assert isinstance(course_key, CourseKey)

        def has_user(self, user):
            return user.username in said.observers

    module("common.djangoapps.student.roles", CourseDataResearcherRole=Researchers)
    module("common.djangoapps.student.models", CourseEnrollment=Enrolments, UserProfile=None)
    module(
        "lms.djangoapps.courseware.access",
        has_access=lambda user, action, obj, course_key=None: action == "staff" and user.username in said.staff,
    )
    module("lms.djangoapps.courseware.courses", get_course_with_access=get_course_with_access)
    module(
        "lms.djangoapps.courseware.masquerade",
        setup_masquerade=setup_masquerade,
        is_masquerading_as_specific_student=is_masquerading_as_specific_student,
    )
    module("openedx.core.djangoapps.content.course_overviews.models", CourseOverview=Overview)
    monkeypatch.setattr(compat, "on_platform", lambda: True)
    monkeypatch.setattr(Enrolments, "enrolled", set())
    return said


@pytest.mark.django_db
def test_roles_come_from_the_platform(platform, learner, teacher):
    Enrolments.enrolled = {"primus"}
    platform.staff = {"dean"}
    dean = get_user_model().objects.create_user(username="dean")
    assert role_in(learner, KEY) is Role.LEARNER
    assert role_in(dean, KEY) is Role.TEAM
    platform.observers = {"primus", "counter"}
    counter = get_user_model().objects.create_user(username="counter")
    assert (role_in(learner, KEY), role_in(counter, KEY)) == (Role.LEARNER, Role.OBSERVER)
    assert observes(learner, KEY)
    assert not observes(dean, KEY)
    assert role_in(teacher, KEY) is Role.STRANGER, "Django's staff flag is no course team on a platform"


@pytest.mark.django_db
def test_who_takes_a_course_is_enrolled_and_not_in_its_team(platform):
    accounts = {
        name: get_user_model().objects.create_user(username=name, is_staff=name == "global")
        for name in ("active", "left", "elsewhere", "here", "org", "other-org", "beta", "global")
    }

    def row(name, **more):
        return SimpleNamespace(user_id=[accounts[name].pk], **more)

    other = CourseKey.from_string(OTHER_COURSE)
    enrolments = [row(name, course_id=KEY, is_active=name != "left") for name in accounts if name != "elsewhere"]
    roles = [
        row("here", role="staff", course_id=KEY, org="Org"),
        row("org", role="instructor", course_id=CourseKeyField.Empty, org="Org"),
        row("other-org", role="staff", course_id=CourseKeyField.Empty, org="Another"),
        row("active", role="staff", course_id=other, org="Org"),
        row("beta", role="beta_testers", course_id=KEY, org="Org"),
    ]
    here = row("elsewhere", course_id=other, is_active=True)
    platform.module(
        "common.djangoapps.student.models",
        CourseEnrollment=SimpleNamespace(objects=Rows([*enrolments, here])),
        CourseAccessRole=SimpleNamespace(objects=Rows(roles)),
    )
    assert {user.username for user in compat.enrolled(KEY)} == {"active", "other-org", "beta"}


@pytest.mark.django_db
def test_a_platform_that_cannot_be_asked_opens_no_door(monkeypatch, learner):
    monkeypatch.setattr(compat, "on_platform", lambda: True)
    with pytest.raises(ImportError):
        role_in(learner, KEY)


def test_titles_come_from_the_platform(platform):
    assert compat.course_title(KEY) == "The platform's title"
    assert compat.course_title(CourseKey.from_string(OTHER_COURSE)) is None
    assert api.course_exists(COURSE)


@pytest.mark.parametrize(
    ("masquerade", "read_only"),
    [
        (None, False),
        ({}, False),
        ({KEY: SimpleNamespace(user_name=None)}, False),
        ({KEY: SimpleNamespace(user_name="primus")}, True),
        ({CourseKey.from_string(OTHER_COURSE): SimpleNamespace(user_name="primus")}, False),
    ],
)
def test_nothing_is_written_while_staff_look_as_a_learner(platform, monkeypatch, masquerade, read_only):
    user = SimpleNamespace() if masquerade is None else SimpleNamespace(masquerade_settings=masquerade)
    monkeypatch.setattr("crum.get_current_user", lambda: user)
    assert api.is_read_only(COURSE) is read_only


def test_studio_which_has_no_courseware_is_never_read_only(monkeypatch):
    monkeypatch.setattr(compat, "on_platform", lambda: True)
    monkeypatch.setattr("crum.get_current_user", SimpleNamespace)
    assert api.is_read_only(COURSE) is False


@pytest.mark.django_db
def test_staff_who_look_as_a_learner_see_that_learners_page(platform, client, monkeypatch, learner, teacher):
    monkeypatch.setattr(compat, "full_names", lambda users: {user.pk: "" for user in users})
    # The platform's own stylesheets are not here.
    monkeypatch.setattr("smartpd.views.compat.base_template", lambda: "smartpd/frame.html")
    monkeypatch.setattr("smartpd.views._frame", _without_the_platforms_head(monkeypatch))
    Enrolments.enrolled = {"primus"}
    platform.staff = {"teacher"}
    platform.masquerades[KEY] = SimpleNamespace(user_name="primus")
    client.force_login(teacher)
    text = client.get(f"/smartpd/{COURSE}/").content.decode()
    assert "Development of primus" in text
    assert platform.opened == [("teacher", "load", True)]


def _without_the_platforms_head(monkeypatch):
    from smartpd import views

    real = views._frame
    return lambda *args, **more: {**real(*args, **more), "on_platform": False, "navigation_template": ""}


# --- completion ---------------------------------------------------------------------------------


class Blocks:
    """A course's block structure with completions, as far as we ask it: key -> (children, complete, completion)."""

    def __init__(self, rows):
        self.rows = rows

    def post_order_traversal(self):
        return iter(self.rows)

    def get_children(self, key):
        return self.rows[key][0]

    def get_xblock_field(self, key, name, default=None):
        assert name == "complete"
        return self.rows[key][1]


class CompletionTransformer:
    COMPLETE = "complete"

    @classmethod
    def get_block_completion(cls, blocks, key):
        return blocks.rows[key][2]


@pytest.mark.parametrize("switched_on", [True, False])
@pytest.mark.django_db
def test_what_is_finished_is_what_the_platforms_outline_shows(platform, learner, switched_on):
    # Leaves before what holds them. An empty unit, and one of discussions only, are "complete" from the start.
    rows = {
        "done": ([], True, 1.0),
        "begun": ([], None, 0.4),
        "talk": ([], None, None),
        "unit-done": (["done", "talk"], True, None),
        "unit-open": (["done", "begun"], None, None),
        "unit-empty": ([], True, None),
        "unit-talk": (["talk"], True, None),
        "section": (["unit-done"], True, None),
    }
    asked = []

    class Transformers:
        """``BlockStructureTransformers`` as far as we ask it: a collection, and the platform hangs the asker on it."""

        def __init__(self, transformers=None):
            self.steps = list(transformers or ())

    def get_course_blocks(user, starting_block_usage_key, transformers=None, **_more):
        transformers.usage_info = user
        asked.append((user.username, starting_block_usage_key, *transformers.steps[:1], type(transformers.steps[1])))
        return Blocks(rows)

    platform.module(
        "completion.waffle", ENABLE_COMPLETION_TRACKING_SWITCH=SimpleNamespace(is_enabled=lambda: switched_on)
    )
    platform.module(
        "lms.djangoapps.course_api.blocks.transformers.block_completion",
        BlockCompletionTransformer=CompletionTransformer,
    )
    platform.module(
        "lms.djangoapps.course_blocks.api",
        get_course_blocks=get_course_blocks,
        get_course_block_access_transformers=lambda user: ["access"],
    )
    platform.module(
        "openedx.core.djangoapps.content.block_structure.transformers", BlockStructureTransformers=Transformers
    )
    root = SimpleNamespace(make_course_usage_key=lambda course_key: f"root of {course_key}")
    platform.module("xmodule.modulestore.django", modulestore=lambda: root)
    if switched_on:
        assert api.finished(learner.pk, COURSE) == {"done", "unit-done", "section"}
        assert asked == [("primus", f"root of {COURSE}", "access", CompletionTransformer)]
    else:
        assert api.finished(learner.pk, COURSE) == frozenset(), "then the log is asked, which knows nothing here"
        assert asked == []
