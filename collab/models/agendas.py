"""What a team wants to talk about (topics), and each topic's visits to meetings (agenda items)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.models.meetings import Meeting
from collab.models.protocols import StepKind
from datareview.models import Candidate, Plan
from teams.models import PublicModel, Staff, Team


class Topic(PublicModel):
    """Something a team works on for as long as it is needed. A meeting only visits it.

    A topic closes when ticked, without open actions, and not standing.
    """

    class Kind(models.TextChoices):
        """Where it came from, and so what is shown with it."""

        STEP = "step", _("Step of the protocol")
        CANDIDATE = "candidate", _("Student to talk about")
        REVIEW = "review", _("Plan review")
        DATA = "data", _("Data")
        OTHER = "other", _("Other")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="topics")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    is_standing = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    wanted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="topics"
    )
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="topics")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("topic")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "candidate"], condition=Q(is_closed=False), name="topic_one_a_candidate"
            ),
            models.UniqueConstraint(
                fields=["team", "plan", "due_on"], condition=Q(is_closed=False), name="topic_one_a_review"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(PublicModel):
    """A topic's visit to one meeting; one without a meeting is waiting for the next."""

    class State(models.TextChoices):
        """What became of it in its meeting."""

        WAITING = "waiting", _("Waiting")
        CURRENT = "current", _("Now")
        DONE = "done", _("Done")
        MOVED = "moved", _("Moved on")

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="visits")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="items"
    )
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    prompt = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=StepKind, default=StepKind.DISCUSS)
    minutes = models.PositiveSmallIntegerField(default=5)
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds_used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="current"), name="item_one_current_a_meeting"
            ),
            models.UniqueConstraint(fields=["topic", "meeting"], name="item_one_visit_a_meeting"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(meeting__isnull=True), name="item_one_waiting_a_topic"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="item_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes_used(self) -> int:
        """Minutes it took, rounded."""
        return round(self.seconds_used / 60)


class Exhibit(PublicModel):
    """A view of the data on an agenda item: live until the meeting closes, then a frozen copy.

    ``view`` names an exhibit of `datareview.queries.exhibits`; ``parameters`` its arguments. ``frozen``
    holds the chart as it was when the meeting closed (`charts.spec.Chart.to_json`).
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="exhibits")
    view = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    frozen = models.JSONField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("exhibit")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.view
