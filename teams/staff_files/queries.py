"""What a file of people would add and change, compared with the people of the school."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from teams.access.permissions import USUAL_ROLE
from teams.directory.models import Role, Staff, Team, TeamMember
from teams.people.queries.checks import accounts_by_email, problems_of
from teams.people.rows import (
    ID_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    NewPerson,
    email_problem,
    no_role_sentence,
    role_named,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from teams.directory.models import School
    from teams.staff_files.files import StaffLine

FIELDS = ("role", "title", "local_id")


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """A row of the file: someone to add (no ``staff``), or the values that a person here would get, and teams to join."""

    number: int
    person: NewPerson
    staff: Staff | None
    changes: dict[str, str]
    teams: list[Team]

    @property
    def in_words(self) -> str:
        """What would happen to the person, as a sentence."""
        parts = [_("new, %(role)s") % {"role": Role(self.person.role).label}] if self.staff is None else []
        if self.staff is not None:
            parts += [_change(name, getattr(self.staff, name), after) for name, after in self.changes.items()]
        if self.teams:
            parts.append(_("joins %(teams)s") % {"teams": ", ".join(map(str, self.teams))})
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """What a file would do: people to add, people to change, how many stay as they are, and rows that are left out."""

    new: list[PlannedPerson] = field(default_factory=list)
    changed: list[PlannedPerson] = field(default_factory=list)
    same: int = 0
    problems: list[tuple[int, str, str]] = field(default_factory=list)


def plan_of(school: School, lines: Iterable[StaffLine]) -> StaffPlan:
    """Compare a file with the people of ``school``. An empty cell changes nothing, and no one is removed."""
    lines = list(lines)
    accounts = accounts_by_email(line.email for line in lines)
    rows = Staff.objects.filter(school=school).filter(Q(ends_on=None) | Q(ends_on__gte=school.today()))
    here = {staff.user_id: staff for staff in rows.select_related("user", "school")}
    owners = dict(Staff.objects.filter(school=school).exclude(local_id="").values_list("local_id", "user_id"))
    teams = {team.name.lower(): team for team in Team.objects.filter(school=school, is_active=True)}
    members = set(
        TeamMember.objects.filter(team__in=teams.values())
        .filter(Q(ends_on=None) | Q(ends_on__gte=school.today()))
        .values_list("staff_id", "team_id")
    )
    plan, seen, given = StaffPlan(), set[str](), dict[str, str]()
    for line in lines:
        user = accounts.get(line.email)
        staff = here.get(user.pk) if user else None
        account = str(user.pk) if user else line.email
        problem = _problem(line, staff, teams)
        if not problem and account in seen:
            problem = _("%(email)s is in the list twice.") % {"email": line.email}
        taken = line.local_id and (
            given.get(line.local_id, account) != account
            or owners.get(line.local_id, user.pk if user else None) != (user.pk if user else None)
        )
        if not problem and taken:
            problem = _("The staff id %(id)s is someone else’s.") % {"id": line.local_id}
        if problem:
            plan.problems.append((line.number, line.email or line.first_name, problem))
            continue
        seen.add(account)
        given[line.local_id] = account
        wanted = [teams[name.lower()] for name in line.teams]
        if staff is not None:
            wanted = [team for team in wanted if (staff.pk, team.pk) not in members]
        row = PlannedPerson(line.number, _person(line), staff, _changes(line, staff), wanted)
        _sort_in(plan, row)
    return _checked(school, plan)


def _sort_in(plan: StaffPlan, row: PlannedPerson) -> None:
    (plan.new if row.staff is None else plan.changed).append(row)


def _checked(school: School, plan: StaffPlan) -> StaffPlan:
    """The plan without new people who can't be added, and with those who stay the same only counted."""
    late = problems_of(school, [row.person for row in plan.new])
    refused = [(plan.new[place].number, plan.new[place].person.email, why) for place, why in late.items()]
    changed = [row for row in plan.changed if row.changes or row.teams]
    return StaffPlan(
        [row for place, row in enumerate(plan.new) if place not in late],
        changed,
        len(plan.changed) - len(changed),
        sorted([*plan.problems, *refused]),
    )


def _person(line: StaffLine) -> NewPerson:
    role, title = role_named(line.role) or (USUAL_ROLE, "")
    return NewPerson(line.email, line.first_name, line.last_name, role, line.local_id, line.title or title)


def _changes(line: StaffLine, staff: Staff | None) -> dict[str, str]:
    """The fields that the row gives another value."""
    if staff is None:
        return {}
    person = _person(line)
    given = {"role": person.role if line.role else "", "title": person.title, "local_id": line.local_id}
    return {name: str(value) for name, value in given.items() if value and value != getattr(staff, name)}


def _problem(line: StaffLine, staff: Staff | None, teams: Mapping[str, Team]) -> str:
    unknown = [name for name in line.teams if name.lower() not in teams]
    long = max(len(line.first_name), len(line.last_name)) > NAME_LENGTH
    return (
        email_problem(line.email)
        or (_("The name is missing.") if staff is None and not line.first_name else "")
        or (_("The name is too long.") if long else "")
        or (no_role_sentence(line.role) if role_named(line.role) is None else "")
        or (_("The title is too long.") if len(line.title) > TITLE_LENGTH else "")
        or (_("The staff id is too long.") if len(line.local_id) > ID_LENGTH else "")
        or (_("There is no team “%(team)s”. Add it first.") % {"team": unknown[0]} if unknown else "")
    )


def _change(name: str, before: str, after: str) -> str:
    labels = {"role": _("role"), "title": _("title"), "local_id": _("staff id")}
    words = {"before": before or "–", "after": after}
    if name == "role":
        words = {"before": str(Role(before).label), "after": str(Role(after).label)}
    return _("%(field)s: %(before)s → %(after)s") % {"field": labels[name], **words}
