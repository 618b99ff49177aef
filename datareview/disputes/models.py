"""Disputed values."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate
from datareview.records.models import Incident, Measure, Section, Student
from teams.lib import formats
from teams.lib.models import PublicModel


class Dispute(PublicModel):
    """Someone says that a value of a student is wrong. ``value`` is what it was, as pages show it.

    A value is named by what it is of and its ``day``, so that loading a file again does not lose the dispute. ``owner``
    is who entered or loaded it, None if that is unknown or they left. Until ``answer_by``, no new flag rises from it.
    """

    class Kind(models.TextChoices):
        """What kind of value it is."""

        SCORE = "score", _("Score")
        ATTENDANCE = "day", _("Attendance")
        INCIDENT = "incident", _("Incident")
        GRADE = "grade", _("Course grade")

    class State(models.TextChoices):
        """Open until it is answered or withdrawn."""

        OPEN = "open", _("To be checked")
        CORRECTED = "corrected", _("Corrected")
        RIGHT = "right", _("It is right")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="disputes")
    kind = models.CharField(max_length=8, choices=Kind)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    day = models.DateField()
    value = models.CharField(max_length=80)
    what = models.CharField(max_length=400)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="disputes"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answer_by = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("dispute")
        ordering = ["answer_by", "pk"]
        indexes = [models.Index(fields=["student", "state"], name="dispute_student_state")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.value}, {formats.short_day(self.day)}"

    @property
    def subject(self) -> str:
        """The measure or course, or what kind of value it is."""
        return str(self.measure or self.section or self.get_kind_display())
