"""Daily attendance and incidents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Student


class AttendanceDay(models.Model):
    """The mark of one student on one day of school."""

    class Mark(models.TextChoices):
        """Partial is half a day absent."""

        PRESENT = "present", _("Present")
        EXCUSED = "excused", _("Absent, excused")
        UNEXCUSED = "unexcused", _("Absent, unexcused")
        TARDY = "tardy", _("Tardy")
        PARTIAL = "partial", _("Half day")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="attendance")
    day = models.DateField()
    mark = models.CharField(max_length=10, choices=Mark)
    imported_by = models.ForeignKey("datareview.Import", on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        verbose_name = _("attendance day")
        ordering = ["day"]
        indexes = [models.Index(fields=["day"], name="attendance_day")]
        constraints = [models.UniqueConstraint(fields=["student", "day"], name="attendance_once_a_day")]

    def __str__(self) -> str:
        return self.mark


class Incident(models.Model):
    """Something that happened: where in the building's life it belongs and what followed."""

    class Severity(models.TextChoices):
        """As the school's own handbook ranks it."""

        MINOR = "minor", _("Minor")
        MODERATE = "moderate", _("Moderate")
        MAJOR = "major", _("Major")

    class Consequence(models.TextChoices):
        """What followed; suspensions count in the early-warning rules."""

        NONE = "none", _("None")
        CONFERENCE = "conference", _("Conference")
        DETENTION = "detention", _("Detention")
        IN_SCHOOL = "iss", _("In-school suspension")
        OUT_OF_SCHOOL = "oss", _("Out-of-school suspension")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="incidents")
    day = models.DateField()
    kind = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.MINOR)
    consequence = models.CharField(max_length=12, choices=Consequence, default=Consequence.NONE)

    class Meta:
        verbose_name = _("incident")
        ordering = ["day"]
        indexes = [models.Index(fields=["student", "day"], name="incident_student_day")]

    def __str__(self) -> str:
        return self.kind
