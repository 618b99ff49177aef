"""Check files of sections, their teachers and enrollments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.pending import pending
from datareview.checking.services.roster_cells import RosterCells, Stored, drop_backwards, mask, read_span
from datareview.checking.services.rosters import ROSTERS, STUDENT_ROLES, TEXTS, roster_year
from datareview.imports.models import Import
from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from datareview.records.queries.spans import matching_span
from datareview.sections.queries.enrolling import Seat, problems_with
from teams.directory.models import Staff
from teams.tables.cells import NO, missing_cells
from teams.tables.grades import read_grade

if TYPE_CHECKING:
    import datetime as dt


CO_TEACHER = {"co", "co-teacher", "coteacher", "co teacher", "aide", "assistant", *NO}


def section_rows(cells: RosterCells) -> Stored:
    """Read sections, and return this year's by number."""
    rows = Section.objects.filter(year=roster_year(cells.row))
    stored = {number.casefold() for number in rows.values_list("local_id", flat=True)}
    cells.keep("local_id", cells.section_numbers(stored).str.slice(0, 40))
    cells.drop(
        missing_cells(cells.frame["local_id"], cells.options),
        "section",
        "no-number",
        _("The row has no section number."),
    )
    gone, column = cells.gone(), cells.columns.get("row_status", "")
    message = _("The file says that this section was deleted. It is left as it is; close it under Sections.")
    cells.problems.add(cells.frame[gone], column, "deleted", message, values=column, severity="warning")
    cells.frame = cells.frame[~gone]
    for name in ("name", "course", "subject", "period"):
        cells.text(name, TEXTS[name])
    if cells.columns.get("grade"):
        cells.keep(
            "grade", [read_grade(text) for text in cells.texts("grade")]
        )  # several grades, as "3,4", are no grade
    fields = ROSTERS[Import.Kind.SECTIONS].fields
    return {(one["local_id"],): (one["pk"], one) for one in rows.values("pk", "local_id", *fields)}


def teacher_rows(cells: RosterCells) -> Stored:
    """Read the teachers of sections, and return the stored ones by section and person."""
    cells.only(lambda role: role not in {"student", "learner", "guardian", "parent"})
    cells.sections()
    staff = Staff.objects.filter(school=cells.row.school)
    known: dict[str, int] = {}
    for pk, number, email in staff.values_list("pk", "local_id", "user__email"):
        known |= {name.casefold(): pk for name in (number, email) if name}
    message = _("No one at the school has this email address or staff id. Add the person under People first.")
    cells.found("teacher", "staff_id", known, message)
    if cells.columns.get("role"):
        cells.keep("is_lead", ~cells.texts("role").str.lower().isin(CO_TEACHER))
        cells.keep("is_lead", cells.frame["is_lead"].map(bool))
    read_span(cells)
    fields = ROSTERS[Import.Kind.TEACHERS].fields
    rows = SectionTeacher.objects.filter(section__school=cells.row.school)
    stored: Stored = {
        (one["section_id"], one["staff_id"]): (one["pk"], one)
        for one in rows.values("pk", "section_id", "staff_id", *fields)
    }
    today = cells.row.school.today()
    keys = zip(cells.frame["section_id"], cells.frame["staff_id"], strict=True)
    back, days = [], []
    for key, first, last in zip(keys, cells.column("starts_on"), cells.column("ends_on"), strict=True):
        begun, ended = (stored[key][1][name] if key in stored else None for name in ("starts_on", "ends_on"))
        has_ended = ended is not None and (ended < today or (first is not None and first > ended))
        back.append(has_ended and last is None)
        days.append((first or begun, last if last or has_ended else ended))
    cells.keep("ends_on", cells.column("ends_on"))
    cells.keep("is_back", back)
    drop_backwards(cells, days)
    return stored


def enrollment_rows(cells: RosterCells) -> Stored:
    """Read the students of sections, and return this year's by student, section and first day."""
    cells.only(STUDENT_ROLES.__contains__)
    cells.students()
    cells.sections()
    read_span(cells)
    year = roster_year(cells.row)
    spans: dict[tuple[int, int], list[tuple[dt.date, dt.date | None]]] = {}
    stored: Stored = {}
    rows = Enrollment.objects.filter(section__year=year).order_by("starts_on")
    for pk, student, section, starts, ends in rows.values_list(
        "pk", "student_id", "section_id", "starts_on", "ends_on"
    ):
        spans.setdefault((student, section), []).append((starts, ends))
        stored[student, section, starts] = (pk, {"ends_on": ends})
    today = cells.row.school.today()
    _end_gone(cells, spans, today)
    columns = [cells.frame["student_id"], cells.frame["section_id"], cells.column("starts_on")]
    lines = list(zip(*columns, cells.column("ends_on"), strict=True))
    named = {(student, section, day) for student, section, day, _until in lines}
    starts_on = []
    for student, section, day, until in lines:
        there = spans.get((student, section), [])
        # A day within stored days is about these, unless another row has their first day.
        begun = [
            span
            for span in there
            if day in (None, span[0]) or (span[0] < day and (student, section, span[0]) not in named)
        ]
        match = matching_span(begun, day, until, today)
        if match is not None:
            starts_on.append(match[0])
        elif day is None and there:  # someone who is back is not enrolled for the time before
            starts_on.append(max(today, year.starts_on))
        else:
            starts_on.append(day or year.starts_on)
    cells.keep("starts_on", starts_on)
    students = Student.objects.filter(school=cells.row.school).in_bulk() | pending().students
    sections = Section.objects.filter(year=year).select_related("year").in_bulk() | pending().sections
    seats = [
        Seat(students[student], sections[section], first, until)
        for (student, section, _day, until), first in zip(lines, starts_on, strict=True)
    ]
    told = pd.Series(problems_with(seats, spans), index=cells.frame.index, dtype=object)
    for problem in sorted({*told} - {""}):
        cells.drop(told == problem, "student", "not-enrolled", problem[0].upper() + problem[1:])
    return stored


def _end_gone(
    cells: RosterCells, spans: dict[tuple[int, int], list[tuple[dt.date, dt.date | None]]], today: dt.date
) -> None:
    """Enrollments whose row was deleted end today; those that are not stored, or have ended, are left out."""
    gone = cells.gone()
    if not gone.any():
        return
    keys = zip(cells.frame["student_id"], cells.frame["section_id"], strict=True)
    is_open = mask(
        cells, (any(end is None or end > today for _first, end in spans.get(key, [])) for key in keys)
    )
    ends = [
        today if one and (until is None or until > today) else until
        for one, until in zip(gone, cells.column("ends_on"), strict=True)
    ]
    cells.keep("ends_on", ends)
    cells.frame = cells.frame[~gone | is_open]
