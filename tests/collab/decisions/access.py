from tests.access import OFFICE, READERS, TEAM, Page, Post, by, now, one
from tests.factories import rooms

PAGES = [
    Page("ledger-show", one("team"), by(READERS)),
    Page("decision-teams", who=by(OFFICE, rest=403)),
]
POSTS = [
    Post(
        "decision-record",
        one("decision"),
        by(TEAM, sees="gus pia ada"),
        given=rooms.talked_over,
        data=lambda side: {"done_as": "as_meant"},
        effect=now("decision", "done_as"),
        becomes="as_meant",
    ),
]
