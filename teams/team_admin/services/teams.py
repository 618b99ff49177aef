"""Add, change, archive and copy teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import is_able, require_ability
from teams.audit.services import record_event
from teams.directory.models import School, Team, TeamGrade, TeamMember
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of
from teams.logs.security import log_security_event
from teams.team_admin.permissions import may_edit_team
from teams.team_admin.services.members import cannot_join

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from collab.protocols.models import Protocol
    from teams.directory.models import Staff, User

LONGEST_NAME = 80
MOST_AT_ONCE = 200
SELDOMEST = 120  # days between two meetings


@dataclass(frozen=True, slots=True)
class TeamValues:
    """What a team is: name, purpose, the students it is responsible for, and what is expected of its meetings."""

    name: str
    kind: str = Team.Kind.GRADE
    grades: tuple[int, ...] = ()
    cohort: str = Team.Cohort.GRADES
    subject: str = ""
    purpose: str = ""
    meets_every_days: int = 7
    usual_protocol: Protocol | None = None


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team to add, with its people. Leads are members also if they are not among ``members``."""

    values: TeamValues
    leads: tuple[Staff, ...] = ()
    members: tuple[Staff, ...] = ()

    @property
    def people(self) -> list[Staff]:
        """Leads and other members, each once."""
        return list(dict.fromkeys([*self.leads, *self.members]))


def add_team(school: School, new: NewTeam, *, actor: User, starts_on: dt.date | None = None) -> Team:
    """Add one team; its people are members from ``starts_on`` (default: today)."""
    return add_teams(school, [new], actor=actor, starts_on=starts_on)[0]


@transaction.atomic
def add_teams(
    school: School, rows: Sequence[NewTeam], *, actor: User, starts_on: dt.date | None = None
) -> list[Team]:
    """Add teams with their people, all or none. The number of queries for rows other than audits is constant.

    Raises DomainError with a sentence for each row that cannot be added.
    """
    require_ability(actor, "edit_teams", school)
    if len(rows) > MOST_AT_ONCE:
        raise DomainError(_("Add at most %(most)s teams at once.") % {"most": MOST_AT_ONCE})
    lock_teams(school)
    first = starts_on or school.today()
    _check_rows(school, rows, first)
    teams = Team.objects.bulk_create(filled_team(Team(school=school), row.values) for row in rows)
    TeamGrade.objects.bulk_create(
        TeamGrade(team=team, grade=grade)
        for team, row in zip(teams, rows, strict=True)
        for grade in row.values.grades
    )
    TeamMember.objects.bulk_create(
        TeamMember(team=team, staff=staff, is_lead=staff in row.leads, starts_on=first)
        for team, row in zip(teams, rows, strict=True)
        for staff in row.people
    )
    for team, row in zip(teams, rows, strict=True):
        people = {str(staff.uuid): int(staff in row.leads) for staff in row.people}
        record_event(actor, "added-team", team, school=school, starts_on=str(first), people=people)
        log_security_event("team added", team=str(team.uuid), people=len(people))
    return teams


@transaction.atomic
def change_team(team: Team, values: TeamValues, *, actor: User, seen: str) -> Team:
    """Change what a team is.

    ``seen`` is the `team_fingerprint` that the actor started from; a different one raises `StaleEdit`.
    """
    lock_teams(team.school)
    team = _locked(team, actor)
    if seen != team_fingerprint(team):
        raise StaleEdit(_("Someone changed this team while you were writing."), current=team.name)
    if problem := _problem(team.school, values, _names(team.school, except_for=team)):
        raise DomainError(problem)
    filled_team(team, values).save()
    team.grades.exclude(grade__in=values.grades).delete()
    there = set(team.grades.values_list("grade", flat=True))
    TeamGrade.objects.bulk_create(
        TeamGrade(team=team, grade=grade) for grade in values.grades if grade not in there
    )
    facts: dict[str, Any] = {
        "kind": team.kind,
        "cohort": team.cohort,
        "grades": ".".join(map(str, values.grades)),
    }
    record_event(actor, "changed-team", team, school=team.school, **facts)
    log_security_event("team changed", team=str(team.uuid), **facts)
    return team


