"""Invite people to sign in, withdraw invitations, and accept them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.access.permissions import require_ability, staff_where
from teams.account.services.joining import lock_people
from teams.audit.services import record_event, record_events
from teams.invitations.models import Invitation
from teams.invitations.queries import (
    PersonalLink,
    has_signed_in,
    invitation_address,
    links_to_pass_on,
    sets_password,
    shown_address,
)
from teams.lib import clock, formats
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.mail.queries import language_of, mail_is_configured
from teams.mail.services.outbox import AccountText, queue_account_mails

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from teams.directory.models import School, Staff, User

VALID_FOR = dt.timedelta(days=14)
MOST_A_DAY = 5  # invitations of one person


@transaction.atomic
def invite_people(school: School, people: Iterable[Staff], *, actor: User) -> list[Invitation]:
    """Invite those of ``people`` who have not signed in since they were added to ``school``; an email goes to each.

    Who left, or was invited `MOST_A_DAY` times today is left out. The invitation before is
    withdrawn. Without a mail server nothing is sent, and the person's page shows the link.
    """
    require_ability(actor, "edit_people", school)
    return _invite(lock_people(school), people, actor)


@transaction.atomic
def invite_first_administrators(school: School, *, actor: User) -> list[Invitation]:
    """Invite the administrators of ``school`` while none of them has signed in. The caller checks who may ask for it."""
    school = lock_people(school)
    people = list(staff_where(school, "edit_people"))
    if any(has_signed_in(staff) or staff.user_id == actor.pk for staff in people):
        raise DomainError(_("The school has an administrator who signs in. They invite the others."))
    return _invite(school, people, actor)


def _invite(school: School, people: Iterable[Staff], actor: User) -> list[Invitation]:
    invited = _invitable([staff for staff in people if staff.school_id == school.pk], school)
    now = clock.now()
    Invitation.objects.unanswered().filter(staff__in=invited).update(withdrawn_at=now)
    found = [Invitation(staff=staff, sent_by=actor, expires_at=now + VALID_FOR) for staff in invited]
    if mail_is_configured() and found:
        emails = queue_account_mails([_text_of(invitation, actor) for invitation in found])
        for invitation, email in zip(found, emails, strict=True):
            invitation.email = email
    Invitation.objects.bulk_create(found)
    record_events(actor, "invited-person", invited, school=school)
    for staff in invited:
        log_security_event("invited", person=staff.user, school=school.pk)
    return found


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: User) -> None:
    """Withdraw an invitation that was not accepted: its link opens nothing from now on."""
    staff = invitation.staff
    require_ability(actor, "edit_people", staff.school)
    if not Invitation.objects.unanswered().filter(pk=invitation.pk).update(withdrawn_at=clock.now()):
        raise DomainError(_("This invitation was accepted or withdrawn in the meantime."))
    record_event(actor, "withdrew-invitation", staff, school=staff.school)
    log_security_event("invitation withdrawn", person=staff.user, school=staff.school_id)


def show_links(school: School, *, actor: User) -> list[PersonalLink]:
    """The links of all open invitations that an administrator passes on; a security event says that they were shown."""
    require_ability(actor, "edit_people", school)
    links = links_to_pass_on(school)
    for link in links:
        log_security_event("invitation link shown", person=link.invitation.staff.user, school=school.pk)
    return links


@transaction.atomic
def accept_invitation(invitation: Invitation, *, first_name: str, last_name: str, password: str) -> User:
    """Set name and password of the invited person, whose address is verified by the link. Returns them, to sign in."""
    row = _open_invitation(invitation)
    user = row.staff.user
    if not sets_password(row.staff):
        raise DomainError(_("This account has a password already. Sign in with it."))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    user.first_name, user.last_name = first_name.strip(), last_name.strip()
    user.set_password(password)
    user.has_unproven_address = row.email_id is None  # an administrator saw the link
    user.save(update_fields=["first_name", "last_name", "password", "has_unproven_address"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    _accept(row, user)
    return user


@transaction.atomic
def confirm_invitation(invitation: Invitation, *, actor: User) -> None:
    """Accept an invitation by signing in with an account that existed before."""
    row = _open_invitation(invitation)
    if row.staff.user_id != actor.pk:
        raise DomainError(_("This invitation is for someone else."))
    _accept(row, actor)


@transaction.atomic
def accept_by_sign_in(user: User) -> None:
    """Accept the open invitations of ``user``, who just signed in: their links open nothing from now on."""
    rows = Invitation.objects.unanswered().filter(staff__user=user, expires_at__gt=clock.now())
    for row in rows.select_related("staff__school").select_for_update(of=("self",), no_key=True):
        _accept(row, user)


def _open_invitation(invitation: Invitation) -> Invitation:
    """Lock and return an invitation; DomainError unless it is open and the person works at the school."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("staff__user", "staff__school").get(pk=invitation.pk)
    ended = row.staff.ends_on is not None and row.staff.ends_on < row.staff.school.today()
    if row.state != Invitation.State.OPEN or ended:
        raise DomainError(_("This invitation is no longer valid. Ask the school for a new one."))
    return row


