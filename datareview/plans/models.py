"""Intervention plans with their sessions, phase changes and reviews."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate
from datareview.records.models import Domain, Measure, Student
from teams.directory.models import School, Staff, Team
from teams.lib.models import PublicModel


class Strategy(PublicModel):
    """An intervention strategy in the school's bank: procedure, target group, dosage and evidence."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="strategies")
    name = models.CharField(max_length=120)
    domain = models.CharField(max_length=12, choices=Domain)
    what_to_do = models.TextField(blank=True)
    for_whom = models.CharField(max_length=200, blank=True)
    sessions_per_week = models.PositiveSmallIntegerField(default=3)
    minutes = models.PositiveSmallIntegerField(default=20)
    evidence = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["domain", "name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="strategy_name_unique")]

    def __str__(self) -> str:
        return self.name


class PlanQuerySet(models.QuerySet["Plan"]):
    """QuerySet methods for plans."""

    def running(self) -> PlanQuerySet:
        """Plans in delivery."""
        return self.filter(state=Plan.State.ACTIVE)


class Plan(PublicModel):
    """An intervention plan for one student: from a baseline to a goal by a date, on one measure.

    The goal line runs from (``starts_on``, ``baseline``) to (``goal_on``, ``goal``). ``weekdays`` is a list of the
    days of delivery (Monday is 0).
    """

    class State(models.TextChoices):
        """Draft until the details are complete, then active; ended with an outcome."""

        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    class Outcome(models.TextChoices):
        """The outcome of an ended plan."""

        MET = "met", _("Goal met")
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
    ended_on = models.DateField(null=True, blank=True)
    review_on = models.DateField()
    weekdays = models.JSONField(default=list)
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
    def full_title(self) -> str:
        """Student and strategy with the real name even while names are hidden, for stored text."""
        return f"{self.student.full_name}: {self.strategy}"

    def get_absolute_url(self) -> str:
        return reverse("datareview:plan-detail", args=[self.uuid])


class Session(PublicModel):
    """A session of a plan, held or not. ``client_key`` makes a double click one row."""

    class Result(models.TextChoices):
        """Held, or the reason why not."""

        HELD = "held", _("Held")
        ABSENT = "absent", _("Student absent")
        ASSEMBLY = "assembly", _("Assembly or event")
        PROVIDER_OUT = "provider_out", _("Provider out")
        REFUSED = "refused", _("Refused")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    result = models.CharField(max_length=14, choices=Result, default=Result.HELD)
    minutes = models.PositiveSmallIntegerField(default=0)
    fidelity = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    client_key = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "client_key"], name="session_once_a_click"),
            models.UniqueConstraint(fields=["plan", "held_on"], name="session_once_a_day"),
            models.CheckConstraint(
                condition=Q(fidelity__isnull=True) | Q(fidelity__gte=1, fidelity__lte=4),
                name="session_fidelity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.result}"


class PhaseChange(models.Model):
    """A change of the intervention. Decision rules use only data since the last one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phase_changes")
    changed_on = models.DateField()
    what = models.CharField(max_length=200)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("phase change")
        ordering = ["changed_on"]
        constraints = [models.UniqueConstraint(fields=["plan", "changed_on"], name="phase_change_once_a_day")]

    def __str__(self) -> str:
        return self.what


class Review(PublicModel):
    """A decision about a plan, with the data it was based on. Rows are never changed."""

    class Decision(models.TextChoices):
        """The decision."""

        CONTINUE = "continue", _("Continue")
        CHANGE = "change", _("Change the instruction")
        INTENSIFY = "intensify", _("Intensify")
        FADE = "fade", _("Fade")
        END = "end", _("End: goal met")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField()
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=400)
    evidence = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("review")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["plan", "due_on"], name="review_once_a_date")]

    def __str__(self) -> str:
        return self.decision
