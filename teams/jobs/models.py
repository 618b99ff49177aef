"""Background jobs, one row each, so that a killed worker or a lost message loses no work."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

SOON = dt.timedelta(seconds=30)


class JobQuerySet(models.QuerySet["Job"]):
    """QuerySet methods for jobs."""

    def unfinished(self) -> JobQuerySet:
        """Jobs that are queued or running."""
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(PublicModel):
    """A background job: its task, owner, progress and result.

    ``kind`` is the name of the task and ``payload`` its arguments (ids only). Unfinished jobs have different
    ``dedupe_key``s.
    """

    class State(models.TextChoices):
        """Queued until a worker claims it, then running; done and failed are final."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=80)
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=Q(state__in=["queued", "running"]) & ~Q(dedupe_key=""),
                name="job_one_unfinished_a_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def get_absolute_url(self) -> str:
        return page_of("teams:job-detail", self.uuid)

    @property
    def waits_long(self) -> bool:
        """Whether no worker has started the job for half a minute: all are busy, or none is running."""
        return self.state == self.State.QUEUED and clock.now() - self.created_at > SOON

    @property
    def is_finished(self) -> bool:
        """Whether the job is done or has failed."""
        return self.state in (self.State.DONE, self.State.FAILED)
