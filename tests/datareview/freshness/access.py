from datareview.freshness.models import FreshnessLimits
from datareview.freshness.queries import limits_of, limits_version
from tests.access import Page, Post, by

ADMIN = by("ada zac", rest=403)

PAGES = [Page("freshness-edit", who=ADMIN)]

POSTS = [
    Post(
        "freshness-edit",
        who=ADMIN,
        data=lambda side: {
            "attendance": 3,
            "grades": 8,
            "probes": 21,
            "seen": limits_version(limits_of(side.own.school)),
        },
        effect=lambda side: list(
            FreshnessLimits.objects.filter(school=side.own.school).values_list(
                "attendance", "grades", "probes"
            )
        ),
        becomes=[(3, 8, 21)],
    ),
]
