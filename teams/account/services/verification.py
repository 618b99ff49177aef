"""Verify the address of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def verify_address(user: User) -> None:
    """Count the address that ``user`` signs in with as verified, after a link that was sent to it was opened.

    Second factors that were set up before it was proven may be someone else's: they are removed.
    """
    if user.has_unproven_address:
        user.has_unproven_address = False
        user.save(update_fields=["has_unproven_address"])
        Authenticator.objects.filter(user=user).delete()
    if not EmailAddress.objects.filter(email__iexact=user.email, verified=True).exists():
        EmailAddress.objects.filter(user=user, primary=True).update(primary=False)
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def doubt_address(user: User) -> None:
    """Count the address of ``user`` as unproven, after someone else has seen the link that set the password."""
    user.has_unproven_address = True
    user.save(update_fields=["has_unproven_address"])
