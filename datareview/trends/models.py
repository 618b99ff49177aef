"""Trends, their scopes, and the accuracy of forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Measure, Student
from teams.directory.models import School

if TYPE_CHECKING:
    from django.db.models import QuerySet


class TrendScope(models.Model):
    """Students whose trends are computed together: one grade of a school, since percentiles compare classmates.

    ``tickets`` counts the reads begun, and ``written`` is the ticket of the stored results: a worker never
    overwrites results of one that began to read later. ``inputs_hash`` is the hash of all inputs of the stored
    rows, including ``as_of``.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="trend_scopes")
    grade = models.SmallIntegerField(null=True, blank=True)
    tickets = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    inputs_hash = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("trend scope")
        ordering = ["grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "grade"], condition=Q(grade__isnull=False), name="scope_grade_once"
            ),
            models.UniqueConstraint(
                fields=["school"], condition=Q(grade__isnull=True), name="scope_no_grade_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.grade}"

    def students(self) -> QuerySet[Student]:
        """All students of the grade, including those who left."""
        return Student.objects.filter(school=self.school_id, grade=self.grade)


class ForecastCheck(models.Model):
    """Accuracy of forecast methods on held-back scores of one measure in one grade.

    ``results`` has n, mean absolute error and coverage by method. ``best`` is the method with the smallest error,
    and ``is_shown`` is whether it beats "the same as the last score". ``factor`` widens its interval to the nominal
    coverage.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="forecast_checks")
    scope = models.ForeignKey(TrendScope, on_delete=models.CASCADE, related_name="forecast_checks")
    made_on = models.DateField()
    n = models.PositiveIntegerField()
    results = models.JSONField(default=dict)
    best = models.CharField(max_length=20, blank=True)
    is_shown = models.BooleanField(default=False)
    factor = models.FloatField(null=True, blank=True)
    method_version = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("check of forecasts")
        ordering = ["made_on"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "scope", "made_on"], name="forecast_check_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.made_on}"


# Results of a run for one series, in fixed order.
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
    """The trend of one student's scores on one measure over the current school year, as of a day.

    Slopes are points per week. ``slope`` with its standard error and 95 % interval is the student's own (ordinary
    least squares), ``robust_slope`` is the Theil–Sen slope, and ``pooled_slope`` is shrunk towards the grade's.
    ``status`` is the reason for missing numbers (see analysis/schema.py). ``projected_value`` is the expected score
    at the end of the next window, with its 80 % interval, and ``chance`` (0 to 1) the probability of reaching
    ``projected_cut``, the benchmark there. All four are missing if forecasts of the measure are no better than the
    last score.
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
    benchmark_level = models.SmallIntegerField(null=True)
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
