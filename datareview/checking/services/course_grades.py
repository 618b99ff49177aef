"""Check a file of course grades: the grade of a student in a section as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.cells import with_days
from datareview.checking.services.pending import pending
from datareview.records.models import CourseGrade, Enrollment

if TYPE_CHECKING:
    import datetime as dt

    from datareview.checking.services.roster_cells import RosterCells, Stored

GRADE_FIELDS: tuple[str, ...] = ("percent", "letter", "missing")
MOST_PERCENT = 200  # with extra work
LONGEST_LETTER = 3
MOST_MISSING = 200  # pieces of work


def course_grade_rows(cells: RosterCells) -> Stored:
    """Read grades in percent, and return the stored ones by enrollment and day.

    A grade belongs to the student's last enrollment in the section that had begun by its day.
    """
    cells.students()
    cells.sections()
    cells.frame = with_days(cells.row, cells.frame, cells.problems)
    cells.keep("as_of", [day.date() for day in cells.frame["day"]])
    message = _("A grade is missing. Leave the row out if the student has no grade yet.")
    cells.number("percent", most=MOST_PERCENT, places=2)
    cells.drop(cells.frame["percent"].isna(), "percent", "no-grade", message)
    if cells.columns.get("letter"):
        cells.text("letter", 20)
        too_long = cells.frame["letter"].map(lambda text: text is not None and len(text) > LONGEST_LETTER)
        message = _("This grade is too long. Write a short one, like A or B+.")
        cells.drop(too_long.astype(bool), "letter", "no-letter", message)
    cells.number("missing", most=MOST_MISSING, places=0)
    if cells.columns.get("missing"):
        counts = cells.frame["missing"]
        cells.keep("missing", [None if pd.isna(one) else int(one) for one in counts])
    seats: dict[tuple[int, int], list[tuple[dt.date, int]]] = {}
    rows = Enrollment.objects.filter(section__school=cells.row.school).order_by("starts_on", "pk")
    there = [*rows.values_list("pk", "student_id", "section_id", "starts_on")]
    there += [
        (pk, one.student_id, one.section_id, one.starts_on) for pk, one in pending().enrollments.items()
    ]
    for pk, student, section, begun in there:
        seats.setdefault((student, section), []).append((begun, pk))
    found = []
    columns = [cells.frame[name] for name in ("student_id", "section_id", "as_of")]
    for student, section, day in zip(*columns, strict=True):
        begun_by = [pk for begun, pk in seats.get((student, section), []) if begun <= day]
        found.append(begun_by[-1] if begun_by else None)
    cells.keep("enrollment_id", found)
    message = _(
        "The student was not in this section yet on this day. Load the enrollments first, or correct the row."
    )
    cells.drop(cells.frame["enrollment_id"].isna(), "section", "not-enrolled", message)
    grades = CourseGrade.objects.filter(enrollment__student__school=cells.row.school)
    return {
        (one["enrollment_id"], one["as_of"]): (one["pk"], one)
        for one in grades.values("pk", "enrollment_id", "as_of", *GRADE_FIELDS)
    }
