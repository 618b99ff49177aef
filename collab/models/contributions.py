"""What one person adds to an item, and who agrees."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.models.agendas import AgendaItem
from teams.models import PublicModel


class Contribution(PublicModel):
    """One notice, wonder, note, idea or question. ``client_key`` makes a double click one row."""

    class Kind(models.TextChoices):
        """What sort of thing is said."""

        NOTICE = "notice", _("Notice")
        WONDER = "wonder", _("Wonder")
        NOTE = "note", _("Note")
        IDEA = "idea", _("Idea")
        QUESTION = "question", _("Question")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTICE)
    text = models.TextField(_("text"), max_length=2000)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("contribution")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Agreement(models.Model):
    """One person agrees with one contribution: a row of its own, so that nobody's is lost."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="agreements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("agreement")
        constraints = [models.UniqueConstraint(fields=["contribution", "user"], name="agreement_once")]

    def __str__(self) -> str:
        return str(self.user)
