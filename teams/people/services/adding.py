"""Add people to a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.services.joining import end_memberships, lock_people, open_accounts
from teams.audit.services import record_events
from teams.directory.models import Staff, User
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.people.queries.checks import accounts_by_email, problems_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import School
    from teams.people.rows import NewPerson


class PeopleRefused(DomainError):
    """Some people can't be added; ``problems`` are sentences by their place in the list."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = problems


@transaction.atomic
def add_people(school: School, people: Sequence[NewPerson], *, actor: User) -> list[Staff]:
    """Let ``people`` work at ``school``; nobody gets an email. Returns their staff rows in the same order.

    All are added, or none: PeopleRefused says why. Someone with an account, at whatever school, keeps it with its name
    and password. Someone who left the school returns. Hundreds take few queries.
    """
    require_ability(actor, "edit_people", school)
    school = lock_people(school)
    if problems := problems_of(school, people):
        raise PeopleRefused(problems)
    accounts = _accounts_of(people)
    users = [accounts[person.email.lower()] for person in people]
    rows = Staff.objects.filter(school=school, user__in=users).select_related("user", "school")
    known = {staff.user_id: staff for staff in rows}
    end_memberships(list(known.values()), actor=actor)
    staff = [
        _row(known.get(user.pk) or Staff(user=user, school=school, starts_on=school.today()), person)
        for user, person in zip(users, people, strict=True)
    ]
    Staff.objects.bulk_update(known.values(), ["role", "also", "title", "local_id", "starts_on", "ends_on"])
    Staff.objects.bulk_create(one for one in staff if one.pk is None)
    open_accounts(staff, school=school)
    _record(staff, known, school=school, actor=actor)
    return staff


def _accounts_of(people: Sequence[NewPerson]) -> dict[str, User]:
    """Accounts by email address. Missing ones are created, with an address that counts as verified and no password."""
    found = accounts_by_email(person.email for person in people)
    missing = {
        person.email.lower(): User(
            email=person.email.lower(),
            first_name=person.first_name,
            last_name=person.last_name,
            password=make_password(None),
        )
        for person in people
        if person.email.lower() not in found
    }
    if not missing:
        return found
    # another school may add the same person at this moment
    User.objects.bulk_create(missing.values(), ignore_conflicts=True)
    users = {user.email: user for user in User.objects.filter(email__in=missing)}
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=email, verified=True, primary=True) for email, user in users.items()],
        ignore_conflicts=True,
    )
    return {**found, **users}


def _row(staff: Staff, person: NewPerson) -> Staff:
    """Set what ``person`` says; a row of someone who left keeps its number if none is given."""
    staff.role, staff.also, staff.ends_on = person.role, "", None
    staff.title = person.title or staff.title
    staff.local_id = person.local_id or staff.local_id
    staff.starts_on = person.starts_on or staff.starts_on
    return staff


def _record(staff: list[Staff], known: dict[int, Staff], *, school: School, actor: User) -> None:
    for verb, rows in {
        "added-person": [one for one in staff if one.user_id not in known],
        "returned-person": [one for one in staff if one.user_id in known],
    }.items():
        for role in {one.role for one in rows}:
            record_events(actor, verb, [one for one in rows if one.role == role], school=school, role=role)
    # rows saved in bulk send no signal, which would write this line
    for one in staff:
        event = "role changed" if one.user_id in known else "role given"
        log_security_event(event, person=one.user, school=school.pk, role=one.role, ends_on="")


def describe_added(staff: Sequence[Staff]) -> str:
    """A sentence that says who was added."""
    if len(staff) == 1:
        return _("%(name)s was added.") % {"name": staff[0]}
    return _("%(n)s people were added.") % {"n": len(staff)}
