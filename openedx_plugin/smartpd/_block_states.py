"""What learners have stored in one block, read for the course team."""

from __future__ import annotations

from math import ceil

from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey, UsageKey

from . import compat
from ._keys import course_key_of, usage_key_of
from .consents import refusers
from .errors import NotAllowedError, NotPossibleHereError
from .permissions import Role, role_in
from .team_data import BlockStateData, BlockStatesData

__all__ = ["states_of_block"]

_PAGE_SIZE = 20


def states_of_block(
    by_user_id: int, course_key: str | CourseKey, *, usage_key: str | UsageKey, field: str, page: int = 1
) -> BlockStatesData:
    """One page of the learners in whose state of the block the list ``field`` has entries, the newest change first.

    A page out of range is the nearest one. The state of a learner who does not show results to the course team is
    left out; that there is one is told.

    Raises:
        NotAllowedError: ``by_user_id`` is not in the course team, or is looking at the course as somebody else.
        InvalidRecordError: no course, or a block of another course.
        NotPossibleHereError: the host has no way to another learner's state.
    """
    course = course_key_of(course_key)
    key = usage_key_of(usage_key, course)
    by = get_user_model()._default_manager.filter(pk=by_user_id).first()
    if by is None or role_in(by, course) is not Role.TEAM or compat.is_read_only(course):
        raise NotAllowedError(by_user_id)
    states = compat.learner_states()
    if states is None:
        raise NotPossibleHereError
    total = states.count(key, field)
    pages = max(1, ceil(total / _PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = states.newest(key, field, start=(page - 1) * _PAGE_SIZE, most=_PAGE_SIZE)
    names = compat.full_names(user for user, _state in rows)
    private = set(refusers(course, "team").values_list("profile__user_id", flat=True))
    return BlockStatesData(
        total=total,
        page=page,
        pages=pages,
        learners=tuple(
            BlockStateData(
                user_id=user.pk,
                username=user.get_username(),
                full_name=names.get(user.pk, ""),
                private=user.pk in private,
                state={} if user.pk in private else state,
            )
            for user, state in rows
        ),
    )
