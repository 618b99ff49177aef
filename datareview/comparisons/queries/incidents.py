"""Incidents of a cohort in this school year, by day and by what they are divided by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from datareview.comparisons.choices import IncidentBy
from datareview.records.models import Incident
from teams.access.prepared import many_ids
from teams.directory.cycles import days_between
from teams.directory.queries.days import closed_days
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from teams.directory.models import School


def incidents_by_day(
    students: Collection[int], school: School, by: IncidentBy
) -> tuple[int, list[tuple[dt.date, str]]]:
    """The number of school days of this year until today, and (day, part) of each incident on one, in order.

    A part is the kind, place, weekday or hour; incidents of which it was not noted have a part of their own.
    """
    first, today = school.year_start(), school.today()
    closed = closed_days([school.pk], first)
    open_days = {day for day in days_between(first, today) if day.weekday() < 5 and day not in closed}
    rows = Incident.objects.filter(student__in=many_ids(students), day__gte=first, day__lte=today)
    found = []
    for day, time, kind, place in rows.order_by("day", "pk").values_list("day", "time", "kind", "place"):
        if by == IncidentBy.WEEKDAY:
            part = str(WEEKDAYS[day.weekday()])
        elif by == IncidentBy.HOUR:
            part = formats.time(time.replace(minute=0, second=0)) if time else _("time not noted")
        else:
            part = (place or _("place not noted")) if by == IncidentBy.PLACE else kind
        if day in open_days:
            found.append((day, part))
    return len(open_days), found
