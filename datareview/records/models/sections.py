"""Sections, enrollments and course grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Student
from teams.directory.models import School, SchoolYear, Staff, Term
from teams.lib import formats
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt


def _held_on(day: dt.date) -> Q:
    """Sections that are held on ``day``, as a Q on what refers to one.

    A year counts until the next one begins: in the summer, teachers still see the students of the year that ended.
    So does a term that ends with its year. A section that ended earlier is over.
    """
    begun = Q(section__term=None) | Q(section__term__starts_on__lte=day)
    going_on = (
        Q(section__term=None)
        | Q(section__term__ends_on__gte=day)
        | Q(section__term__ends_on__gte=F("section__year__ends_on"))
    )
    not_ended = Q(section__ends_on=None) | Q(section__ends_on__gte=day)
    return begun & going_on & not_ended & Q(section__year__in=SchoolYear.objects.latest_on(day))


class Section(PublicModel):
    """A class in a course in one school year, with its teachers.

    ``term`` is None for a class of the whole year. ``ends_on`` is set if it ends before its year does.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="sections")
    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="sections")
    local_id = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    course = models.CharField(max_length=80, blank=True)
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="sections")
    period = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    grade = models.SmallIntegerField(null=True, blank=True)
    is_core = models.BooleanField(default=False)
    teachers = models.ManyToManyField(Staff, through="SectionTeacher", related_name="sections", blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("section")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "local_id"], name="section_local_id_unique")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("datareview:section-detail", args=[self.uuid])


class SectionTeacherQuerySet(models.QuerySet["SectionTeacher"]):
    """QuerySet methods for teachers of sections."""

    def on(self, day: dt.date) -> SectionTeacherQuerySet:
        """Teachers who teach their section on ``day``: by their own dates, and while it is held."""
        return self.dated(day).filter(_held_on(day))

    def dated(self, day: dt.date) -> SectionTeacherQuerySet:
        """Teachers whose own dates contain ``day``, whether or not their section is held then."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


class SectionTeacher(models.Model):
    """A teacher of a section, with first and last day (None: as long as the section). Others than leads co-teach."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="teacher_links")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="section_links")
    is_lead = models.BooleanField(default=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects = SectionTeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher of a section")
        verbose_name_plural = _("teachers of sections")
        ordering = ["-is_lead", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "staff"], name="section_teacher_once")]

    def __str__(self) -> str:
        return f"{self.staff}, {self.section}"


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    """QuerySet methods for enrollments."""

    def on(self, day: dt.date) -> EnrollmentQuerySet:
        """Enrollments in force on ``day``: by their own dates, and while the section is held."""
        not_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        return self.filter(not_ended, _held_on(day), starts_on__lte=day)


class Enrollment(models.Model):
    """A student's enrollment in a section, with first and last day."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrollments")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="enrollments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrollment")
        constraints = [
            models.UniqueConstraint(fields=["student", "section", "starts_on"], name="enrollment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.section}"


class CourseGrade(models.Model):
    """A student's grade in a section as of a date; ``missing`` pieces of work were not handed in (None: not said)."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="grades")
    as_of = models.DateField()
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    letter = models.CharField(max_length=3, blank=True)
    missing = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("course grade")
        ordering = ["as_of"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "as_of"], name="course_grade_once"),
            models.CheckConstraint(condition=Q(percent__gte=0), name="course_grade_not_negative"),
        ]

    def __str__(self) -> str:
        return formats.percent(self.percent)
