"""Meetings of a series that were planned before their day became one without school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import TruncDate

from collab.meetings.models import Meeting
from teams.access.permissions import can, plannable_teams
from teams.directory.models import Holiday
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User


def with_holiday(rows: QuerySet[Meeting], school: School) -> QuerySet[Any]:
    """Each of ``rows``, meetings of ``school``, with ``holiday``: what closes the school that day, else None."""
    day = OuterRef("day")
    closing = Holiday.objects.filter(school=school, starts_on__lte=day, ends_on__gte=day)
    return rows.annotate(
        day=TruncDate("starts_at", tzinfo=school.tz),
        holiday=Subquery(closing.order_by("starts_on", "pk").values("name")[:1]),
    )


def holiday_clashes_of(school: School) -> QuerySet[Any]:
    """Planned meetings to come, of a series, on a day that a holiday closes.

    A meeting that somebody put on such a day by itself was meant; a series leaves those days out.
    """
    rows = Meeting.objects.filter(
        team__school=school,
        series__isnull=False,
        state=Meeting.State.PLANNED,
        starts_at__gt=clock.now(),
    )
    found = with_holiday(rows, school).filter(holiday__isnull=False)
    return found.select_related("team__school").order_by("starts_at", "pk")


def holiday_clashes_for(user: User, school: School) -> QuerySet[Any]:
    """Those that ``user`` may call off: all, for who keeps the calendar; else of the teams they plan for."""
    rows = holiday_clashes_of(school)
    if can(user, "edit_calendar", school):
        return rows
    return rows.filter(team__in=plannable_teams(user, school).values("pk"))
