"""Receivers of the platform's signals; ``apps`` connects them."""

from .deletion import forget_deleted_state
from .retirement import forget_retired_account

__all__ = ["forget_deleted_state", "forget_retired_account"]
