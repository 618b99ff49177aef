from areaapp.things.models import Thing
from tests.access import STAFF, TEAM, Page, Post, by, one
from tests.factories.district import Side


def _texts(side: Side) -> list[str]:
    return list(Thing.objects.filter(team=side.team).values_list("text", flat=True))


PAGES = [Page("thing-list", who=by(STAFF))]

POSTS = [
    Post(
        "thing-add",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {"text": "Read aloud"},
        effect=_texts,
        becomes=["Read aloud"],
    ),
]
