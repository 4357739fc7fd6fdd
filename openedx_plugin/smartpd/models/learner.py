"""What is known of one learner in one course, each source in a table of its own.

Retirement: everything here hangs on ``Profile``, which is deleted with the account and when the
platform retires it (``signals.retirement``).
"""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField


class Profile(models.Model):
    """One learner in one course; its row is the lock for every change to what hangs on it.

    .. pii: Ties an account to a course, with the level of its last diagnosis, the role chosen in it and the day of its
        last activity.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="smartpd_profiles")
    course_key = CourseKeyField(max_length=255)
    #: Level of the last complete diagnosis, ``""`` before the first.
    level = models.CharField(max_length=16, blank=True, default="")
    #: The levels to reach by the course and the learner's role (``targets.kept_targets``); empty: those of the site.
    targets = models.JSONField(default=dict, blank=True)
    #: Mean distance to the targets of all that has been estimated, 0..1; None while nothing is.
    need = models.FloatField(null=True, blank=True)
    last_active = models.DateTimeField(null=True, blank=True)
    #: What the log says of the enrolment; None where it says nothing.
    enrolled = models.BooleanField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course_key"], name="smartpd_profile_once")]
        indexes = [models.Index(fields=["course_key"], name="smartpd_profile_course")]

    def __str__(self) -> str:
        return f"profile {self.pk} in {self.course_key}"

    @cached_property
    def choices(self) -> dict[str, bool]:
        """Purpose -> whether the learner allows it, of those they were asked about; ``del`` it to have it read anew."""
        return dict(sorted(self.consents.order_by().values_list("purpose", "given")))


class DiagnosisResult(models.Model):
    """The result of one diagnostic block.

    A complete result and a begun one are two rows, so that answering again does not lose the last
    result; another version of the instrument is another row as well.

    .. pii: What a learner answered about their own competence, as points by area and competency.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="diagnoses")
    usage_key = UsageKeyField(max_length=255)
    phase = models.CharField(max_length=16)
    framework_id = models.CharField(max_length=64)
    instrument_id = models.CharField(max_length=64)
    instrument_version = models.CharField(max_length=32)
    complete = models.BooleanField()
    answered = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    max_points = models.PositiveIntegerField()
    level = models.CharField(max_length=16, blank=True, default="")
    #: The share of the maximum, where it is not that of the points (adaptive tests, motivation), and its error.
    share = models.FloatField(null=True, blank=True)
    error = models.FloatField(null=True, blank=True)
    #: Lists of the fields of ``AreaScore`` and ``CompetencyScore``.
    areas = models.JSONField()
    competencies = models.JSONField()
    #: Known from the tracking log alone; what the block itself records takes its place.
    from_log = models.BooleanField(default=False)
    #: Until when the learner may answer it once more; null for any time.
    again_until = models.DateTimeField(null=True, blank=True)
    #: When it was answered first and last; results from the log carry the learner's last event in it.
    created = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "usage_key", "phase", "instrument_id", "instrument_version", "complete"],
                name="smartpd_diagnosis_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase} diagnosis of profile {self.profile_id}"

    @property
    def result(self) -> float | None:
        """The whole as a share of the maximum, 0..1; None for what is not scored."""
        if self.share is not None:
            return float(self.share)
        return self.points / self.max_points if self.max_points else None


class DiagnosisUnderWay(models.Model):
    """The diagnosis that a learner is in the middle of, with answers that its result does not count yet.

    At most one for each learner, so that answers to two diagnostics are scored in the order in which they came. Only
    ``_under_way`` writes and reads it.

    .. pii: What a learner has answered since their result was last scored, without answers in their own words.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.OneToOneField(Profile, primary_key=True, on_delete=models.CASCADE, related_name="under_way")
    result = models.OneToOneField(DiagnosisResult, on_delete=models.CASCADE, related_name="under_way")
    #: A digest of all that the block says with an answer beside the answers.
    terms = models.CharField(max_length=64)
    #: All answers so far, item id -> answer; meaningless where nothing is newer than the result.
    answers = models.JSONField(default=dict)
    #: When the newest of them was given; null where the result counts them all.
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"diagnosis under way of profile {self.profile_id}"


class CompetencyEstimate(models.Model):
    """Where a learner stands in one competency by one source (``self_assessment``, ``knowledge_test`` or ``problems``).

    .. pii: An estimate of a learner's competence.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="estimates")
    source = models.CharField(max_length=32)
    competency_id = models.CharField(max_length=64)
    value = models.FloatField()
    error = models.FloatField()
    evidence = models.PositiveIntegerField()
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "source", "competency_id"], name="smartpd_estimate_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} estimate of {self.competency_id} for profile {self.profile_id}"


class ActivitySnapshot(models.Model):
    """What the tracking log tells of a learner, up to ``as_of``.

    .. pii: What a learner did in the course: units opened, answers right and wrong, times.
    .. pii_types: username, other
    .. pii_retirement: local_api
    """

    profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="snapshot")
    as_of = models.DateTimeField()
    #: ``LearnerActivity`` as JSON. Text and not a JSON column: titles come from logs, and PostgreSQL's JSON
    #: columns refuse some of the characters that JSON itself can carry.
    activity = models.TextField()

    def __str__(self) -> str:
        return f"activity of profile {self.profile_id} up to {self.as_of:%Y-%m-%d}"


class ProgressMark(models.Model):
    """What a learner says of one unit or block: planned, doing or done.

    .. pii: A learner's own marks on units of the course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="marks")
    #: Text: course maps and older logs also name blocks by their bare ids.
    usage_key = models.CharField(max_length=255)
    status = models.CharField(max_length=16)
    modified = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "usage_key"], name="smartpd_mark_once")]

    def __str__(self) -> str:
        return f"{self.status}: {self.usage_key}"
