"""How well forecasts did on scores held back: why a page shows one, or shows none."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.models.measures import Measure
from datareview.models.runs import TrendScope


class ForecastCheck(models.Model):
    """The methods side by side on one measure in one grade, each forecasting scores it had not seen.

    ``results`` holds n, mean absolute error and coverage by method; ``best`` is the method with the least
    error; ``is_shown`` whether it beats "the same as the last score"; ``factor`` widens its interval to
    cover what it claims.
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
