"""Make a link that sets the new password of a person who forgot theirs, on a server without email."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.queries import new_password_address
from teams.audit.services import record_event
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.people.queries.person import gets_password_link

if TYPE_CHECKING:
    from teams.directory.models import Staff, User


@transaction.atomic
def make_password_link(staff: Staff, *, actor: User) -> str:
    """Return a link for ``actor`` to pass on; nothing stores it. Second factors stay.

    Not of oneself, and not of an account that another school or a district knows: the server's operator sets that password
    (`manage.py changepassword`).
    """
    require_ability(actor, "edit_people", staff.school)
    if staff.user_id == actor.pk:
        raise DomainError(_("Change your own password under Sign-in and security."))
    if not gets_password_link(staff):
        raise DomainError(_("Only the operator of the server can set a new password of this account."))
    record_event(actor, "made-password-link", staff, school=staff.school)
    log_security_event("password link made", person=staff.user, school=staff.school_id)
    return new_password_address(staff.user)
