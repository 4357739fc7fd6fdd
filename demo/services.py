"""The services that blocks get from the LMS, as far as the demo has them."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import lru_cache
from hashlib import md5
from importlib import import_module
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from xblock.reference.user_service import UserService, XBlockUser

from . import clock
from .course import COURSE_KEY, load_course
from .models import BlockCompletion
from .store import learner_state
from .tracking_log import log_completion

__all__ = ["Completion", "Enrolments", "StudioPermissions", "UserStates", "Users", "Words", "completed_keys"]

_PREFIX = "edx-platform."


class Users(UserService):
    """Who is signed in, with the attributes that the platform gives.

    In Studio's preview everybody is an unprivileged "student", as measured there.
    """

    def __init__(self, user: Any, *, in_studio: bool = False) -> None:
        super().__init__()
        self._user = user
        self._in_studio = in_studio

    def get_current_user(self) -> XBlockUser:
        account = XBlockUser(is_current_user=True)
        account.opt_attrs[_PREFIX + "is_authenticated"] = self._user.is_authenticated
        if not self._user.is_authenticated:
            return account
        staff = self._user.is_staff and not self._in_studio
        account.full_name = self._user.get_username()
        account.opt_attrs |= {
            _PREFIX + "user_id": self._user.pk,
            _PREFIX + "username": self._user.get_username(),
            _PREFIX + "user_is_staff": staff,
            _PREFIX + "user_is_global_staff": False,
            _PREFIX + "user_is_beta_tester": False,
            _PREFIX + "user_role": "staff" if staff else "student",
            _PREFIX + "anonymous_user_id": "student" if self._in_studio else self._anonymous_id(),
            _PREFIX + "user_preferences": {"pref-lang": translation.get_language()},
        }
        return account

    def _anonymous_id(self) -> str:
        return md5(f"{COURSE_KEY}/{self._user.pk}".encode(), usedforsecurity=False).hexdigest()


class Words:
    """A block's catalogue ``translations/<lang>/LC_MESSAGES/text.mo`` in the active language, else Django's."""

    def __init__(self, block: Any) -> None:
        package = block.unmixed_class.__module__.partition(".")[0]
        self.translator: Any = _catalogue(package, translation.get_language() or "en") or translation

    def __getattr__(self, name: str) -> Any:
        return getattr(self.translator, name)


@lru_cache(maxsize=16)
def _catalogue(package: str, language: str) -> gettext.NullTranslations | None:
    folder = Path(str(import_module(package).__file__)).parent / "translations"
    try:
        return gettext.translation("text", str(folder), [translation.to_locale(language)])
    except OSError:
        return None


class Enrolments:
    """Who is enrolled: the members of the group named like the course, as the plugin has it outside the platform."""

    def get_active_enrollments_by_course(self, course_id: Any) -> Any:
        return User.groups.through.objects.filter(group__name=str(course_id), user__is_active=True)

    def get_active_enrollments_by_course_and_user(self, course_id: Any, user_id: int) -> Any:
        # Whoever is signed in is active.
        members = User.groups.through.objects
        try:
            return members.get(group__name=str(course_id), user_id=user_id)
        except members.model.DoesNotExist:
            return None


def completed_keys(user: Any, course_key: Any) -> set[str]:
    """The blocks that an account has completed, and the units in which all are, as the outline shows them."""
    done = set(BlockCompletion.objects.filter(user_id=user.pk, completion__gte=1).values_list("usage_key", flat=True))
    units = (unit for section in load_course().sections for unit in section.units)
    return done | {unit.key for unit in units if all(block.key in done for block in unit.blocks)}


class Completion:
    """How far the signed-in learner is through each block."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def completion_tracking_enabled(self) -> bool:
        return True

    def get_completions(self, candidates: Iterable[Any]) -> dict[Any, float]:
        keys = {str(key): key for key in candidates}
        found = BlockCompletion.objects.filter(user_id=self._request.user.pk, usage_key__in=keys)
        known = dict(found.values_list("usage_key", "completion"))
        return {key: known.get(text, 0.0) for text, key in keys.items()}

    def submit_completion(self, block: Any, completion: float) -> None:
        """Store it and, where it changed, say so in the tracking log."""
        now = clock.now()
        with transaction.atomic():
            row, created = BlockCompletion.objects.select_for_update().get_or_create(
                user_id=self._request.user.pk,
                usage_key=str(block.scope_ids.usage_id),
                defaults={"completion": completion, "created": now, "modified": now},
            )
            if not created and row.completion == completion:
                return
            row.completion, row.modified = completion, now
            row.save()
        log_completion(self._request, block, completion, row.created.isoformat(), row.modified.isoformat())


class UserStates:
    """The LMS's way around what a request has read already: a learner's state of a block as it is stored now."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def get_state_as_dict(self, username_or_email: str, block_id: Any) -> dict[str, Any]:
        account_id = self._user.pk
        # Blocks ask for the state of whoever is signed in, whose account is known.
        if self._user.get_username() != username_or_email:
            account_id = User.objects.filter(username=username_or_email).values_list("pk", flat=True).first()
        return learner_state(account_id, block_id) if account_id else {}


class StudioPermissions:
    """Who may edit the course in Studio; the LMS has no such service."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def can_read(self, course_key: Any) -> bool:
        return bool(self._user.is_staff)

    def can_write(self, course_key: Any) -> bool:
        return bool(self._user.is_staff)
