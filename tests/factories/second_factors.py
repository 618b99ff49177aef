"""Second factors as an authenticator app has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

if TYPE_CHECKING:
    from teams.directory.models import User


def add_totp(user: User) -> str:
    """Set up an app with codes for ``user``. Returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def codes_of(secret: str) -> list[str]:
    """The codes accepted now, oldest first."""
    return [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]
