from collab.meetings.models import CalendarFeed
from tests.access import STAFF, TEAM, Elsewhere, Page, Post, by, now, one
from tests.factories.district import Side


def _feeds(side: Side) -> list:
    return list(
        CalendarFeed.objects.filter(user=side.me, revoked_at=None).values_list("team__name", flat=True)
    )


def _no_feed(side: Side) -> None:
    CalendarFeed.objects.filter(pk=side.feed.pk).delete()


def _guests(side: Side) -> list:
    return list(side.meeting.guests.order_by("pk").values_list("staff__user__first_name", flat=True))


PAGES = [Page("feed-list", who=by(STAFF))]

POSTS = [
    Post("feed-make", who=by(STAFF), given=_no_feed, effect=_feeds, becomes=[None]),
    Post(
        "feed-make",
        who=by("ana tom"),
        data=lambda side: {"team": side.team.uuid},
        given=_no_feed,
        effect=_feeds,
        becomes=["Grade 4"],
    ),
    Post(
        "feed-revoke",
        one("feed"),
        by("ana"),
        effect=lambda side: now("feed", "revoked_at")(side) is None,
        becomes=False,
    ),
    Post(
        "guest-add",
        one("meeting"),
        by(TEAM, sees="pia ada gus"),
        data=lambda side: {"staff": side.staff.gil.uuid},
        effect=_guests,
        becomes=["Gus", "Gil"],
    ),
    Post(
        "guest-remove",
        lambda side: [side.meeting.uuid, side.staff.gus.uuid],
        by(TEAM, sees="pia ada gus"),
        effect=_guests,
        becomes=[],
    ),
]

ELSEWHERE = [Elsewhere("feed-read", "public for who has its token; tests/collab/meetings/test_feeds.py")]
