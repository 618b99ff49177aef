"""One person at a school: sign-in, invitation, teams, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from teams.access.permissions import TEAM_ROLES
from teams.audit.models import AuditEvent
from teams.directory.models import District, Role, Staff, Team, TeamMember
from teams.directory.queries.substitutes import substitutions_with
from teams.invitations.queries import invitations_of, is_in_use, sets_password, shown_address
from teams.lib import formats
from teams.lib.parameters import day_or_none
from teams.mail.queries import mail_is_configured
from teams.people.queries.handover import open_work_of
from teams.people.queries.people import described_people, person_rows
from teams.people.queries.role_change import teams_to_restore

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import Substitution
    from teams.invitations.models import Invitation
    from teams.people.queries.handover import OpenWork
    from teams.people.queries.people import PersonRow

MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a person's history: when, what, and who did it."""

    at: dt.datetime
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the page of a person shows. ``address`` is the invitation's link if the administrator has to pass it on."""

    row: PersonRow
    has_left: bool
    stays_as: str
    invitation: Invitation | None
    address: str
    sets_password: bool
    resets_second_step: bool
    gets_password_link: bool
    memberships: list[TeamMember]
    lost_teams: list[Team]
    substitutions: list[Substitution]
    may_be_replaced: bool
    work: list[OpenWork]
    history: list[Happened]


def person_page(staff: Staff) -> PersonPage:
    """The page of ``staff``."""
    [described] = described_people(staff.school).filter(pk=staff.pk)
    invitation = invitations_of(staff).first()
    members = TeamMember.objects.active(staff.school.today()).filter(staff=staff, team__is_active=True)
    return PersonPage(
        row=person_rows([described])[0],
        has_left=staff.ends_on is not None and staff.ends_on < staff.school.today(),
        stays_as=staff.role,
        invitation=invitation,
        address=shown_address(invitation) if invitation else "",
        sets_password=sets_password(staff),
        resets_second_step=resets_second_step(staff),
        gets_password_link=gets_password_link(staff),
        memberships=list(members.select_related("team").order_by("team__name")),
        lost_teams=teams_to_restore(staff),
        substitutions=substitutions_with(staff),
        may_be_replaced=staff.role in TEAM_ROLES,
        work=list(open_work_of(staff).values()),
        history=history_of(staff),
    )


def changes_account(staff: Staff) -> bool:
    """Whether the school may correct name and address: nobody has used the account, and no other school knows it."""
    return sets_password(staff) and staff.user.last_login is None


def resets_second_step(staff: Staff) -> bool:
    """Whether the school may remove the person's second step: they have one, and the account is only this school’s."""
    rows = Authenticator.objects.filter(user=staff.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return _is_of_this_school(staff) and rows.exists()


def _is_of_this_school(staff: Staff) -> bool:
    """Whether no other school knows the account, it administers no district, and no operator uses it."""
    user = staff.user
    if user.is_superuser or user.is_staff or District.objects.filter(administrators=user).exists():
        return False
    return not Staff.objects.filter(user=user).exclude(school_id=staff.school_id).exists()


def gets_password_link(staff: Staff) -> bool:
    """Whether the school may pass on a link that sets a new password: the server sends no email, and they forgot theirs.

    The person works here with an account in use that no other school knows and that administers no district.
    """
    user, school = staff.user, staff.school
    return (
        not mail_is_configured()
        and is_in_use(user)
        and user.is_active
        and not (staff.ends_on and staff.ends_on < school.today())
        and _is_of_this_school(staff)
    )


def summary_of(staff: Staff) -> str:
    """What can be edited of a person, as one text, to notice that someone else changed it."""
    user = staff.user
    return " · ".join([user.first_name, user.last_name, user.email, staff.title, staff.local_id])


def history_of(staff: Staff) -> list[Happened]:
    """What happened to a person at the school, newest first, from the audit log."""
    rows = AuditEvent.objects.filter(
        subject_type="teams.staff", subject_uuid=staff.uuid, school_id=staff.school_id
    ).select_related("actor")
    events = list(rows[:MOST_EVENTS])
    named = {event.data["team"] for event in events if "team" in event.data}
    teams = {
        str(team.uuid): str(team) for team in Team.objects.filter(uuid__in=named, school_id=staff.school_id)
    }
    return [
        Happened(event.at, what, str(event.actor or ""))
        for event in events
        if (what := _in_words(event.verb, event.data, teams))
    ]


def _in_words(verb: str, data: dict[str, str], teams: dict[str, str]) -> str:
    """An event of the audit log as a sentence; empty for one that is none of a person's history."""
    names = {
        "role": _roles(data.get("role"), data.get("also")),
        "before": _roles(data.get("before"), data.get("before_also")),
        "day": _day(data.get("day")),
        "team": teams.get(data.get("team", ""), _("a team")),
    }
    sentences = {
        "added-person": _("Added as %(role)s"),
        "returned-person": _("Returned as %(role)s"),
        "changed-role": _("Role changed from %(before)s to %(role)s"),
        "invited-person": _("Invited"),
        "withdrew-invitation": _("Invitation withdrawn"),
        "accepted-invitation": _("Accepted the invitation"),
        "edited-person": _("Details edited"),
        "joined-team": _("Added to the team %(team)s"),
        "lost-team": _("Left the team %(team)s, because the new role joins no teams"),
        "set-last-day": _("Last day set to %(day)s"),
        "left-at-once": _("Access ended at once"),
        "ended-access": _("Access ended"),
        "opened-account": _("Account opened again"),
        "named-substitute": _("Substitute named"),
        "became-substitute": _("Named as a substitute"),
        "ended-substitution": _("Substitution ended"),
        "reset-second-factor": _("Second step reset"),
        "made-password-link": _("Link for a new password made"),
        "handed-over": _("Work handed over"),
    }
    return sentences[verb] % names if verb in sentences else ""


def _roles(*values: str | None) -> str:
    return ", ".join(str(Role(value).label) for value in values if value in Role.values)


def _day(text: str | None) -> str:
    day = day_or_none(text)
    return formats.day(day) if day else ""
