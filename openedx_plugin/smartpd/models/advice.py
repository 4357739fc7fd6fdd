"""What a learner is told to do next."""

from __future__ import annotations

from django.db import models

from .learner import Profile


class Recommendation(models.Model):
    """One action of the current recommendation, with its reason and the rules behind it.

    .. pii: What a learner is advised to do next, and why.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="recommendations")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32)
    target = models.CharField(max_length=255, blank=True, default="")
    #: Words in each language.
    title = models.JSONField()
    reason = models.JSONField()
    minutes = models.PositiveIntegerField()
    #: What to do before the target, or ``""``.
    first = models.CharField(max_length=255, blank=True, default="")
    first_title = models.JSONField(default=dict)
    competencies = models.JSONField(default=list)
    score = models.FloatField(default=0.0)
    rules = models.JSONField(default=list)
    #: The firings of rules that bear on this action: lists of the fields of ``Firing``.
    trace = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["profile", "rank"]
        constraints = [models.UniqueConstraint(fields=["profile", "rank"], name="smartpd_recommendation_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.kind} {self.target}"
