from datareview.disputes.models import Dispute
from datareview.disputes.queries.values import values_of
from tests.access import STAFF, Page, Post, by, now, one

WHO_SEE_MAYA = "ana tom sol cora pia ada"

PAGES = [
    Page("dispute-list", who=by(STAFF)),
    Page("dispute-open", one("maya"), by(WHO_SEE_MAYA)),
    Page("dispute-answer", one("dispute"), by("ana cora pia ada")),
]

POSTS = [
    Post(
        "dispute-open",
        one("maya"),
        by(WHO_SEE_MAYA),
        data=lambda side: {"value": values_of(side.maya)[0].key, "what": "She was ill that day"},
        effect=lambda side: list(
            Dispute.objects.filter(student=side.maya, kind="score").values_list("asked_by", "what", "state")
        ),
        becomes=lambda side: [(side.me.pk, "She was ill that day", "open")],
    ),
    Post(
        "dispute-answer",
        one("dispute"),
        by("cora pia ada", sees="ana"),
        data=lambda side: {"state": "right", "answer": "Checked with the sheet"},
        effect=now("dispute", "state"),
        becomes="right",
    ),
    Post(
        "dispute-withdraw",
        one("dispute"),
        by("ana", sees="cora pia ada"),
        effect=now("dispute", "state"),
        becomes="withdrawn",
    ),
]
