"""What the course team's view of a diagnosis needs beside the results: single answers, and what the team has done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import UsageKeyField

from .learner import DiagnosisResult, Profile


class DiagnosisAnswers(models.Model):
    """The single answers behind one result.

    .. pii: What a learner answered to each question, without answers in their own words.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    result = models.OneToOneField(DiagnosisResult, on_delete=models.CASCADE, related_name="single_answers")
    #: Item id -> answer, as ``smartpd_analytics.api.public_answers`` leaves them.
    answers = models.JSONField()

    def __str__(self) -> str:
        return f"answers behind result {self.result_id}"


class TeamAct(models.Model):
    """That the course team has reset or reopened a learner's diagnosis. It stays when the answers go.

    .. pii: Which member of the course team changed which learner's diagnosis, and when.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="team_acts")
    usage_key = UsageKeyField(max_length=255)
    #: ``reset`` or ``reopen``.
    act = models.CharField(max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    #: How many answers there were.
    answered = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["profile", "usage_key"], name="smartpd_team_act")]

    def __str__(self) -> str:
        return f"{self.act} of {self.usage_key} for profile {self.profile_id}"
