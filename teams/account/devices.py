"""Devices on which people signed in before, by a signed cookie: strangers cannot lock the owner of an account out there."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REMEMBERED_SECONDS = 180 * 24 * 60 * 60
MOST_PEOPLE = 10  # who share a device
SALT = "known-device"


def known_device(request: HttpRequest, email: str) -> str:
    """The id of this device if the account with ``email`` signed in on it before, else ""."""
    found = _read(request)
    return str(found["id"]) if _mark(email) in found["people"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Set the cookie with which ``email`` is known on this device. It holds no address, and signs nobody in."""
    found = _read(request)
    people = [_mark(email), *(one for one in found["people"] if one != _mark(email))][:MOST_PEOPLE]
    response.set_cookie(
        _name(),
        signing.dumps({"id": found["id"], "people": people}, salt=SALT),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    """The id of the device and the marks of people; a new id without a cookie of ours."""
    try:
        return signing.loads(request.COOKIES.get(_name(), ""), salt=SALT, max_age=REMEMBERED_SECONDS)
    except signing.BadSignature:
        return {"id": secrets.token_hex(8), "people": []}


def _mark(email: str) -> str:
    return hashlib.sha256(email.lower().encode()).hexdigest()[:32]


def _name() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
