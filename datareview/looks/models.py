"""Who looked at the results of which class, and when the team's numbers were shown."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Assessment, Section
from teams.lib import clock


class ResultsView(models.Model):
    """Somebody looked at the results of an assessment: of ``section``, or of the team if it is None.

    ``counted`` holds the primary keys of the classes over which the team's numbers were shown at the same time; empty
    if they were not. ``students`` holds those of the students in these numbers: a class is entered bit by bit. Without
    ``reader`` they were shown to all in a meeting.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="result_views")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    counted = models.JSONField(default=list, blank=True)
    students = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("look at results")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["assessment", "reader"], name="result_view_reader")]

    def __str__(self) -> str:
        return str(self.section or self.assessment)
