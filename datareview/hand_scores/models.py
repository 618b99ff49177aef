"""Scores entered by hand that do not count."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Measure, Student
from teams.lib import formats
from teams.lib.models import PublicModel


class SetAsideScore(PublicModel):
    """A score that was entered by hand for a day with another one, and does not count: `Score` has the one that does."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="set_aside_scores")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="set_aside_scores")
    taken_on = models.DateField()
    value = models.FloatField()
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("score set aside")
        verbose_name_plural = _("scores set aside")
        ordering = ["-taken_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "measure", "taken_on", "value"], name="set_aside_score_once"
            )
        ]

    def __str__(self) -> str:
        return formats.number(self.value)
