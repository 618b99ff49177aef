"""Give a person a role at a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from teams.audit.services import record_event
from teams.directory.models import Role, Staff
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import School, User


@transaction.atomic
def give_role(user: User, *, school: School, role: Role) -> Staff:
    """Let ``user`` work at ``school`` in ``role`` from today on, also if they left it before.

    An account that was closed is opened again. It has no password: its owner sets one by email.
    """
    changes = {"role": role, "ends_on": None}
    staff, _is_new = Staff.objects.update_or_create(
        user=user, school=school, defaults=changes, create_defaults={**changes, "starts_on": school.today()}
    )
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record_event(None, "opened-account", staff, school=school)
        log_security_event("account opened again", person=user)
    return staff
