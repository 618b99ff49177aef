from collab.agendas.models import Topic
from collab.meetings.models import Attendance
from tests.access import CAST, KEY, STAFF, TEAM, Elsewhere, Page, Post, by, now, one
from tests.factories import rooms
from tests.factories.district import Side


def _corrections(side: Side) -> list:
    return list(side.meeting.corrections.values_list("author", "item", "text"))


def _mark(side: Side) -> str:
    return Attendance.objects.get(meeting=side.minutes, staff=side.staff.tom).mark


def _closed_about_nobody(side: Side) -> None:
    """The meeting is closed, and its first item is about no student."""
    rooms.closed(side)
    side.item.exhibits.all().delete()
    Topic.objects.filter(pk=side.item.topic_id).update(candidate=None, plan=None, decision=None)


PAGES = [
    Page("minutes-list", who=by(STAFF)),
    Page("minutes-staff", one("minutes"), by(f"{CAST} gus dan")),
]

POSTS = [
    Post(
        "minutes-approve",
        one("minutes"),
        by(TEAM, sees="pia ada"),
        given=rooms.draft,
        effect=now("minutes", "approved_by"),
        becomes=lambda side: side.me.pk,
    ),
    Post(
        "minutes-withdraw",
        one("minutes"),
        by(TEAM, sees="pia ada"),
        effect=now("minutes", "approved_at"),
        becomes=None,
    ),
    Post(
        "minutes-correct",
        one("meeting"),
        by(f"{TEAM} gus", sees="pia ada"),
        data=lambda side: {"item": side.item.uuid, "text": "It was Monday", "client_key": KEY},
        given=rooms.closed,
        effect=_corrections,
        becomes=lambda side: [(side.me.pk, side.item.pk, "It was Monday")],
    ),
    Post(
        "minutes-people",
        one("minutes"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {str(side.staff.tom.uuid): "remote"},
        given=rooms.draft,
        effect=_mark,
        becomes="remote",
        tolerates="keys",
    ),
]

POSTS.append(
    Post(
        "item-open",
        one("item"),
        by("ana cora", sees="tom pia ada gus"),
        data=lambda side: {"open": "yes"},
        given=_closed_about_nobody,
        effect=now("item", "visibility"),
        becomes="staff",
    )
)

ELSEWHERE = [Elsewhere("minutes-download", "a PDF; tests/collab/minutes/test_views.py reads it")]
