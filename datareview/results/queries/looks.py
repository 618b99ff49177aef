"""Who looked at which results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.results.models import ResultsView

if TYPE_CHECKING:
    import datetime as dt

    from datareview.records.models import Assessment, Section
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Look:
    """When somebody last looked at the results of a class, or at the team's (``section`` is None).

    Without ``reader`` they were shown to everyone in a meeting.
    """

    reader: User | None
    section: Section | None
    at: dt.datetime


def looks_at(assessment: Assessment) -> list[Look]:
    """Who looked at which class's results, the latest first; each person and class once."""
    rows = ResultsView.objects.filter(assessment=assessment)
    latest: dict[tuple[int, int], Look] = {}
    for row in rows.select_related("reader", "section"):
        key = (row.reader_id or 0, row.section_id or 0)
        latest.setdefault(key, Look(row.reader, row.section, row.at))
    return list(latest.values())
