"""Remove the second factors of a person who lost them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def reset_second_factor(user: User) -> int:
    """Remove all second factors and recovery codes of ``user``, and end their sessions. Returns the number of factors.

    The password alone signs in then. Where a factor is required, a new one is set up before any other page opens.
    """
    rows = Authenticator.objects.filter(user=user)
    factors = rows.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    rows.delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    log_security_event("second factor reset", person=user, factors=factors)
    return factors
