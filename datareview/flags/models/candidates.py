"""Candidates: students raised for triage."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.flags.models.flags import Flag, Reasoned, Severity
from datareview.records.models import Domain, Measure, Student
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Candidate(PublicModel, Reasoned):
    """A student raised for triage by open flags in one domain, with the decision.

    A flag that resolves and reopens does not create a second candidate. A candidate on watch stays off the triage
    list until ``watch_until``, unless its severity rises or a value (of the measure ``worse_of``, if any) is worse than
    ``worse_than``; one whose data are disputed, until that is answered; one that is already supported, until the
    ``supporting_plan`` ends. One that people asked for (``is_requested``), also by naming such a value, is not cleared
    because no flag is open.
    """

    class State(models.TextChoices):
        """New until a decision is made."""

        NEW = "new", _("New")
        ON_AGENDA = "on_agenda", _("On an agenda")
        SEAT = "seat", _("Waits for a seat")
        PLAN = "plan", _("Plan started")
        WATCH = "watch", _("Watching")
        DISPUTED = "disputed", _("Data disputed")
        SUPPORTED = "supported", _("Already supported")
        NO_ACTION = "no_action", _("No action")
        CLEARED = "cleared", _("Nothing left to decide")

    DECIDABLE = (State.NEW, State.ON_AGENDA)
    REOPENABLE = (State.WATCH, State.NO_ACTION, State.SEAT, State.DISPUTED, State.SUPPORTED)
    SET_ASIDE = (State.WATCH, State.DISPUTED, State.SUPPORTED)  # until they get more urgent
    LIVE = (State.NEW, State.ON_AGENDA, State.SEAT, State.PLAN, State.WATCH, State.DISPUTED, State.SUPPORTED)
    LONGEST_WATCH = dt.timedelta(days=30)

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="candidates")
    domain = models.CharField(max_length=12, choices=Domain)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.WATCH)
    flags = models.ManyToManyField(Flag, related_name="candidates")
    raised_on = models.DateField()
    is_requested = models.BooleanField(default=False)
    watch_until = models.DateField(null=True, blank=True)
    worse_than = models.FloatField(null=True, blank=True)
    worse_of = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    supporting_plan = models.ForeignKey(
        "datareview.Plan", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    decision_note = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("candidate")
        ordering = ["-severity", "raised_on"]
        indexes = [models.Index(fields=["state", "severity", "raised_on"], name="candidate_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "domain"],
                condition=Q(state__in=["new", "on_agenda", "seat", "plan", "watch", "disputed", "supported"]),
                name="candidate_one_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.said}"

    def get_absolute_url(self) -> str:
        return page_of("datareview:candidate-detail", self.uuid)


class ReopenedDecision(models.Model):
    """A decision about a candidate that was taken back, as it was, with who took it back (None: it ended) and when."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="reopened_decisions")
    state = models.CharField(max_length=10, choices=Candidate.State)
    watch_until = models.DateField(null=True, blank=True)
    worse_than = models.FloatField(null=True, blank=True)
    worse_of = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reopened_at = models.DateTimeField(default=clock.now, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("reopened decision")
        ordering = ["-reopened_at", "-pk"]

    def __str__(self) -> str:
        return self.get_state_display()
