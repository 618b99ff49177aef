"""The one-time code with which the first visitor of a new server proves that it is theirs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.lib import clock


class SetupCode(models.Model):
    """The current code as a keyed hash. There is one at most, and none once somebody can sign in."""

    digest = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField(default=10)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("setup code")

    def __str__(self) -> str:
        return str(self.made_at)
