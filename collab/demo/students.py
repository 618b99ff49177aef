"""About six hundred simulated students per school, with guardians and sections."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from datareview.records.models import Enrollment, Guardian, Section, Student, Subgroup

if TYPE_CHECKING:
    import numpy as np

    from collab.demo.people import SchoolData
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
SUBJECTS = [("reading", True), ("math", True), ("science", True), ("social studies", True)]


def make_students(place: SchoolData, count: int, rng: np.random.Generator) -> list[Student]:
    """Create ``count`` students across the school's grades; a few entered late, and a few have left."""
    low, high = place.school.lowest_grade, place.school.highest_grade
    grades = range(low, high + 1)
    first_day, last_day = place.days[0], place.days[-1]
    students = []
    for index in range(count):
        late, left = rng.random() < 0.04, rng.random() < 0.02
        entered = place.days[int(rng.integers(5, max(len(place.days) - 20, 6)))] if late else first_day
        students.append(
            Student(
                school=place.school,
                local_id=str(910_000_000 + low * 1_000_000 + index),
                first_name=FIRST[int(rng.integers(len(FIRST)))],
                last_name=LAST[int(rng.integers(len(LAST)))],
                grade=grades[index % len(grades)],
                entered_on=entered,
                status=Student.Status.LEFT if left else Student.Status.ACTIVE,
                left_on=last_day if left else None,
                strengths=STRENGTHS[int(rng.integers(len(STRENGTHS)))] if rng.random() < 0.6 else "",
            )
        )
    Student.objects.bulk_create(students, batch_size=500)
    _make_families(students, rng)
    return students


def _make_families(students: list[Student], rng: np.random.Generator) -> None:
    """Create one or two guardians each (a third of those with Spanish names use Spanish), and subgroups."""
    guardians, groups = [], []
    for student in students:
        spanish = student.last_name in SPANISH and rng.random() < 0.7
        for relation in ["Mother", "Father"][: 1 + int(rng.random() < 0.6)]:
            first = FIRST[int(rng.integers(len(FIRST)))]
            guardians.append(
                Guardian(
                    student=student,
                    name=f"{first} {student.last_name}",
                    relation=relation,
                    phone=f"555-01{int(rng.integers(10, 100))}",
                    language="es" if spanish else "en",
                )
            )
        if spanish and rng.random() < 0.4:
            groups.append(
                Subgroup(
                    student=student,
                    category="language",
                    group="English learner",
                    starts_on=student.entered_on,
                )
            )
        if rng.random() < 0.13:
            groups.append(
                Subgroup(
                    student=student,
                    category="programme",
                    group="Special education",
                    starts_on=student.entered_on,
                )
            )
    Guardian.objects.bulk_create(guardians, batch_size=500)
    Subgroup.objects.bulk_create(groups, batch_size=500)


def make_sections(place: SchoolData, students: list[Student]) -> None:
    """Create homerooms of about 25 in an elementary school, and four courses in a middle school."""
    here = [student for student in students if student.status == Student.Status.ACTIVE]
    rooms = [first + letter for first in ("", "A", "B") for letter in string.ascii_uppercase]
    enrollments = []
    elementary = place.school.highest_grade <= 5
    for grade in range(place.school.lowest_grade, place.school.highest_grade + 1):
        cohort = [student for student in here if student.grade == grade]
        parts = max(1, round(len(cohort) / 25)) if elementary else max(1, round(len(cohort) / 28))
        for number in range(parts):
            mates = cohort[number::parts]
            label = f"{'K' if grade == 0 else grade}{rooms[number]}"
            subjects = [("reading", True)] if elementary else SUBJECTS
            for index, (subject, core) in enumerate(subjects):
                name = label if elementary else f"{subject.capitalize()} {label}"
                section = Section.objects.create(
                    school=place.school,
                    year=place.years[-1],
                    local_id=name,
                    name=name,
                    subject=subject,
                    grade=grade,
                    is_core=core,
                )
                section.teachers.add(_teacher(place, grade, number, index, elementary))
                enrollments += [
                    Enrollment(
                        student=student, section=section, starts_on=student.entered_on or place.days[0]
                    )
                    for student in mates
                ]
    Enrollment.objects.bulk_create(enrollments, batch_size=1000)


def _teacher(place: SchoolData, grade: int, number: int, subject: int, elementary: bool) -> Staff:
    if elementary and grade == 4 and number < 2:
        return place.teachers[number]
    if elementary:
        rest = place.teachers[2:]
        return rest[(grade * 2 + number) % len(rest)]
    return place.teachers[((grade - 6) * 4 + subject) % len(place.teachers)]
