"""What a team put off from its queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Team
from teams.lib import clock


class Deferral(models.Model):
    """Something of the team's queue that is not for now, with the reason; it comes back on ``until``.

    ``key`` names what was deferred: its kind and its id, as `collab.preparation.queries.queue` makes them.
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
