"""Class lists: files with a row for each student in each class, and its teacher."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datareview.recognition.column_names import GRADE, SECTION, STUDENT
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import FileKind
from datareview.recognition.names import compact_name
from teams.tables.emails import split_addresses
from teams.tables.grades import read_grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STUDENT_NAMES, SECTION_NAMES = FIELDS[FileKind.STUDENTS], FIELDS[FileKind.SECTIONS]
# Names of the columns of each field; "name" is "Last, First".
CLASS_COLUMNS: dict[str, tuple[str, ...]] = {
    "student": STUDENT,
    "first_name": STUDENT_NAMES["first_name"],
    "last_name": STUDENT_NAMES["last_name"],
    "name": (
        "student name",
        "student",
        "name",
        "full name",
        "last first",
        "last first mi",
        "last name first name",
        "student last first",
        "student full name",
        "student display name",
        "nombre completo",
        "alumno",
    ),
    "grade": GRADE,
    "section": SECTION,
    "class": (
        "class",
        "class name",
        "section name",
        "course",
        "course name",
        "course title",
        "homeroom",
        "clase",
    ),
    "subject": SECTION_NAMES["subject"],
    "period": SECTION_NAMES["period"],
    "teacher_email": (
        "teacher email",
        "teacher e-mail",
        "teacher email address",
        "staff email",
        "instructor email",
        "teachers email addr",
        "teacher email addr",
        "primary teacher email",
        "correo del docente",
    ),
    "teacher": (
        "teacher",
        "teacher name",
        "teacher display",
        "teacher last first",
        "teachers last first",
        "instructor",
        "homeroom teacher",
        "docente",
        "maestro",
    ),
}
LONGEST_NUMBER = 40
LARGE_SHOWN = 5  # sections, largest first: those in which several classes may have been taken for one
CLASS_LIST = "class_list"  # what `Import.guesses` calls the summary of one


@dataclass(frozen=True, slots=True)
class ListRow:
    """A student in a class, as the file has it; ``section`` is the number of the class, or its name if it has none."""

    line: int
    student: str
    first_name: str
    last_name: str
    grade: str
    section: str
    class_name: str
    subject: str
    period: str
    teachers: tuple[str, ...]  # email addresses
    teacher: str  # the name beside the address


def places_of(columns: Sequence[str]) -> dict[str, int]:
    """The place of each field among the ``columns`` of a class list; empty if they are not those of one.

    A class list has students by number and name, their classes and the email addresses of teachers. Names may begin with
    their table: "student.lastName", "courseSection.teacherEmail".
    """
    known = {compact_name(name): field for field, names in CLASS_COLUMNS.items() for name in (field, *names)}
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        names = (compact_name(column), compact_name(column.rpartition(".")[2]))
        if field := known.get(names[0]) or known.get(names[1]):
            places.setdefault(field, place)
    is_named = {"first_name", "last_name"} <= places.keys() or "name" in places
    is_list = {"student", "teacher_email"} <= places.keys() and {"section", "class"} & places.keys()
    return places if is_list and is_named else {}


def class_rows_of(
    columns: Sequence[str], rows: Iterable[Sequence[str]], lines: Iterable[int]
) -> list[ListRow]:
    """The rows of a class list, none if it is not one; ``lines`` are their numbers in the file."""
    places = places_of(columns)
    if not places:
        return []

    def read(line: int, cells: Sequence[str]) -> ListRow:
        def cell(field: str) -> str:
            place = places.get(field)
            return " ".join(cells[place].split()) if place is not None else ""

        first, last = cell("first_name"), cell("last_name")
        if not (first or last):
            last, _comma, first = (part.strip() for part in cell("name").partition(","))
        addresses = [part.rpartition("\t")[2].lower() for part in split_addresses(cell("teacher_email"))]
        return ListRow(
            line,
            cell("student"),
            first,
            last,
            cell("grade"),
            cell("section") or cell("class"),
            cell("class"),
            cell("subject"),
            cell("period"),
            tuple(dict.fromkeys(addresses)),
            cell("teacher"),
        )

    found = [read(line, cells) for line, cells in zip(lines, rows, strict=True)]
    return _told_apart(found, has_numbers="section" in places)


def _told_apart(rows: list[ListRow], *, has_numbers: bool) -> list[ListRow]:
    """The rows with sections that are one class each.

    Many systems number the sections of each course from 1: such a number stands with the name of its class. Without
    numbers, classes of one name are told apart by teachers and period, unless they have students in common.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        names[row.section.casefold()].add(row.class_name.casefold())
    groups = {} if has_numbers else _groups_of(rows)

    def apart(row: ListRow) -> ListRow:
        section, name = row.section, row.class_name
        if has_numbers and len(names[section.casefold()] - {""}) > 1:
            section = f"{name} {section}".strip()
            name = section
        elif (group := groups.get(_group_key(row))) is not None:
            section = " ".join(filter(None, (section, group[0].partition("@")[0], group[1])))
            name = section
        return replace(row, section=_short(section), class_name=name)

    return [apart(row) for row in rows]


