"""Check a file of course grades of earlier terms, in courses that need not have been sections here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.checking.services.roster_cells import mask
from datareview.checking.services.rosters import PAST_FIELDS
from datareview.transcripts.models import PastGrade

if TYPE_CHECKING:
    from datareview.checking.services.roster_cells import RosterCells, Stored

MOST_PERCENT, MOST_CREDITS = 200, 100
LONGEST_COURSE, LONGEST_TERM, LONGEST_LETTER = 120, 60, 12


def past_grade_rows(cells: RosterCells) -> Stored:
    """Read grades with percent, letter or both, and return the stored ones by student, course and term."""
    cells.students()
    cells.needed("course", LONGEST_COURSE)
    cells.needed("term", LONGEST_TERM)
    if cells.columns.get("year"):
        cells.text("year", LONGEST_TERM)
        pairs = zip(cells.column("year"), cells.frame["term"], strict=True)
        cells.keep("term", [term if not year or year in term else f"{year} {term}" for year, term in pairs])
    if cells.columns.get("day"):
        cells.day("day")
        cells.keep("ended_on", cells.column("day"))
    cells.number("percent", most=MOST_PERCENT, places=2)
    cells.number("credits", most=MOST_CREDITS, places=2)
    cells.text("letter", LONGEST_LETTER)
    grades = zip(cells.column("percent"), cells.column("letter"), strict=True)
    message = _("A grade is missing. Leave the row out if the student has no grade in it.")
    cells.drop(
        mask(cells, (one is None and not other for one, other in grades)), "percent", "no-grade", message
    )
    rows = PastGrade.objects.filter(student__school=cells.row.school)
    return {
        (one["student_id"], one["course"], one["term"]): (one["pk"], one)
        for one in rows.values("pk", "student_id", "course", "term", *PAST_FIELDS)
    }
