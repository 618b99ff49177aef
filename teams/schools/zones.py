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


def zone_choices() -> list[tuple[str, Any]]:
    """Time zones for a select: those of the United States first."""
    others = sorted(zone for zone in available_timezones() - set(UNITED_STATES) if "/" in zone)
    return [
        (_("United States"), [(zone, zone.split("/")[1].replace("_", " ")) for zone in UNITED_STATES]),
        (_("Elsewhere"), [(zone, zone.replace("_", " ")) for zone in others]),
    ]
