from datareview.flags.models import Candidate
from teams.lib import clock
from tests.access import STAFF, Page, Post, by, day, now, one

TRIAGES = by("cora pia", sees="ana tom sol ada")

PAGES = [Page("desk-show", who=by(STAFF))]

POSTS = [
    Post(
        "desk-decide",
        one("candidate"),
        TRIAGES,
        data=lambda side: {"state": "watch", "note": "A new bus line", "watch_until": day(side, 14)},
        effect=now("candidate", "state", "decided_by"),
        becomes=lambda side: ("watch", side.me.pk),
    ),
    Post(
        "desk-undo",
        one("candidate"),
        TRIAGES,
        given=lambda side: Candidate.objects.filter(pk=side.candidate.pk).update(
            state="no_action", decided_by=side.cora.pk, decided_at=clock.now()
        ),
        effect=now("candidate", "state", "decided_by"),
        becomes=("new", None),
    ),
]