def _group_key(row: ListRow) -> tuple[str, tuple[str, ...], str]:
    return row.section.casefold(), row.teachers, row.period


def _groups_of(rows: list[ListRow]) -> dict[tuple[str, tuple[str, ...], str], tuple[str, str]]:
    """A teacher's address and a period that name the class of rows, where classes of one name are several."""
    members: dict[str, dict[tuple[str, tuple[str, ...], str], set[str]]] = defaultdict(dict)
    for row in rows:
        if row.section:
            members[row.section.casefold()].setdefault(_group_key(row), set()).add(row.student)
    found = {}
    for groups in members.values():
        classes: list[tuple[tuple[str, str], set[str]]] = []
        of: dict[tuple[str, tuple[str, ...], str], tuple[str, str]] = {}
        for key, students in sorted(groups.items()):
            same = next(
                (one for one in classes if 2 * len(one[1] & students) >= min(len(one[1]), len(students))),
                None,
            )
            if same is None:
                classes.append(same := (("".join(key[1][:1]), key[2]), set()))
            same[1].update(students)
            of[key] = same[0]
        if len(classes) > 1:
            found.update(of)
    return found


def _short(section: str) -> str:
    """A section's number, no longer than one may be, and still unlike others that begin with the same words."""
    if len(section) <= LONGEST_NUMBER:
        return section
    return f"{section[: LONGEST_NUMBER - 9]} {hashlib.sha256(section.encode()).hexdigest()[:8]}"


def summary_of(rows: Sequence[ListRow]) -> dict[str, Any]:
    """What a class list has: numbers of students and sections, teachers as name by address, grades, and large sections.

    Each grade, as text, has its number of students and the addresses of its teachers: those of whose students in the
    list at least a half are in that grade.
    """
    grades = {row.student: read_grade(row.grade) for row in rows if row.student}
    taught: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        for email in row.teachers:
            taught.setdefault(email, set()).add(row.student)
            names[email] = names.get(email) or (row.teacher if len(row.teachers) == 1 else "")
    found = {}
    for grade in sorted({grade for grade in grades.values() if grade is not None}):
        here = {student for student, one in grades.items() if one == grade}
        teachers = [email for email, students in taught.items() if 2 * len(students & here) >= len(students)]
        found[str(grade)] = {"students": len(here), "teachers": sorted(teachers)}
    members: dict[str, tuple[str, set[str], set[str]]] = {}
    for row in rows:
        if row.section:
            _name, students, emails = members.setdefault(
                row.section.casefold(), (row.class_name or row.section, set(), set())
            )
            students.add(row.student)
            emails.update(row.teachers)
    largest = sorted(members.values(), key=lambda one: -len(one[1]))[:LARGE_SHOWN]
    return {
        "students": len(grades),
        "sections": len(members),
        "largest": [[name, len(students), sorted(emails)] for name, students, emails in largest],
        "teachers": dict(sorted(names.items())),
        "grades": found,
    }


def tables_of(rows: Sequence[ListRow]) -> dict[str, list[list[str]]]:
    """The files that a class list stands for, by kind, each with a header of `FIELDS` that the importer knows.

    A section has the grade of its students if they have one in common.
    """
    grades: dict[str, set[str]] = {}
    for row in rows:
        grades.setdefault(row.section, set()).add(row.grade)
    common = {section: next(iter(found)) if len(found) == 1 else "" for section, found in grades.items()}
    students = [[row.student, row.first_name, row.last_name, row.grade] for row in rows if row.student]
    sections = [
        [row.section, row.class_name or row.section, row.subject, common[row.section], row.period]
        for row in rows
        if row.section
    ]
    teachers = [[row.section, email] for row in rows if row.section for email in row.teachers]
    enrolled = [[row.section, row.student] for row in rows if row.section and row.student]
    return {
        FileKind.STUDENTS: [["student", "first_name", "last_name", "grade"], *_each_once(students)],
        FileKind.SECTIONS: [["section", "name", "subject", "grade", "period"], *_each_once(sections)],
        FileKind.TEACHERS: [["section", "teacher"], *_each_once(teachers)],
        FileKind.ENROLLMENTS: [["section", "student"], *_each_once(enrolled)],
    }


def _each_once(rows: list[list[str]]) -> list[list[str]]:
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]
