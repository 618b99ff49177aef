"""About six hundred simulated students per school, with guardians, groups and sections, loaded from files."""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.demo.files import load_file
from datareview.recognition.kinds import FileKind
from datareview.roster.services.groups import add_group_name
from datareview.roster.services.students import mark_left
from datareview.sections.services.sections import SectionValues, Teaching, add_sections, add_teachers
from teams.lib import clock

if TYPE_CHECKING:
    import numpy as np

    from collab.demo.people import SchoolData
    from datareview.records.models import Student
    from teams.directory.models import Staff

FIRST = [
    "Maya",
    "Jonas",
    "Ines",
    "Liam",
    "Amara",
    "Noah",
    "Zoe",
    "Mateo",
    "Layla",
    "Ethan",
    "Camila",
    "Owen",
    "Priya",
    "Lucas",
    "Aaliyah",
    "Elias",
    "Nina",
    "Javier",
    "Chloe",
    "Andre",
    "Sofia",
    "Leo",
    "Hana",
    "Malik",
    "Elena",
    "Caleb",
    "Imani",
    "Diego",
    "Ruby",
    "Samir",
    "Valentina",
    "Isaac",
    "Mei",
    "Jordan",
    "Luna",
    "Gabriel",
    "Fatima",
    "Theo",
    "Ximena",
    "Miles",
    "Nadia",
    "Oscar",
    "Freya",
    "Kofi",
    "Alma",
    "Dylan",
    "Yara",
    "Hugo",
    "Naomi",
    "Rafael",
    "Ivy",
    "Tariq",
    "Clara",
    "Bruno",
    "Selma",
    "Aiden",
    "Paloma",
    "Felix",
    "Anika",
    "Milo",
    "Daniela",
    "Cole",
    "Esme",
    "Joaquin",
    "Thea",
    "Amir",
    "Lucia",
    "Grant",
    "Salma",
    "Emil",
    "Rosa",
    "Kai",
    "Renata",
    "Simon",
    "Asha",
    "Pablo",
    "Greta",
    "Zane",
    "Marisol",
    "Ezra",
]
LAST = [
    "Okafor",
    "Weber",
    "Duarte",
    "Nguyen",
    "Hernandez",
    "Smith",
    "Patel",
    "Johnson",
    "Garcia",
    "Kowalski",
    "Ali",
    "Brown",
    "Martinez",
    "Lee",
    "Jackson",
    "Rossi",
    "Lopez",
    "Cohen",
    "Williams",
    "Rivera",
    "Haddad",
    "Davis",
    "Morales",
    "Park",
    "Wilson",
    "Ramirez",
    "Thompson",
    "Ortiz",
    "Novak",
    "Harris",
    "Flores",
    "Clark",
    "Santos",
    "Robinson",
    "Cruz",
    "Lewis",
    "Reyes",
    "Walker",
    "Singh",
    "Hall",
    "Vargas",
    "Young",
    "Ahmed",
    "King",
    "Mendoza",
    "Wright",
    "Castillo",
    "Scott",
    "Ibrahim",
    "Torres",
    "Baker",
    "Gutierrez",
    "Adams",
    "Chavez",
    "Nelson",
    "Jimenez",
    "Hill",
    "Campbell",
    "Silva",
    "Mitchell",
    "Roberts",
    "Romero",
    "Carter",
    "Alvarez",
    "Phillips",
    "Evans",
    "Diaz",
    "Turner",
    "Mensah",
    "Parker",
    "Collins",
    "Edwards",
    "Stewart",
    "Medina",
    "Morris",
    "Aguilar",
    "Murphy",
    "Bailey",
]
STRENGTHS = [
    "Explains ideas well to others.",
    "Asks the question nobody asked.",
    "Draws to think, and shares it.",
    "Keeps at a hard problem.",
    "Reads to the kindergartners with joy.",
    "Notices when someone is left out.",
    "Builds things that work.",
    "Tells stories with a beginning and an end.",
    "Knows everything about birds.",
    "Leads a game so that all can play.",
]
SPANISH = set(LAST[2:3]) | {
    "Hernandez",
    "Garcia",
    "Martinez",
    "Lopez",
    "Rivera",
    "Morales",
    "Ramirez",
    "Ortiz",
    "Flores",
    "Santos",
    "Cruz",
    "Reyes",
    "Vargas",
    "Mendoza",
    "Castillo",
    "Torres",
    "Gutierrez",
    "Chavez",
    "Jimenez",
    "Romero",
    "Alvarez",
    "Diaz",
    "Medina",
    "Aguilar",
}
SUBJECTS = ["reading", "math", "science", "social studies"]
GROUPS = [("Language", "English learner"), ("Program", "Special education")]


def make_students(place: SchoolData, count: int, rng: np.random.Generator) -> list[Student]:
    """Load ``count`` students of the school's grades, their families, groups and sections; a few leave at the end.

    Returns them in the order of their numbers.
    """
    first, last = place.morning(place.days[0]), place.school.at(place.days[-1], dt.time(16))
    pupils = _draw_pupils(place, count, rng)
    columns = {
        "student": "identifier",
        "first_name": "givenName",
        "last_name": "familyName",
        "role": "role",
        "grade": "grades",
        "entered_on": "metadata.entryDate",
        "strengths": "metadata.strengths",
    }
    rows = [
        (one.number, one.first, one.last, "student", one.grade or "K", one.entered, one.strengths)
        for one in pupils
    ]
    load_file(place, FileKind.STUDENTS, "users.csv", columns, rows, at=first)
    _load_families(place, pupils, rng)
    _load_sections(place, pupils)
    students = list(place.school.students.order_by("local_id"))
    with clock.stopped_at(last):
        return [
            mark_left(student, actor=place.administrator, left_on=place.days[-1]) if one.leaves else student
            for one, student in zip(pupils, students, strict=True)
        ]


