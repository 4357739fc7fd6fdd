"""One check for every view and handler: who asks, where, as whom.

The platform's handlers check neither enrolment nor role, Studio's check no permission at all, and
"view as a specific learner" writes as that learner. So each handler that changes or reveals
something starts with ``learner(self)`` or ``author(self)``, and each view asks ``access(self)``
whether to offer anything to press.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xblock.exceptions import JsonHandlerError

from . import plugin
from .shared import course_key, course_locator, translate

__all__ = ["ONLY_STAFF", "READ_ONLY_REASONS", "Access", "Learner", "access", "author", "learner", "staff", "viewer"]

_PLATFORM = "edx-platform."


def _(msgid: str) -> str:
    """Mark for the catalogue; translated where it is shown."""
    return msgid


#: Why nothing may be written -> (status code of a refused handler, what to tell the person).
READ_ONLY_REASONS: dict[str, tuple[int, str]] = {
    "studio": (403, _("This is the preview in Studio. Nothing that you enter here is saved.")),
    "anonymous": (401, _("You are not signed in. Sign in and open this page again; then your work will be saved.")),
    "not_enrolled": (403, _("You are not enrolled in this course, so nothing is saved. Enrol first.")),
    "masquerade": (403, _("You are looking at this course as another learner, so nothing is saved.")),
}


@dataclass(frozen=True, slots=True)
class Learner:
    """The signed-in account.

    ``user_id`` is the platform's integer id, 0 in a runtime that has no accounts (the bare SDK
    workbench): such a learner must not reach the plugin. ``course_key`` is ``""`` outside a course.
    """

    user_id: int
    username: str
    course_key: str
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Who looks at a block, and why they may not write: a key of ``READ_ONLY_REASONS``, or ``""``."""

    learner: Learner | None
    read_only: str

    @property
    def may_write(self) -> bool:
        return not self.read_only

    def explanation(self, block: Any) -> str:
        """Why nothing can be written, in the words of the person who looks; ``""`` where it can."""
        return translate(block, READ_ONLY_REASONS[self.read_only][1]) if self.read_only else ""


def _service(block: Any, name: str) -> Any:
    """The runtime's service, or None: also where the block does not declare it or the runtime lacks it."""
    if block.service_declaration(name) is None:
        return None
    return block.runtime.service(block, name)


def viewer(block: Any) -> Learner | None:
    """Who looks at the block; None where nobody is signed in. Never raises.

    The block declares ``user`` by ``@XBlock.wants("user")``.
    """
    users = _service(block, "user")
    if users is None:
        return None
    attrs = users.get_current_user().opt_attrs
    key = course_key(block)
    user_id = attrs.get(_PLATFORM + "user_id")
    if user_id is not None:
        return Learner(
            user_id=int(user_id),
            username=attrs.get(_PLATFORM + "username") or "",
            course_key=key,
            is_staff=bool(attrs.get(_PLATFORM + "user_is_staff")),
        )
    sdk_user = attrs.get("xblock-workbench.user_id")
    if sdk_user:
        return Learner(user_id=0, username=str(sdk_user), course_key=key, is_staff=False)
    return None


def _enrolled(block: Any, who: Learner) -> bool:
    enrolments = _service(block, "enrollments")
    if enrolments is None or not who.course_key or not who.user_id:
        return True
    return enrolments.get_active_enrollments_by_course_and_user(course_locator(block), who.user_id) is not None


def access(block: Any) -> Access:
    """Who looks, and whether they may write. Never raises.

    The block declares ``user``, ``enrollments`` and ``studio_user_permissions`` by ``@XBlock.wants``.
    """
    who = viewer(block)
    if _service(block, "studio_user_permissions") is not None:
        return Access(who, "studio")
    if who is None:
        return Access(None, "anonymous")
    door = plugin.door()
    if door is not None and who.course_key and door.is_read_only(who.course_key):
        return Access(who, "masquerade")
    if not who.is_staff and not _enrolled(block, who):
        return Access(who, "not_enrolled")
    return Access(who, "")


def learner(block: Any) -> Learner:
    """The learner whose work a handler may save.

    Raises:
        JsonHandlerError: 401 nobody is signed in; 403 not enrolled, Studio's preview, or staff who
            look at the course as a specific learner. The message is a sentence for the person.
    """
    found = access(block)
    if found.learner is None or found.read_only:
        raise JsonHandlerError(READ_ONLY_REASONS[found.read_only][0], found.explanation(block))
    return found.learner


#: What anybody else hears who asks for what is the course team's.
ONLY_STAFF = _("Only the course team can see and do this.")


def staff(block: Any) -> Learner:
    """The member of the course team who asks, in the LMS and as nobody but themselves.

    Raises:
        JsonHandlerError: 401 nobody is signed in; 403 a learner, Studio's preview, or staff who look at the
            course as a specific learner. The message is a sentence for the person.
    """
    found = access(block)
    if found.learner is None or found.read_only:
        raise JsonHandlerError(READ_ONLY_REASONS[found.read_only][0], found.explanation(block))
    if not found.learner.is_staff:
        raise JsonHandlerError(403, translate(block, ONLY_STAFF))
    return found.learner


def author(block: Any) -> None:
    """Lets a handler of Studio's editor go on only for those who may edit the course.

    Libraries v2 have no permission service, but their runtime itself refuses to save for others;
    the bare SDK workbench has no accounts to tell apart.

    Raises:
        JsonHandlerError: 403 for anybody else, and in the LMS.
    """
    permissions = _service(block, "studio_user_permissions")
    if permissions is not None:
        if permissions.can_write(course_locator(block)):
            return
    else:
        who = viewer(block)
        if who is not None and (who.user_id == 0 or _is_library(block)):
            return
    raise JsonHandlerError(403, translate(block, _("Only the course team can change these settings, in Studio.")))


def _is_library(block: Any) -> bool:
    locator = course_locator(block)
    return locator is not None and not course_key(block)
