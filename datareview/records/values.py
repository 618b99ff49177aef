"""Names of the values of a student, and the address of the page that says where one comes from.

A name is ``score-7-2026-11-24`` (measure and day), ``grade-7-2026-11-24`` (section and day), ``day-2026-11-24``,
``week-2026-11-27`` and ``conduct-2026-11-27`` (what is derived of a week), ``attendance`` and ``incidents`` (of the year),
``incident-7``, ``past-7`` (a grade of an earlier term), ``standard-7`` (its latest result), ``check-7-2026-11-24`` (a
standard's checks of a day) or ``result-7`` (an assessment). The page is of a higher area (provenance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.lib.addresses import page_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from uuid import UUID

    from datareview.records.models import Measure

WEEKS = {"attendance": "week", "incidents": "conduct"}  # what a measure is derived from → its values' kind


def value_address(student: UUID, *name: object) -> str:
    """The page about a value of the student with this public id; ``name`` are the parts of its name."""
    return f"{page_of('datareview:origin-show', student)}?of={'-'.join(map(str, name))}"


def point_addresses(student: UUID, measure: Measure, days: Iterable[dt.date]) -> list[str]:
    """The pages about a student's values on a measure, one for each of ``days``; those of derived measures are by week."""
    if measure.standard_id:
        return [value_address(student, "check", measure.standard_id, day) for day in days]
    if week := WEEKS.get(measure.derived_from):
        return [value_address(student, week, day) for day in days]
    return [value_address(student, "score", measure.pk, day) for day in days]


def last_value_address(student: UUID, measure: Measure, day: dt.date | None) -> str:
    """The page about the last value on a measure, of ``day``; of a derived one it is of the year. Empty without a day."""
    if measure.derived_from:
        return value_address(student, measure.derived_from)
    return value_address(student, "score", measure.pk, day) if day else ""
