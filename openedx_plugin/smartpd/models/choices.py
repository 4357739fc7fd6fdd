"""What learners say they want: which uses of their answers they allow, what they need, their goals.

Retirement: as everything else here it hangs on ``Profile``; see ``learner``.
"""

from __future__ import annotations

from django.db import models
from opaque_keys.edx.django.models import UsageKeyField

from .learner import Profile


class Consent(models.Model):
    """Whether a learner allows one use of their answers in one course; no row: nobody has asked.

    .. pii: What a learner allows to be done with their answers.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=32)
    given = models.BooleanField()
    #: SHA-256 of the words that were shown, shortened.
    wording = models.CharField(max_length=32, blank=True, default="")
    modified = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "purpose"], name="smartpd_consent_once")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.given}"


class StatedNeeds(models.Model):
    """The newest answers of a learner to a needs survey of the course, without those in their own words.

    .. pii: What a learner needs to study: time, device, connection, ways of learning, goals.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="stated_needs")
    usage_key = UsageKeyField(max_length=255)
    instrument_id = models.CharField(max_length=64)
    instrument_version = models.CharField(max_length=32)
    #: Item id -> answer, as ``smartpd_analytics.api.public_answers`` leaves them.
    answers = models.JSONField()
    modified = models.DateTimeField()

    def __str__(self) -> str:
        return f"needs of profile {self.profile_id}"


class AskedItems(models.Model):
    """The items of adaptive tests that a learner has seen in the course, so that none is asked twice.

    .. pii: Which questions of a test a learner has seen.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="asked_items")
    instrument_id = models.CharField(max_length=64)
    #: Ids of items, those asked longest ago first.
    items = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "instrument_id"], name="smartpd_asked_once")]

    def __str__(self) -> str:
        return f"items of {self.instrument_id} asked of profile {self.profile_id}"


class Goal(models.Model):
    """A learner's goal in one competency, offered after a diagnosis and taken, changed or declined.

    .. pii: A goal that a learner has set, with their own words.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="goals")
    framework_id = models.CharField(max_length=64)
    competency_id = models.CharField(max_length=64)
    level = models.CharField(max_length=16)
    #: Shares of the maximum, 0..1: where the learner stood, and what is to be reached.
    start = models.FloatField()
    target = models.FloatField()
    hours = models.FloatField()
    due = models.DateField()
    words = models.CharField(max_length=500, blank=True, default="")
    #: ``accepted`` or ``declined``.
    status = models.CharField(max_length=16)
    created = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "framework_id", "competency_id"], name="smartpd_goal_once")
        ]

    def __str__(self) -> str:
        return f"goal in {self.competency_id} of profile {self.profile_id}"
