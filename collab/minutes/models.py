"""Corrections of minutes: added to them, never replacing anything."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from collab.meetings.models import Meeting
from teams.lib.models import PublicModel


class Correction(PublicModel):
    """A correction of minutes, about an item or the whole meeting. Append-only.

    Minutes do not change. Readers see later corrections with author and date.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, blank=True, related_name="corrections"
    )
    text = models.CharField(_("correction"), max_length=600)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("correction")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
