"""Check, apply and undo files of people; a worker does each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from teams.audit.services import record_event, record_events
from teams.directory.models import Staff, Team, TeamMember, User
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.people.services.adding import add_people
from teams.people.services.changing import add_to_team, change_roles, leave_school
from teams.staff_files.queries import plan_of

if TYPE_CHECKING:
    from teams.directory.models import School
    from teams.staff_files.files import StaffLine
    from teams.staff_files.models import StaffFile
    from teams.staff_files.queries import PlannedPerson, StaffPlan

SHOWN = 200  # people and problems of a file


def check_staff_file(row: StaffFile, lines: list[StaffLine]) -> dict[str, Any]:
    """What the lines of a file of people would change."""
    return _found(lines, plan_of(row.school, lines))


def apply_staff_file(row: StaffFile, lines: list[StaffLine], actor: User) -> dict[str, Any]:
    """Apply the lines of a file of people, all without problems or none."""
    return _found(lines, apply_people(row, lines, actor=actor))


@transaction.atomic
def apply_people(row: StaffFile, lines: list[StaffLine], *, actor: User) -> StaffPlan:
    """Add and change the people of a file's ``lines``; the row's ``before`` is what that changed, to undo it."""
    school = row.school
    plan = plan_of(school, lines)
    if not plan.new and not plan.changed:
        raise DomainError(_("No row in this file changes anything."))
    added = add_people(school, [one.person for one in plan.new], actor=actor)
    pairs = [*zip(plan.new, added, strict=True), *((one, one.staff) for one in plan.changed if one.staff)]
    before = [
        {"staff": staff.pk, **{name: [getattr(staff, name), after] for name, after in one.changes.items()}}
        for one, staff in pairs
        if one.changes
    ]
    _change_rows(school, plan.changed, actor)
    joined = _join(pairs, actor)
    row.before = {
        "added": [[staff.pk, str(staff.user.last_login)] for staff in added],
        "changed": before,
        "joined": joined,
    }
    facts: dict[str, Any] = {"new": len(plan.new), "changed": len(plan.changed)}
    record_event(actor, "applied-staff-file", row, school=school, **facts)
    return plan


def undo_staff_file(row: StaffFile, actor: User) -> dict[str, Any]:
    """Undo a file, person by person.

    People who have signed in since they were added stay, and so does everything that was changed again since.
    """
    school = row.school
    restore_people(row, actor=actor)
    seen = dict(row.before["added"])
    added = Staff.objects.filter(pk__in=seen, school=school).select_related("user", "school")
    staying = []
    for staff in added:
        if str(staff.user.last_login) != seen[staff.pk]:
            staying.append(str(staff))
        elif staff.ends_on is None or staff.ends_on >= school.today():
            leave_school(staff, last_day=None, actor=actor)
    record_event(actor, "undid-staff-file", row, school=school, stayed=len(staying))
    return {"staying": staying[:SHOWN]}


@transaction.atomic
def restore_people(row: StaffFile, *, actor: User) -> None:
    """Give people back the roles, titles and staff ids that a file replaced, and end the memberships it began."""
    school, before = row.school, row.before
    people = {
        staff.pk: staff for staff in Staff.objects.filter(school=school).select_related("user", "school")
    }
    roles: dict[str, list[Staff]] = {}
    edited = []
    for change in before["changed"]:
        staff = people[change["staff"]]
        for name, (old, new) in ((name, pair) for name, pair in change.items() if name != "staff"):
            if getattr(staff, name) != new:
                continue  # changed again since
            if name == "role":
                roles.setdefault(old, []).append(staff)
            else:
                setattr(staff, name, old)
                edited.append(staff)
    Staff.objects.bulk_update(edited, ["title", "local_id"])
    record_events(actor, "edited-person", list({staff.pk: staff for staff in edited}.values()), school=school)
    for role, theirs in roles.items():
        change_roles(school, theirs, role=role, actor=actor)
    members = TeamMember.objects.filter(team__school=school).select_related("team", "staff__user")
    for team, staff_pk in before["joined"]:
        for member in members.filter(team=team, staff=staff_pk):
            _end(member, school, actor)


def _end(member: TeamMember, school: School, actor: User) -> None:
    """End a membership as of yesterday; one that began today never was."""
    last_day = min(clock.server_day(), school.today()) - dt.timedelta(days=1)
    record_event(actor, "left-team", member.team, school=school, staff=str(member.staff.uuid))
    log_security_event("left team", person=member.staff.user, team=str(member.team.uuid))
    if member.starts_on > last_day:
        member.delete()
    elif member.ends_on is None or member.ends_on > last_day:
        member.ends_on = last_day
        member.save()


def _change_rows(school: School, changed: list[PlannedPerson], actor: User) -> None:
    """Write the roles, titles and staff ids of people who work here already."""
    roles: dict[str, list[Staff]] = {}
    edited = []
    for one in changed:
        staff = one.staff
        if staff is None:
            continue
        if "role" in one.changes:
            roles.setdefault(one.changes["role"], []).append(staff)
        fields = {name: value for name, value in one.changes.items() if name != "role"}
        for name, value in fields.items():
            setattr(staff, name, value)
        if fields:
            edited.append(staff)
    Staff.objects.bulk_update(edited, ["title", "local_id"])
    record_events(actor, "edited-person", edited, school=school)
    for role, theirs in roles.items():
        change_roles(school, theirs, role=role, actor=actor)


def _join(pairs: list[tuple[PlannedPerson, Staff]], actor: User) -> list[list[int]]:
    """Let people join the teams of their rows. Returns the ids of team and person of each membership that began."""
    wanted: dict[int, tuple[Team, list[Staff]]] = {}
    for one, staff in pairs:
        for team in one.teams:
            wanted.setdefault(team.pk, (team, []))[1].append(staff)
    joined = []
    for team, people in wanted.values():
        planned = add_to_team(team, people, actor=actor).planned
        joined += [[team.pk, staff.pk] for staff in people if staff not in planned]
    return joined


def _found(lines: list[StaffLine], plan: StaffPlan) -> dict[str, Any]:
    """The result of a check as stored, with the first people and problems."""
    rows = [*plan.changed, *plan.new]
    return {
        "rows": len(lines),
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": plan.same,
        "people": [
            {"name": str(one.staff or one.person), "email": one.person.email, "what": one.in_words}
            for one in rows[:SHOWN]
        ],
        "more": max(len(rows) - SHOWN, 0),
        "problems": [
            {"first_row": number, "rows": 1, "value": value, "message": why}
            for number, value, why in plan.problems[:SHOWN]
        ],
        "unshown": max(len(plan.problems) - SHOWN, 0),
    }
