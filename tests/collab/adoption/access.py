from collab.meetings.models import Meeting
from tests.access import LEADS, Page, Post, by, one
from tests.factories.district import Side

PAGES = [Page("protocol-adopt", one("protocol"), by(LEADS, sees="tom pia ada"))]


def _of_meeting(side: Side) -> object:
    return Meeting.objects.get(pk=side.meeting.pk).protocol_id == side.protocol.pk


POSTS = [
    Post(
        "protocol-adopt",
        one("protocol"),
        by(LEADS, sees="tom pia ada"),
        data=lambda side: {"meetings": side.meeting.uuid},
        effect=_of_meeting,
        becomes=True,
    )
]
