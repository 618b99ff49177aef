"""Trend runs and their parts."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.trends.models import TrendScope
from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class TrendRun(PublicModel):
    """One computation of trends and flags of a school as of a day, done in parts.

    ``counts`` is the sum of the parts' counts, set when the last part is finished.
    """

    class Trigger(models.TextChoices):
        """The cause of the run."""

        NIGHTLY = "nightly", _("Nightly")
        IMPORT = "import", _("After an import")
        SCORE = "score", _("After a score")
        INCIDENT = "incident", _("After an incident")
        REQUEST = "request", _("On request")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="trend_runs")
    trigger = models.CharField(max_length=8, choices=Trigger)
    as_of = models.DateField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    method_version = models.CharField(max_length=40)
    config_hash = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("trend run")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["school", "-created_at"], name="run_school_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "as_of"], condition=Q(trigger="nightly"), name="run_one_a_night"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.as_of}"

    def get_absolute_url(self) -> str:
        return page_of("datareview:run-detail", self.uuid)

    @property
    def seen_at(self) -> dt.datetime:
        """The time from which users could see the results; a run for a past day counts as that day's nightly run."""
        if self.as_of == self.created_at.astimezone(self.school.tz).date():
            return self.created_at
        return self.school.at(self.as_of, dt.time(2))


class TrendPart(models.Model):
    """One scope of a run, computed by one job."""

    class Outcome(models.TextChoices):
        """The outcome of a part: computed, or skipped since results are unchanged or newer ones are stored."""

        COMPUTED = "computed", _("Computed")
        UNCHANGED = "unchanged", _("Nothing had changed")
        SUPERSEDED = "superseded", _("A later run finished first")

    run = models.ForeignKey(TrendRun, on_delete=models.CASCADE, related_name="parts")
    scope = models.ForeignKey(TrendScope, on_delete=models.CASCADE, related_name="parts")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part of a trend run")
        ordering = ["scope__grade"]
        constraints = [models.UniqueConstraint(fields=["run", "scope"], name="part_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run} {self.scope.grade}"
