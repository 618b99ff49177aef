"""Read numbers, ids and days from an address or a form; text that is none gives None or 404, never an error."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from django.http import Http404

INTEGER = re.compile(r"-?[0-9]{1,18}")  # what a database can compare with a whole number of its own
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)  # weeks can be added to any day between


def int_or_none(text: str | None) -> int | None:
    """Return the integer that ``text`` is in ASCII digits, or None."""
    return int(text) if text and INTEGER.fullmatch(text) else None


def uuid_or_none(text: str | None) -> UUID | None:
    """Return the UUID that ``text`` is, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def public_id(text: str | None) -> UUID:
    """Return the UUID that ``text`` is; raise Http404 if it is none."""
    uuid = uuid_or_none(text)
    if uuid is None:
        raise Http404
    return uuid


def day_or_none(text: str | None) -> dt.date | None:
    """Return the day that ``text`` is in ISO format, from `FIRST_DAY` to `LAST_DAY`, or None."""
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
