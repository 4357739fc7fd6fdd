"""Forgetting learners whose account the platform retires."""

from __future__ import annotations

import logging
from typing import Any

__all__ = ["forget_retired_account"]

log = logging.getLogger(__name__)


def forget_retired_account(sender: Any = None, user: Any = None, **_kwargs: Any) -> None:
    """Deletes all that this app knows of ``user``. Never raises: that would stop the platform's own retirement."""
    from django.db import transaction

    from ..models import Profile

    if user is None:
        return
    try:
        with transaction.atomic():
            Profile.objects.filter(user_id=user.pk).delete()
    except Exception:
        log.exception("SmartPD could not forget the retired account %s", user.pk)