@transaction.atomic
def set_active(team: Team, *, actor: User | None, is_active: bool) -> Team:
    """Archive a team or bring it back. Its record stays. ``actor`` None archives one whose last day has passed."""
    team = _locked(team, actor) if actor else _row(team)
    if team.is_active == is_active:
        return team
    team.is_active = is_active
    if is_active:
        team.ends_on = None
    team.save(update_fields=["is_active", "ends_on"])
    record_event(actor, "restored-team" if is_active else "archived-team", team, school=team.school)
    return team


def values_of(team: Team) -> TeamValues:
    """What ``team`` is now."""
    return TeamValues(
        name=team.name,
        kind=team.kind,
        grades=tuple(team.grades.values_list("grade", flat=True)),
        cohort=team.cohort,
        subject=team.subject,
        purpose=team.purpose,
        meets_every_days=team.meets_every_days,
        usual_protocol=team.usual_protocol,
    )


def team_fingerprint(team: Team) -> str:
    """A short hash of what ``team`` is, to detect concurrent edits."""
    now = values_of(team)
    rest = [str(getattr(now, name)) for name in TeamValues.__dataclass_fields__ if name != "usual_protocol"]
    return version_of(*rest, team.usual_protocol_id)


def _check_rows(school: School, rows: Sequence[NewTeam], first: dt.date) -> None:
    taken, problems = _names(school), []
    for number, row in enumerate(rows, start=1):
        problem = _problem(school, row.values, taken) or _problem_of_people(school, row.people, first)
        taken.add(row.values.name.strip().casefold())
        if problem:
            line = _("Row %(number)s: %(problem)s") % {"number": number, "problem": problem}
            problems.append(line if len(rows) > 1 else problem)
    if problems:
        raise DomainError(" ".join(problems))


def _problem(school: School, values: TeamValues, taken: set[str]) -> str:
    """Why a team cannot be like this, in a sentence; "" if it can."""
    low, high, protocol = school.lowest_grade, school.highest_grade, values.usual_protocol
    problems = [
        (not values.name.strip(), _("Give the team a name.")),
        (
            len(values.name) > LONGEST_NAME,
            _("The name can have %(most)s characters.") % {"most": LONGEST_NAME},
        ),
        (
            values.name.strip().casefold() in taken,
            _("There is a team named %(name)s already.") % {"name": values.name},
        ),
        (
            values.kind not in Team.Kind or values.cohort not in Team.Cohort,
            _("Choose what kind of team it is."),
        ),
        (
            any(not low <= grade <= high for grade in values.grades),
            _("The school has grades %(low)s to %(high)s.") % {"low": low, "high": high},
        ),
        (
            values.cohort == Team.Cohort.SECTIONS and not values.subject.strip(),
            _("Name the subject whose sections are the team’s."),
        ),
        (
            not 1 <= values.meets_every_days <= SELDOMEST,
            _("A team meets at least every %(days)s days.") % {"days": SELDOMEST},
        ),
        (
            protocol is not None and protocol.team is not None and protocol.team.school_id != school.pk,
            _("Choose a protocol of this school."),
        ),
    ]
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def _problem_of_people(school: School, people: list[Staff], first: dt.date) -> str:
    for staff in people:
        if staff.school_id != school.pk:
            return _("%(who)s does not work at this school.") % {"who": staff}
        if staff.ends_on and staff.ends_on < first:
            return _("%(who)s has left the school.") % {"who": staff}
        if not is_able(staff, "join_teams"):
            return cannot_join(staff)
    return ""


def _names(school: School, *, except_for: Team | None = None) -> set[str]:
    rows = Team.objects.filter(school=school).exclude(pk=except_for.pk if except_for else 0)
    return {name.casefold() for name in rows.values_list("name", flat=True)}


def filled_team(team: Team, values: TeamValues) -> Team:
    """``team`` with ``values``, unsaved and without the grades."""
    team.name, team.kind, team.cohort = values.name.strip(), values.kind, values.cohort
    team.subject, team.purpose = values.subject.strip(), values.purpose.strip()
    team.meets_every_days, team.usual_protocol = values.meets_every_days, values.usual_protocol
    return team


def lock_teams(school: School) -> None:
    """Lock the teams of ``school``: changes of their names run one after another."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _row(team: Team) -> Team:
    rows = Team.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school", "usual_protocol").get(pk=team.pk)


def _locked(team: Team, actor: User) -> Team:
    team = _row(team)
    if not may_edit_team(actor, team):
        raise PermissionDenied
    return team
