"""The tables that roster files fill, and the school year that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.checking.services.course_grades import GRADE_FIELDS
from datareview.checking.services.incidents import INCIDENT_FIELDS
from datareview.imports.models import Import
from datareview.records.models import (
    CourseGrade,
    Enrollment,
    Guardian,
    Incident,
    Section,
    SectionTeacher,
    Student,
    Subgroup,
)
from datareview.transcripts.models import PastGrade
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import Model

    from teams.directory.models import SchoolYear


LIFTED = "contact-allowed"  # the code of a row that lifts "Do not contact", which a person confirms
GONE = "tobedeleted"  # the status of a row of OneRoster that was deleted
STUDENT_ROLES = {"student", "learner", ""}
PAST_FIELDS: tuple[str, ...] = ("ended_on", "percent", "letter", "credits")  # of grades of earlier terms
# letters at most
TEXTS = {"name": 80, "course": 80, "subject": 40, "period": 20, "relation": 40, "phone": 40}


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A table that a file fills: rows are found by ``keys``, and ``fields`` are compared and written.

    ``is_observed``: rows are what happened to students, from which flags are computed, and not the roster.
    """

    model: type[Model]
    keys: tuple[str, ...]
    fields: tuple[str, ...]
    is_observed: bool = False


ROSTERS: dict[str, RosterTable] = {
    Import.Kind.STUDENTS: RosterTable(
        Student,
        ("local_id",),
        (
            "first_name",
            "last_name",
            "preferred_name",
            "grade",
            "entered_on",
            "left_on",
            "status",
            "home_language",
            "strengths",
        ),
    ),
    Import.Kind.SECTIONS: RosterTable(
        Section, ("local_id",), ("name", "course", "subject", "grade", "period")
    ),
    Import.Kind.TEACHERS: RosterTable(
        SectionTeacher, ("section_id", "staff_id"), ("is_lead", "starts_on", "ends_on")
    ),
    Import.Kind.ENROLLMENTS: RosterTable(Enrollment, ("student_id", "section_id", "starts_on"), ("ends_on",)),
    Import.Kind.GUARDIANS: RosterTable(
        Guardian, ("student_id", "name"), ("relation", "phone", "email", "language", "may_contact")
    ),
    Import.Kind.GROUPS: RosterTable(Subgroup, ("student_id", "category", "group"), ("starts_on", "ends_on")),
    Import.Kind.INCIDENTS: RosterTable(
        Incident,
        ("student_id", "day", "time", "kind"),
        INCIDENT_FIELDS,
        is_observed=True,
    ),
    Import.Kind.COURSE_GRADES: RosterTable(
        CourseGrade, ("enrollment_id", "as_of"), GRADE_FIELDS, is_observed=True
    ),
    Import.Kind.PAST_GRADES: RosterTable(PastGrade, ("student_id", "course", "term"), PAST_FIELDS),
}


def roster_year(row: Import) -> SchoolYear:
    """The school year that a roster file is about: the present one, or else the next."""
    years = row.school.years.filter(ends_on__gte=row.school.today()).order_by("starts_on")
    year = years.first()
    if year is None:
        raise DomainError(_("Sections belong to a school year. Add this year to the school calendar first."))
    return year
