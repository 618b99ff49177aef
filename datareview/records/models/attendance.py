"""Daily attendance and incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Stay, Student
from teams.directory.models import Holiday

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection


class AttendanceDayQuerySet(models.QuerySet["AttendanceDay"]):
    """QuerySet methods for attendance marks."""

    def that_count(self, closed: Collection[dt.date] | None = None) -> AttendanceDayQuerySet:
        """Marks of days on which the student was enrolled and the school open.

        Everything that counts days or shows a share of them reads these: marks of a day before the child came, after
        they left or on a holiday would make the share smaller. Without a first day, the child was always enrolled.
        ``closed`` are the days on which the school was closed, if they have been read: the database then need not look
        for a holiday at each of many marks.
        """
        came = Q(student__entered_on__isnull=True) | Q(day__gte=F("student__entered_on"))
        stayed = Q(student__left_on__isnull=True) | Q(day__lte=F("student__left_on"))
        before = Stay.objects.filter(
            Q(entered_on__isnull=True) | Q(entered_on__lte=OuterRef("day")),
            student=OuterRef("student"),
            left_on__gte=OuterRef("day"),
        )
        enrolled = self.filter((came & stayed) | Exists(before))
        if closed is not None:
            return enrolled.exclude(day__in=closed)
        holidays = Holiday.objects.filter(
            school=OuterRef("student__school"), starts_on__lte=OuterRef("day"), ends_on__gte=OuterRef("day")
        )
        return enrolled.filter(~Exists(holidays))


class AttendanceDay(models.Model):
    """One student's attendance mark on one school day.

    ``line`` is its row in the file that brought it, 0 for a day present that a file of absences leaves out.
    """

    class Mark(models.TextChoices):
        """Attendance marks; a partial day counts as half a day absent."""

        PRESENT = "present", _("Present")
        EXCUSED = "excused", _("Absent, excused")
        UNEXCUSED = "unexcused", _("Absent, unexcused")
        TARDY = "tardy", _("Tardy")
        PARTIAL = "partial", _("Half day")

    # The constraint begins with it, so that it needs no index of its own.
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="attendance", db_index=False)
    day = models.DateField()
    mark = models.CharField(max_length=10, choices=Mark)
    imported_by = models.ForeignKey("datareview.Import", on_delete=models.SET_NULL, null=True, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)

    objects = AttendanceDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance day")
        ordering = ["day"]
        indexes = [models.Index(fields=["day"], name="attendance_day")]
        constraints = [models.UniqueConstraint(fields=["student", "day"], name="attendance_once_a_day")]

    def __str__(self) -> str:
        return self.mark


class Incident(models.Model):
    """A behavior incident, with its kind, place and consequence.

    ``time`` is the school's, None if nobody noted it. ``days`` is how long a consequence lasts, in school days.
    ``recorded_by`` is None if a file brought it.
    """

    class Severity(models.TextChoices):
        """Severity as defined by the school's handbook."""

        MINOR = "minor", _("Minor")
        MODERATE = "moderate", _("Moderate")
        MAJOR = "major", _("Major")

    class Consequence(models.TextChoices):
        """The consequence; suspensions count in the early-warning rules."""

        NONE = "none", _("None")
        CONFERENCE = "conference", _("Conference")
        DETENTION = "detention", _("Detention")
        IN_SCHOOL = "iss", _("In-school suspension")
        OUT_OF_SCHOOL = "oss", _("Out-of-school suspension")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="incidents")
    day = models.DateField()
    time = models.TimeField(null=True, blank=True)
    kind = models.CharField(max_length=60)
    place = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.MINOR)
    consequence = models.CharField(max_length=12, choices=Consequence, default=Consequence.NONE)
    days = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("incident")
        ordering = ["day"]
        indexes = [models.Index(fields=["student", "day"], name="incident_student_day")]

    def __str__(self) -> str:
        return self.kind
