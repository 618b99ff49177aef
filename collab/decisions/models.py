"""Decisions, their consensus votes, and whether they worked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from datareview.records.models import Measure, Student
from teams.lib.models import PublicModel


class Decision(PublicModel):
    """A decision on an agenda item, with the date on which the team checks whether it worked.

    With a ``measure`` or a ``gauge`` it is checked automatically: ``baseline`` is the mean of its students' last values
    on ``baseline_on`` (``baseline_n`` of them had one), and ``target`` is the mean to reach by ``check_on``.
    ``result`` is then computed for the same students, never typed. Without one, the team says in ``judged`` whether it
    worked. ``done_as`` says how far it was carried out.
    """

    class Gauge(models.TextChoices):
        """What decisions are measured by, besides scores."""

        ATTENDANCE = "attendance", _("Attendance, % of days present")
        INCIDENTS = "incidents", _("Incidents in four weeks")
        GRADES = "grades", _("Course grades, %")

    class DoneAs(models.TextChoices):
        """How far a decision was carried out, as the team says."""

        NOT_BEGUN = "not_begun", _("Not begun")
        PARTLY = "partly", _("In part")
        AS_MEANT = "as_meant", _("As meant")
        STOPPED = "stopped", _("Stopped")

    class Effect(models.TextChoices):
        """Whether a decision worked."""

        WORKED = "worked", _("It worked")
        DID_NOT = "did_not", _("It did not work")
        EARLY = "early", _("Too early to say")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=400)
    check_on = models.DateField(_("check date"), null=True, blank=True)
    measure = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    gauge = models.CharField(max_length=12, choices=Gauge, blank=True)
    cohort = models.CharField(_("which students"), max_length=200, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    baseline_n = models.PositiveIntegerField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    result_on = models.DateField(null=True, blank=True)
    done_as = models.CharField(_("was it done"), max_length=10, choices=DoneAs, blank=True)
    judged = models.CharField(_("did it work"), max_length=10, choices=Effect, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_measured(self) -> bool:
        """Whether its result is computed."""
        return bool(self.measure_id or self.gauge)

    @property
    def measured_by(self) -> str:
        """The name of its measure or gauge; empty without one."""
        return str(self.measure or (self.get_gauge_display() if self.gauge else ""))

    @property
    def higher_is_better(self) -> bool:
        """Whether a rise is what the team wants."""
        return self.measure.higher_is_better if self.measure else self.gauge != self.Gauge.INCIDENTS

    @property
    def is_done(self) -> bool:
        """Whether the team has said that it was carried out, at least in part."""
        return self.done_as in (self.DoneAs.PARTLY, self.DoneAs.AS_MEANT)

    @property
    def is_answered(self) -> bool:
        """Whether the team has said how far it was carried out, or its result is known of at least one student."""
        return bool(self.done_as or (self.result and self.result.get("n")))


class DecisionStudent(models.Model):
    """A student the decision is about, with their baseline score."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="students")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="decisions")
    baseline = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("student of a decision")
        constraints = [models.UniqueConstraint(fields=["decision", "student"], name="decision_student_once")]

    def __str__(self) -> str:
        return str(self.student)


class FistToFive(models.Model):
    """One person's support for a decision, from 0 (no) to 5 (will lead it)."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingers = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["decision", "user"], name="vote_once"),
            models.CheckConstraint(condition=Q(fingers__lte=5), name="vote_zero_to_five"),
        ]

    def __str__(self) -> str:
        return str(self.fingers)
