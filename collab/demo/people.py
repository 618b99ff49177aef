"""Schools, staff, teams and timetable of the simulated district, set up by its administrator with the product's services."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import make_password

from collab.demo import calendar
from collab.demo.names import FIRST, LAST
from collab.setup.services.schools import add_school
from teams.calendar.services import add_holiday, save_period, save_term, save_year
from teams.directory.models import Role, School, SchoolYear, Staff, Team, User
from teams.groups.services import set_norms
from teams.lib import clock
from teams.people.queries.person import summary_of
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from teams.people.services.changing import edit_person
from teams.schools.queries import school_fingerprint
from teams.schools.services import change_school
from teams.team_admin.services.teams import NewTeam, TeamValues, add_teams
from teams.timetable.files import Line
from teams.timetable.services import apply_timetable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from teams.directory.models import Term

NORMS = [
    "We start and end on time.",
    "Facts first, then what we make of them.",
    "We talk about the work, not about the child.",
    "Everyone speaks before anyone speaks twice.",
    "We leave with who does what by when.",
]
BELLS = [(8, 15), (9, 10), (10, 5), (11, 0), (12, 25), (13, 20), (14, 15)]
LESSON = dt.timedelta(minutes=50)
ACCOUNTS = {
    "teacher": (Role.TEACHER, "Grade 4 teacher"),
    "teammate": (Role.TEACHER, "Grade 4 teacher"),
    "specialist": (Role.SPECIALIST, "Reading interventionist"),
    "coordinator": (Role.COORDINATOR, "MTSS coordinator"),
    "principal": (Role.PRINCIPAL, "Principal"),
}
OF_ELEMENTARY = {"counselor": (Role.SPECIALIST, "Counselor")}
OF_MIDDLE = {
    "coordinator": (Role.COORDINATOR, "Coordinator"),
    "specialist": (Role.SPECIALIST, "Specialist"),
    "principal": (Role.PRINCIPAL, "Principal"),
}
WEEKLY = ("Grade 4", "Intervention team")  # the other teams meet every two weeks
GRADE_NAMES = ["Kindergarten", *[f"Grade {n}" for n in range(1, 9)]]


@dataclass
class SchoolData:
    """A school with the rows created for it."""

    school: School
    administrator: User
    years: list[SchoolYear]
    today: dt.date
    days: list[dt.date]  # school days of this year before today
    teachers: list[Staff] = field(default_factory=list)
    special: dict[str, Staff] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list)

    def morning(self, day: dt.date) -> dt.datetime:
        """7:00 of ``day``."""
        return self.school.at(day, dt.time(7))


def make_administrator() -> User:
    """Create the account of the district's administrator."""
    return User.objects.create_user(
        "administrator@demo.test", settings.DEMO_PASSWORD, first_name="Adam", last_name="Okoro"
    )


def make_school(name: str, low: int, high: int, today: dt.date, administrator: User) -> SchoolData:
    """Set up a school at the beginning of last year: that year and this one, holidays and a bell schedule."""
    this = calendar.start_year(today)
    begin = dt.datetime.combine(calendar.bounds(this - 1)[0], dt.time(7), calendar.ZONE)
    with clock.stopped_at(begin):
        school = add_school(
            name, actor=None, administrator=administrator, time_zone=calendar.ZONE.key, language="en"
        )
        seen = school_fingerprint(school)
        change_school(school, actor=administrator, seen=seen, lowest_grade=low, highest_grade=high)
        school.refresh_from_db()
        staff = school.staff.select_related("user", "school").get(user=administrator)
        seen, title = summary_of(staff), "District data administrator"
        edit_person(staff, actor=administrator, seen=seen, title=title, local_id="")
        years = [_set_dates(school, administrator, start) for start in (this - 1, this)]
        _ring_bells(school, administrator)
    return SchoolData(school, administrator, years, today, calendar.school_days(this, today))


def _set_dates(school: School, administrator: User, start: int) -> SchoolYear:
    """Save the dates of a school year, its terms and holidays. A new school begins with a year of two terms."""
    starts_on, ends_on = calendar.bounds(start)
    name = f"{start}–{(start + 1) % 100:02d}"
    year = school.years.filter(name=name).first()
    terms: list[Term | None] = list(year.terms.order_by("starts_on")) if year else [None, None]
    if year is None:
        year = save_year(school, actor=administrator, name=name, starts_on=starts_on, ends_on=ends_on)
    for number, (term, (begins, ends)) in enumerate(
        zip(terms, calendar.semesters(start), strict=True), start=1
    ):
        save_term(
            year, actor=administrator, name=f"Semester {number}", starts_on=begins, ends_on=ends, term=term
        )
    year = save_year(school, actor=administrator, name=name, starts_on=starts_on, ends_on=ends_on, year=year)
    for title, begins, ends in calendar.holidays(start):
        add_holiday(school, actor=administrator, name=title, starts_on=begins, ends_on=ends)
    return year


def _ring_bells(school: School, administrator: User) -> None:
    """Seven lessons on each day of the week."""
    for cycle_day in range(5):
        for number, (hour, minute) in enumerate(BELLS, start=1):
            bell = dt.datetime.combine(dt.date.min, dt.time(hour, minute))
            save_period(
                school,
                actor=administrator,
                cycle_day=cycle_day,
                name=str(number),
                starts_at=bell.time(),
                ends_at=(bell + LESSON).time(),
            )


