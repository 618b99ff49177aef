import datetime as dt

from collab.meetings.models import Meeting, Series
from teams.directory.models import Holiday
from tests.access import LEADS, READERS, REFUSED, STAFF, TEAM, Page, Post, by, day, now, one
from tests.factories import rooms
from tests.factories.district import Side


def _meetings(side: Side) -> list:
    rows = Meeting.objects.filter(title="Who needs a plan?")
    return list(rows.values_list("team", "starts_at", "place", "protocol"))


def _at_three(side: Side) -> dt.datetime:
    return side.school.at(side.school.today() + dt.timedelta(days=3), dt.time(15))


def _planned(side: Side) -> list:
    rows = Series.objects.filter(title="Every Wednesday")
    return list(rows.values_list("team", "weekday", "protocol"))


def _on_a_day_off(side: Side) -> None:
    """The meeting belongs to a series, and a holiday was added on its day."""
    rooms.in_a_series(side)
    tomorrow = side.school.today() + dt.timedelta(days=1)
    Holiday.objects.create(school=side.school, name="Snow", starts_on=tomorrow, ends_on=tomorrow)


PLANS = by(LEADS, sees="tom pia ada gus")
ASKS = by(TEAM, sees="pia ada gus")
WHEN = {"time": "15:00", "minutes": 50, "place": "Library"}
CANCELLED = {
    "name": "meeting-cancel",
    "at": one("meeting"),
    "who": PLANS,
    "effect": now("meeting", "state", "cancel_reason"),
    "becomes": ("cancelled", "Heavy snow"),
}

PAGES = [
    Page("meeting-list", who=by(STAFF)),
    Page("meeting-plan", who=by("ana cora zed zoe", rest=403)),
    Page("meeting-move", one("meeting"), PLANS),
    Page("meeting-rename", one("meeting"), ASKS),
    Page("series-new", who=by("ana cora zed zoe", rest=403)),
    Page("series-detail", one("series"), by(READERS)),
]

POSTS = [
    Post(
        "meeting-plan",
        who=by(LEADS, refused="zed zoe", rest=403),
        data=lambda side: {
            "team": side.team.uuid,
            "title": "Who needs a plan?",
            "day": day(side, 3),
            "protocol": side.protocol.uuid,
            **WHEN,
        },
        effect=_meetings,
        becomes=lambda side: [(side.team.pk, _at_three(side), "Library", side.protocol.pk)],
    ),
    Post(
        "meeting-move",
        one("meeting"),
        PLANS,
        data=lambda side: {"day": day(side, 3), **WHEN},
        effect=now("meeting", "starts_at", "place"),
        becomes=lambda side: (_at_three(side), "Library"),
    ),
    Post(
        "meeting-rename",
        one("meeting"),
        ASKS,
        data=lambda side: {"title": "Who needs a plan?"},
        effect=now("meeting", "title"),
        becomes="Who needs a plan?",
    ),
    Post(**CANCELLED, data=lambda side: {"reason": "Heavy snow"}),
    Post(**CANCELLED, data=lambda side: {"reason": "Heavy snow", "following": "on"}, given=rooms.in_a_series),
    Post(
        "meeting-give-back",
        one("meeting"),
        PLANS,
        given=rooms.nothing_due,
        effect=now("meeting", "state"),
        becomes="cancelled",
    ),
    Post(
        "series-new",
        who=by(LEADS, refused="zed zoe", rest=403),
        data=lambda side: {
            "team": side.team.uuid,
            "title": "Every Wednesday",
            "pattern": "weeks",
            "weekday": 2,
            "every": 1,
            "nth": 1,
            "cycle_day": 0,
            "starts_at": "15:30",
            "minutes": 45,
            "protocol": side.protocol.uuid,
            "starts_on": day(side, 1),
            "ends_on": day(side, 22),
        },
        effect=_planned,
        becomes=lambda side: [(side.team.pk, 2, side.protocol.pk)],
    ),
    Post(
        "series-extend",
        one("series"),
        by(LEADS, sees="tom pia ada"),
        data=lambda side: {"ends_on": day(side, 22)},
        effect=now("series", "ends_on"),
        becomes=lambda side: side.school.today() + dt.timedelta(days=22),
    ),
    Post(
        "strays-cancel",
        who=by("ana cora pia ada", sees="tom gus", rest=REFUSED),
        data=lambda side: {"meeting": [side.meeting.uuid]},
        given=_on_a_day_off,
        effect=now("meeting", "state", "cancel_reason"),
        becomes=("cancelled", "No school: Snow."),
    ),
]
