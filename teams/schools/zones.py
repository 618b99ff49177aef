"""Time zones to choose from."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

UNITED_STATES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def zone_choices(current: str) -> list[tuple[str, Any]]:
    """Time zones for a select: those of the United States first, and ``current`` also if it has no place, as UTC."""
    places = {zone for zone in available_timezones() if "/" in zone} | {current}
    others = sorted(places - set(UNITED_STATES))
    return [
        (_("United States"), [(zone, zone.split("/")[1].replace("_", " ")) for zone in UNITED_STATES]),
        (_("Elsewhere"), [(zone, zone.replace("_", " ")) for zone in others]),
    ]