def make_staff(elementary: SchoolData, middle: SchoolData, rng: np.random.Generator) -> None:
    """Add 44 people to the two schools last year; five of them have demo accounts, and nearly all have signed in."""
    order = rng.permutation(len(LAST))
    names = [(first, LAST[place]) for first, place in zip(FIRST, order, strict=True)]
    accounts = {key: _person(names.pop(0), *about, f"{key}@demo.test") for key, about in ACCOUNTS.items()}
    counselor = {key: _person(names.pop(0), *about) for key, about in OF_ELEMENTARY.items()}
    leaders = {key: _person(names.pop(0), *about) for key, about in OF_MIDDLE.items()}
    teachers = [_person(name, Role.TEACHER, "Teacher") for name in names]
    _add(elementary, {**accounts, **counselor}, teachers[1::2])
    _add(middle, leaders, teachers[::2])
    elementary.teachers[:0] = [elementary.special["teacher"], elementary.special["teammate"]]
    let_sign_in([elementary.special[key] for key in accounts])


def let_sign_in(staff: list[Staff]) -> None:
    """Set the demo's password, as those do who accept an invitation. They share a hash: one takes a quarter of a second."""
    users = User.objects.filter(pk__in=[one.user_id for one in staff])
    users.update(password=make_password(settings.DEMO_PASSWORD))


def _person(name: tuple[str, str], role: Role, title: str, email: str = "") -> NewPerson:
    first, last = name
    email = email or f"{first}.{last}@staff.example".lower()
    return NewPerson(email, first, last, role=role, title=title)


def _add(place: SchoolData, special: dict[str, NewPerson], teachers: list[NewPerson]) -> None:
    with clock.stopped_at(place.morning(place.years[0].starts_on)):
        staff = add_people(place.school, [*special.values(), *teachers], actor=place.administrator)
    place.special.update(zip(special, staff, strict=False))
    place.teachers += staff[len(special) :]
    note_sign_in(staff[:-2], place.morning(place.days[-1]))


def note_sign_in(staff: list[Staff], seen: dt.datetime) -> None:
    """Write down that people signed in then, as signing in does."""
    User.objects.filter(pk__in=[one.user_id for one in staff]).update(last_login=seen)


def make_teams(elementary: SchoolData, middle: SchoolData) -> None:
    """Add fourteen teams: by grade, by course, across grades, for interventions, and of leaders."""
    rest = elementary.teachers[2:]
    rows = []
    for grade in range(6):
        people = rest[1 + grade * 2 : 4 + grade * 2] or rest[:3]
        people = elementary.teachers[:2] + rest[:1] if grade == 4 else people
        rows.append(_team(GRADE_NAMES[grade], Team.Kind.GRADE, [grade], people))
    support = [elementary.special[key] for key in ("coordinator", "specialist", "counselor")]
    leaders = [elementary.special["principal"], support[0]]
    rows += [
        _team("Intervention team", Team.Kind.INTERVENTION, range(6), support),
        _team("K–2 literacy", Team.Kind.VERTICAL, range(3), rest[2:7:2], subject="reading"),
        _team("Leadership", Team.Kind.LEADERSHIP, range(6), leaders),
    ]
    _begin(elementary, rows)
    rows = [
        _team(
            GRADE_NAMES[grade], Team.Kind.GRADE, [grade], middle.teachers[(grade - 6) * 4 : (grade - 5) * 4]
        )
        for grade in range(6, 9)
    ]
    for index, (subject, name) in enumerate(
        {"reading": "English language arts", "math": "Mathematics"}.items()
    ):
        people = [teacher for place, teacher in enumerate(middle.teachers) if place % 4 == index]
        sections = Team.Cohort.SECTIONS
        rows.append(_team(name, Team.Kind.COURSE, range(6, 9), people, subject=subject, cohort=sections))
    _begin(middle, rows)


def _team(
    name: str,
    kind: Team.Kind,
    grades: Iterable[int],
    people: list[Staff],
    *,
    subject: str = "",
    cohort: Team.Cohort = Team.Cohort.GRADES,
) -> NewTeam:
    every = 7 if name in WEEKLY else 14
    values = TeamValues(name, kind, tuple(grades), cohort, subject, meets_every_days=every)
    return NewTeam(values, leads=(people[0],), members=tuple(people))


def _begin(place: SchoolData, rows: list[NewTeam]) -> None:
    """Add the teams on the first day of this year; each adopts its norms, to be reviewed in spring."""
    first = place.years[-1].starts_on
    with clock.stopped_at(place.morning(first)):
        place.teams = add_teams(place.school, rows, actor=place.administrator)
        for team, row in zip(place.teams, rows, strict=True):
            set_norms(
                team,
                actor=row.leads[0].user,
                lines=NORMS,
                adopted_on=first,
                review_on=first + dt.timedelta(weeks=26),
            )


def make_duties(place: SchoolData, rng: np.random.Generator) -> None:
    """Load the timetable: five lessons, one duty, and one free period shared by a grade's teachers."""
    lines: list[Line] = []
    for index, staff in enumerate(place.teachers):
        free, duty = 2 + index // 4 % 4, int(rng.integers(0, 7))
        for day in range(1, 6):
            for number in range(len(BELLS)):
                kind = "free" if number == free else "duty" if number == duty else "teaching"
                label = "Hall and yard" if kind == "duty" else ""
                lines.append(Line(len(lines) + 2, staff.user.email, str(day), str(number + 1), kind, label))
    apply_timetable(place.school, lines, actor=place.administrator)
