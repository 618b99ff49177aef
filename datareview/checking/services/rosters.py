"""Check files of sections and their teachers and grades, enrollments, guardians, groups and incidents.

Every row is new, changed or the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.db.models import F
from django.utils.translation import gettext as _

from datareview.checking.services.cells import Checked, mapped_columns, with_students
from datareview.checking.services.course_grades import GRADE_FIELDS, course_grade_rows
from datareview.checking.services.incidents import INCIDENT_FIELDS, incident_rows
from datareview.imports.models import Import
from datareview.records.models import (
    CourseGrade,
    Enrollment,
    GroupName,
    Guardian,
    Incident,
    Section,
    SectionTeacher,
    Student,
    Subgroup,
)
from datareview.records.queries.spans import do_overlap, matching_span
from datareview.sections.queries.enrolling import Seat, plain_name, problems_with
from teams.directory.models import SchoolYear, Staff
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.cells import NO, Cells, missing_cells, without_doubles
from teams.tables.grades import read_grade
from teams.tables.languages import language_codes
from teams.tables.numbers import read_numbers
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from django.db.models import Model

    from teams.tables.problems import Problems

    Stored = dict[tuple[Any, ...], tuple[int, dict[str, Any]]]

LIFTED = "contact-allowed"  # the code of a row that lifts "Do not contact", which a person confirms
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
CO_TEACHER = {"co", "co-teacher", "coteacher", "co teacher", "aide", "assistant", *NO}
STUDENT_ROLES = {"student", "learner", ""}
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
        ("first_name", "last_name", "preferred_name", "grade", "entered_on", "strengths"),
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
}


def check_roster(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    """Check a roster file. ``rows`` has the keys and fields of its `RosterTable`; None is an empty cell, which keeps.

    What has ended is not continued by a row that names no end: such a row is new. Only a teacher, who is in a section
    once, has ``is_back`` instead, which clears the last day.
    """
    table, cells = ROSTERS[row.kind], RosterCells(row, frame, problems)
    stored = _READERS[row.kind](cells)
    frame = cells.frame
    keys, fields = list(table.keys), [name for name in table.fields if name in frame.columns]
    frame = frame.assign(all=frame[fields].map(str).agg("|".join, axis=1) if fields and len(frame) else "")
    frame = without_doubles(frame, keys, "all", problems, "")
    states, ids, lifted = [], [], []
    for record in frame.to_dict("records"):
        pk, values = stored.get(tuple(record[key] for key in keys), (None, {}))
        lifted.append(values.get("may_contact") is False and record.get("may_contact") is True)
        differs = record.get("is_back") or any(
            record[name] is not None and record[name] != values.get(name) for name in fields
        )
        states.append("new" if pk is None else "changed" if differs else "same")
        ids.append(pk)
    index = frame.index
    message = _("“Do not contact” is stored for this guardian, and the file says yes. Is that right?")
    allowed, column = frame[pd.Series(lifted, index=index, dtype=bool)], cells.columns.get("may_contact", "")
    problems.add(allowed, column, LIFTED, message, values="number", severity="warning")
    return Checked(frame.assign(state=states, row_id=pd.Series(ids, index=index, dtype=object)))


def roster_year(row: Import) -> SchoolYear:
    """The school year that a roster file is about: the present one, or else the next."""
    years = row.school.years.filter(ends_on__gte=row.school.today()).order_by("starts_on")
    year = years.first()
    if year is None:
        raise DomainError(_("Sections belong to a school year. Add this year to the school calendar first."))
    return year


class RosterCells(Cells):
    """The rows of a roster file that are still right."""

    def __init__(self, row: Import, frame: pd.DataFrame, problems: Problems) -> None:
        super().__init__(frame, problems, mapped_columns(row), row.mapping["options"])
        self.row = row

    def only(self, roles: Callable[[str], bool]) -> None:
        """Leave out rows of other roles, which a file of OneRoster also has."""
        if self.columns.get("role"):
            self.frame = self.frame[self.frame[self.columns["role"]].str.strip().str.lower().map(roles)]

    def students(self) -> None:
        """Keep the rows of known students, with ``student_id``."""
        self.frame = with_students(self.row, self.frame, self.problems)
        self.keep("student_id", self.frame["student_id"].map(int))

    def number(self, name: str, *, most: int, places: int) -> None:
        """Read a number from 0 to ``most``, rounded to ``places``; "%" behind it is left out."""
        if not self.columns.get(name):
            return
        texts = self.texts(name)
        empty = missing_cells(texts, self.options)
        numbers = read_numbers(texts.str.removesuffix("%").str.strip())
        values, unit = numbers.where(numbers.between(0, most)), Decimal(1).scaleb(-places)
        self.keep(name, [None if pd.isna(one) else Decimal(one).quantize(unit) for one in values])
        message = _("This is not a number from 0 to %(most)s.") % {"most": formats.number(most)}
        self.drop(values.isna() & ~empty, name, "no-number", message)

    def sections(self) -> None:
        """Keep the rows of this year's sections, with ``section_id``."""
        rows = Section.objects.filter(year=roster_year(self.row))
        known = {number.casefold(): pk for number, pk in rows.values_list("local_id", "pk")}
        message = _("No section has this number this year. Load the sections first, or correct the number.")
        self.found("section", "section_id", known, message)


