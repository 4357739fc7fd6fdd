"""Everything that is asked of the platform, and what stands in for it where there is none.

Platform imports are inside the functions. The stand-ins serve hosts without the platform (the demo,
the tests): courses are those of ``SMARTPD_COURSES``, or all where it is empty; the course team are the
accounts with Django's staff flag; a course's learners are the members of the Django group named like its
key, or every active account where there is no such group. On a platform a stand-in is never
taken: an import that fails there is an error, not an open door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

__all__ = [
    "base_template",
    "completed_keys",
    "course_title",
    "full_names",
    "is_course_team",
    "is_enrolled",
    "is_read_only",
    "jump_url",
    "name_fields",
    "navigation_course",
    "navigation_template",
    "on_platform",
    "person_to_show",
    "studio_redirect",
]


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


def is_course_team(user: Any, course_key: Any) -> bool:
    """Whether a signed-in ``user`` teaches or runs the course."""
    if on_platform():
        from lms.djangoapps.courseware.access import has_access

        return bool(has_access(user, "staff", course_key))
    return bool(user.is_active and user.is_staff)


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
    from django.conf import settings
    from django.utils.translation import get_language
    from smartpd_analytics.api import say

    if not settings.SMARTPD_COURSES:
        return str(course_key)
    title = settings.SMARTPD_COURSES.get(str(course_key))
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
    from django.conf import settings
    from django.utils.module_loading import import_string

    if not settings.SMARTPD_COMPLETED_KEYS:
        return None
    return frozenset(map(str, import_string(settings.SMARTPD_COMPLETED_KEYS)(user, course_key)))


def _completed_on_platform(user: Any, course_key: Any) -> frozenset[str] | None:
    """As the outline has it: a leaf by its completion, what holds others when all that count in it are complete."""
    from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
    from lms.djangoapps.course_api.blocks.transformers.block_completion import BlockCompletionTransformer
    from lms.djangoapps.course_blocks.api import get_course_block_access_transformers, get_course_blocks
    from xmodule.modulestore.django import modulestore

    if not ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled():
        return None
    transformer = BlockCompletionTransformer()
    blocks = get_course_blocks(
        user,
        modulestore().make_course_usage_key(course_key),
        transformers=[*get_course_block_access_transformers(user), transformer],
    )
    found: set[Any] = set()
    for key in blocks.post_order_traversal():
        # What holds nothing that counts is "complete" before anybody has opened it: something in it has to be done.
        counts = transformer.get_block_completion(blocks, key) is not None or found.intersection(
            blocks.get_children(key)
        )
        if counts and blocks.get_xblock_field(key, transformer.COMPLETE):
            found.add(key)
    return frozenset(map(str, found))


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
