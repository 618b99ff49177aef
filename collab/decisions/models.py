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

    With a ``measure`` it is checked automatically: ``baseline`` is the mean of its students' last scores on
    ``baseline_on`` (``baseline_n`` of them had one), and ``target`` is the mean to reach by ``check_on``.
    ``result`` is then computed for the same students, never typed.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=400)
    check_on = models.DateField(_("check date"), null=True, blank=True)
    measure = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cohort = models.CharField(_("which students"), max_length=200, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    baseline_n = models.PositiveIntegerField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    result_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


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
