"""How old the data of each source may be at a school."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School

MOST = 90


def _days(usual: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        default=usual, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )


class FreshnessLimits(models.Model):
    """After how many days the data of a source are stale: school days for attendance, days for the others."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="freshness_limits")
    attendance = _days(2)
    grades = _days(7)
    probes = _days(14)

    class Meta:
        verbose_name = _("limits of freshness")
        verbose_name_plural = _("limits of freshness")
        constraints = [
            models.CheckConstraint(
                condition=Q(attendance__range=(1, MOST), grades__range=(1, MOST), probes__range=(1, MOST)),
                name="freshness_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendance}, {self.grades}, {self.probes}"
