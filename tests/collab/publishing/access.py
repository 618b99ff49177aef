from collab.meetings.models import Meeting
from tests.access import Post, by, now, one
from tests.factories.district import Side


def _draft(side: Side) -> None:
    Meeting.objects.filter(pk=side.meeting.pk).update(published_at=None)


PAGES: list = []

POSTS = [
    Post(
        "agenda-publish",
        one("meeting"),
        by("ana cora", sees="tom pia ada gus"),
        given=_draft,
        effect=lambda side: now("meeting", "published_at")(side) is None,
        becomes=False,
    ),
]
