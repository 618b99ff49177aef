"""Make a person administrator of a school, for the server's operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from teams.access.permissions import FIRST_ROLE
from teams.account.queries import unproven_sentence
from teams.account.services.joining import give_role, lock_people
from teams.audit.services import record_event
from teams.directory.models import Staff
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import School, User


@transaction.atomic
def make_administrator(user: User, *, school: School) -> Staff:
    """Let ``user`` administer ``school`` from today on, also if they left it or never worked there.

    A closed account is opened again. DomainError if someone else could hold the password of an account that is new here
    (`User.has_unproven_address`).
    """
    lock_people(school)
    before = Staff.objects.filter(user=user, school=school).first()
    if before is None and user.has_unproven_address:
        raise DomainError(unproven_sentence(user))
    staff = give_role(user, school=school, role=FIRST_ROLE)
    if before is None:
        record_event(None, "added-person", staff, school=school, role=FIRST_ROLE)
    else:
        detail: dict[str, Any] = {"before": before.role, "before_also": before.also}
        record_event(None, "changed-role", staff, school=school, role=staff.role, also=staff.also, **detail)
    log_security_event("made administrator by the operator", person=user, school=school.pk)
    return staff
