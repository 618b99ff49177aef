"""Parse numbers, ids and dates from a URL or a form; invalid text gives None or 404, never an error."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from django.http import Http404

INTEGER = re.compile(r"-?[0-9]{1,18}")  # at most 18 digits, which fit into a database's integers
FIRST_DAY, LAST_DAY = (
    dt.date(1900, 1, 1),
    dt.date(2099, 12, 31),
)  # people live in between, and loops over days end


def int_or_none(text: str | None) -> int | None:
    """Parse an integer in ASCII digits; None if ``text`` is anything else."""
    return int(text) if text and INTEGER.fullmatch(text) else None


def uuid_or_none(text: str | None) -> UUID | None:
    """Parse a UUID; None if ``text`` is anything else."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def public_id(text: str | None) -> UUID:
    """Parse a UUID; raise Http404 if ``text`` is anything else."""
    uuid = uuid_or_none(text)
    if uuid is None:
        raise Http404
    return uuid


def day_or_none(text: str | None) -> dt.date | None:
    """Parse an ISO date from `FIRST_DAY` to `LAST_DAY`; None if ``text`` is anything else."""
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
