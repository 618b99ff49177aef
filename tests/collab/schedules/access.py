import datetime as dt

from collab.meetings.models import Series
from collab.schedules.models import Placement
from tests.access import OFFICE, Page, Post, by, day, one
from tests.factories.district import Side


def _solved(side: Side) -> None:
    """The search found a time for the team: the only period."""
    side.schedule.settings = {"teams": [str(side.team.uuid)], "days": [0], "minutes": 45, "every": "cycle"}
    type(side.schedule).objects.filter(pk=side.schedule.pk).update(settings=side.schedule.settings)
    side.placement = Placement.objects.create(
        schedule=side.schedule,
        team=side.team,
        period=side.period,
        day=0,
        starts_at=dt.time(8),
        minutes=45,
        is_weekly=True,
    )


def _searches(side: Side) -> list:
    rows = side.own.school.schedules.exclude(settings={})
    return [(one.settings["teams"], one.job.kind) for one in rows]


def _series(side: Side) -> list:
    return list(
        Series.objects.filter(team=side.team, starts_at=dt.time(8)).values_list("weekday", "cycle_day")
    )


PAGES = [
    Page("schedule-list", who=by(OFFICE, rest=403)),
    Page("schedule-detail", one("schedule"), by("cora pia ada")),
]

POSTS = [
    Post(
        "schedule-list",
        who=by("cora pia ada", refused="zoe zia zac", rest=403),
        data=lambda side: {"teams": [side.team.uuid], "days": [0], "minutes": 45, "every": "cycle"},
        effect=_searches,
        becomes=lambda side: [([str(side.team.uuid)], "collab.solve_schedule")],
    ),
    Post(
        "schedule-accept",
        one("schedule"),
        by("cora", refused="pia ada"),
        data=lambda side: {
            "placement": [side.placement.uuid],
            "starts_on": day(side, 1),
            "ends_on": day(side, 30),
        },
        given=_solved,
        effect=_series,
        becomes=[(0, None)],
    ),
]
