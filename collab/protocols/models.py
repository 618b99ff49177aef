"""Protocols: named steps with minutes and a prompt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Team
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class StepKind(models.TextChoices):
    """What the group does in a step."""

    INFORM = "inform", _("Inform")
    EXPLORE = "explore", _("Explore")
    DISCUSS = "discuss", _("Discuss")
    DECIDE = "decide", _("Decide")
    PLAN = "plan", _("Plan")
    REFLECT = "reflect", _("Reflect")


class Speaker(models.TextChoices):
    """Who speaks in a step."""

    ALL = "all", _("Everyone")
    ROUND = "round", _("In turn")
    WRITE = "write", _("No one: everyone writes")
    PRESENTER = "presenter", _("The presenter")
    GROUP = "group", _("The group, the presenter listens")


class Capture(models.TextChoices):
    """What is recorded in a step."""

    NOTHING = "nothing", _("Nothing")
    NOTES = "notes", _("Contributions")
    PREDICTION = "prediction", _("Predictions")
    CAUSE = "cause", _("Causes and teaching changes")
    DECISION = "decision", _("A decision")
    ACTION = "action", _("Action items")


class ReservedFor(models.TextChoices):
    """The kind of queue entry that a step's minutes are reserved for."""

    NOTHING = "", _("Nothing from the queue")
    CHECKS = "checks", _("Action items and decisions to check")
    REVIEWS = "reviews", _("Plan reviews")
    STUDENTS = "students", _("Students to discuss")
    RESULTS = "results", _("New results and data")


class Shows(models.TextChoices):
    """What a step shows of the assessments on its meeting's agenda."""

    NOTHING = "", _("Nothing")
    PREDICTIONS = "predict", _("Predictions of the results")
    RESULTS = "results", _("Results by standard")
    ITEMS = "items", _("Items missed")
    CLASSES = "classes", _("Classes that their teachers opened")
    GROUPS = "groups", _("Teaching groups")


class Protocol(PublicModel):
    """A way to run a meeting. Built-in ones have no team and are read-only; teams edit their own copies."""

    key = models.SlugField(max_length=60, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="protocols")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_retired = models.BooleanField(default=False)

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

    def get_absolute_url(self) -> str:
        return page_of("collab:protocol-detail", self.uuid)


class ProtocolStep(models.Model):
    """One step of a protocol."""

    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    prompt = models.CharField(max_length=400, blank=True)
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind)
    speaker = models.CharField(max_length=10, choices=Speaker, default=Speaker.ALL)
    capture = models.CharField(max_length=10, choices=Capture, default=Capture.NOTES)
    reserved_for = models.CharField(
        max_length=10, choices=ReservedFor, default=ReservedFor.NOTHING, blank=True
    )
    shows = models.CharField(max_length=8, choices=Shows, default=Shows.NOTHING, blank=True)

    class Meta:
        verbose_name = _("protocol step")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "position"], name="step_position_unique"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="step_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title
