from datareview.verdicts.models import VerdictCuts
from datareview.verdicts.queries.cuts import cuts_version, percents_of
from tests.access import Page, Post, by

EDITS = by("cora ada zoe zac", rest=403)

PAGES = [Page("verdict-cuts", who=EDITS)]

POSTS = [
    Post(
        "verdict-cuts",
        who=EDITS,
        data=lambda side: {
            "change": 30,
            "together": 50,
            "higher": 80,
            "seen": cuts_version(percents_of(side.school)),
        },
        effect=lambda side: list(VerdictCuts.objects.values_list("change", "together", "higher")),
        becomes=[(30, 50, 80)],
    ),
]
