"""The kinds of files, the fields of each, and the names that columns of a field have."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """The kind of data in a row of the file."""

    STUDENTS = "students", _("Students")
    SCORES = "scores", _("Scores")
    ATTENDANCE = "attendance", _("Daily attendance")
    SECTIONS = "sections", _("Sections")
    TEACHERS = "teachers", _("Teachers of sections")
    ENROLLMENTS = "enrollment", _("Enrollments")
    GUARDIANS = "guardians", _("Guardians")
    GROUPS = "groups", _("Groups of students")


STUDENT = ("student_id", "id_student", "studentid", "student number", "local_id", "id", "sis_id")
SECTION = ("section", "section_id", "section number", "class_id", "classsourcedid")
FROM = ("from", "starts_on", "start_date", "begindate")
UNTIL = ("until", "ends_on", "end_date", "enddate")

# Fields by kind of file, with the column names from which they are guessed.
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    FileKind.STUDENTS: {
        "student": (*STUDENT, "sourcedid"),
        "first_name": ("first_name", "first name", "firstname", "given_name", "givenname"),
        "last_name": ("last_name", "last name", "lastname", "family_name", "surname", "familyname"),
        "preferred_name": ("preferred_name", "preferred name", "nickname", "preferredfirstname"),
        "grade": ("grade", "grade_level", "gradelevel", "grades"),
        "entered_on": ("entered_on", "entry_date", "enroll_date"),
        "role": ("role",),
    },
    FileKind.SCORES: {
        "student": STUDENT,
        "day": ("date", "day", "test_date", "taken_on", "date_submitted", "assessment date"),
        "value": ("score", "value", "points", "percentage_earned", "result"),
        "measure": ("measure", "assessment", "test", "assessment_type"),
    },
    FileKind.ATTENDANCE: {
        "student": STUDENT,
        "day": ("date", "day", "attendance_date"),
        "mark": ("mark", "status", "attendance", "code"),
    },
    FileKind.SECTIONS: {
        "section": (*SECTION, "local_id", "sourcedid", "id"),
        "name": ("name", "title", "section name", "section_name"),
        "course": ("course", "course_name", "coursesourcedid"),
        "subject": ("subject", "subjects"),
        "grade": ("grade", "grade_level", "grades"),
        "period": ("period", "periods"),
    },
    FileKind.TEACHERS: {
        "section": SECTION,
        "teacher": ("teacher", "teacher_email", "staff_id", "staff", "email", "usersourcedid"),
        "role": ("role", "lead"),
        "starts_on": FROM,
        "ends_on": UNTIL,
    },
    FileKind.ENROLLMENTS: {
        "section": SECTION,
        "student": (*STUDENT, "student", "usersourcedid"),
        "role": ("role",),
        "starts_on": FROM,
        "ends_on": UNTIL,
    },
    FileKind.GUARDIANS: {
        "student": (*STUDENT, "student"),
        "name": ("guardian", "guardian_name", "name"),
        "relation": ("relation", "relationship"),
        "phone": ("phone", "telephone"),
        "email": ("email", "e-mail"),
        "language": ("language",),
        "may_contact": ("may_contact", "may contact"),
    },
    FileKind.GROUPS: {
        "student": (*STUDENT, "student"),
        "category": ("category",),
        "group": ("group", "subgroup"),
        "starts_on": FROM,
        "ends_on": UNTIL,
    },
}
NEEDED: dict[str, tuple[str, ...]] = {
    FileKind.STUDENTS: ("student",),
    FileKind.SCORES: ("student", "value"),
    FileKind.ATTENDANCE: ("student", "day", "mark"),
    FileKind.SECTIONS: ("section",),
    FileKind.TEACHERS: ("section", "teacher"),
    FileKind.ENROLLMENTS: ("section", "student"),
    FileKind.GUARDIANS: ("student", "name"),
    FileKind.GROUPS: ("student", "category", "group"),
}