@dataclass(frozen=True)
class _Pupil:
    """A row of the students' file; ``leaves`` on the last day before today."""

    number: str
    first: str
    last: str
    grade: int
    entered: dt.date
    leaves: bool
    strengths: str


def _draw_pupils(place: SchoolData, count: int, rng: np.random.Generator) -> list[_Pupil]:
    """Draw names, grades, and the few who entered late or leave."""
    low, high = place.school.lowest_grade, place.school.highest_grade
    grades = range(low, high + 1)
    pupils = []
    for index in range(count):
        late, leaves = rng.random() < 0.04, bool(rng.random() < 0.02)
        entered = place.days[int(rng.integers(5, max(len(place.days) - 20, 6)))] if late else place.days[0]
        first, last = FIRST[int(rng.integers(len(FIRST)))], LAST[int(rng.integers(len(LAST)))]
        strengths = STRENGTHS[int(rng.integers(len(STRENGTHS)))] if rng.random() < 0.6 else ""
        number = str(910_000_000 + low * 1_000_000 + index)
        pupils.append(_Pupil(number, first, last, grades[index % len(grades)], entered, leaves, strengths))
    return pupils


def _load_families(place: SchoolData, pupils: list[_Pupil], rng: np.random.Generator) -> None:
    """Load one or two guardians each (a third of those with Spanish names use Spanish), and groups."""
    guardians, groups = [], []
    for one in pupils:
        spanish = one.last in SPANISH and rng.random() < 0.7
        first = int(rng.integers(len(FIRST)))
        for relation in ["Mother", "Father"][: 1 + int(rng.random() < 0.6)]:
            name = f"{FIRST[first]} {one.last}"
            phone = f"555-01{int(rng.integers(10, 100))}"
            guardians.append((one.number, name, relation, phone, "es" if spanish else "en"))
            first = (first + int(rng.integers(1, len(FIRST)))) % len(FIRST)
        if spanish and rng.random() < 0.4:
            groups.append((one.number, *GROUPS[0], one.entered))
        if rng.random() < 0.13:
            groups.append((one.number, *GROUPS[1], one.entered))
    at = place.morning(place.days[0])
    names = ["student", "name", "relation", "phone", "language"]
    load_file(
        place, FileKind.GUARDIANS, "guardians.csv", dict(zip(names, names, strict=True)), guardians, at=at
    )
    with clock.stopped_at(at):
        for category, group in GROUPS:
            add_group_name(place.school, actor=place.administrator, category=category, group=group)
    names = ["student", "category", "group", "starts_on"]
    load_file(place, FileKind.GROUPS, "groups.csv", dict(zip(names, names, strict=True)), groups, at=at)


def _load_sections(place: SchoolData, pupils: list[_Pupil]) -> None:
    """Make homerooms of about 25 in an elementary school, and four courses in a middle school, and enroll everyone.

    The page's service makes the sections: a file does not say which are core courses.
    """
    sections: list[tuple[SectionValues, Staff]] = []
    seats = []
    rooms = [first + letter for first in ("", "A", "B") for letter in string.ascii_uppercase]
    elementary = place.school.highest_grade <= 5
    subjects = ["reading"] if elementary else SUBJECTS
    for grade in range(place.school.lowest_grade, place.school.highest_grade + 1):
        cohort = [one for one in pupils if one.grade == grade]
        parts = max(1, round(len(cohort) / (25 if elementary else 28)))
        for number in range(parts):
            label = f"{grade or 'K'}{rooms[number]}"
            for index, subject in enumerate(subjects):
                name = label if elementary else f"{subject.capitalize()} {label}"
                values = SectionValues(name, name, subject=subject, grade=grade, is_core=True)
                sections.append((values, _teacher(place, grade, number, index, elementary)))
                seats += [(name, one.number, "student", one.entered) for one in cohort[number::parts]]
    at = place.morning(place.days[0])
    with clock.stopped_at(at):
        rows = [row for row, _staff in sections]
        made = add_sections(place.school, actor=place.administrator, year=place.years[-1], rows=rows)
        teaching = [Teaching(section, staff) for section, (_row, staff) in zip(made, sections, strict=True)]
        add_teachers(place.school, actor=place.administrator, rows=teaching)
    columns = {
        "section": "classSourcedId",
        "student": "userSourcedId",
        "role": "role",
        "starts_on": "beginDate",
    }
    load_file(place, FileKind.ENROLLMENTS, "enrollments.csv", columns, seats, at=at)


def _teacher(place: SchoolData, grade: int, number: int, subject: int, elementary: bool) -> Staff:
    """A member of the grade's team (`collab.demo.people.make_teams`)."""
    if elementary and grade == 4:
        return place.teachers[number % 3]
    if elementary:
        rest = place.teachers[2:]
        return rest[(grade * 2 + 1 + number) % len(rest)]
    return place.teachers[((grade - 6) * 4 + subject) % len(place.teachers)]
