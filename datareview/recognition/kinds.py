"""The kinds of files, and what each needs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """The kind of data in a row of the file."""

    STUDENTS = "students", _("Students")
    SCORES = "scores", _("Scores")
    ATTENDANCE = "attendance", _("Daily attendance")
    INCIDENTS = "incidents", _("Incidents")
    COURSE_GRADES = "course_grades", _("Course grades")
    PAST_GRADES = "past_grades", _("Course grades of earlier terms")
    SECTIONS = "sections", _("Sections")
    TEACHERS = "teachers", _("Teachers of sections")
    ENROLLMENTS = "enrollment", _("Enrollments")
    GUARDIANS = "guardians", _("Guardians")
    GROUPS = "groups", _("Groups of students")
    ANSWERS = "answers", _("Answers of an assessment")


NEEDED: dict[str, tuple[str, ...]] = {
    FileKind.STUDENTS: ("student",),
    FileKind.SCORES: ("student", "value"),
    FileKind.ATTENDANCE: ("student", "day", "mark"),
    FileKind.INCIDENTS: ("student", "day", "kind"),
    FileKind.COURSE_GRADES: ("student", "section", "percent"),
    FileKind.PAST_GRADES: ("student", "course", "term"),
    FileKind.SECTIONS: ("section",),
    FileKind.TEACHERS: ("section", "teacher"),
    FileKind.ENROLLMENTS: ("section", "student"),
    FileKind.GUARDIANS: ("student", "name"),
    FileKind.GROUPS: ("student", "category", "group"),
    FileKind.ANSWERS: ("who",),
}