def _sections(cells: RosterCells) -> Stored:
    cells.keep("local_id", cells.texts("section").map(plain_number).str.slice(0, 40))
    cells.drop(
        missing_cells(cells.frame["local_id"], cells.options),
        "section",
        "no-number",
        _("The row has no section number."),
    )
    for name in ("name", "course", "subject", "period"):
        cells.text(name, TEXTS[name])
    if cells.columns.get("grade"):
        cells.keep(
            "grade", [read_grade(text) for text in cells.texts("grade")]
        )  # several grades, as "3,4", are no grade
    rows = Section.objects.filter(year=roster_year(cells.row))
    fields = ROSTERS[Import.Kind.SECTIONS].fields
    return {(one["local_id"],): (one["pk"], one) for one in rows.values("pk", "local_id", *fields)}


def _teachers(cells: RosterCells) -> Stored:
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
    _span(cells)
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
    _drop_backwards(cells, days)
    return stored


def _enrollments(cells: RosterCells) -> Stored:
    cells.only(STUDENT_ROLES.__contains__)
    cells.students()
    cells.sections()
    _span(cells)
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
    students = Student.objects.filter(school=cells.row.school).in_bulk()
    sections = Section.objects.filter(year=year).select_related("year").in_bulk()
    seats = [
        Seat(students[student], sections[section], first, until)
        for (student, section, _day, until), first in zip(lines, starts_on, strict=True)
    ]
    told = pd.Series(problems_with(seats, spans), index=cells.frame.index, dtype=object)
    for problem in sorted({*told} - {""}):
        cells.drop(told == problem, "student", "not-enrolled", problem[0].upper() + problem[1:])
    return stored


def _guardians(cells: RosterCells) -> Stored:
    cells.students()
    cells.needed("name", 120)
    for name in ("relation", "phone"):
        cells.text(name, TEXTS[name])
    cells.text("email", 254)
    if "email" in cells.frame.columns:
        bad = cells.frame["email"].map(lambda text: text is not None and not EMAIL.fullmatch(text))
        cells.drop(bad.astype(bool), "email", "no-email", _("This is not an email address."))
    if cells.columns.get("language"):
        cells.keep("language", cells.texts("language").str.casefold().map(language_codes()))
    cells.answer("may_contact")
    fields = ROSTERS[Import.Kind.GUARDIANS].fields
    stored: Stored = {}
    spelled: dict[tuple[int, str], str] = {}
    rows = Guardian.objects.filter(student__school=cells.row.school).order_by("may_contact", "pk")
    for one in rows.values("pk", "student_id", "name", *fields):
        # Of two records of one person, a row is about the one that says "Do not contact".
        name = spelled.setdefault((one["student_id"], plain_name(one["name"])), one["name"])
        stored.setdefault((one["student_id"], name), (one["pk"], one))
    cells.keep(
        "name",
        [
            spelled.setdefault((student, plain_name(name)), " ".join(name.split()))
            for student, name in zip(cells.frame["student_id"], cells.frame["name"], strict=True)
        ],
    )
    return stored


