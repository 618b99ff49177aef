"""Series meetings that now fall on a holiday."""

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
    """Annotate meetings of ``school`` with ``holiday``, the name of the holiday on that day, else None."""
    day = OuterRef("day")
    closing = Holiday.objects.filter(school=school, starts_on__lte=day, ends_on__gte=day)
    return rows.annotate(
        day=TruncDate("starts_at", tzinfo=school.tz),
        holiday=Subquery(closing.order_by("starts_on", "pk").values("name")[:1]),
    )


def holiday_clashes_of(school: School) -> QuerySet[Any]:
    """Planned future meetings of a series that fall on a holiday.

    A single meeting on a holiday was planned on purpose; series skip holidays.
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
    """Holiday clashes that ``user`` may cancel: all of them for calendar editors, else of teams they plan for."""
    rows = holiday_clashes_of(school)
    if can(user, "edit_calendar", school):
        return rows
    return rows.filter(team__in=plannable_teams(user, school).values("pk"))
