"""Give people a role at a school, and open the accounts of those who return."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from teams.access.permissions import ABILITIES
from teams.audit.services import record_event, record_events
from teams.directory.models import Role, School, Staff, Substitution, TeamMember, User
from teams.lib import clock
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


@transaction.atomic
def give_role(user: User, *, school: School, role: Role, actor: User | None = None) -> Staff:
    """Let ``user`` work at ``school`` in ``role`` from today on, also if they left it before.

    An account that was closed is opened again. It has no password: its owner sets one by email. Teams that they were in
    before they left are not theirs again, and none are in a role that joins no teams. A second role stays with the role.
    ``actor`` is None for the server's operator.
    """
    before = Staff.objects.filter(user=user, school=school).first()
    also = before.also if before is not None and before.role == role else ""
    if before is not None:
        end_memberships([before], actor=actor)
        if ABILITIES["join_teams"].isdisjoint({role, also}):
            leave_teams([before], actor=actor)
    changes = {"role": role, "also": also, "ends_on": None}
    staff, _is_new = Staff.objects.update_or_create(
        user=user, school=school, defaults=changes, create_defaults={**changes, "starts_on": school.today()}
    )
    open_accounts([staff], school=school)
    return staff


def end_memberships(leavers: Sequence[Staff], *, actor: User | None) -> None:
    """End memberships of teams on the last day of ``leavers``, who return, and their substitutions.

    Those who have no last day, or a later one, keep theirs.
    """
    left = [staff for staff in leavers if staff.ends_on and staff.ends_on < staff.school.today()]
    end_substitutions_of(left, actor=actor)
    for day in {staff.ends_on for staff in left}:
        theirs = [staff.pk for staff in left if staff.ends_on == day]
        rows = TeamMember.objects.filter(staff__in=theirs).filter(Q(ends_on=None) | Q(ends_on__gt=day))
        rows.filter(starts_on__lte=day).update(ends_on=day)


def leave_teams(people: Sequence[Staff], *, actor: User | None) -> None:
    """End all memberships and substitutions of ``people``, whose role joins no teams, as of yesterday.

    Planned ones are deleted. The teams are recorded as lost, so that they can be offered again.
    """
    end_substitutions_of(people, actor=actor)
    rows = TeamMember.objects.filter(staff__in=people).select_related("team__school", "staff__user")
    for member in rows.order_by("pk"):
        school = member.team.school
        last_day = min(clock.server_day(), school.today()) - dt.timedelta(days=1)
        if member.ends_on and member.ends_on <= last_day:
            continue
        record_event(actor, "lost-team", member.staff, school=school, team=str(member.team.uuid))
        record_event(actor, "left-team", member.team, school=school, staff=str(member.staff.uuid))
        log_security_event("left team", person=member.staff.user, team=str(member.team.uuid))
        if member.starts_on > last_day:
            member.delete()
        else:
            member.ends_on = last_day
            member.save()  # one by one, for signals


def end_substitutions_of(people: Sequence[Staff], *, actor: User | None) -> None:
    """End the substitutions in which one of ``people`` is replaced or is the substitute."""
    rows = Substitution.objects.filter(Q(replaced__in=people) | Q(substitute__in=people))
    end_substitutions(rows, actor=actor)


def end_substitutions(rows: QuerySet[Substitution], *, actor: User | None) -> None:
    """End substitutions as of yesterday; those that have not begun before are deleted."""
    for row in rows.select_related("replaced__user", "replaced__school", "substitute__user"):
        school = row.replaced.school
        last_day = min(clock.server_day(), school.today()) - dt.timedelta(days=1)
        if row.ends_on <= last_day:
            continue
        people = [row.replaced, row.substitute]
        record_events(actor, "ended-substitution", people, school=school, who=str(row.substitute.uuid))
        log_security_event("substitution ended", person=row.substitute.user, replaced=str(row.replaced.uuid))
        if row.starts_on > last_day:
            row.delete()
        else:
            row.ends_on = last_day
            row.save(update_fields=["ends_on"])


def open_accounts(people: Sequence[Staff], *, school: School) -> None:
    """Open the closed accounts among those of ``people``, who work at ``school`` now."""
    closed = [staff for staff in people if not staff.user.is_active]
    if not closed:
        return
    User.objects.filter(pk__in=[staff.user_id for staff in closed]).update(
        is_active=True, opened_again_at=clock.now()
    )
    record_events(None, "opened-account", closed, school=school)
    for staff in closed:
        staff.user.refresh_from_db(fields=["is_active", "opened_again_at"])
        log_security_event("account opened again", person=staff.user)


def lock_people(school: School) -> School:
    """Lock the people of ``school``: changes of roles run one after another."""
    return School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