def _accept(invitation: Invitation, user: User) -> None:
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    record_event(user, "accepted-invitation", invitation.staff, school=invitation.staff.school)
    log_security_event("invitation accepted", person=user, school=invitation.staff.school_id)


def _invitable(people: Sequence[Staff], school: School) -> list[Staff]:
    since = clock.now() - dt.timedelta(days=1)
    recent = Counter(
        Invitation.objects.filter(staff__in=people, created_at__gt=since).values_list("staff", flat=True)
    )
    return [
        staff
        for staff in people
        if not (staff.ends_on and staff.ends_on < school.today())
        and not has_signed_in(staff)
        and recent[staff.pk] < MOST_A_DAY
    ]


def _text_of(invitation: Invitation, actor: User) -> AccountText:
    """The email with the link, in the language of its reader."""
    user, school = invitation.staff.user, invitation.staff.school
    with translation.override(language_of(user, school)):
        subject = _("Your account at %(school)s") % {"school": school}
        text = _(
            "Hello %(name)s,\n\n%(sender)s invites you to Collab, where teams at %(school)s meet about how their students"
            " are doing.\n\nOpen this link to join. It works once, until %(day)s:\n\n%(address)s\n\n"
            "If you don’t know %(school)s, ignore this email."
        ) % {
            "name": user,
            "sender": actor,
            "school": school,
            "day": formats.day(invitation.expires_at.astimezone(school.tz).date()),
            "address": invitation_address(invitation),
        }
    return AccountText(user, subject, text, is_secret=True, school=school)


def describe_invited(invitations: Sequence[Invitation]) -> str:
    """Sentences that say who was invited, how they learn it, and what is left to do."""
    if not invitations:
        return _("No one was invited: they sign in already, left, or were invited several times today.")
    sent = [one for one in invitations if one.email_id]
    unsent = [one for one in invitations if not one.email_id]
    linked = [one for one in unsent if shown_address(one)]
    known = [one for one in unsent if one not in linked]
    return " ".join(
        _names_or_number(group, of_one, of_many)
        for group, of_one, of_many in (
            (
                sent,
                _("%(name)s was invited by email."),
                ngettext(
                    "%(n)s person was invited by email.", "%(n)s people were invited by email.", len(sent)
                ),
            ),
            (
                linked,
                _("%(name)s was invited. This server sends no email: pass on the link."),
                ngettext(
                    "%(n)s person was invited. This server sends no email: pass on the link on their page.",
                    "%(n)s people were invited. This server sends no email: pass on their links, which are on one page.",
                    len(linked),
                ),
            ),
            (
                known,
                _("%(name)s signs in with the account they already have: tell them that they can."),
                ngettext(
                    "%(n)s person signs in with the account they already have: tell them that they can.",
                    "%(n)s people sign in with the accounts they already have: tell them that they can.",
                    len(known),
                ),
            ),
        )
        if group
    )


def _names_or_number(invitations: Sequence[Invitation], of_one: str, of_many: str) -> str:
    """The sentence about one person by name, or about several by number."""
    if len(invitations) == 1:
        return of_one % {"name": invitations[0]}
    return of_many % {"n": formats.number(len(invitations))}
