"""The plan and the session that a note is about."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.anecdotes.models import Anecdote
from datareview.plans.models import Plan
from datareview.progress.models import Session


class PlanNote(models.Model):
    """A note about a plan, or about one ``session`` of it. The note itself says who may read it."""

    anecdote = models.OneToOneField(Anecdote, on_delete=models.CASCADE, related_name="plan_note")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="plan_notes")
    session = models.ForeignKey(
        Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="plan_notes"
    )

    class Meta:
        verbose_name = _("note about a plan")
        verbose_name_plural = _("notes about plans")
        ordering = ["-anecdote__seen_on", "-pk"]

    def __str__(self) -> str:
        return str(self.anecdote)
