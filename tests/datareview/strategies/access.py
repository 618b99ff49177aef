from datareview.strategies.models import Strategy
from tests.access import STAFF, STRANGERS, Page, Post, by, now, one
from tests.factories.district import Side

OWN = by("cora ada zoe zac", rest=403)  # each at their own school
READ = by("ana tom gil sol cora pia ada gus dan")
EDIT = by("cora ada", blind=STRANGERS, rest=403)
VALUES = {"name": "Echo reading", "domain": "academic", "tier": 1, "minutes": 10, "sessions_per_week": 5}


def _names(side: Side) -> list[str]:
    rows = Strategy.objects.filter(school=side.own.school).order_by("name")
    return list(rows.values_list("name", flat=True))


PAGES = [
    Page("strategy-list", who=by(STAFF)),
    Page("strategy-add", who=OWN),
    Page("strategies-adopt", who=OWN),
    Page("strategy-detail", one("strategy"), READ),
    Page("strategy-edit", one("strategy"), EDIT),
]

POSTS = [
    Post(
        "strategy-add",
        who=OWN,
        data=lambda side: VALUES,
        effect=_names,
        becomes=["Echo reading", "Repeated reading", "Word sorts"],
    ),
    Post(
        "strategies-change",
        who=OWN,
        data=lambda side: {"do": "retire", "row": side.own.strategy.uuid},
        effect=lambda side: list(
            Strategy.objects.filter(school=side.own.school, is_retired=True).values_list("name", flat=True)
        ),
        becomes=["Repeated reading"],
    ),
    Post(
        "strategies-adopt",
        who=OWN,
        data=lambda side: {"keys": ["good-behavior-game"]},
        effect=_names,
        becomes=["Repeated reading", "The good behavior game", "Word sorts"],
    ),
    Post(
        "strategy-edit",
        one("strategy"),
        EDIT,
        data=lambda side: VALUES,
        effect=now("strategy", "name", "tier"),
        becomes=("Echo reading", 1),
    ),
    Post(
        "strategy-copy",
        one("other_strategy"),
        EDIT,
        effect=lambda side: Strategy.objects.filter(school=side.school, name="Word sorts (2)").count(),
        becomes=1,
    ),
    Post(
        "strategy-retire",
        one("strategy"),
        EDIT,
        effect=now("strategy", "is_retired"),
        becomes=True,
    ),
]
