"""What a course offers: the course map, one row for each unit or block; and questionnaires of its own."""

from __future__ import annotations

from django.db import models
from opaque_keys.edx.django.models import CourseKeyField


class ContentUnit(models.Model):
    """One thing to do in a course, and what it trains.

    .. no_pii:
    """

    course_key = CourseKeyField(max_length=255)
    #: Text, like every key of a block here: course maps and older logs also name blocks by their bare ids.
    usage_key = models.CharField(max_length=255)
    framework_id = models.CharField(max_length=64, blank=True, default="")
    title = models.JSONField()
    block_type = models.CharField(max_length=64, blank=True, default="")
    unit_key = models.CharField(max_length=255, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    competencies = models.JSONField(default=list)
    level = models.CharField(max_length=16, blank=True, default="")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    activity = models.CharField(max_length=64, blank=True, default="")
    modes = models.JSONField(default=list)
    prerequisites = models.JSONField(default=list)
    max_attempts = models.PositiveIntegerField(null=True, blank=True)
    #: When it is due, in microseconds since the epoch.
    due_us = models.BigIntegerField(null=True, blank=True)
    languages = models.JSONField(default=list)
    #: False where the title describes what nothing names.
    titled = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course_key", "usage_key"], name="smartpd_unit_once")]

    def __str__(self) -> str:
        return self.usage_key


class OwnInstrument(models.Model):
    """A questionnaire that a course team has written, in one version, as learners of that course answered it.

    .. no_pii:
    """

    course_key = CourseKeyField(max_length=255)
    instrument_id = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    #: As ``smartpd_analytics.api.instrument_to_document`` gives it; what is right is among it.
    document = models.JSONField()
    modified = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_key", "instrument_id", "version"], name="smartpd_own_instrument_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.version}"
