from teams.directory.models import Team
from tests.access import OFFICE, Page, Post, by, now, one
from tests.factories.district import Side


def _shared(side: Side) -> None:
    Team.objects.filter(pk=side.team.pk).update(shares_value=True)


PAGES = [
    Page("overview-show", who=by(OFFICE, rest=403)),
    Page("value-show", one("team"), by("ana tom")),
]

POSTS = [
    Post(
        "value-share",
        one("team"),
        by("ana", sees="tom"),
        data=lambda side: {"shared": "yes"},
        effect=now("team", "shares_value"),
        becomes=True,
    ),
    Post(
        "value-share",
        one("team"),
        by("ana", sees="tom cora pia ada"),
        data=lambda side: {"shared": "no"},
        given=_shared,
        effect=now("team", "shares_value"),
        becomes=False,
    ),
]
