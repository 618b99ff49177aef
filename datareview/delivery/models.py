"""Notes about a group's sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.plans.models import PlanGroup


class GroupNote(models.Model):
    """What a group did on a day. It stays with the group: what is about one student is the note of their session."""

    group = models.ForeignKey(PlanGroup, on_delete=models.CASCADE, related_name="notes")
    held_on = models.DateField()
    text = models.CharField(max_length=500)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("note about a session")
        verbose_name_plural = _("notes about sessions")
        ordering = ["-held_on"]
        constraints = [models.UniqueConstraint(fields=["group", "held_on"], name="group_note_once_a_day")]

    def __str__(self) -> str:
        return self.text
