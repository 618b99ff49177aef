from tests.access import READERS, TEAM, Page, Post, by, one

PAGES = [Page("team-detail", one("team"), by(READERS))]

POSTS = [
    Post(
        "norms-set",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {"norms": "We begin on time\r\nWe listen"},
        effect=lambda side: list(side.team.norms.values_list("text", flat=True)),
        becomes=["We begin on time", "We listen"],
    ),
]
