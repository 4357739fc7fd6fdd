"""The lock that keeps a second refresh out while one runs."""

from __future__ import annotations

from django.db import models


class RefreshLock(models.Model):
    """A row to lock; see ``locks``.

    .. no_pii:
    """

    name = models.CharField(max_length=32, unique=True)

    def __str__(self) -> str:
        return self.name
