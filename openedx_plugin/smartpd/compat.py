"""Everything that is asked of the platform, and what stands in for it where there is none.

Platform imports are inside the functions. The stand-ins serve hosts without the platform (the demo,
the tests): courses are those of ``SMARTPD_COURSES``, or all where it is empty; the course team are the
accounts with Django's staff flag; a course's learners are the members of the Django group named like its
key, or every active account where there is no such group; observers are the members of the group
"<course key> observers"; there are no cohorts. On a platform a stand-in is never
taken: an import that fails there is an error, not an open door.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

__all__ = [
    "base_template",
    "block_series",
    "cohort_members",
    "cohorts",
    "completed_keys",
    "course_title",
    "enrolled",
    "full_names",
    "is_course_team",
    "is_enrolled",
    "is_observer",
    "is_read_only",
    "jump_url",
    "learner_states",
    "name_fields",
    "navigation_course",
    "navigation_template",
    "on_platform",
    "person_to_show",
    "studio_redirect",
]


#: Whoever has one of these in a course, or in its organisation, is in the course's team.
_TEAM_ROLES = ("instructor", "limited_staff", "staff")


@lru_cache(maxsize=1)
def on_platform() -> bool:
    """Whether this process is an LMS or a Studio."""
    for name in ("xmodule", "lms"):
        spec = find_spec(name)
        # A mere folder of that name somewhere on the path is a namespace package without an origin.
        if spec is not None and spec.origin:
            return True
    return False


# --- who may see what -------------------------------------------------------------------------


def is_enrolled(user: Any, course_key: Any) -> bool:
    """Whether a signed-in ``user`` takes the course."""
    if on_platform():
        from common.djangoapps.student.models import CourseEnrollment

        return bool(CourseEnrollment.is_enrolled(user, course_key))
    from django.contrib.auth.models import Group

    group = Group.objects.filter(name=str(course_key)).first()
    return bool(user.is_active) and (group is None or user.groups.filter(pk=group.pk).exists())


def enrolled(course_key: Any) -> Any:
    """The accounts that take the course, without its team, as a query."""
    from django.contrib.auth import get_user_model

    users = get_user_model()._default_manager.exclude(is_staff=True)
    if on_platform():
        from common.djangoapps.student.models import CourseAccessRole, CourseEnrollment
        from opaque_keys.edx.django.models import CourseKeyField

        taking = CourseEnrollment.objects.filter(course_id=course_key, is_active=True)
        team = CourseAccessRole.objects.filter(role__in=_TEAM_ROLES)
        here, in_org = (
            team.filter(course_id=course_key),
            team.filter(course_id=CourseKeyField.Empty, org=course_key.org),
        )
        users = users.filter(pk__in=taking.values("user_id"))
        return users.exclude(pk__in=here.values("user_id")).exclude(pk__in=in_org.values("user_id"))
    from django.contrib.auth.models import Group
    from django.db.models import Exists, OuterRef

    groups = Group.objects.filter(name=str(course_key))
    return users.filter(Exists(groups.filter(user=OuterRef("pk"))) | ~Exists(groups), is_active=True)


def is_course_team(user: Any, course_key: Any) -> bool:
    """Whether a signed-in ``user`` teaches or runs the course."""
    if on_platform():
        from lms.djangoapps.courseware.access import has_access

        return bool(has_access(user, "staff", course_key))
    return bool(user.is_active and user.is_staff)


def is_observer(user: Any, course_key: Any) -> bool:
    """Whether a signed-in ``user`` may see figures of the class, but nobody's own: the platform's data researchers."""
    if on_platform():
        from common.djangoapps.student.roles import CourseDataResearcherRole

        return bool(CourseDataResearcherRole(course_key).has_user(user))
    return bool(user.is_active and user.groups.filter(name=f"{course_key} observers").exists())


def is_read_only(course_key: Any) -> bool:
    """Whether whoever makes this request is staff looking at the course as a specific learner.

    The platform then runs handlers as that learner and saves what they save, so nobody may write.
    """
    from crum import get_current_user

    user = get_current_user()
    # The platform keeps the masquerade on the account for the length of the request; without it there is
    # nothing to ask, and Studio, which cannot import the courseware, never has one.
    if not getattr(user, "masquerade_settings", None):
        return False
    from lms.djangoapps.courseware.masquerade import is_masquerading_as_specific_student

    return bool(is_masquerading_as_specific_student(user, course_key))


def person_to_show(request: Any, course_key: Any) -> Any:
    """Whose page a request for one's own page is: staff who look at the course as a learner see that learner's."""
    if not on_platform():
        return request.user
    from lms.djangoapps.courseware.masquerade import setup_masquerade

    _masquerade, user = setup_masquerade(request, course_key, is_course_team(request.user, course_key))
    return user


# --- courses ----------------------------------------------------------------------------------


def course_title(course_key: Any) -> str | None:
    """The course's title, or None where there is no such course."""
    if on_platform():
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

        try:
            return str(CourseOverview.get_from_id(course_key).display_name_with_default)
        except CourseOverview.DoesNotExist:
            return None
    from django.utils.translation import get_language
    from smartpd_analytics.api import say

    from .checks import usable

    courses = usable("SMARTPD_COURSES")
    if not courses:
        return str(course_key)
    title = courses.get(str(course_key))
    return say(title, get_language() or "en") if isinstance(title, Mapping) else title


