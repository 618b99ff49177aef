"""What people decided at the check of an ended plan."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.plans.models import Plan
from teams.lib import clock


class ExitDecision(models.Model):
    """A plan stays ended although a check after its end asks for a look: why, and who said so. One for each check."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="exit_decisions")
    ended_on = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("decision after the end of a plan")
        verbose_name_plural = _("decisions after the ends of plans")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ended_on", "weeks"], name="exit_decision_once_a_check")
        ]

    def __str__(self) -> str:
        return self.reason
