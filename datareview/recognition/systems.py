"""Recipes of files that student information systems write, and which recipe a file is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.recognition.kinds import FileKind
from datareview.recognition.makers import MAKERS
from datareview.recognition.names import compact_name
from datareview.recognition.recipes import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable

SYSTEMS = (
    Recipe(
        "PowerSchool stored grades",
        FileKind.PAST_GRADES,
        ("Student_Number", "Course_Name", "Percent", "StoreCode", "DateStored"),
        {
            "student": "Student_Number",
            "course": "Course_Name",
            "term": "StoreCode",
            "year": ("SchoolYear", "Year", "TermID"),
            "percent": "Percent",
            "letter": "Grade",
            "credits": ("EarnedCrHrs", "PotentialCrHrs"),
            "day": "DateStored",
        },
    ),
    Recipe(
        "Infinite Campus attendance",
        FileKind.ATTENDANCE,
        ("student.studentNumber", "attDayDetail.date", "attDayDetail.status"),
        {
            "student": "student.studentNumber",
            "day": "attDayDetail.date",
            "mark": "attDayDetail.status",
            "excuse": "attDayDetail.excuse",
        },
    ),
    Recipe(
        "OneRoster users",
        FileKind.STUDENTS,
        ("sourcedId", "role", "givenName", "familyName"),
        {
            "student": ("sourcedId", "identifier", "username"),
            "first_name": "givenName",
            "last_name": "familyName",
            "preferred_name": "preferredFirstName",
            "grade": "grades",
            "role": "role",
            "row_status": "status",
        },
    ),
    Recipe(
        "OneRoster classes",
        FileKind.SECTIONS,
        ("sourcedId", "title", "courseSourcedId"),
        {
            "section": "sourcedId",
            "name": "title",
            "course": "courseSourcedId",
            "subject": "subjects",
            "grade": "grades",
            "period": "periods",
            "row_status": "status",
        },
    ),
    Recipe(
        "OneRoster enrollments",
        FileKind.ENROLLMENTS,
        ("classSourcedId", "userSourcedId", "role"),
        {
            "section": "classSourcedId",
            "student": "userSourcedId",
            "role": "role",
            "starts_on": "beginDate",
            "ends_on": "endDate",
            "row_status": "status",
        },
    ),
    Recipe("OneRoster orgs", "", ("sourcedId", "name", "type", "parentSourcedId"), {}),
    Recipe("OneRoster courses", "", ("sourcedId", "title", "courseCode", "orgSourcedId"), {}),
    Recipe("OneRoster academic sessions", "", ("sourcedId", "title", "type", "startDate", "schoolYear"), {}),
    Recipe("OneRoster demographics", "", ("sourcedId", "birthDate", "americanIndianOrAlaskaNative"), {}),
)


def has_other_roles(columns: Iterable[str]) -> bool:
    """Whether a file has all users of OneRoster, of whom only the role says who is a student: since 1.2 in another file."""
    return {"sourcedid", "enableduser", "givenname", "familyname"} <= {compact_name(name) for name in columns}


def matching_recipe(columns: Iterable[str]) -> Recipe | None:
    """The recipe whose signs are all among ``columns``; of several, the one with the most signs."""
    there = {compact_name(name) for name in columns}
    found = [recipe for recipe in (*MAKERS, *SYSTEMS) if recipe.fits(there)]
    return max(found, key=lambda recipe: len(recipe.signs), default=None)
