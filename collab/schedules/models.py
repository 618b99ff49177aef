"""Whole-school schedules: one weekly slot for every team, found together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.meetings.models import Series
from teams.directory.models import Period, School, Team
from teams.jobs.models import Job
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Schedule(PublicModel):
    """One search for slots for many teams. ``result`` holds its cost and summary."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="schedules")
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="schedule")
    settings = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    solved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("schedule")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.school} {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return page_of("collab:schedule-detail", self.uuid)


class Placement(PublicModel):
    """One team in a schedule: its slot with its cost, or why there is none, and its series once accepted.

    ``day`` counts from 0 in the cycle, or in the week if ``is_weekly``. ``losses`` lists missed lessons and
    duties, each {who, kind, label, day}; ``past`` lists [who, lessons lost before] for people who lose a
    lesson. ``present`` describes the team's current series, with the lessons and duties one round of it
    costs; empty if it has none.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="placements")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="placements")
    period = models.ForeignKey(Period, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    periods = models.CharField(max_length=400, blank=True)
    is_weekly = models.BooleanField(default=False)
    is_protected = models.BooleanField(default=False)
    losses = models.JSONField(default=list, blank=True)
    past = models.JSONField(default=list, blank=True)
    present = models.CharField(max_length=200, blank=True)
    present_lessons = models.PositiveSmallIntegerField(null=True, blank=True)
    present_duties = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    series = models.ForeignKey(Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("placement")
        ordering = ["team__name"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "team"], name="placement_once_a_team"),
            models.CheckConstraint(
                condition=models.Q(day=None, starts_at=None, minutes=0)
                | models.Q(day__isnull=False, starts_at__isnull=False, minutes__gt=0),
                name="placement_slot_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.period or self.reason}"
