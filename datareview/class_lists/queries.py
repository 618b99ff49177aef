"""What a class list would add, and what it has added."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datareview.imports.models import Import
from datareview.recognition.class_lists import CLASS_LIST
from teams.directory.models import Team
from teams.people.queries.checks import accounts_by_email, problems_of
from teams.people.rows import NewPerson, split_name
from teams.tables.emails import name_in_email

if TYPE_CHECKING:
    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class GradeTeam:
    """A team of a grade to add, with the addresses of its teachers; the first is proposed as lead."""

    grade: int
    students: int
    teachers: list[str]


@dataclass(frozen=True, slots=True)
class ClassListPage:
    """A class list: its numbers, the people and teams to add, and sentences about teachers who can't be added.

    ``files`` are what was loaded of it, with their results.
    """

    row: Import
    students: int
    sections: int
    teachers: int
    new: list[NewPerson]
    refused: list[str]
    teams: list[GradeTeam]
    files: list[Import] = field(default_factory=list)


def summary_in(row: Import) -> dict[str, Any]:
    """What the file of ``row`` has as a class list; empty if it is none."""
    found: dict[str, Any] = row.guesses.get(CLASS_LIST, {})
    return found


def class_list_page(row: Import) -> ClassListPage:
    """The page of a class list, in few queries."""
    found = summary_in(row)
    new, refused = new_teachers(row.school, found["teachers"])
    loaded = Import.objects.filter(pk__in=found.get("loaded", {}).values()).order_by("pk")
    return ClassListPage(
        row=row,
        students=found["students"],
        sections=found["sections"],
        teachers=len(found["teachers"]),
        new=new,
        refused=refused,
        teams=new_teams(row.school, found["grades"], {*found["teachers"]}),
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


def new_teams(school: School, grades: dict[str, Any], teachers: set[str]) -> list[GradeTeam]:
    """Teams of grades that the school has students of, and no team yet."""
    there = Team.objects.filter(school=school, is_active=True, kind=Team.Kind.GRADE)
    taken = set(there.values_list("grades__grade", flat=True))
    found = [
        GradeTeam(int(grade), one["students"], [email for email in one["teachers"] if email in teachers])
        for grade, one in sorted(grades.items(), key=lambda item: int(item[0]))
        if int(grade) not in taken and school.lowest_grade <= int(grade) <= school.highest_grade
    ]
    return [team for team in found if team.teachers]


def _names(email: str, name: str) -> tuple[str, str]:
    return split_name([name]) if name else name_in_email(email)
