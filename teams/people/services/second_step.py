"""Remove the second step of a person who lost it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.services.second_factor import reset_second_factor
from teams.audit.services import record_event
from teams.lib.errors import DomainError
from teams.people.queries.person import resets_second_step

if TYPE_CHECKING:
    from teams.directory.models import Staff, User


@transaction.atomic
def reset_second_step(staff: Staff, *, actor: User) -> int:
    """Remove all second factors of the person and end their sessions. Returns the number of factors.

    Not of oneself, and not of an account that another school or a district knows: only the server's operator does that
    (`manage.py reset_second_factor`).
    """
    require_ability(actor, "edit_people", staff.school)
    if staff.user_id == actor.pk:
        raise DomainError(_("Change your own second step under Sign-in and security."))
    if not resets_second_step(staff):
        raise DomainError(_("Only the operator of the server can remove the second step of this account."))
    record_event(actor, "reset-second-factor", staff, school=staff.school)
    return reset_second_factor(staff.user)
