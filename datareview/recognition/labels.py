"""What the fields of files are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LABELS = {
    "student": _("Student number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "grade": _("Grade"),
    "entered_on": _("Entry date"),
    "day": _("Date"),
    "value": _("Score"),
    "measure": _("Column that names the measure"),
    "mark": _("Mark"),
    "preferred_name": _("Preferred first name"),
    "strengths": _("Strengths"),
    "role": _("Role"),
    "section": _("Section number"),
    "name": _("Name"),
    "course": _("Course"),
    "subject": _("Subject"),
    "period": _("Period"),
    "teacher": _("Teacher’s email or staff id"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "relation": _("Relation"),
    "phone": _("Phone"),
    "email": _("Email"),
    "language": _("Language"),
    "may_contact": _("May be contacted (yes or no)"),
    "category": _("Category"),
    "kind": _("Kind of incident"),
    "severity": _("Severity"),
    "place": _("Place"),
    "time": _("Time"),
    "consequence": _("Consequence"),
    "days": _("Days that the consequence lasts"),
    "percent": _("Grade in percent"),
    "letter": _("Grade as A, B+ and so on"),
    "group": _("Group"),
}
