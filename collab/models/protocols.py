"""How a meeting is run: named steps with minutes and a prompt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.models import PublicModel, Team


class StepKind(models.TextChoices):
    """What the group does in a step."""

    INFORM = "inform", _("Inform")
    EXPLORE = "explore", _("Explore")
    DISCUSS = "discuss", _("Discuss")
    DECIDE = "decide", _("Decide")
    PLAN = "plan", _("Plan")
    REFLECT = "reflect", _("Reflect")


class Protocol(PublicModel):
    """A way to run a meeting. Built-in ones have no team and are read-only."""

    key = models.SlugField(max_length=60, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="protocols")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("protocol")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(team__isnull=True) & ~Q(key=""), name="protocol_built_in_key"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProtocolStep(models.Model):
    """One step of a protocol."""

    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    prompt = models.CharField(max_length=400, blank=True)
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind)

    class Meta:
        verbose_name = _("protocol step")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "position"], name="step_position_unique"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="step_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title
