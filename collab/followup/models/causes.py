"""Causes of what the data show, and what each teacher changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from teams.directory.models import Staff
from teams.lib.models import PublicModel


class Cause(PublicModel):
    """A cause of what the data show, in the team's view. Closing a data item needs at least one in instruction."""

    class Kind(models.TextChoices):
        """Kinds of causes. Teachers can change the first one."""

        INSTRUCTION = "instruction", _("Instruction")
        CURRICULUM = "curriculum", _("Curriculum")
        ASSESSMENT = "assessment", _("Assessment")
        OPPORTUNITY = "opportunity", _("Opportunity to learn")
        STUDENT = "student", _("Student")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="causes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INSTRUCTION)
    text = models.CharField(_("cause"), max_length=300)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("cause")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class TeachingChange(PublicModel):
    """What one teacher does differently because of an item, and later when it was tried and what they saw."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="changes")
    teacher = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="teaching_changes")
    text = models.CharField(_("what I will do differently"), max_length=300)
    tried_on = models.DateField(_("tried on"), null=True, blank=True)
    saw = models.CharField(_("what I saw"), max_length=300, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("teaching change")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
