from collab.findings.models import ShownResults
from tests.access import READERS, TEAM, Page, Post, by, one
from tests.factories import rooms
from tests.factories.district import Side


def _asks(side: Side) -> list:
    return list(ShownResults.objects.filter(item=side.item).values_list("predict_first", flat=True))


PAGES = [Page("item-results", one("item"), by(f"{READERS} gus"), given=rooms.about_results)]

POSTS = [
    Post(
        "results-ask",
        one("item"),
        by(TEAM, sees="pia ada gus"),
        given=rooms.about_results,
        data=lambda side: {"wanted": "yes"},
        effect=_asks,
        becomes=[True],
    ),
]
