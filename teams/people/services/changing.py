"""Change people: names, roles, teams; leaving and returning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.access.permissions import ABILITIES, in_roles, is_able, require_ability
from teams.account.queries import people_who_sign_in
from teams.account.services.joining import give_role, leave_teams, lock_people
from teams.account.services.leaving import end_access
from teams.audit.services import record_event, record_events
from teams.directory.models import SECOND_ROLES, WITH_SECOND_ROLE, District, Role, Staff, Team, TeamMember
from teams.invitations.models import Invitation
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit
from teams.logs.security import log_security_event
from teams.names.columns import people_order
from teams.people.queries.checks import accounts_by_email
from teams.people.queries.person import changes_account, summary_of
from teams.people.queries.role_change import kept_second_role
from teams.people.rows import email_problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class AddedToTeam:
    """How many people joined a team, and who was left out because a later membership is ``planned``."""

    count: int
    planned: list[Staff]


@transaction.atomic
def edit_person(
    staff: Staff,
    *,
    actor: User,
    seen: str,
    title: str,
    local_id: str,
    first_name: str | None = None,
    last_name: str | None = None,
    email: str | None = None,
) -> Staff:
    """Change title and staff id, and name and address if `changes_account` allows. ``seen`` is `summary_of` as shown.

    Raises StaleEdit if someone else saved in the meantime.
    """
    require_ability(actor, "edit_people", staff.school)
    lock_people(staff.school)
    staff = Staff.objects.select_related("user", "school").get(pk=staff.pk)
    if summary_of(staff) != seen:
        raise StaleEdit(_("Someone changed this while you were writing."), current=summary_of(staff))
    others = Staff.objects.filter(school=staff.school, local_id=local_id).exclude(pk=staff.pk)
    if local_id and others.exists():
        raise DomainError(_("The staff id %(id)s is someone else’s.") % {"id": local_id})
    staff.title, staff.local_id = title, local_id
    staff.save(update_fields=["title", "local_id"])
    if changes_account(staff):
        user = staff.user
        user.first_name = user.first_name if first_name is None else first_name
        user.last_name = user.last_name if last_name is None else last_name
        user.save(update_fields=["first_name", "last_name"])
        if email and email.lower() != user.email:
            _change_address(staff, email.lower())
    record_event(actor, "edited-person", staff, school=staff.school)
    return staff


def _change_address(staff: Staff, email: str) -> None:
    """Correct the address of an account that nobody has used. Invitations to the old one are withdrawn."""
    if problem := email_problem(email):
        raise DomainError(problem)
    if accounts_by_email([email]):
        raise DomainError(_("%(email)s belongs to another account.") % {"email": email})
    user = staff.user
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Invitation.objects.unanswered().filter(staff=staff).update(withdrawn_at=clock.now())
    log_security_event("email changed", person=user, school=staff.school_id)


@transaction.atomic
def change_roles(
    school: School, people: Iterable[Staff], *, role: str, actor: User | None, also: str | None = None
) -> int:
    """Give ``people`` at ``school`` another role, and ``also`` a second one, from now on. Returns how many had others.

    ``also`` None leaves the second role as it is where ``role`` allows one. Roles that join no teams end memberships at
    once. DomainError if no administrator would remain. ``actor`` is None for a change that was planned before.
    """
    if actor is not None:
        require_ability(actor, "edit_people", school)
    school = lock_people(school)
    check_roles(role, also)
    rows = Staff.objects.filter(school=school, pk__in=[staff.pk for staff in people])
    rows = rows.exclude(role=role) if also is None else rows.exclude(role=role, also=also)
    changed = list(rows.exclude(ends_on__lt=school.today()).select_related("user", "school"))
    if role not in ABILITIES["edit_people"]:
        _keep_an_administrator(school, without=changed, actor=actor)
    by_roles: dict[tuple[str, str, str], list[Staff]] = {}
    for staff in changed:
        second = kept_second_role(staff, role) if also is None else also
        by_roles.setdefault((staff.role, staff.also, second), []).append(staff)
    for (before, before_also, second), theirs in by_roles.items():
        detail = {"before": before, "before_also": before_also, "role": role, "also": second}
        record_events(actor, "changed-role", theirs, school=school, **detail)
        Staff.objects.filter(pk__in=[staff.pk for staff in theirs]).update(role=role, also=second)
        for staff in theirs:
            staff.role, staff.also = role, second
    leavers = [staff for staff in changed if not is_able(staff, "join_teams")]
    leave_teams(leavers, actor=actor)
    for staff in changed:
        ends_on = str(staff.ends_on or "")
        log_security_event(
            "role changed", person=staff.user, school=school.pk, role=role, also=staff.also, ends_on=ends_on
        )
    return len(changed)


def check_roles(role: str, also: str | None) -> None:
    """Raise DomainError unless people can work in ``role``, and ``also`` in a second one."""
    if role not in Role.values:
        raise DomainError(_("Choose a role."))
    if also and (role not in WITH_SECOND_ROLE or also not in SECOND_ROLES or also == role):
        raise DomainError(
            _("Only a principal or administrator also works in a second role, and not as an administrator.")
        )


@transaction.atomic
def add_to_team(team: Team, people: Iterable[Staff], *, actor: User) -> AddedToTeam:
    """Make ``people`` of the team's school members of it from today on, in few queries.

    Those whose membership is planned to start later keep its dates and role. DomainError names those whose role joins
    no teams.
    """
    school = team.school
    require_ability(actor, "edit_people", school)
    lock_people(school)
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # of who changes its members on its own page
    today = school.today()
    there = TeamMember.objects.filter(team=team).exclude(ends_on__lt=today)
    starts = dict(there.values_list("staff", "starts_on"))
    chosen = (
        Staff.objects.filter(school=school, pk__in=[staff.pk for staff in people])
        .select_related("user")
        .exclude(ends_on__lt=today)
        .order_by(*people_order("user__"), "pk")
    )
    planned = [staff for staff in chosen if starts.get(staff.pk, today) > today]
    new = [staff for staff in chosen if staff.pk not in starts]
    if unable := [str(staff) for staff in new if not is_able(staff, "join_teams")]:
        sentence = _("These people can’t be in a team with their role: %(names)s.")
        raise DomainError(sentence % {"names": ", ".join(unable)})
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, staff=staff, starts_on=today) for staff in new[1:]],
        update_conflicts=True,
        unique_fields=["team", "staff"],
        update_fields=["starts_on", "ends_on", "is_lead"],
    )
    for staff in new[:1]:  # saved singly: its signal notifies the team's live meetings, once
        fields = {"starts_on": today, "ends_on": None, "is_lead": False}
        TeamMember.objects.update_or_create(team=team, staff=staff, defaults=fields)
    record_events(actor, "joined-team", new, school=school, team=str(team.uuid))
    for staff in new:
        log_security_event("joined team", person=staff.user, school=school.pk, team=team.pk)
    return AddedToTeam(len(new), planned)


def describe_added_to_team(added: AddedToTeam) -> str:
    """A sentence about who is a member now, and who will be later."""
    sentence = ngettext("%(n)s person was changed.", "%(n)s people were changed.", added.count)
    sentence %= {"n": formats.number(added.count)}
    if added.planned:
        names = ", ".join(map(str, added.planned))
        sentence = f"{sentence} {_('They join on a later day, as planned: %(names)s.') % {'names': names}}"
    return sentence


@transaction.atomic
def leave_school(staff: Staff, *, last_day: dt.date | None, actor: User) -> Staff:
    """End the person's work at the school after ``last_day``, or at once (None).

    DomainError if no administrator would remain, here or of the district, or if the day is not today or later.
    """
    school = staff.school
    require_ability(actor, "edit_people", school)
    school = lock_people(school)
    staff = Staff.objects.select_related("user", "school").get(pk=staff.pk)
    if staff.ends_on is not None and staff.ends_on < school.today():
        raise DomainError(_("%(name)s has left already.") % {"name": staff})
    _keep_an_administrator(school, without=[staff], actor=actor)
    _keep_a_district_administrator(staff, actor=actor)
    if last_day is None:
        record_event(actor, "left-at-once", staff, school=school)
        Invitation.objects.unanswered().filter(staff=staff).update(withdrawn_at=clock.now())
        end_access(staff.user, school=school, actor=actor)
    else:
        if last_day < max(school.today(), staff.starts_on):
            raise DomainError(_("The last day can’t be in the past. End the access at once instead."))
        staff.ends_on = last_day
        staff.save(update_fields=["ends_on"])
        record_event(actor, "set-last-day", staff, school=school, day=last_day.isoformat())
    staff.refresh_from_db()
    return staff


@transaction.atomic
def return_person(staff: Staff, *, role: str, actor: User, also: str = "") -> Staff:
    """Let someone who left, or has a last day, work at the school again, in ``role`` and ``also`` a second one.

    Those who left are in none of their former teams.
    """
    school = staff.school
    require_ability(actor, "edit_people", school)
    lock_people(school)
    if not Staff.objects.filter(pk=staff.pk, ends_on__isnull=False).exists():
        raise DomainError(_("%(name)s works here already.") % {"name": staff})
    if role not in Role.values:
        raise DomainError(_("Choose a role."))
    staff = give_role(staff.user, school=school, role=Role(role), actor=actor)
    record_event(actor, "returned-person", staff, school=school, role=role)
    change_roles(school, [staff], role=role, also=also, actor=actor)
    staff.refresh_from_db()
    return staff


def _keep_an_administrator(school: School, *, without: Iterable[Staff], actor: User | None) -> None:
    """Raise DomainError if ``without`` these people nobody who stays and signs in could edit people.

    Who never signed in may never come, and is not counted. Call it with people locked.
    """
    those = {staff.pk for staff in without}
    administrators = Staff.objects.active(school.today()).filter(
        in_roles(ABILITIES["edit_people"]), school=school
    )
    found = set(administrators.values_list("pk", flat=True))
    staying = administrators.filter(ends_on=None).exclude(pk__in=those)
    if not those & found or staying.filter(user__in=people_who_sign_in(actor)).exists():
        return
    if waiting := [str(staff) for staff in staying.select_related("user")]:
        sentence = _(
            "The school needs an administrator who signs in. %(names)s must sign in once before anyone else can go."
        )
        raise DomainError(sentence % {"names": ", ".join(waiting)})
    raise DomainError(_("The school needs an administrator. Give someone else that role first."))


def _keep_a_district_administrator(staff: Staff, *, actor: User) -> None:
    """Raise DomainError if nobody who signs in and stays in the district would administer it without ``staff``."""
    if staff.school.district_id is None:
        return
    district = District.objects.select_for_update(no_key=True).get(pk=staff.school.district_id)
    if not district.administrators.filter(pk=staff.user_id).exists():
        return
    rows = Staff.objects.active(staff.school.today()).filter(
        school__district=district, user__in=district.administrators.all(), ends_on=None
    )
    if not rows.exclude(pk=staff.pk).filter(user__in=people_who_sign_in(actor)).exists():
        raise DomainError(
            _(
                "%(name)s is the last administrator of %(district)s who signs in. Add another one on the page"
                " District first."
            )
            % {"name": staff, "district": district}
        )