def navigation_course(user: Any, course_key: Any) -> Any:
    """What the platform's course navigation needs in a page; None where there is no platform.

    Raises:
        what the platform raises where ``user`` may not open the course yet (its middleware redirects).
    """
    if not on_platform():
        return None
    from lms.djangoapps.courseware.courses import get_course_with_access

    return get_course_with_access(user, "load", course_key, check_if_enrolled=True)


def base_template() -> str:
    """The template that our pages extend: the host's own frame where it has one."""
    return "main_django.html" if _has_template("main_django.html") else "smartpd/frame.html"


def navigation_template(course: Any) -> str:
    """The host's tabs of a course, ``""`` where it has none; the platform's need the ``course`` itself."""
    name = "courseware/course_navigation.html"
    return name if (course is not None or not on_platform()) and _has_template(name) else ""


def _has_template(name: str) -> bool:
    from django.template import TemplateDoesNotExist
    from django.template.loader import get_template

    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def jump_url(course_key: Any, usage_key: str) -> str:
    """The address that opens a block or unit in the course, or ``""`` where the host has none."""
    from django.urls import NoReverseMatch, reverse
    from opaque_keys import InvalidKeyError
    from opaque_keys.edx.keys import UsageKey

    if not usage_key:
        return ""
    try:
        UsageKey.from_string(usage_key)
        name = "jump_to"
    except InvalidKeyError:
        name = "jump_to_id"
    try:
        return str(reverse(name, args=[str(course_key), usage_key]))
    except NoReverseMatch:
        return ""


def studio_redirect(path: str) -> str:
    """The address in the LMS of a page that was asked for in Studio."""
    from django.conf import settings

    return f"{getattr(settings, 'LMS_ROOT_URL', '') or ''}{path}"


def completed_keys(user: Any, course_key: Any) -> frozenset[str] | None:
    """Usage keys of the blocks and units that the host counts as complete; None where it does not count.

    The stand-in asks the function that ``SMARTPD_COMPLETED_KEYS`` names.
    """
    if on_platform():
        return _completed_on_platform(user, course_key)
    completed = _stand_in("SMARTPD_COMPLETED_KEYS")
    return frozenset(map(str, completed(user, course_key))) if completed else None


def _completed_on_platform(user: Any, course_key: Any) -> frozenset[str] | None:
    """As the outline has it: a leaf by its completion, what holds others when all that count in it are complete."""
    from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
    from lms.djangoapps.course_api.blocks.transformers.block_completion import BlockCompletionTransformer
    from lms.djangoapps.course_blocks.api import get_course_block_access_transformers, get_course_blocks
    from openedx.core.djangoapps.content.block_structure.transformers import BlockStructureTransformers
    from xmodule.modulestore.django import modulestore

    if not ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled():
        return None
    transformer = BlockCompletionTransformer()
    steps = BlockStructureTransformers([*get_course_block_access_transformers(user), transformer])
    blocks = get_course_blocks(user, modulestore().make_course_usage_key(course_key), transformers=steps)
    found: set[Any] = set()
    for key in blocks.post_order_traversal():
        # What holds nothing that counts is "complete" before anybody has opened it: something in it has to be done.
        counts = transformer.get_block_completion(blocks, key) is not None or found.intersection(
            blocks.get_children(key)
        )
        if counts and blocks.get_xblock_field(key, transformer.COMPLETE):
            found.add(key)
    return frozenset(map(str, found))


# --- cohorts ----------------------------------------------------------------------------------


def cohorts(course_key: Any) -> tuple[tuple[int, str], ...]:
    """Id and name of each cohort, by name; empty where the course has none or the host knows none."""
    if not on_platform():
        return ()
    from openedx.core.djangoapps.course_groups.cohorts import is_course_cohorted
    from openedx.core.djangoapps.course_groups.models import CourseUserGroup

    if not is_course_cohorted(course_key):
        return ()
    groups = CourseUserGroup.objects.filter(course_id=course_key, group_type=CourseUserGroup.COHORT)
    return tuple(groups.order_by("name").values_list("id", "name"))


def cohort_members(course_key: Any, cohort_id: int) -> Any:
    """Ids of the accounts in a cohort of the course, as a query; of nobody where there is no such cohort."""
    if not on_platform():
        return ()
    from openedx.core.djangoapps.course_groups.models import CourseUserGroup

    here = CourseUserGroup.objects.filter(pk=cohort_id, course_id=course_key, group_type=CourseUserGroup.COHORT)
    return here.values("users")