def _groups(cells: RosterCells) -> Stored:
    cells.students()
    cells.needed("category", 40)
    cells.needed("group", 60)
    _span(cells)
    known = set(GroupName.objects.filter(school=cells.row.school).values_list("category", "group"))
    pairs = zip(cells.frame["category"], cells.frame["group"], strict=True)
    message = _(
        "The school’s list of groups has no such group. Add it under Students, Groups, or correct it."
    )
    cells.drop(_mask(cells, (pair not in known for pair in pairs)), "group", "unknown-group", message)
    spans: dict[tuple[Any, ...], dict[tuple[Any, Any], int]] = {}
    present: dict[tuple[int, str], str] = {}
    rows = Subgroup.objects.filter(student__school=cells.row.school).order_by(
        F("starts_on").asc(nulls_first=True), "pk"
    )
    for one in rows.values("pk", "student_id", "category", "group", "starts_on", "ends_on"):
        there = spans.setdefault((one["student_id"], one["category"], one["group"]), {})
        there[one["starts_on"], one["ends_on"]] = one["pk"]
        if one["ends_on"] is None:
            present[one["student_id"], one["category"]] = one["group"]
    columns = [cells.frame[name] for name in ("student_id", "category", "group")]
    lines = list(zip(*columns, cells.column("ends_on"), strict=True))
    stored: Stored = {}
    today = cells.row.school.today()
    starts_on, days, doubled = list(cells.column("starts_on")), [], []
    for place, (student, category, group, until) in enumerate(lines):
        there = spans.get((student, category, group), {})
        match = matching_span(there, starts_on[place], until, today)
        if match is not None:
            values = {"starts_on": match[0], "ends_on": match[1]}
            stored[student, category, group] = (there[match], values)
        elif there and starts_on[place] is None:
            starts_on[place] = today
        begun, ended = match or (None, None)
        first, last = starts_on[place] or begun, until or ended
        days.append((first, last))
        others = [span for span in there if span != match] if (first, last) != match else []
        doubled.append(any(do_overlap((first, last), span) for span in others))
    cells.keep("starts_on", starts_on)
    for student, category, group, day in lines:
        if day is not None and present.get((student, category)) == group:
            del present[student, category]
    wrong = [
        day is None and present.setdefault((student, category), group) != group
        for student, category, group, day in lines
    ]
    wrong_rows, double_rows = _mask(cells, wrong), _mask(cells, doubled)
    _drop_backwards(cells, days)
    message = _("The student is in another group of this category. End that first.")
    cells.drop(wrong_rows, "group", "other-group", message)
    message = _("The student was in this group on some of these days already. Correct the days.")
    cells.drop(double_rows, "group", "overlap", message)
    return stored


def _span(cells: RosterCells) -> None:
    """Read first and last day, and drop rows that end before they begin."""
    cells.day("starts_on")
    cells.day("ends_on")
    _drop_backwards(cells, zip(cells.column("starts_on"), cells.column("ends_on"), strict=True))


def _drop_backwards(cells: RosterCells, days: Iterable[tuple[dt.date | None, dt.date | None]]) -> None:
    wrong = _mask(cells, (bool(first and last and last < first) for first, last in days))
    cells.drop(wrong, "ends_on", "backwards", _("It ends before it begins."))


def _mask(cells: RosterCells, values: Iterable[bool]) -> pd.Series:
    return pd.Series(list(values), index=cells.frame.index, dtype=bool)


_READERS: dict[str, Callable[[RosterCells], Stored]] = {
    Import.Kind.SECTIONS: _sections,
    Import.Kind.TEACHERS: _teachers,
    Import.Kind.ENROLLMENTS: _enrollments,
    Import.Kind.GUARDIANS: _guardians,
    Import.Kind.GROUPS: _groups,
    Import.Kind.INCIDENTS: incident_rows,
    Import.Kind.COURSE_GRADES: course_grade_rows,
}
