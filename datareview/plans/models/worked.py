"""What worked here, as it was counted on the first of a month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School


class WorkedRelease(models.Model):
    """Figures of strategies that all who start plans may read, for a month (``day`` is its first).

    ``rows`` are `queries.worked.Worked` as dicts by the id of the strategy. A figure that changed with each plan would
    give away what one student gained.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="worked_releases")
    day = models.DateField()
    rows = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("figures of strategies")
        verbose_name_plural = _("figures of strategies")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="worked_release_once")]

    def __str__(self) -> str:
        return f"{self.day}"
