"""What measured a plan before its measure changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from datareview.plans.models import Plan, PlanGroup
from datareview.records.models import Measure
from teams.lib import clock


class PastMeasure(models.Model):
    """A measure of a plan with its aim line, from ``starts_on`` to the day before ``ends_on``, when the next one began.

    ``group`` is the group whose measure changed with it. ``line`` is the phase line that the change wrote, and
    ``line_before`` what it said before ("": there was none); both are to undo the change.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="past_measures")
    group = models.ForeignKey(
        PlanGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="past_measures"
    )
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="past_of_plans")
    baseline = models.FloatField()
    baseline_on = models.DateField()
    goal = models.FloatField()
    goal_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    line = models.CharField(max_length=200)
    line_before = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("earlier measure of a plan")
        verbose_name_plural = _("earlier measures of plans")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ends_on"], name="past_measure_once_a_day"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="past_measure_dates_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.measure}"
