from datareview.case_rules.models import CaseRules
from datareview.case_rules.queries import rules_version, stored_rules
from tests.access import Page, Post, by

EDITS = by("cora ada zoe zac", rest=403)

PAGES = [Page("case-rules", who=EDITS)]

POSTS = [
    Post(
        "case-rules",
        who=EDITS,
        data=lambda side: {
            "asks_family": "on",
            "unseen_days": 7,
            "seen": rules_version(stored_rules(side.school)),
        },
        effect=lambda side: list(CaseRules.objects.values_list("asks_family", "unseen_days")),
        becomes=[(True, 7)],
    ),
]