# --- another learner's state of a block ---------------------------------------------------------


def block_series(course_key: Any, block_type: str) -> Mapping[str, str]:
    """Usage key -> name of its series, of each block of one type in the course, as its author has it now.

    A host without the platform names its own function in ``SMARTPD_BLOCK_SERIES``; without it there are none.
    """
    if on_platform():
        from xmodule.modulestore.django import modulestore

        blocks = modulestore().get_items(course_key, qualifiers={"category": block_type})
        return {str(block.location.map_into_course(course_key)): str(block.series or "") for block in blocks}
    series = _stand_in("SMARTPD_BLOCK_SERIES")
    return dict(series(course_key, block_type)) if series else {}


def learner_states() -> Any:
    """What reads and changes learners' state of a block, or None where the host has none.

    It has ``count(usage_key, field)``, how many learners have entries in a field that is a list, and
    ``newest(usage_key, field, start=…, most=…)``, accounts and states of some of them, the newest change first. Of one
    learner it has ``read(user, usage_key)``, the fields as JSON; ``write(user, usage_key, fields)``, laid over what is
    stored; ``clear(user, usage_key, by)``: state, score and completion are gone, as by the platform's own reset. All of
    that is in the caller's transaction. A host without the platform names its own class in ``SMARTPD_LEARNER_STATES``.
    """
    if on_platform():
        return _PlatformStates()
    states = _stand_in("SMARTPD_LEARNER_STATES")
    return states() if states else None


def _stand_in(setting: str) -> Any:
    """What a host without the platform has put in its place, by a dotted path; None where it has nothing."""
    from django.utils.module_loading import import_string

    from .checks import usable

    path = usable(setting)
    return import_string(path) if path else None


class _PlatformStates:
    """By the platform's own ways: its client for learners' states, and the reset of its instructor dashboard."""

    def count(self, usage_key: Any, field: str) -> int:
        return int(self._rows(usage_key, field).count())

    def newest(self, usage_key: Any, field: str, *, start: int, most: int) -> list[tuple[Any, dict[str, Any]]]:
        rows = self._rows(usage_key, field).select_related("student").order_by("-modified", "-pk")
        return [(row.student, json.loads(row.state)) for row in rows[start : start + most]]

    def _rows(self, usage_key: Any, field: str) -> Any:
        from lms.djangoapps.courseware.models import StudentModule

        # As ``json.dumps`` writes it. Inside a text a quotation mark has a backslash before it, so no text is taken
        # for this.
        begun = f'"{field}": [{{'
        here = StudentModule.objects.filter(course_id=usage_key.context_key, module_state_key=usage_key)
        return here.filter(state__contains=begun)

    def read(self, user: Any, usage_key: Any) -> dict[str, Any]:
        from lms.djangoapps.courseware.user_state_client import DjangoXBlockUserStateClient

        client = DjangoXBlockUserStateClient(user)
        found = client.get_many(user.get_username(), [usage_key])
        return next((dict(each.state) for each in found), {})

    def write(self, user: Any, usage_key: Any, fields: Mapping[str, Any]) -> None:
        from lms.djangoapps.courseware.user_state_client import DjangoXBlockUserStateClient

        DjangoXBlockUserStateClient(user).set_many(user.get_username(), {usage_key: dict(fields)})

    def clear(self, user: Any, usage_key: Any, by: Any) -> None:
        from lms.djangoapps.courseware.models import StudentModule
        from lms.djangoapps.instructor.enrollment import reset_student_attempts

        # No row: known to us from the log, or from before a reset in the dashboard.
        with suppress(StudentModule.DoesNotExist):
            # Deletes the row with the score, tells the gradebook, and writes edx.grades.problem.state_deleted.
            reset_student_attempts(usage_key.context_key, user, usage_key, requesting_user=by, delete_module=True)
        self._uncomplete(user, usage_key)

    def _uncomplete(self, user: Any, usage_key: Any) -> None:
        # The platform's reset leaves the check mark of blocks without a score.
        from completion.models import BlockCompletion

        BlockCompletion.objects.filter(user=user, context_key=usage_key.context_key, block_key=usage_key).delete()


# --- people -----------------------------------------------------------------------------------


def name_fields() -> tuple[str, ...]:
    """Lookups from an account to the words by which a course team knows a person."""
    return ("username", "profile__name") if on_platform() else ("username", "first_name", "last_name")


def full_names(users: Iterable[Any]) -> dict[int, str]:
    """Account id -> full name, ``""`` where none is known, in one query at most."""
    users = list(users)
    if not on_platform():
        return {user.pk: user.get_full_name() for user in users}
    from common.djangoapps.student.models import UserProfile

    names = dict(UserProfile.objects.filter(user__in=users).values_list("user_id", "name"))
    return {user.pk: names.get(user.pk) or "" for user in users}
