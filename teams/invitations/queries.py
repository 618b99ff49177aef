"""Invitations: their links, and what a person may do with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.urls import reverse

from teams.directory.models import Staff
from teams.invitations.models import Invitation
from teams.lib import clock
from teams.lib.parameters import uuid_or_none
from teams.mail.queries import mail_is_configured
from teams.names.columns import people_order

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import School, User

SIGNER = Signer(sep=".", salt="teams.people.invitation")


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """An open invitation and its link, to pass on to the person."""

    invitation: Invitation
    address: str


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
    return staff.pk in _setting_passwords([staff])


def _setting_passwords(people: Collection[Staff]) -> set[int]:
    """The ids of those of ``people`` for whom `sets_password` is true, with two queries for any number."""
    users = {one.user_id for one in people}
    factors = set(Authenticator.objects.filter(user__in=users).values_list("user", flat=True))
    places: dict[int, set[int]] = {}
    for user_id, school_id in Staff.objects.filter(user__in=users).values_list("user", "school"):
        places.setdefault(user_id, set()).add(school_id)
    return {
        one.pk
        for one in people
        if not (
            one.user.has_usable_password()
            or one.user_id in factors
            or _has_used(one.user)
            or one.user.is_superuser
            or one.user.is_staff
            or places[one.user_id] - {one.school_id}
        )
    }


def is_in_use(user: User) -> bool:
    """Whether someone signed in with the account, or set up a second factor, since it was made or opened again."""
    return _has_used(user) or Authenticator.objects.filter(user=user).exists()


def _has_used(user: User) -> bool:
    last, opened = user.last_login, user.opened_again_at
    return last is not None and (opened is None or clock.of_machine(last) >= opened)


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


def links_to_pass_on(school: School) -> list[PersonalLink]:
    """The links of all open invitations of ``school`` that `shown_address` shows, by name."""
    if mail_is_configured():
        return []
    day = school.today()
    rows = Invitation.objects.unanswered().filter(
        Q(staff__ends_on=None) | Q(staff__ends_on__gte=day), staff__school=school, expires_at__gt=clock.now()
    )
    found = list(rows.select_related("staff__user").order_by(*people_order("staff__user__"), "pk"))
    setting = _setting_passwords([one.staff for one in found])
    return [PersonalLink(one, invitation_address(one)) for one in found if one.staff_id in setting]


def passes_on_links(school: School) -> bool:
    """Whether an administrator has to pass on links, because no email is sent and someone is invited."""
    return (
        not mail_is_configured()
        and Invitation.objects.unanswered().filter(staff__school=school, expires_at__gt=clock.now()).exists()
    )


def invitations_of(staff: Staff) -> QuerySet[Invitation]:
    """The invitations of ``staff``, newest first."""
    return Invitation.objects.filter(staff=staff).select_related("staff__user", "staff__school", "email")
