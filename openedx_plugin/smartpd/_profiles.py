"""A learner's profile: one row of each kind, locked by whoever changes it, held through the learner's turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connections, router, transaction
from django.db.models import F, Model
from opaque_keys.edx.keys import CourseKey

from . import models
from ._keys import course_key_of
from .errors import UnknownLearnerError

__all__ = ["existing_profile", "held_profile", "in_turn", "learner_turn", "locked_profile", "upsert"]

#: The profile of the learner whose turn it is, locked; nothing in the turn has to lock it again.
_held: ContextVar[models.Profile | None] = ContextVar("smartpd_profile_of_the_turn", default=None)


def upsert(rows: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Inserts rows or updates those that are there, in one statement, so that two at once cannot collide."""
    if not rows:
        return
    kind = type(rows[0])
    features = connections[router.db_for_write(kind)].features
    kind._default_manager.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        update_fields=update,
        # MariaDB finds the row by any unique index and refuses to be told which.
        unique_fields=unique if features.supports_update_conflicts_with_target else None,
    )


def held_profile(user_id: int, course_key: CourseKey) -> models.Profile | None:
    """The learner's profile where this is their turn; else None."""
    held = _held.get()
    return held if held is not None and (held.user_id, held.course_key) == (user_id, course_key) else None


def locked_profile(user_id: int, course_key: CourseKey, *, made: bool = False) -> models.Profile:
    """The learner's profile, made if need be, locked until the transaction ends.

    Args:
        made: it is there already, as far as the caller knows.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    held = held_profile(user_id, course_key)
    if held is not None:
        return held
    here = models.Profile.objects.filter(user_id=user_id, course_key=course_key)
    if not _locks_rows():
        # SQLite locks the database by its first write and fails if it has read before, so write first.
        with suppress(models.Profile.DoesNotExist):
            if _writes_from_the_start() or here.update(course_key=course_key):
                return here.get()  # type: ignore[no-any-return]
        upsert(
            [models.Profile(user_id=user_id, course_key=course_key)],
            unique=["user", "course_key"],
            update=["course_key"],
        )
        # It has let in a profile without an account.
        found: models.Profile | None = here.select_related("user").first()
        if found is None:
            raise UnknownLearnerError(user_id)
        return found
    if not made and not here.exists():
        _make_profile(user_id, course_key)
    # The account is not read: joined, its row would be locked as well.
    profile: models.Profile = here.select_for_update().get()
    return profile


def existing_profile(pk: int) -> models.Profile | None:
    """A profile locked until the transaction ends; None where it is gone."""
    held = _held.get()
    if held is not None and held.pk == pk:
        return held
    here = models.Profile.objects.filter(pk=pk)
    if not _locks_rows() and not _writes_from_the_start():
        here.update(course_key=F("course_key"))
    found: models.Profile | None = here.select_for_update().first()
    return found


def _writes_from_the_start() -> bool:
    """Whether every transaction on SQLite begins as a writer, so that it has the lock before its first statement."""
    connection = connections[router.db_for_write(models.Profile)]
    return connection.in_atomic_block and getattr(connection, "transaction_mode", None) in ("IMMEDIATE", "EXCLUSIVE")


def _locks_rows() -> bool:
    return bool(connections[router.db_for_write(models.Profile)].features.has_select_for_update)


def _make_profile(user_id: int, course_key: CourseKey) -> None:
    # Whoever makes the row holds the account's row. Without that, requests that meet here deadlock on
    # MariaDB: an INSERT that finds its twin takes a shared lock that two of them cannot both raise, and
    # INSERT … ON DUPLICATE KEY UPDATE locks the gap into which the next learner's row belongs.
    if not get_user_model()._default_manager.select_for_update().filter(pk=user_id).exists():
        raise UnknownLearnerError(user_id)
    with suppress(IntegrityError), transaction.atomic():
        if not models.Profile.objects.filter(user_id=user_id, course_key=course_key).exists():
            models.Profile.objects.create(user_id=user_id, course_key=course_key)


@contextmanager
def learner_turn(user_id: int, course_key: str | CourseKey) -> Iterator[None]:
    """A transaction in which no other request of this learner in this course is.

    It waits for the learner's other turns; what is read in it is what the turn before has left. Every
    ``record_…`` takes the same lock. Enter it outside of any transaction, with nothing read yet.

    Raises:
        UnknownLearnerError: no account has this id.
    """
    course = course_key_of(course_key)
    # A new profile is made in a transaction of its own: whoever makes it holds the account's row, and whoever
    # holds the profile may want that row next, for a platform's row that points at the account.
    locks = _locks_rows()
    if locks and not models.Profile.objects.filter(user_id=user_id, course_key=course).exists():
        with transaction.atomic():
            _make_profile(user_id, course)
    with transaction.atomic():
        turn = _held.set(locked_profile(user_id, course, made=locks))
        try:
            yield
        finally:
            _held.reset(turn)


def in_turn() -> bool:
    """Whether this runs within a learner's turn."""
    return _held.get() is not None
