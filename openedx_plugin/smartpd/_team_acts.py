"""What the course team does to one learner's diagnosis: reset it, or let the learner go on answering.

The state of the block and our own rows change in one transaction, in the learner's turn, so that an answer sent at the
same moment comes wholly before or wholly after.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey

from . import compat, models
from ._diagnoses import cautions_of
from ._keys import course_key_of, usage_key_of
from ._profiles import learner_turn
from ._under_way import results_of_course, settled_profile
from ._visibility import private_profiles
from ._writing import recompute_without
from .errors import InvalidRecordError, NotAllowedError, NotPossibleHereError, UnknownLearnerError
from .facts import CourseContext
from .permissions import Role, role_in
from .recommend import clean_text
from .team_data import LearnerStandingData

__all__ = ["TEAM_ACTS", "LearnerTurn", "forget_block", "learners_of_block", "team_turn"]

log = logging.getLogger(__name__)

TEAM_ACTS = ("reset", "reopen")
_MOST_FOUND = 20


def learners_of_block(
    course_key: str | CourseKey, usage_key: str | UsageKey, *, search: str = "", fields: Collection[str] = ()
) -> tuple[tuple[LearnerStandingData, ...], int]:
    """Learners who have answered in the block, by username, 20 at most, and how many there are in all.

    Args:
        search: words that all occur in the username or the name. A learner who does not show results to the course
            team is found by the whole username alone.
        fields: of the block's state, to come with each learner.
    """
    course = course_key_of(course_key)
    key, search = usage_key_of(usage_key, course), clean_text(search)
    found = results_of_course(course).filter(usage_key=key)
    private = private_profiles(course)
    named = found.exclude(profile_id__in=private)
    for word in search.split()[:10]:
        named = named.filter(
            reduce(or_, (Q(**{f"profile__user__{name}__icontains": word}) for name in compat.name_fields()))
        )
    wanted = Q(pk__in=named.values("pk")) | Q(profile_id__in=private, profile__user__username=search.strip())
    rows: dict[int, models.DiagnosisResult] = {}
    for row in found.filter(wanted).select_related("profile__user").order_by("profile__user__username", "modified"):
        rows[row.profile_id] = row
    shown = list(rows.values())[:_MOST_FOUND]
    names = compat.full_names(row.profile.user for row in shown)
    states = compat.learner_states() if fields else None
    found_states = {row.profile_id: states.read(row.profile.user, key) for row in shown} if states else {}
    kinds: dict[tuple[str, str], str] = {}
    return tuple(
        replace(
            _standing(row, names, row.profile_id in private, found_states.get(row.profile_id), fields),
            cautions=() if row.profile_id in private else cautions_of(row, course, kinds),
        )
        for row in shown
    ), len(rows)


def _standing(
    row: models.DiagnosisResult,
    names: Mapping[int, str],
    private: bool,
    state: Mapping[str, Any] | None,
    fields: Collection[str],
) -> LearnerStandingData:
    user = row.profile.user
    return LearnerStandingData(
        user_id=user.pk,
        username=user.get_username(),
        full_name=names.get(user.pk, ""),
        answered=row.answered,
        total=row.total,
        level="" if private else row.level,
        modified=row.modified,
        private=private,
        state=None if state is None else {name: state[name] for name in fields if name in state},
    )


@dataclass(slots=True)
class LearnerTurn:
    """One learner, seen by the course team: ``state`` is what the block has stored, as JSON.

    Whoever holds the turn sets ``change`` to the fields to store; nothing is done while it is None.
    """

    user_id: int
    username: str
    state: Mapping[str, Any]
    change: Mapping[str, Any] | None = field(default=None)


@contextmanager
def team_turn(
    by_user_id: int, course_key: str | CourseKey, *, username: str, usage_key: str | UsageKey, act: str
) -> Iterator[LearnerTurn]:
    """The turn of the learner ``username``, taken by the course team; all of it or nothing.

    ``reset``: all that the learner has in the block is deleted, here and in the block (by the platform's own reset,
    with score and check mark), and ``change`` is what is stored then. ``reopen``: ``change`` is laid over the state.
    Either leaves a ``TeamAct``.

    Raises:
        NotAllowedError: ``by_user_id`` is not in the course team, or is looking at the course as somebody else.
        UnknownLearnerError: nobody of this name has answered in the block.
        InvalidRecordError: unknown act, no course, or a block of another course.
        NotPossibleHereError: the host has no way to another learner's state.
    """
    course = course_key_of(course_key)
    key = usage_key_of(usage_key, course)
    if act not in TEAM_ACTS:
        raise InvalidRecordError("act", act, accepted=", ".join(TEAM_ACTS))
    by = get_user_model()._default_manager.filter(pk=by_user_id).first()
    if by is None or role_in(by, course) is not Role.TEAM or compat.is_read_only(course):
        raise NotAllowedError(by_user_id)
    states = compat.learner_states()
    if states is None:
        raise NotPossibleHereError
    user = get_user_model()._default_manager.filter(username=clean_text(username)).first()
    if user is None or not _has_answered(user, course, key, states):
        raise UnknownLearnerError(user.pk if user else 0)
    with learner_turn(user.pk, course):
        turn = LearnerTurn(user.pk, user.get_username(), states.read(user, key))
        yield turn
        if turn.change is None:
            return
        profile = settled_profile(user.pk, course)
        answered = _answered(profile, key)
        if act == "reset":
            states.clear(user, key, by)
            recompute_without(profile, CourseContext(course), key, now=timezone.now())
        states.write(user, key, turn.change)
        _note(profile, key, act, by.pk, answered)


def forget_block(user_id: int, usage_key: UsageKey, *, by_user_id: int | None = None) -> None:
    """Follows a reset that was made elsewhere, where the block's state is gone already: our rows of it go too.

    Nothing is done for a learner who has no result of the block.
    """
    course = usage_key.context_key
    results = models.DiagnosisResult.objects.filter(
        profile__user_id=user_id, profile__course_key=course, usage_key=usage_key
    )
    if not results.exists():
        return
    with learner_turn(user_id, course):
        profile = settled_profile(user_id, course)
        answered = _answered(profile, usage_key)
        recompute_without(profile, CourseContext(course), usage_key, now=timezone.now())
        _note(profile, usage_key, "reset", by_user_id, answered)


def _note(profile: models.Profile, key: UsageKey, act: str, by_user_id: int | None, answered: int) -> None:
    models.TeamAct.objects.create(
        profile=profile, usage_key=key, act=act, by_id=by_user_id, at=timezone.now(), answered=answered
    )
    log.info("%s by account %s for account %s in %s", act, by_user_id, profile.user_id, key)


def _has_answered(user: Any, course: CourseKey, key: UsageKey, states: Any) -> bool:
    # Not every learner with an account here is one of this course: a name alone opens nothing.
    results = models.DiagnosisResult.objects.filter(profile__user=user, profile__course_key=course, usage_key=key)
    return results.exists() or bool(compat.is_enrolled(user, course) and states.read(user, key))


def _answered(profile: models.Profile, key: UsageKey) -> int:
    rows = models.DiagnosisResult.objects.filter(profile=profile, usage_key=key)
    return max(rows.values_list("answered", flat=True), default=0)
