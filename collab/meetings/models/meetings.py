"""Series, meetings, guests and attendance."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from collab.protocols.models import Protocol
from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Series(PublicModel):
    """A repeating meeting of a team, at the same local time in every season.

    ``pattern`` defines its days: every ``every`` weeks on ``weekday`` (Monday 0); the ``nth`` ``weekday`` of
    each month (5 is the last one); or each day ``cycle_day`` of the bell schedule's cycle. School holidays
    are skipped.
    """

    class Pattern(models.TextChoices):
        """How the days are computed."""

        WEEKS = "weeks", _("Every week, or every n weeks")
        MONTH = "month", _("On the same weekday each month")
        CYCLE = "cycle", _("On a day of the school’s cycle")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="series")
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, null=True, blank=True)
    title = models.CharField(max_length=120)
    pattern = models.CharField(max_length=6, choices=Pattern, default=Pattern.WEEKS)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    every = models.PositiveSmallIntegerField(default=1)
    nth = models.PositiveSmallIntegerField(null=True, blank=True)
    cycle_day = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=45)
    place = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                condition=Q(pattern="weeks", weekday__lte=6, every__range=(1, 8))
                | Q(pattern="month", weekday__lte=6, nth__range=(1, 5))
                | Q(pattern="cycle", cycle_day__lte=9),
                name="series_pattern",
            ),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="series_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("collab:series-detail", self.uuid)


class Meeting(PublicModel):
    """One meeting of a team.

    ``revision`` rises with every change that others in the room should see; `MeetingEvent` records what
    changed at each revision. ``title`` is the question the meeting answers. ``calendar_sequence`` is the
    SEQUENCE of its calendar entry: it rises when the time or place changes, or the meeting is cancelled.
    Its agenda is a draft, which only those who prepare it read, until ``published_at``; ``agenda_sent_for`` is the
    start that the last emailed agenda named. Minutes are a draft until approved.
    """

    class State(models.TextChoices):
        """Planned until started. A closed meeting is its minutes and does not change."""

        PLANNED = "planned", _("Planned")
        LIVE = "live", _("Live")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Canceled")

    REOPEN_WITHIN = dt.timedelta(hours=24)
    PUBLISHED_BEFORE = dt.timedelta(hours=24)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="meetings")
    series = models.ForeignKey(
        Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    cancel_reason = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    agenda_sent_for = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    facilitator = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    recorder = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    timekeeper = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    data_lead = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    calendar_sequence = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("meeting")
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["team", "starts_at"], name="meeting_team_start"),
            models.Index(fields=["state", "starts_at"], name="meeting_state_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="meeting_times_ordered"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(state="live"), name="meeting_one_live_a_team"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("collab:meeting-detail", self.uuid)

    @property
    def is_draft(self) -> bool:
        """Whether its agenda is not published yet. An agenda is published at the latest when the meeting begins."""
        return self.state == self.State.PLANNED and self.published_at is None

    @property
    def published_by(self) -> dt.datetime:
        """When its agenda is published automatically."""
        return self.starts_at - self.PUBLISHED_BEFORE

    @property
    def is_late_draft(self) -> bool:
        """Whether its agenda should be published already: it will be in the next minutes."""
        return self.is_draft and self.published_by <= clock.now()

    @property
    def is_early(self) -> bool:
        """Whether its day is still to come."""
        school = self.team.school
        return self.starts_at.astimezone(school.tz).date() > school.today()

    @property
    def held_from(self) -> dt.datetime:
        """The start by which its time counts: the real one if that was outside of the planned time, else the planned one."""
        began = self.started_at
        return self.starts_at if began is None or self.starts_at <= began < self.ends_at else began

    @property
    def held_until(self) -> dt.datetime:
        """When its time is up: its planned length from `held_from`."""
        return self.held_from + (self.ends_at - self.starts_at)

    @property
    def is_just_closed(self) -> bool:
        """Whether it was closed recently enough to be reopened."""
        return self.closed_at is not None and clock.now() - self.closed_at <= self.REOPEN_WITHIN


class Guest(models.Model):
    """A staff member from outside the team who takes part in one meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="guests")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="visits")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("guest")
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="guest_once_a_meeting")]

    def __str__(self) -> str:
        return str(self.staff)


class Attendance(models.Model):
    """How a person attended a meeting."""

    class Mark(models.TextChoices):
        """Kinds of attendance."""

        PRESENT = "present", _("Here")
        LATE = "late", _("Late")
        REMOTE = "remote", _("Remote")
        ABSENT = "absent", _("Absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="meetings_attended")
    mark = models.CharField(max_length=8, choices=Mark)
    marked_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="attendance_once_a_meeting")]

    def __str__(self) -> str:
        return self.mark
