"""Events of a meeting: other screens react to them, later readers see them as history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.meetings.models.meetings import Meeting
from teams.lib import clock


class Region(models.TextChoices):
    """A part of the meeting room that a browser re-fetches; the value is its DOM id."""

    AGENDA = "agenda"
    ITEM = "item"
    CONTRIBUTIONS = "contributions"
    DECISIONS = "decisions"
    PEOPLE = "people"
    CLOCK = "clock"
    TEACHING = "teaching"
    PULSE = "pulse"
    ROOM = "room"  # everything


class EventKind(models.TextChoices):
    """Kinds of events in a meeting. Values are stored and never change."""

    # The agenda and the queue.
    ITEM_ADDED = "item-added"
    ITEM_EDITED = "item-edited"
    ITEM_REMOVED = "item-removed"
    ITEMS_MOVED = "items-moved"
    EXHIBIT = "exhibit"
    FILLED = "filled"
    DEFERRED = "deferred"
    DROPPED = "dropped"
    ANSWERED = "answered"
    PUBLISHED = "published"
    # The meeting itself.
    STARTED = "started"
    JOINED = "joined"
    CLOSED = "closed"
    REOPENED = "reopened"
    DISCARDED = "discarded"
    ENDED_IDLE = "ended-idle"
    LAPSED = "lapsed"
    MOVED = "moved"
    RENAMED = "renamed"
    CANCELLED = "cancelled"
    # Who takes part.
    ATTENDANCE = "attendance"
    MEMBERS = "members"
    ROLE = "role"
    GUEST = "guest"
    GUEST_LEFT = "guest-left"
    # The current item.
    ITEM = "item"
    MORE_TIME = "more-time"
    WRITING = "writing"
    REVEALED = "revealed"
    PREDICTED = "predicted"
    LIFTED = "lifted"
    SHOWN = "shown"
    RATED = "rated"
    PARKED = "parked"
    # Contributions.
    CONTRIBUTED = "contributed"
    EDITED = "edited"
    TAKEN_BACK = "taken-back"
    PUT_BACK = "put-back"
    AGREED = "agreed"
    VOTED = "voted"
    VOTED_GROUP = "voted-group"
    GROUPED = "grouped"
    # Results.
    DECIDED = "decided"
    PROMISED = "promised"
    PROMISE_KEPT = "promise-kept"
    PROMISE_CHANGED = "promise-changed"
    CHECKED = "checked"
    ASKED = "asked"
    CAUSE = "cause"
    TEACHING = "teaching"
    WITHDREW = "withdrew"
    # The minutes.
    APPROVED = "approved"
    APPROVAL_WITHDRAWN = "approval-withdrawn"
    CORRECTED = "corrected"


class MeetingEvent(models.Model):
    """An event in a meeting: revision, region of the room, and actor. Append-only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="events")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=40)
    region = models.CharField(max_length=20)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("meeting event")
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["meeting", "revision"], name="event_revision_unique")]

    def __str__(self) -> str:
        return f"{self.revision} {self.kind}"
