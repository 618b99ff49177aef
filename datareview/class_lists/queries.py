"""What a class list would add, and what it has added."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db.models import Q

from datareview.class_rows.class_lists import CLASS_LIST
from datareview.imports.models import Import
from teams.directory.models import Team
from teams.people.queries.checks import accounts_by_email, problems_of
from teams.people.rows import NewPerson, split_name
from teams.tables.emails import name_in_email

if TYPE_CHECKING:
    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class GradeTeam:
    """A team of a grade to add, with the names of its teachers by address; the first is proposed as lead."""

    grade: int
    students: int
    teachers: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClassListPage:
    """A class list: its numbers, the people and teams to add, and sentences about teachers who can't be added.

    ``largest`` are sections with their name, number of students and teachers' names; ``outside`` has the number of
    students by grade that the school does not have. ``files`` are what was loaded of it, with their results.
    """

    row: Import
    students: int
    sections: int
    teachers: int
    new: list[NewPerson]
    refused: list[str]
    teams: list[GradeTeam]
    largest: list[tuple[str, int, list[str]]] = field(default_factory=list)
    outside: dict[int, int] = field(default_factory=dict)
    files: list[Import] = field(default_factory=list)


def list_part_of(row: Import, kind: str) -> UUID:
    """The public id of the file of ``kind`` into which a class list is divided: the same however often it is loaded."""
    return uuid5(row.uuid, kind)


def summary_in(row: Import) -> dict[str, Any]:
    """What the file of ``row`` has as a class list; empty if it is none."""
    found: dict[str, Any] = row.guesses.get(CLASS_LIST, {})
    return found


def class_list_page(row: Import) -> ClassListPage:
    """The page of a class list, in few queries."""
    found = summary_in(row)
    new, refused = new_teachers(row.school, found["teachers"])
    names = found["teachers"]
    low, high = row.school.lowest_grade, row.school.highest_grade
    grades = {int(grade): one["students"] for grade, one in found["grades"].items()}
    parts = Q(uuid__in=[list_part_of(row, kind) for kind in Import.Kind.values])
    before = Q(pk__in=found.get("loaded", {}).values())  # of lists that were loaded by an earlier version
    loaded = Import.objects.filter(parts | before).order_by("pk")
    return ClassListPage(
        row=row,
        students=found["students"],
        sections=found["sections"],
        teachers=len(found["teachers"]),
        new=new,
        refused=refused,
        teams=new_teams(row.school, found["grades"], names),
        largest=[
            (name, students, [names.get(email) or email for email in emails])
            for name, students, emails in found.get("largest", [])
        ],
        outside={grade: n for grade, n in sorted(grades.items()) if not (low or -1) <= grade <= high},
        files=list(loaded.select_related("job")),
    )


def new_teachers(school: School, teachers: dict[str, str]) -> tuple[list[NewPerson], list[str]]:
    """Teachers, by address with their names, who do not work at ``school`` yet, and why others can't be added."""
    people = [NewPerson(email, *_names(email, name)) for email, name in sorted(teachers.items())]
    here = school.staff.active(school.today()).values_list("user_id", flat=True)
    working = set(here)
    accounts = accounts_by_email(teachers)
    people = [one for one in people if not (one.email in accounts and accounts[one.email].pk in working)]
    problems = problems_of(school, people)
    return [one for place, one in enumerate(people) if place not in problems], list(problems.values())


def new_teams(school: School, grades: dict[str, Any], names: dict[str, str]) -> list[GradeTeam]:
    """Teams of grades that the school has students of, and no team yet; ``names`` are those of teachers by address."""
    there = Team.objects.filter(school=school, is_active=True, kind=Team.Kind.GRADE)
    taken = set(there.values_list("grades__grade", flat=True))
    found = [
        GradeTeam(
            int(grade),
            one["students"],
            {email: _full_name(email, names[email]) for email in one["teachers"] if email in names},
        )
        for grade, one in sorted(grades.items(), key=lambda item: int(item[0]))
        if int(grade) not in taken and school.lowest_grade <= int(grade) <= school.highest_grade
    ]
    return [team for team in found if team.teachers]


def _full_name(email: str, name: str) -> str:
    return str(NewPerson(email, *_names(email, name)))


def _names(email: str, name: str) -> tuple[str, str]:
    return split_name([name]) if name else name_in_email(email)
