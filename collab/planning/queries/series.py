"""Series: their dates, rules in words, and planned meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.meetings.models import Meeting, Series
from collab.meetings.permissions import may_plan_for
from collab.planning.queries.holiday_clashes import with_holiday
from collab.planning.recurrence import cycle_days_of, monthly_days, weekly_days, without
from collab.protocols.models import Protocol
from teams.access.permissions import own_teams, teams_visible_to
from teams.directory.models import TeamMember
from teams.directory.queries.days import closed_days, cycle_day_names, cycle_days
from teams.lib import clock, formats
from teams.mail.queries import not_reached

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import School, Staff, Team, User


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series with its rule in words and future meetings."""

    series: Series
    words: str
    coming: list[Meeting]
    held: int
    may_plan: bool
    not_reached: list[Staff]


def series_visible_to(user: User) -> QuerySet[Series]:
    """Series of the teams the user may see."""
    return Series.objects.filter(team__in=teams_visible_to(user)).select_related("team__school", "protocol")


def days_of(series: Series, first: dt.date | None = None) -> list[dt.date]:
    """Dates of ``series`` on school days, from ``first`` (default: its start)."""
    begin, school = max(series.starts_on, first or series.starts_on), series.team.school
    if series.pattern == Series.Pattern.CYCLE:
        days = cycle_days_of(cycle_days(school, begin, series.ends_on), on=series.cycle_day or 0)
    elif series.pattern == Series.Pattern.MONTH:
        days = monthly_days(begin, series.ends_on, on=series.weekday or 0, nth=series.nth or 1)
    else:
        # counted from the series' first week, so that a change to later meetings keeps the alternation
        days = weekly_days(series.starts_on, series.ends_on, on=series.weekday or 0, every=series.every)
    return [day for day in without(days, closed_days([school.pk], begin, series.ends_on)) if day >= begin]


def words_of(series: Series) -> str:
    """The recurrence rule in words: "Every second week on Tuesday at 10:10"."""
    at = {"time": formats.time(series.starts_at), "day": str(WEEKDAYS[series.weekday or 0])}
    if series.pattern == Series.Pattern.CYCLE:
        names = cycle_day_names(series.team.school)
        place = series.cycle_day or 0
        return _("On day %(day)s of each cycle at %(time)s") % {
            **at,
            "day": names[place] if place < len(names) else place + 1,
        }
    if series.pattern == Series.Pattern.MONTH:
        which = [_("first"), _("second"), _("third"), _("fourth"), _("last")][(series.nth or 1) - 1]
        return _("On the %(which)s %(day)s of each month at %(time)s") % {**at, "which": which}
    return ngettext(
        "Every week on %(day)s at %(time)s", "Every %(n)s weeks on %(day)s at %(time)s", series.every
    ) % {**at, "n": series.every}


def series_page(user: User, series: Series) -> SeriesPage:
    """The page of ``series``."""
    rows = Meeting.objects.filter(series=series)
    members = series.team.members.active().select_related("staff__user")
    return SeriesPage(
        series=series,
        words=words_of(series),
        coming=list(
            with_holiday(rows, series.team.school)
            .filter(state__in=["planned", "live", "cancelled"], ends_at__gte=clock.now())
            .select_related("team__school")
            .order_by("starts_at")
        ),
        held=rows.filter(state="closed").count(),
        may_plan=may_plan_for(user, series.team),
        not_reached=not_reached(one.staff for one in members),
    )


def usual_for(team: Team) -> dict[str, object]:
    """Initial data for a team's new series: from its last one, else from what is expected of the team's meetings."""
    last = team.series.order_by("-starts_on", "-pk").select_related("protocol").first()
    usual = team.usual_protocol or Protocol.objects.filter(team=None, key="weekly").first()
    protocol = last.protocol if last else usual
    every = max(1, min(8, round(team.meets_every_days / 7)))
    start: dict[str, object] = {"team": team.uuid, "title": _("Team meeting"), "every": every}
    if last:
        start |= {name: getattr(last, name) for name in ("title", "weekday", "every", "nth", "cycle_day")}
        start |= {"starts_at": last.starts_at, "minutes": last.minutes, "place": last.place}
    return start | ({"protocol": protocol.uuid} if protocol else {})


def own_teams_with_leads(user: User, school: School) -> list[tuple[Team, list[TeamMember]]]:
    """The user's active teams at ``school``, each with its leads today."""
    leads = TeamMember.objects.active(school.today()).filter(is_lead=True).select_related("staff__user")
    teams = own_teams(user).filter(school=school, is_active=True)
    rows = teams.prefetch_related(Prefetch("members", queryset=leads, to_attr="leads")).order_by("name")
    return [(team, team.leads) for team in rows]


def default_end(school: School, day: dt.date) -> dt.date | None:
    """Last day of the term that contains ``day``, else of the school year."""
    year = school.years.on(day).first()
    if year is None:
        return None
    term = year.terms.filter(starts_on__lte=day, ends_on__gte=day).first()
    found: dt.date = term.ends_on if term else year.ends_on
    return found
