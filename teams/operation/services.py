"""Warn the server's administrator of repeated failures, and log security events of accounts and roles."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.contrib.auth import signals as auth
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models.signals import post_delete, post_save

from teams.directory.models import Staff
from teams.invitations.services import accept_by_sign_in
from teams.logs.failures import failures_this_hour
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.logs.failures import Failure

logger = logging.getLogger(__name__)

REPEATED = 3
WARNED_FOR_SECONDS = 6 * 60 * 60


def warn_of_failures() -> int:
    """Email `ADMIN_EMAIL` what failed three times or more in this hour, each at most every six hours.

    Returns the number of places reported. The email has no names, and does not use the outbox, whose own failures are
    reported too.
    """
    repeated = [one for one in failures_this_hour() if one.count >= REPEATED]
    untold = [one for one in repeated if not cache.get(_key(one))]
    if not untold or not settings.ADMIN_EMAIL:
        return 0
    try:
        send_mail(f"Collab: {len(untold)} things keep failing", _text(untold), None, [settings.ADMIN_EMAIL])
    except Exception as error:  # backends raise different errors; the next run tries again
        logger.warning("The warning to ADMIN_EMAIL was not sent: %s", error)
        return 0
    for one in untold:
        cache.set(_key(one), True, WARNED_FOR_SECONDS)
    return len(untold)


def _key(failure: Failure) -> str:
    return f"failures-told:{hashlib.sha256(failure.place.encode()).hexdigest()}"


def _text(failures: list[Failure]) -> str:
    lines = [
        f"{one.count} times this hour: {one.place}" + (f" (last in {one.last_in})" if one.last_in else "")
        for one in failures
    ]
    return "\n".join(
        [
            f"On {settings.SITE_URL}:",
            "",
            *lines,
            "",
            "Search the log for the id of the request or job. The same is not told again for six hours.",
        ]
    )


def connect_security_events() -> None:
    """Log sign-ins, their failures, changed passwords, addresses and second factors, and roles given and taken."""
    auth.user_logged_in.connect(_signed_in)
    auth.user_logged_out.connect(_signed_out)
    auth.user_login_failed.connect(_sign_in_failed)
    for signal, event in {
        account.password_changed: "password changed",
        account.password_reset: "password reset",
        account.email_changed: "email changed",
        mfa.authenticator_added: "second factor added",
        mfa.authenticator_removed: "second factor removed",
        mfa.authenticator_reset: "recovery codes renewed",
    }.items():
        signal.connect(_logs(event), weak=False)
    post_save.connect(_role_saved, sender=Staff)
    post_delete.connect(_role_deleted, sender=Staff)


def _logs(event: str) -> Any:
    def receive(*, user: Any, **_what: Any) -> None:
        log_security_event(event, person=user)

    return receive


def _signed_in(*, user: Any, **_what: Any) -> None:
    log_security_event("signed in", person=user)
    accept_by_sign_in(user)


def _signed_out(*, user: Any, **_what: Any) -> None:
    log_security_event("signed out", person=user)


def _sign_in_failed(**_what: Any) -> None:
    log_security_event("sign-in failed")  # without the email, because people type passwords into its field


def _role_saved(*, instance: Staff, created: bool, raw: bool = False, **_what: Any) -> None:
    if not raw:
        event = "role given" if created else "role changed"
        ends = str(instance.ends_on or "")
        log_security_event(
            event, person=instance.user, school=instance.school_id, role=instance.role, ends_on=ends
        )


def _role_deleted(*, instance: Staff, **_what: Any) -> None:
    log_security_event("role taken", person=instance.user, school=instance.school_id, role=instance.role)
