"""Invitations: their links, and what a person may do with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from teams.directory.models import Staff
from teams.invitations.models import Invitation
from teams.lib import clock
from teams.lib.parameters import uuid_or_none
from teams.mail.queries import mail_is_configured

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User

SIGNER = Signer(sep=".", salt="teams.people.invitation")


def invitation_address(invitation: Invitation) -> str:
    """The link of ``invitation``, with this installation's address."""
    token = SIGNER.sign(invitation.uuid.hex)
    return settings.SITE_URL + reverse("teams:invitation-answer", args=[token])


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link's token, whatever became of it; None if we did not sign the token."""
    try:
        uuid = uuid_or_none(SIGNER.unsign(token))
    except BadSignature:
        return None
    rows = Invitation.objects.select_related("staff__user", "staff__school", "sent_by")
    return rows.filter(uuid=uuid).first() if uuid else None


def sets_password(staff: Staff) -> bool:
    """Whether an invitation may set the password of the account: nobody uses it, and no other school knows it.

    Otherwise a school that sees the link could take over an account that another one uses.
    """
    user = staff.user
    return not (
        user.has_usable_password()
        or is_in_use(user)
        or user.is_superuser
        or user.is_staff
        or Staff.objects.filter(user=user).exclude(school_id=staff.school_id).exists()
    )


def is_in_use(user: User) -> bool:
    """Whether someone signed in with the account, or set up a second factor, since it was made or opened again."""
    last, opened = user.last_login, user.opened_again_at
    signed_in = last is not None and (opened is None or clock.of_machine(last) >= opened)
    return signed_in or Authenticator.objects.filter(user=user).exists()


def has_signed_in(staff: Staff) -> bool:
    """Whether the person has signed in since they were added to the school, or their account was opened again."""
    last, opened = staff.user.last_login, staff.user.opened_again_at
    since = max(staff.created_at, opened) if opened else staff.created_at
    return last is not None and clock.of_machine(last) >= since


def shown_address(invitation: Invitation) -> str:
    """The link that an administrator may pass on because the server sends no email; empty if there is none."""
    if (
        mail_is_configured()
        or invitation.state != Invitation.State.OPEN
        or not sets_password(invitation.staff)
    ):
        return ""
    return invitation_address(invitation)


def invitations_of(staff: Staff) -> QuerySet[Invitation]:
    """The invitations of ``staff``, newest first."""
    return Invitation.objects.filter(staff=staff).select_related("staff__user", "staff__school", "email")
