"""The runs of the nightly refresh; its row is the lock that keeps a second run out."""

from __future__ import annotations

from django.db import models


class RefreshRun(models.Model):
    """The last refresh under this name.

    .. no_pii:
    """

    name = models.CharField(max_length=32, unique=True)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.started:%Y-%m-%d %H:%M}"
