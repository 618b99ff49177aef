"""Intervention plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate
from datareview.records.models import Measure, Student
from datareview.strategies.models import Strategy
from teams.directory.models import Staff, Team
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt


class PlanQuerySet(models.QuerySet["Plan"]):
    """QuerySet methods for plans."""

    def running(self) -> PlanQuerySet:
        """Plans in delivery."""
        return self.filter(state=Plan.State.ACTIVE)


class Plan(PublicModel):
    """An intervention plan for one student: from a baseline to a goal by a date, on one measure.

    The goal line runs from (``line_from``, ``baseline``) to (``goal_on``, ``goal``). ``measured_from`` is the day from
    which the measure counts, if it has changed since ``starts_on``. ``weekdays`` is a list of the days of delivery
    (Monday is 0), ``time`` when a session begins (None: not set).
    """

    class State(models.TextChoices):
        """Draft until the details are complete, then active; ended with an outcome."""

        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    class Outcome(models.TextChoices):
        """The outcome of an ended plan."""

        MET = "met", _("Goal met")
        NOT_MET = "not_met", _("Goal not met")
        REFERRED = "referred", _("Referred")
        FADED = "faded", _("Faded")
        INTENSIFIED = "intensified", _("Intensified")
        CHANGED = "changed", _("Changed")
        MOVED = "moved", _("Student moved")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="plans")
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans"
    )
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="plans")
    provider = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="plans_provided")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="plans")
    concern = models.CharField(max_length=300)
    tier = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    baseline = models.FloatField()
    baseline_on = models.DateField()
    goal = models.FloatField()
    goal_on = models.DateField()
    starts_on = models.DateField()
    measured_from = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    review_on = models.DateField()
    weekdays = models.JSONField(default=list)
    time = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=20)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        ordering = ["review_on"]
        indexes = [models.Index(fields=["state", "review_on"], name="plan_state_review")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lt=F("goal_on")), name="plan_dates_ordered"),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=3), name="plan_tier_1_to_3"),
            models.CheckConstraint(
                condition=(Q(state="ended") & ~Q(outcome="")) | (~Q(state="ended") & Q(outcome="")),
                name="plan_outcome_when_ended",
            ),
            models.UniqueConstraint(
                fields=["student", "strategy", "measure"],
                condition=~Q(state="ended"),
                name="plan_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.strategy}"

    @property
    def line_from(self) -> dt.date:
        """The first day of the goal line: the plan's, or that of its present measure."""
        return self.measured_from or self.starts_on

    @property
    def full_title(self) -> str:
        """Student and strategy with the real name even while names are hidden, for stored text."""
        return f"{self.student.full_name}: {self.strategy}"

    def get_absolute_url(self) -> str:
        return page_of("datareview:plan-detail", self.uuid)
