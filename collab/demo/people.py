"""Schools, staff, teams and timetable of the simulated district."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

from collab.demo import calendar
from teams.directory.models import (
    Duty,
    Holiday,
    Norm,
    Period,
    Role,
    School,
    SchoolYear,
    Staff,
    Team,
    TeamGrade,
    TeamMember,
    Term,
    User,
)

if TYPE_CHECKING:
    import numpy as np

FIRST = [
    "Ana",
    "Tom",
    "Lena",
    "Mo",
    "Jo",
    "Priya",
    "Marcus",
    "Grace",
    "Diego",
    "Hannah",
    "Samuel",
    "Aisha",
    "Peter",
    "Keiko",
    "Luis",
    "Nora",
    "Malik",
    "Ruth",
    "Oscar",
    "Wendy",
    "Andre",
    "Sofia",
    "Henry",
    "Fatima",
    "Eric",
    "Carmen",
    "Philip",
    "Yara",
    "Daniel",
    "Ines",
    "Victor",
    "Thandi",
    "Miguel",
    "Laura",
    "Kofi",
    "Emma",
    "Julian",
    "Rosa",
    "Adam",
    "Mei",
    "Caleb",
    "Naomi",
    "Ivan",
    "Tess",
    "Omar",
]
LAST = [
    "Ruiz",
    "Berg",
    "Kaplan",
    "Osei",
    "Sanders",
    "Nair",
    "Webb",
    "Holloway",
    "Fuentes",
    "Lindqvist",
    "Carter",
    "Rahman",
    "Novak",
    "Tanaka",
    "Ortega",
    "Fischer",
    "Johnson",
    "Abrams",
    "Delgado",
    "Price",
    "Baptiste",
    "Romero",
    "Walsh",
    "Haddad",
    "Larsen",
    "Vega",
    "Moore",
    "Aziz",
    "Kim",
    "Duarte",
    "Popov",
    "Dlamini",
    "Torres",
    "Bennett",
    "Mensah",
    "Clark",
    "Meyer",
    "Castillo",
    "Reed",
    "Chen",
    "Brooks",
    "Silva",
    "Petrov",
    "Murphy",
    "Farah",
]
NORMS = [
    "We start and end on time.",
    "Facts first, then what we make of them.",
    "We talk about the work, not about the child.",
    "Everyone speaks before anyone speaks twice.",
    "We leave with who does what by when.",
]
SUBJECTS = ["reading", "math", "science", "social studies"]
PERIODS = [
    ("1", 8, 15),
    ("2", 9, 10),
    ("3", 10, 5),
    ("4", 11, 0),
    ("5", 12, 25),
    ("6", 13, 20),
    ("7", 14, 15),
]


@dataclass
class SchoolData:
    """A school with the rows created for it."""

    school: School
    years: list[SchoolYear]
    today: dt.date
    days: list[dt.date]  # school days of this year before today
    staff: list[Staff] = field(default_factory=list)
    teachers: list[Staff] = field(default_factory=list)
    special: dict[str, Staff] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list)


def make_school(name: str, low: int, high: int, today: dt.date) -> SchoolData:
    """Create a school with this year and last year, terms, holidays and a bell schedule."""
    school = School.objects.create(name=name, lowest_grade=low, highest_grade=high)
    this = calendar.start_year(today)
    years = []
    for start in (this - 1, this):
        starts_on, ends_on = calendar.bounds(start)
        year = SchoolYear.objects.create(
            school=school, name=f"{start}–{(start + 1) % 100:02d}", starts_on=starts_on, ends_on=ends_on
        )
        years.append(year)
        for number, (begins, ends) in enumerate(calendar.semesters(start), start=1):
            Term.objects.create(year=year, name=f"Semester {number}", starts_on=begins, ends_on=ends)
        for title, begins, ends in calendar.holidays(start):
            Holiday.objects.create(school=school, name=title, starts_on=begins, ends_on=ends)
    for cycle_day in range(5):
        for title, hour, minute in PERIODS:
            bell = dt.time(hour, minute)
            end = (dt.datetime.combine(today, bell) + dt.timedelta(minutes=50)).time()
            Period.objects.create(school=school, name=title, cycle_day=cycle_day, starts_at=bell, ends_at=end)
    return SchoolData(school, years, today, calendar.school_days(this, today))


def make_staff(elementary: SchoolData, middle: SchoolData, rng: np.random.Generator) -> None:
    """Create 45 staff members, six of whom are demo accounts."""
    order = rng.permutation(len(LAST))
    names = [(first, LAST[place]) for first, place in zip(FIRST, order, strict=True)]
    demo = {
        "teacher": (elementary, Role.TEACHER, "Grade 4 teacher"),
        "teammate": (elementary, Role.TEACHER, "Grade 4 teacher"),
        "specialist": (elementary, Role.SPECIALIST, "Reading interventionist"),
        "coordinator": (elementary, Role.COORDINATOR, "MTSS coordinator"),
        "principal": (elementary, Role.PRINCIPAL, "Principal"),
        "administrator": (elementary, Role.ADMINISTRATOR, "District data administrator"),
    }
    for key, (place, role, title) in demo.items():
        staff = _staff(
            place, names.pop(0), role, title, email=f"{key}@demo.test", password=settings.DEMO_PASSWORD
        )
        place.special[key] = staff
        if role == Role.TEACHER:
            place.teachers.append(staff)
    Staff.objects.create(
        user=elementary.special["administrator"].user,
        school=middle.school,
        role=Role.ADMINISTRATOR,
        title="District data administrator",
        starts_on=middle.years[0].starts_on,
    )
    for place, extra in ((middle, ["coordinator", "specialist", "principal"]), (elementary, ["counselor"])):
        for key in extra:
            role = Role.SPECIALIST if key == "counselor" else Role(key)
            place.special[key] = _staff(place, names.pop(0), role, key.capitalize())
    for index, name in enumerate(names):
        place = elementary if index % 2 else middle
        place.teachers.append(_staff(place, name, Role.TEACHER, "Teacher"))


def _staff(
    place: SchoolData,
    name: tuple[str, str],
    role: Role,
    title: str,
    *,
    email: str = "",
    password: str | None = None,
) -> Staff:
    first, last = name
    email = email or f"{first}.{last}@staff.example".lower()
    user = User.objects.create_user(email, password, first_name=first, last_name=last)
    staff = Staff.objects.create(
        user=user, school=place.school, role=role, title=title, starts_on=place.years[0].starts_on
    )
    place.staff.append(staff)
    return staff


def make_teams(elementary: SchoolData, middle: SchoolData) -> None:
    """Create fourteen teams: by grade, by course, across grades, for interventions, and of leaders."""
    grade_names = ["Kindergarten", *[f"Grade {n}" for n in range(1, 9)]]
    rest = elementary.teachers[2:]
    for grade in range(6):
        people = (
            elementary.teachers[:2] + rest[:1]
            if grade == 4
            else rest[1 + grade * 2 : 4 + grade * 2] or rest[:3]
        )
        _team(elementary, grade_names[grade], Team.Kind.GRADE, [grade], people)
    for grade in range(6, 9):
        _team(
            middle,
            grade_names[grade],
            Team.Kind.GRADE,
            [grade],
            middle.teachers[(grade - 6) * 4 : (grade - 6) * 4 + 4],
        )
    for index, subject in enumerate(["reading", "math"]):
        people = [teacher for place, teacher in enumerate(middle.teachers) if place % 4 == index]
        title = "English language arts" if subject == "reading" else "Mathematics"
        _team(
            middle, title, Team.Kind.COURSE, [6, 7, 8], people, subject=subject, cohort=Team.Cohort.SECTIONS
        )
    support = [
        elementary.special["coordinator"],
        elementary.special["specialist"],
        elementary.special["counselor"],
    ]
    _team(elementary, "Intervention team", Team.Kind.INTERVENTION, list(range(6)), support)
    _team(elementary, "K–2 literacy", Team.Kind.VERTICAL, [0, 1, 2], rest[2:7:2], subject="reading")
    _team(
        elementary,
        "Leadership",
        Team.Kind.LEADERSHIP,
        list(range(6)),
        [elementary.special["principal"], *support[:1]],
    )


def _team(
    place: SchoolData,
    name: str,
    kind: str,
    grades: list[int],
    people: list[Staff],
    *,
    subject: str = "",
    cohort: str = Team.Cohort.GRADES,
) -> Team:
    team = Team.objects.create(school=place.school, name=name, kind=kind, subject=subject, cohort=cohort)
    TeamGrade.objects.bulk_create(TeamGrade(team=team, grade=grade) for grade in grades)
    start = place.years[-1].starts_on
    for index, staff in enumerate(people):
        TeamMember.objects.create(team=team, staff=staff, is_lead=index == 0, starts_on=start)
    Norm.objects.bulk_create(Norm(team=team, text=text, position=n) for n, text in enumerate(NORMS))
    place.teams.append(team)
    return team


def make_duties(place: SchoolData, rng: np.random.Generator) -> None:
    """Create the timetable: five periods of teaching, one duty, and one free period shared by a grade's teachers."""
    rows = []
    periods = list(place.school.periods.all())
    for index, staff in enumerate(place.teachers):
        free = 2 + index // 4 % 4
        duty = int(rng.integers(0, 7))
        for period in periods:
            number = int(period.name) - 1
            kind = (
                Duty.Kind.FREE if number == free else Duty.Kind.DUTY if number == duty else Duty.Kind.TEACHING
            )
            rows.append(
                Duty(staff=staff, period=period, kind=kind, label="" if kind != "duty" else "Hall and yard")
            )
    Duty.objects.bulk_create(rows)
