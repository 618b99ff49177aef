"""Trends: what a student's scores on a measure say, with their uncertainty. Computed, never edited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.models.measures import Measure
from datareview.models.students import Student

# What a run computes of a series, in one order everywhere.
TREND_FIELDS = [
    "status",
    "n",
    "first_on",
    "last_on",
    "last_value",
    "level",
    "slope",
    "slope_se",
    "slope_low",
    "slope_high",
    "robust_slope",
    "pooled_slope",
    "pooled_low",
    "pooled_high",
    "expected_slope",
    "has_outlier",
    "benchmark_level",
    "percentile",
    "peers",
    "projected_on",
    "projected_value",
    "projected_low",
    "projected_high",
    "projected_cut",
    "chance",
]


class Trend(models.Model):
    """What one student's scores on one measure say as of a day, over the current school year.

    Slopes are points per week; ``slope`` with its standard error and 95 % interval is the student's own
    (ordinary least squares), ``robust_slope`` is Theil–Sen's, ``pooled_slope`` borrows strength from the
    grade. ``status`` says where there is no number and why (see analysis/schema.py). ``projected_value`` is
    the score to expect at the end of the next window, with its 80 % interval, and ``chance`` (0 to 1) that it
    reaches ``projected_cut``, the benchmark there; all missing where forecasts of the measure are no better
    than the last score.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="trends")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="trends")
    status = models.CharField(max_length=32)
    n = models.PositiveIntegerField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    last_value = models.FloatField(null=True)
    level = models.FloatField(null=True)
    slope = models.FloatField(null=True)
    slope_se = models.FloatField(null=True)
    slope_low = models.FloatField(null=True)
    slope_high = models.FloatField(null=True)
    robust_slope = models.FloatField(null=True)
    pooled_slope = models.FloatField(null=True)
    pooled_low = models.FloatField(null=True)
    pooled_high = models.FloatField(null=True)
    expected_slope = models.FloatField(null=True)
    has_outlier = models.BooleanField(default=False)
    benchmark_level = models.PositiveSmallIntegerField(null=True)
    percentile = models.FloatField(null=True)
    peers = models.PositiveIntegerField(null=True)
    projected_on = models.DateField(null=True)
    projected_value = models.FloatField(null=True)
    projected_low = models.FloatField(null=True)
    projected_high = models.FloatField(null=True)
    projected_cut = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    as_of = models.DateField()
    method_version = models.CharField(max_length=40)
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("trend")
        constraints = [
            models.UniqueConstraint(fields=["student", "measure"], name="trend_once"),
            models.CheckConstraint(
                condition=Q(status="ok") | Q(slope__isnull=True), name="trend_no_slope_without_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.measure_id} {self.status}"
