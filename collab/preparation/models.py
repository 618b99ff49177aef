"""Deferrals of a team's queue entries."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Team
from teams.lib import clock


class Deferral(models.Model):
    """A queue entry postponed until ``until``, with a reason.

    ``key`` identifies the entry by kind and id, see `Source.key_of`.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="deferrals")
    key = models.CharField(max_length=60)
    until = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("deferral")
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "key"], name="deferral_once_a_key"),
            models.CheckConstraint(condition=~Q(reason=""), name="deferral_with_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
