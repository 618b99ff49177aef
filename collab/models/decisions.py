"""What a team decided, and how much it stands behind it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.models.agendas import AgendaItem
from teams.models import PublicModel


class Decision(PublicModel):
    """A decision on an agenda item, with the day on which the team looks whether it worked."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=400)
    check_on = models.DateField(_("look again on"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class FistToFive(models.Model):
    """How far one person stands behind a decision: 0 (no) to 5 (will lead it)."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingers = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["decision", "user"], name="vote_once"),
            models.CheckConstraint(condition=Q(fingers__lte=5), name="vote_zero_to_five"),
        ]

    def __str__(self) -> str:
        return str(self.fingers)
