"""Whether a school records incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Incident

if TYPE_CHECKING:
    from collections.abc import Collection


def records_incidents(school_ids: Collection[int]) -> bool:
    """Whether any of the schools has ever recorded an incident. Without one, "no incidents" would be a guess."""
    return Incident.objects.filter(student__school__in=school_ids).exists()
