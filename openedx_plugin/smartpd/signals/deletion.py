"""Following the platform where it deletes a learner's state of a diagnosis, as its instructor dashboard does."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

__all__ = ["forget_deleted_state"]

log = logging.getLogger(__name__)


def forget_deleted_state(sender: Any = None, instance: Any = None, **_kwargs: Any) -> None:
    """Lets our results of the block follow, once the platform's deletion of ``instance`` (a ``StudentModule``) stands.

    The platform tells blocks of a deletion only by a hook whose mere presence switches off its own reset of scores,
    and announces a deleted score only of blocks that are graded; so the row itself is watched. Not before the commit:
    an account that is deleted takes its rows along, and there is nothing to follow then.
    """
    from crum import get_current_user
    from django.db import transaction

    if not instance.module_state_key.block_type.startswith("smartpd_"):
        return
    user = get_current_user()
    by = user.pk if user is not None and user.pk != instance.student_id else None
    transaction.on_commit(partial(_forget, instance.student_id, instance.module_state_key, by))


def _forget(user_id: int, usage_key: Any, by: int | None) -> None:
    """Never raises: the platform's own work is done, and must not look as if it had failed."""
    from .._team_acts import forget_block

    try:
        forget_block(user_id, usage_key, by_user_id=by)
    except Exception:
        log.exception("SmartPD could not follow the deletion of %s for account %s", usage_key, user_id)
