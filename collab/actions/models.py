"""Action items: who does what by when. They stay open until done, or dropped with a reason. Every change is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from datareview.plans.models import Plan
from datareview.records.models import Student
from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt


class ActionQuerySet(models.QuerySet["Action"]):
    """QuerySet methods for action items."""

    def open(self) -> ActionQuerySet:
        """Open action items."""
        return self.filter(state=Action.State.OPEN)

    def overdue(self, day: dt.date) -> ActionQuerySet:
        """Open action items due before ``day``."""
        return self.open().filter(due_on__lt=day)


class Action(PublicModel):
    """An action item with one owner. ``carried`` counts the meetings that left it open although it was due.

    ``started_at`` marks an open one as in progress, and ``note`` says where it stands. ``version`` counts changes.
    """

    class State(models.TextChoices):
        """Open until done, or dropped with a reason."""

        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="actions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(_("action item"), max_length=300)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField(_("due date"))
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("progress"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    student = models.ForeignKey(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    carried = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action item")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="action_owner_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="action_dropped_with_reason"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return page_of("collab:action-detail", self.uuid)

    @property
    def is_in_progress(self) -> bool:
        """Whether it is open and somebody has begun."""
        return self.state == self.State.OPEN and self.started_at is not None

    @property
    def status(self) -> str:
        """The state in words: open, in progress, done or dropped."""
        return str(_("In progress") if self.is_in_progress else self.get_state_display())


class ActionVersion(models.Model):
    """An action item as it was until ``changed_by`` changed it; ``number`` is its version then."""

    KEPT = ("text", "owner_id", "due_on", "state", "reason", "started_at", "note")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=Action.State)
    reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("earlier version of an action item")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["action", "number"], name="action_version_once")]

    def __str__(self) -> str:
        return self.text
