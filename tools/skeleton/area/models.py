"""Things of a team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Team
from teams.lib.models import PublicModel


class Thing(PublicModel):
    """A thing that a team has added."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="things")
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("thing")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.text
