"""What the platform has a table for and the workbench has not."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["BlockCompletion"]


class BlockCompletion(models.Model):
    """How far a learner is through a block, in 0..1.

    .. no_pii: the demo's learners are simulated.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    usage_key = models.CharField(max_length=255)
    completion = models.FloatField()
    created = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "usage_key"], name="demo_one_completion")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.completion} {self.usage_key}"
